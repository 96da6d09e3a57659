import Compute
import Corpora
import Manifests
import Tasks
import TestSupport
import Testing

@testable import Analysis
@testable import Execution
@testable import Planning
@testable import Records

/// Three domains: phone and bank share no label, shop has one of each.
@Suite struct OwnClassesTests {
  private static let labels = [
    "phone": ["signal", "roaming"], "bank": ["card", "loan"], "shop": ["card", "signal", "refund"],
  ]

  private static func domain(_ name: String, classes: [String]) -> Dataset {
    var random = Random(seed: 7, stream: name)
    let own = labels[name] ?? []
    let examples = (0..<60).map { row -> Example in
      let label = own[row % own.count]
      // Words that mostly belong to the label, so that there is something to learn and something to get wrong.
      let words = (0..<4).map { _ in "\(random.below(4) > 0 ? label : own[random.below(own.count)])\(random.below(5))" }
      return Example(
        id: "\(name).csv:\(row + 1)", text: "\(words.joined(separator: " ")) \(name)\(row)",
        label: classes.firstIndex(of: label) ?? 0)
    }
    return Dataset(domain: name, examples: examples, reading: ReadingReport())
  }

  private static func runner(_ names: [String], crossing: Bool = false, models: [String]? = nil) throws -> Runner {
    let classes = Set(names.flatMap { labels[$0] ?? [] }).sorted()
    var manifest = Small.manifest()
    manifest.corpora = [
      CorpusDeclaration(
        name: "help", task: "intent",
        domains: names.map { DomainDeclaration(name: $0, source: .generated(GeneratorSettings())) })
    ]
    manifest.protocols =
      [ProtocolDeclaration(kind: .holdout)] + (crossing ? [ProtocolDeclaration(kind: .crossDomain)] : [])
    for index in manifest.protocols.indices { manifest.protocols[index].seeds = 2 }
    if let models { manifest.models.removeAll { !models.contains($0.name) } }
    let corpus = Corpus(
      name: "help", task: "intent", classes: classes, domains: names.map { domain($0, classes: classes) },
      isGenerated: false)
    return Runner(
      manifest: manifest, corpora: [corpus], plan: try Plan(manifest: manifest, corpora: [corpus]), jobs: 2)
  }

  @Test("a domain's figures are the same alone and beside domains with other labels, whatever the model")
  func alone() throws {
    let one = try Self.runner(["phone"]).run(progress: Progress(style: .quiet)).records
    let many = try Self.runner(["bank", "phone", "shop"]).run(progress: Progress(style: .quiet)).records
      .filter { $0.source == "phone" }
    #expect(one.count == 12 && one.map(\.trial) == many.map(\.trial))
    for (a, b) in zip(one, many) {
      #expect(a.status == .ok && a.classes == ["roaming", "signal"] && b.classes == a.classes, "\(a.trial)")
      #expect(a.metrics == b.metrics && a.probabilities == b.probabilities, "\(a.trial)")
      #expect(a.confusion == b.confusion && b.perClass.map(\.name) == a.classes, "\(a.trial)")
    }
  }

  @Test("on another domain a trial's list is that of both; what the model does not know has no probability")
  func crossing() throws {
    let models = ["tfidf", "lstm"]
    let records = try Self.runner(["bank", "phone", "shop"], crossing: true, models: models)
      .run(progress: Progress(style: .quiet)).records
    let far = records.filter { $0.source == "phone" && $0.target == "bank" }
    #expect(far.count == 4)
    for record in far {
      #expect(record.classes == ["card", "loan", "roaming", "signal"] && record.perClass.map(\.name) == record.classes)
      #expect(record.metrics["accuracy"] == 0 && record.metrics["f1_macro"] == 0)
      for row in record.labels.indices {
        #expect(record.labels[row] < 2 && record.probabilities[row * 4] == 0 && record.probabilities[row * 4 + 1] == 0)
      }
    }
    let near = try #require(records.first { $0.source == "phone" && $0.target == "shop" && $0.model == "tfidf" })
    #expect(near.classes == ["card", "refund", "roaming", "signal"])
    // Labels of the shop's card, refund and signal; answers roaming and signal.
    let expected = ClassificationMetrics(labels: near.labels, probabilities: near.probabilities, classes: 4)
    #expect(near.metrics["f1_macro"] == expected.macroF1 && expected.counts.averaged.count == 4)
    #expect((near.metrics["accuracy"] ?? 0) > 0)
    let inside = try #require(records.first { $0.fit == near.fit && $0.target == "phone" })
    // The one shared class, signal, stands in other places of the two lists.
    let shift = try #require(PriorShift(inside: inside, outside: near))
    let place = 3, rows = near.confusion[place].reduce(0, +)
    expectClose(shift.accuracy.outside, Double(near.confusion[place][place]) / Double(rows), "recall of signal")
  }

  @Test("the audit names a domain's own classes")
  func audit() throws {
    let runner = try Self.runner(["bank", "phone", "shop"], models: ["majority"])
    let audits = runner.run(progress: Progress(style: .quiet)).audits
    #expect(
      audits.map { $0.classCounts.map(\.name) } == [
        ["card", "loan"], ["roaming", "signal"], ["card", "refund", "signal"],
      ])
  }

  @Test("two models are compared over the classes of both, and a draw changes nothing of the list")
  func comparison() throws {
    // b answers with class 2, which no label is and a never says.
    let labels = [0, 1, 0, 1, 0, 1, 0, 1, 0, 1]
    let a = [0, 1, 0, 1, 0, 1, 0, 0, 0, 1], b = [0, 1, 0, 1, 0, 2, 0, 1, 0, 1]
    let records = [
      SampleTrials.trial("a", labels: labels, predicted: a), SampleTrials.trial("b", labels: labels, predicted: b),
    ]
    #expect(records[0].metrics["f1_macro"] != nil)
    let analysis = Analysis(records: records, manifest: SampleTrials.manifest())
    let row = try #require(analysis.comparisons.first { $0.role == .primary })
    func f1(_ predictions: [Int]) -> Double {
      ConfusionMetrics(labels: labels, predictions: predictions, classes: 3, averaged: [0, 1, 2]).macroF1
    }
    expectClose(try #require(row.difference), 100 * (f1(a) - f1(b)), "difference over three classes")
    // Its own list has two classes: a's score in the summary is another one.
    let own = try #require(analysis.summary.first { $0.model == "a" && $0.metric == "f1_macro" })
    expectClose(own.mean, 1.5 * f1(a), "own list")
    // The bootstrap's interval is one of the same quantity: with the same answers it is 0 on every draw, so that of one
    // row that tells them apart is left.
    let twin = Analysis(
      records: [records[0], SampleTrials.trial("b", labels: labels, predicted: a)], manifest: SampleTrials.manifest())
    let same = try #require(twin.comparisons.first { $0.role == .primary })
    #expect(same.difference == 0)
    expectClose(try #require(same.high), 1.959963985 * 100 / Double(labels.count), relative: 1e-8, "upper bound")
  }
}
