import Manifests
import Settings
import Tasks
import Text

/// The keys of a file of claims.
enum ClaimsSchema {
  static let root = Section(
    "a file of claims",
    [
      Field("version", .integer(.from(1, to: 1)), "Of the format.", .value(.integer(1))),
      Field("name", .name, "What it is called; its ledger stands in Results under that name.", .required),
      Field("title", .text, "What is put to the test, in a line.", .required),
      Field(
        "margin", .number(.above(0, to: 100)), "Points within which a difference does not matter.",
        .value(.number(1))),
      Field("certainty", .section(certainty), "Where certainty begins.", .value(.map([]))),
      Field("runs", .table(.section(run.section), keys: .name, minimum: 1), "Stored runs by name.", .required),
      Field(
        "models", .table(.section(model.section), keys: .name, minimum: 0), "What models of the runs are called.",
        .value(.map([]))),
      Field(
        "corpora", .table(.section(corpus.section), keys: .name, minimum: 1), "Sources of evidence by name.", .required),
      Field(
        "groups", .table(.list(.text, count: 1...1_000, single: true), keys: .name, minimum: 0),
        "Corpora that are tested together, by the name of all of them.", .value(.map([]))),
      Field("claims", .table(.section(claim), keys: .name, minimum: 1), "Claims by their ids.", .required),
      Field(
        "decompositions", .table(.section(decomposition), keys: .name, minimum: 0),
        "Gaps between two models that differ in several things.", .value(.map([]))),
    ])

  private static let decomposition = Section(
    "a gap and what it is made of",
    [
      Field("called", .text, "What it is about.", .value(.text(""))),
      Field("over", .list(.text, count: 1...1_000, single: true), "Corpora, or groups of them.", .required),
      Field(
        "factors", .list(.text, count: 1...20, single: false), "What the two models differ in, in any order.", .required
      ),
      Field(
        "cells", .table(.list(.text, count: 0...20, single: false), keys: .name, minimum: 2),
        "Models, each with the factors that it has as the second of the two.", .required),
    ])

  private static let certainty = Section(
    "where certainty begins",
    [
      Field(
        "start", .choice(Certainty.allCases.reversed().map(\.word)), "Of a claim about which nothing else is known.",
        .value(.text(Certainty.moderate.word))),
      Field("because", .text, "Why not higher.", .value(.text(""))),
    ])

  static let run = Binding<ClaimsFile.Run>(
    "a stored run", ClaimsFile.Run(),
    [
      .text("results", \.results, as: .path, "The folder of its results."),
      .text("manifest", \.manifest, as: .path, "The manifest that gives them again."),
    ])

  static let model = Binding<ClaimsFile.Model>(
    "a model", ClaimsFile.Model(),
    [
      .text("called", \.called, "Its name in sentences."),
      .text("stands_for", \.standsFor, "The model that the claims are about, where it is another one."),
      .text("because", \.because, "Why it is not that model."),
    ])

  static let corpus = Binding<ClaimsFile.Corpus>(
    "a source of evidence", ClaimsFile.Corpus(),
    [
      .text("called", \.called, "Its name in tables."),
      .text("run", \.run, "The run that has it."),
      .text("corpus", \.corpus, "The corpus of the run's manifest."),
      .text("domain", \.domain, "The domain that is trained on; of a test across domains none."),
      .text("target", \.target, "The domain that is tested on, where it is another one."),
      .text(
        "protocol", \.protocolName, as: .choice(["holdout", "kfold", "official", "cross-domain"]),
        "How rows are divided."),
      .text("source", \.source, "Corpora with the same one share rows or a maker, and count as one."),
      .choice("labels", \.labels, "Where its labels come from."),
    ])

  private static let claim = Section(
    "a claim",
    [
      Field("says", .text, "The claim.", .required),
      Field("place", .text, "Where it stands in its source.", .value(.text(""))),
      Field("core", .flag, "Whether a reader would quote it.", .value(.flag(false))),
      Field("reading", .text, "How it is read, where it could be read otherwise.", .value(.text(""))),
      Field(
        "tests",
        .list(
          .variants(
            ClaimTest.Kind.allCases.map { kind in Shape.Variant(kind: kind.rawValue, section: test(kind).section) }),
          count: 0...100, single: false), "What it comes to: all of it must hold.", .value(.list([]))),
      Field("waits_for", .text, "What is missing before it can be tested.", .value(.text(""))),
      Field("untestable", .text, "Why it cannot be tested.", .value(.text(""))),
      Field("needs", .text, "The data that a test would take.", .value(.text(""))),
    ])

  static func test(_ kind: ClaimTest.Kind) -> Binding<ClaimTest> {
    var prototype = ClaimTest()
    prototype.kind = kind
    let isTime = kind == .time
    // How much longer depends on machines and sizes that nobody stated.
    prototype.hasSize = !isTime
    let margin = isTime ? Bounds.above(1, to: 100) : .above(0, to: 100)
    var members: [Member<ClaimTest>] = [
      Member(
        field: { _ in Field("kind", .choice(ClaimTest.Kind.allCases.map(\.rawValue)), "What is compared.", .required) },
        assign: { _, _ in }),
      .text("called", \.called, "What it is about, for its row."),
      .texts("over", \.over, single: true, minimum: 1, "Corpora, or groups of them."),
    ]
    if kind == .value {
      members.append(.text("model", \.a, "The model."))
    } else {
      members += [
        .text("a", \.a, "The model that the claim says is ahead; of times, slower."), .text("b", \.b, "The other one."),
      ]
    }
    if !isTime, kind != .interaction {
      members.append(.choice("metric", \.metric, among: metrics, "By which score."))
    }
    if [.difference, .equivalence, .value].contains(kind) {
      members.append(.choice("rows", \.rows, "All test rows, or those whose text is new to the model."))
    }
    members.append(
      .optionalNumber(
        "published", \.published, isTime ? .above(0) : .from(-100, to: 100),
        isTime ? "How many times as long." : "In points."))
    if kind != .value {
      members += [
        .flag("size", \.hasSize, "Whether the size is claimed too, and not the direction alone."),
        .optionalNumber("margin", \.margin, margin, "Within which a difference does not matter."),
        .optionalNumber("planted", \.planted, margin, "What would matter, where no size is published."),
      ]
    } else {
      members.append(
        .optionalNumber("planted", \.planted, margin, "How far off a number would have to be told from it: 5 points."))
    }
    if kind == .interaction {
      members += [
        Member(
          field: { _ in
            Field(
              "traits",
              .list(.choice(TextTrait.allCases.map(\.code)), count: 1...TextTrait.allCases.count, single: true),
              "Texts with one of these.", .value(.list([])))
          },
          assign: { test, value in
            test.traits = (value["traits"]?.texts ?? []).compactMap { code in
              TextTrait.allCases.first { $0.code == code }
            }
          }),
        .optionalInteger("words_from", \.fewestWords, 1...1_000_000, "Texts with so many words."),
        .optionalInteger("words_to", \.mostWords, 1...1_000_000, "Texts with more are left out."),
      ]
    }
    if isTime {
      members += [
        .flag("one_thread", \.isOneThread, "On one thread, or on all."),
        .text("order", \.order, as: .choice(["arrival", "sorted", "padded"]), "How batches are made."),
      ]
    }
    return Binding("a test of kind \(kind.rawValue)", prototype, members)
  }

  private static let metrics = MetricName.deciding.filter { $0.problems.contains(.classification) && $0.isFraction }
}
