import Corpora
import Execution
import Foundation
import Manifests
import Text

/// A manifest for files that nobody has described: it says in comments what was found and taken for granted, and runs as
/// it is.
public struct StarterManifest {
  /// The ways of dividing the rows, the best first: small data leave no room for some.
  private enum Division: Equatable {
    case official, folds(Int), holdout

    var kind: String {
      switch self {
      case .official: "official"
      case .folds: "kfold"
      case .holdout: "holdout"
      }
    }
  }

  private let survey: CorpusSurvey
  private let facts: [DomainFacts]
  private static let width = 100

  public init(_ survey: CorpusSurvey) {
    self.survey = survey
    facts = survey.corpus.domains.map { DomainFacts($0, of: survey.corpus) }
  }

  /// The YAML, or why there is none: nothing that can be divided, or what `bench validate` would say.
  ///
  /// - Parameter command: how it came about, for the first line.
  public func text(command: String) -> Result<String, StarterFailure> {
    var divisions: [Division] = survey.isOfficial ? [.official] : []
    // Transfer between domains rests on a hold-out of each.
    divisions +=
      rows < Self.fewRows && facts.count == 1 ? [.folds(5), .folds(3), .holdout, .folds(2)] : [.holdout, .folds(5)]
    var reason = ""
    for division in divisions {
      for least in leastRows(division) {
        let text = write(division, least: least, command: command)
        guard let failure = Self.failure(of: text) else { return .success(text) }
        if reason.isEmpty { reason = failure }
      }
    }
    return .failure(StarterFailure(reason: reason))
  }

  /// What was taken for what, in a line: columns, rows, classes, and other columns that could be the label.
  public var found: String {
    let rows = facts.reduce(0) { $0 + $1.rows }, classes = survey.corpus.classes.count
    let counts = "\(NumberFormat.grouped(rows)) rows, \(classes) classes"
    guard let chosen = survey.chosen else { return counts }
    let text = Self.shown([chosen.text]), label = Self.shown([chosen.label]), others = Self.shown(survey.otherLabels)
    return "\(counts); text: \(text); label: \(label)" + (others.isEmpty ? "" : " (or \(others), by --label)")
  }

  /// At most four columns, by name where that may be printed.
  private static func shown(_ columns: [CorpusSurvey.ShownColumn]) -> String {
    let names = columns.prefix(4).map { $0.name.map { YAMLText.scalar($0) } ?? "column \($0.number)" }
    return names.joined(separator: ", ") + (columns.count > 4 ? ", …" : "")
  }

  /// What a run would stop at; nil where nothing.
  private static func failure(of text: String) -> String? {
    switch ManifestLoader.load(file: "manifest", text: text, environment: [:], checkFiles: true) {
    case .failure(let errors): return errors.errors.first.map { "got \($0.got), expected \($0.expected)" } ?? ""
    case .success(let loaded):
      switch Preflight.plan(loaded) {
      case .failure(let errors): return errors.errors.first.map { "got \($0.got), expected \($0.expected)" } ?? ""
      case .success(let plan):
        return Preflight.errors(loaded, plan: plan).first.map { "got \($0.got), expected \($0.expected)" }
      }
    }
  }

  // MARK: Sizes

  /// Below this folds are worth their time.
  private static let fewRows = 2_000
  private static let manyRows = 20_000

  /// Rows of the largest domain that a model may learn from.
  private var rows: Int { facts.map(\.learnable).max() ?? 0 }

  /// What `minimum_rows` may be: the parts that a class is divided into, where some class has fewer rows; 0 for none.
  private func leastRows(_ division: Division) -> [Int] {
    let wanted: Int
    switch division {
    // An official test part is left as it is: what of it training lacks is a warning.
    case .official: return [0]
    case .holdout: wanted = 3
    case .folds(let folds): wanted = folds
    }
    guard (facts.map(\.rarest).min() ?? 0) < wanted else { return [0] }
    return [wanted, 0]
  }

  /// The 95th percentile in word pieces, of which a word has about one and a half.
  private var maximumTokens: Int {
    let words = facts.map(\.percentile95).max() ?? 0
    let tokens = Int((1.5 * words).rounded(.up)) + 2
    return min(256, max(32, (tokens + 15) / 16 * 16))
  }

  // MARK: Text

  private func write(_ division: Division, least: Int, command: String) -> String {
    let name = survey.declaration.name
    var lines = comment(
      "Written by `\(command)`. It runs as it is: `bench validate`, `bench plan` and `bench` take it.")
    lines += comment("Files are found from the folder in which bench is started. Every key: Documentation/Manifest.md.")
    lines += [
      "version: 1", "name: \(YAMLText.scalar(name))", "question: Which model should read these messages?", "seed: 1",
      "",
      "corpora:",
    ]
    lines += corpus(least)
    lines += ["", "text: {maximum_tokens: \(maximumTokens)}   # what is longer is cut at the end", ""]
    lines += protocols(division)
    lines += [""] + models()
    return lines.joined(separator: "\n") + "\n"
  }

  private func comment(_ text: String, indent: Int = 0) -> [String] {
    let space = String(repeating: " ", count: indent)
    return TextLines.wrapped(text, width: Self.width - indent - 2).enumerated().map { index, line in
      space + "# " + (index == 0 ? line : String(line.drop { $0 == " " }))
    }
  }

  private func corpus(_ least: Int) -> [String] {
    let domains = survey.declaration.domains
    let isOne = domains.count == 1
    var lines: [String] = []
    if !survey.notes.isEmpty {
      lines += comment("Taken for granted: \(survey.notes.joined(separator: "; ")).", indent: 2)
    }
    if isOne { lines += factsComment(0, least, indent: 2) }
    lines += ["  \(YAMLText.key(survey.declaration.name)):", "    task: \(survey.declaration.task)"]
    let source = CorpusSurvey.source(domains[0])
    if isOne {
      lines += input(source, indent: 4) + form(source, indent: 4)
    }
    lines += columns(source)
    if least > 0 {
      lines.append("    minimum_rows: \(least)   # classes with fewer rows are left out: \(rareClasses(least))")
    }
    guard !isOne else { return lines }
    lines.append("    domains:")
    for (index, domain) in domains.enumerated() {
      let own = CorpusSurvey.source(domain)
      lines += factsComment(index, least, indent: 6)
      lines += ["      \(YAMLText.key(domain.name)):"] + input(own, indent: 8) + form(own, indent: 8)
    }
    return lines
  }

  private func factsComment(_ domain: Int, _ least: Int, indent: Int) -> [String] {
    facts[domain].sentences(survey.corpus.domains[domain].reading).flatMap { comment($0, indent: indent) }
  }

  /// How many classes fall below, and their rows.
  private func rareClasses(_ least: Int) -> String {
    let rare = survey.corpus.domains.map { domain -> (classes: Int, rows: Int) in
      var learnt = [Int](repeating: 0, count: survey.corpus.classes.count), all = learnt
      for example in domain.examples {
        all[example.label] += 1
        if example.part != .test { learnt[example.label] += 1 }
      }
      let found = all.indices.filter { all[$0] > 0 && learnt[$0] < least }
      return (found.count, found.reduce(0) { $0 + all[$1] })
    }
    let rows = rare.reduce(0) { $0 + $1.rows }, classes = rare.reduce(0) { $0 + $1.classes }
    return "\(classes) with \(rows) row\(rows == 1 ? "" : "s")"
  }

  /// The keys that name the files.
  private func input(_ source: FileSource, indent: Int) -> [String] {
    let space = String(repeating: " ", count: indent)
    let parts = FileSource.Part.allCases.filter { part in source.files.contains { $0.part == part } }
    return parts.flatMap { part -> [String] in
      let files = source.files.filter { $0.part == part }
      let isClasses = files.contains { $0.label != nil }
      let key = part == .all ? isClasses ? "classes" : "files" : part.rawValue
      if isClasses {
        var order: [String] = []
        for file in files { if let label = file.label, !order.contains(label) { order.append(label) } }
        return ["\(space)\(key):"]
          + order.map { label in
            "\(space)  \(YAMLText.key(label)): \(paths(files.filter { $0.label == label }.map(\.path)))"
          }
      }
      if files.contains(where: { $0.labels != nil }) {
        let labels = files.compactMap { $0.labels?.path }
        return ["\(space)\(key): {text: \(paths(files.map(\.path))), label: \(paths(labels))}"]
      }
      return ["\(space)\(key): \(paths(files.map(\.path)))"]
    }
  }

  private func paths(_ paths: [String]) -> String {
    let shown = paths.map { YAMLText.literal($0) }
    return shown.count == 1 ? shown[0] : "[\(shown.joined(separator: ", "))]"
  }

  /// The keys that say how files are written, where the manifest would take them for something else.
  private func form(_ source: FileSource, indent: Int) -> [String] {
    let space = String(repeating: " ", count: indent)
    var lines: [String] = []
    let derived = source.files.first.flatMap { FileSource.Format(endingOf: $0.path) } ?? .lines
    if source.format != derived { lines.append("\(space)format: \(source.format.rawValue)") }
    if let delimiter = source.delimiter { lines.append("\(space)delimiter: \(YAMLText.scalar(delimiter))") }
    if source.encoding != .utf8 { lines.append("\(space)encoding: \(source.encoding.rawValue)") }
    if !source.hasHeader { lines.append("\(space)header: false   # columns are called 1, 2, …") }
    if source.quoting != .double {
      lines.append("\(space)quoting: \(source.quoting.rawValue)   # quotes mean nothing here")
    }
    if source.malformedShare > FileSource().malformedShare {
      lines.append("\(space)malformed_share: \(source.malformedShare)")
    }
    return lines
  }

  private func columns(_ source: FileSource) -> [String] {
    guard source.format.hasColumns else { return [] }
    let number = source.hasHeader ? "" : " (by number)"
    func others(_ columns: [CorpusSurvey.ShownColumn], _ option: String) -> String {
      columns.isEmpty ? "" : "   # \(option): \(Self.shown(columns))"
    }
    let texts = source.text.map { column($0, source) }
    var lines = [
      "    text: \(texts.joined(separator: ", "))"
        + others(survey.otherTexts, "it could be, or be joined with, as [a, b]\(number)"),
      "    label: \(column(source.label, source))" + others(survey.otherLabels, "it could be\(number)"),
    ]
    if let group = survey.group {
      let name = group.name.map { column($0, source) } ?? "NAME"
      let which = group.name == nil ? "column \(group.number); " : ""
      lines.append(
        "    # group: \(name)   # \(which)where its rows belong together, keeps them on one side of every split")
    }
    return lines
  }

  private func column(_ name: String, _ source: FileSource) -> String {
    source.hasHeader ? YAMLText.literal(name) : name
  }

  /// What is run where a protocol states no seeds (`Preflight.chooseSeeds`).
  private static let seeds = "ten seeds, five where ten are much work, or as many as `seeds:` says"

  private func protocols(_ division: Division) -> [String] {
    let domains = survey.declaration.domains.count
    var lines = ["protocols:"]
    switch division {
    case .official: lines.append("  - {kind: official}   # \(Self.seeds)")
    case .holdout:
      lines.append("  - {kind: holdout}   # 70/15/15, stratified; equal texts never straddle; \(Self.seeds)")
    case .folds(let folds):
      lines.append("  - {kind: kfold, folds: \(folds)}   # of few rows each is tested once")
    }
    if domains > 1, division == .official || division == .holdout {
      lines.append("  - {kind: cross-domain, base: \(division.kind)}   # no training beyond the above")
    }
    return lines
  }

  private func models() -> [String] {
    let epochs: Int, width: Int
    var stopping = ""
    switch rows {
    case ..<Self.fewRows:
      // Few rows are few steps an epoch, and what starts from random weights stands still before it learns.
      (epochs, width) = (min(60, max(20, 20_000 / max(1, rows))), 64)
      stopping = ", early_stopping: {patience: 8}"
    case ..<Self.manyRows: (epochs, width) = (10, 128)
    default: (epochs, width) = (5, 128)
    }
    var lines = [
      "models:",
      "  tfidf: {kind: tfidf-logistic}",
      "  lstm: {kind: lstm, embedding: \(width), hidden: \(width), training: {epochs: \(epochs)\(stopping)}}",
      "  bert: {kind: bert, layers: 2, hidden: \(width), heads: \(width / 32), training: {epochs: \(epochs), learning_rate: 0.0005\(stopping)}}",
    ]
    lines += comment(
      "`bert` starts from random weights. A pretrained encoder, once `bench fetch model all-MiniLM-L6-v2` has it:",
      indent: 2)
    lines += [
      "  # minilm: {kind: bert, pretrained: Models/all-MiniLM-L6-v2, pooling: mean, training: {epochs: 3}}",
      "  lookup: {kind: lookup}      # the floor: what repeats itself",
      "  majority: {kind: majority}",
    ]
    if rows >= Self.manyRows {
      lines += comment("For a first look in minutes: --set corpora.\(survey.declaration.name).cap=5000", indent: 2)
    }
    return lines
  }
}

/// Why files that have texts and labels give no manifest.
public struct StarterFailure: Error, Sendable {
  public var reason: String
}
