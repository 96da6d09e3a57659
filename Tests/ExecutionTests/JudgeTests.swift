import Corpora
import Families
import Manifests
import Models
import Settings
import Statistics
import Tasks
import TestSupport
import Testing

@testable import Analysis
@testable import Records

@Suite struct JudgeTests {
  private static let kinds: [String: ModelConfiguration] = [
    "bert": .bert(TransformerConfiguration()), "lstm": .lstm(RecurrentConfiguration()),
    "tfidf": .tfidfLogistic(TFIDFLogisticConfiguration()), "majority": .majority, "lookup": .lookup,
  ]

  private func manifest(_ models: [String], protocols: [ProtocolDeclaration.Kind] = [.holdout]) -> Manifest {
    var manifest = Manifest(
      name: "judged", corpora: [], protocols: protocols.map(ProtocolDeclaration.init),
      models: models.map {
        ModelDeclaration(name: $0, configuration: Self.kinds[$0] ?? .lstm(RecurrentConfiguration()))
      })
    manifest.comparisons.primary = .accuracy
    return manifest
  }

  /// Trials with so many of 600 rows wrong, plus a few that differ from seed to seed.
  private func trials(
    _ model: String, wrong: Int, domain: String = "shop", seeds: Int = 5, protocolName: String = "holdout"
  ) -> [TrialRecord] {
    let labels = (0..<600).map { $0 % 3 }
    let offset = model.utf8.reduce(0) { $0 + Int($1) }
    return (0..<seeds).map { seed in
      let count = wrong + (seed * 7 + offset) % 5
      var trial = SampleTrials.trial(
        model, protocolName: protocolName, source: domain, seed: UInt64(seed), repetition: seed, labels: labels,
        predicted: labels.enumerated().map { row, label in
          (row * 13 + offset * 31 + seed * 17) % 600 < count ? (label + 1) % 3 : label
        }, trainRows: 2_800, splitHash: "\(domain) \(seed)")
      trial.kind = Self.kinds[model]?.kind ?? .lstm
      return trial
    }
  }

  private func words(_ records: [TrialRecord], _ manifest: Manifest) -> [ComparisonRow] {
    Analysis(records: records, manifest: manifest).comparisons.filter { $0.words != nil }
  }

  @Test("Settings drawn at random are chance, as trainings are; a grid is not")
  func chance() {
    var manifest = manifest(["tfidf", "bert"])
    #expect(!DeclaredContrasts(manifest).isTrainedByChance("tfidf"))
    manifest.tuning = TuningSettings()
    #expect(!DeclaredContrasts(manifest).isTrainedByChance("tfidf"), "it has no space")
    manifest.models[0].space = SearchSpace([.init("c", .logUniform(low: 0.1, high: 10, isInteger: false))])
    #expect(DeclaredContrasts(manifest).isTrainedByChance("tfidf"))
    // All three choices get their turn among ten trials, whatever is drawn.
    manifest.models[0].space = SearchSpace([.init("c", .list([.number(1), .number(5), .number(20)]))])
    #expect(!DeclaredContrasts(manifest).isTrainedByChance("tfidf"))
    manifest.tuning?.trials = 2
    #expect(DeclaredContrasts(manifest).isTrainedByChance("tfidf"))
    manifest.tuning?.search = .grid
    #expect(!DeclaredContrasts(manifest).isTrainedByChance("tfidf"))
  }

  @Test("A file is the same wherever it stands: domains that read it are not independent")
  func sameFile() throws {
    var manifest = manifest(["bert", "lstm"])
    manifest.corpora = [
      CorpusDeclaration(
        name: "messages", task: "sentiment",
        domains: ["shop", "bank"].map { name in
          var source = FileSource()
          source.files = [.init(path: "\(name)/all.csv")]
          return DomainDeclaration(name: name, source: .files(source))
        })
    ]
    let records = ["shop", "bank"].flatMap {
      trials("bert", wrong: 60, domain: $0) + trials("lstm", wrong: 90, domain: $0)
    }
    func width(_ second: String) throws -> Double {
      let inputs = [("shop", "one"), ("bank", second)].map {
        RunResult.Input(declaredPath: "\($0.0)/all.csv", sha256: $0.1, bytes: 1)
      }
      let rows = Analysis(records: records, manifest: manifest, inputs: inputs).comparisons
      let row = try #require(rows.first { $0.role == .headline })
      return (try #require(row.high)) - (try #require(row.low))
    }
    #expect(try width("one") > 1.3 * width("two"))
  }

  @Test("By default the first transformer against the first LSTM is the question, all others stand against it")
  func declared() {
    func pairs(_ models: [String]) -> [[String]] { DeclaredContrasts(manifest(models)).pairs.map { [$0.a, $0.b] } }
    #expect(
      pairs(["tfidf", "lstm", "x", "bert", "majority"]) == [["bert", "lstm"], ["tfidf", "bert"], ["x", "bert"]])
    #expect(pairs(["tfidf", "lstm", "lookup"]) == [["lstm", "tfidf"]])
    #expect(pairs(["bert", "tfidf"]) == [["bert", "tfidf"]])
    #expect(pairs(["bert", "majority"]).isEmpty)
  }

  @Test("One headline a pair over the settings, a word a setting, a floor for every model, and nothing else")
  func families() throws {
    let models = ["bert", "lstm", "tfidf", "majority"]
    let records = ["shop", "bank"].flatMap { domain in
      zip(models, [60, 120, 90, 400]).flatMap { trials($0, wrong: $1, domain: domain) }
    }
    let rows = words(records, manifest(models))
    #expect(
      rows.filter { $0.role == .headline }.map { [$0.modelA, $0.modelB] } == [["bert", "lstm"], ["tfidf", "bert"]])
    #expect(rows.filter { $0.role == .headline }.allSatisfy { $0.settings == 2 && $0.corpus.isEmpty })
    #expect(rows.filter { $0.role == .setting }.map(\.source) == ["shop", "shop", "bank", "bank"])
    #expect(rows.filter { $0.role == .floor }.map(\.modelA) == ["bert", "lstm", "tfidf"])
    #expect(rows.count == 9)
    #expect(rows[0].verdict == .betterByMargin)
    let floors = rows.filter { $0.role == .floor }
    #expect(floors.allSatisfy { $0.verdict == .betterByMargin && $0.modelB == "majority" })
  }

  @Test("A word, its interval and its corrected p never contradict each other")
  func coherent() throws {
    let models = ["bert", "lstm", "tfidf", "x", "y", "majority"]
    let wrongs = [100, 104, 112, 99, 130, 400]
    let records = ["shop", "bank", "news"].flatMap { domain in
      zip(models, wrongs).flatMap { trials($0, wrong: $1, domain: domain) }
    }
    let rows = words(records, manifest(models))
    var decided = 0
    for row in rows {
      let found = try #require(row.words), low = try #require(found.low), high = try #require(found.high)
      let p = try #require(found.p)
      if found.verdict.direction != 0 {
        decided += 1
        #expect(p <= ErrorBudget.report && (low >= 0 || high <= 0), "\(row.modelA) \(row.modelB)")
      } else if found.verdict != .equivalent {
        #expect(p > ErrorBudget.report && low < 0 && high > 0, "\(row.modelA) \(row.modelB)")
      }
    }
    #expect(decided > 4 && decided < rows.count)
  }

  @Test("The headline is the mean of the settings, its variance their sum, by a naive twin")
  func headline() throws {
    let models = ["bert", "lstm"]
    let records = ["shop", "bank"].flatMap { domain in
      zip(models, [60, 120]).flatMap { trials($0, wrong: $1, domain: domain) }
    }
    let analysis = Analysis(records: records, manifest: manifest(models))
    let row = try #require(analysis.comparisons.first { $0.role == .headline })
    let settings = analysis.comparisons.filter { $0.role == .setting }
    let mean = settings.compactMap(\.difference).reduce(0, +) / 2
    expectClose(try #require(row.difference), mean, "difference")
    // Back from each setting's t and estimate to its standard error.
    let errors = zip(settings.compactMap(\.difference), settings.compactMap(\.statistic)).map { $0 / $1 }
    let variance = errors.reduce(0) { $0 + $1 * $1 } / 4
    let freedom = variance * variance * 16 / errors.reduce(0) { $0 + $1 * $1 * $1 * $1 / 4 }
    expectClose(try #require(row.statistic), mean / variance.squareRoot(), relative: 1e-9, "t")
    let p = StudentT(degreesOfFreedom: freedom).twoSided(mean / variance.squareRoot())
    expectClose(try #require(row.p), p, relative: 1e-6, "p")
    // One declared pair has the headlines' whole level: half of the report's.
    expectClose(try #require(row.words?.p), min(1, 2 * p), relative: 1e-6, "corrected p")
    expectClose(try #require(row.words?.level), 0.975, "level")
  }

  @Test("The question has half of a task's weight; Holm steps down by the weights")
  func weights() throws {
    let models = ["bert", "lstm", "tfidf", "x"]
    let records = zip(models, [60, 75, 130, 62]).flatMap { trials($0, wrong: $1) }
    let rows = words(records, manifest(models)).filter { $0.role == .headline }
    let p = try rows.map { try #require($0.p) }
    // One setting: headlines have .04. Half for the question, a quarter for each other.
    let weights = [0.5, 0.25, 0.25]
    let order = p.indices.sorted { p[$0] / weights[$0] < p[$1] / weights[$1] }
    var (left, largest) = (1.0, 0.0)
    for index in order {
      largest = max(largest, min(1, left * p[index] / weights[index]))
      expectClose(try #require(rows[index].words?.p), min(1, largest * 0.05 / 0.04), relative: 1e-9, "Holm")
      left -= weights[index]
    }
    expectClose(rows.compactMap(\.words?.level), [0.98, 0.99, 0.99], absolute: 1e-12, "levels")
  }

  @Test("The first protocol decides unless the manifest names one; the others have no words")
  func protocols() {
    let records =
      zip(["bert", "lstm"], [60, 120]).flatMap { trials($0, wrong: $1) }
      + zip(["bert", "lstm"], [60, 120]).flatMap { trials($0, wrong: $1, protocolName: "official") }
    var manifest = manifest(["bert", "lstm"], protocols: [.holdout, .official])
    #expect(words(records, manifest).map(\.protocolName) == ["holdout"])
    manifest.comparisons.deciding = .official
    #expect(words(records, manifest).map(\.protocolName) == ["official"])
    manifest.comparisons.deciding = .kfold
    #expect(words(records, manifest).isEmpty)
  }

  @Test("What was not finite has no word; what did not learn has its word and a warning")
  func lost() throws {
    var records = trials("bert", wrong: 60) + trials("lstm", wrong: 120)
    for index in 0..<2 {
      // The training majority, and all answers are it.
      records[index].majority = MajorityState(labels: [0, 0, 0, 1, 2], classes: 3)
      let labels = records[index].labels
      records[index].outcome = .classification(
        ClassOutcome(labels: labels, classes: 3, probabilities: labels.flatMap { _ in [Float(0.8), 0.1, 0.1] }))
      records[index].metrics["accuracy"] = 1.0 / 3
    }
    let row = try #require(words(records, manifest(["bert", "lstm"])).first)
    #expect(row.warning == "2 of 5 seeds of bert did not learn" && row.words?.p != nil)
    var broken = trials("bert", wrong: 60) + trials("lstm", wrong: 120)
    (broken[7].status, broken[7].isNotFinite, broken[7].metrics) = (.failed, true, [:])
    let none = try #require(words(broken, manifest(["bert", "lstm"])).first)
    #expect(none.verdict == .none("1 of 5 seeds of lstm were not finite"))
  }

  @Test("Settings that read one file are not taken for independent")
  func shared() throws {
    func corpus(_ name: String, _ path: String) -> CorpusDeclaration {
      var source = FileSource()
      source.files = [FileSource.File(path: path, declaredPath: path)]
      return CorpusDeclaration(
        name: name, task: "sentiment", domains: [DomainDeclaration(name: name, source: .files(source))])
    }
    let records = ["one", "two"].flatMap { name in
      zip(["bert", "lstm"], [60, 120]).flatMap { model, wrong in
        trials(model, wrong: wrong, domain: name).map { trial in
          var copy = trial
          (copy.corpus, copy.trial) = (name, name + copy.trial)
          return copy
        }
      }
    }
    func error(_ paths: [String]) throws -> Double {
      var manifest = manifest(["bert", "lstm"])
      manifest.corpora = zip(["one", "two"], paths).map(corpus)
      let row = try #require(words(records, manifest).first { $0.role == .headline })
      return try #require(row.difference) / (try #require(row.statistic))
    }
    let (apart, joined) = (try error(["a.csv", "b.csv"]), try error(["a.csv", "a.csv"]))
    expectClose(joined, apart * 2.0.squareRoot(), relative: 0.01, "of two settings that are as one")
  }

  @Test("The better floor is the one that is harder to be above")
  func floors() throws {
    let models = ["bert", "lstm", "majority", "lookup"]
    let records = zip(models, [60, 120, 400, 150]).flatMap { trials($0, wrong: $1) }
    let rows = words(records, manifest(models)).filter { $0.role == .floor }
    #expect(rows.map(\.modelB) == ["lookup", "lookup"])
    #expect(rows[0].verdict == .betterByMargin)
  }

  @Test("Simulated reports of equal models hold a false word no more often than is said")
  func simulation() {
    typealias Case = VerdictSimulation.Case
    let cases = [
      Case("three seeds", repetitions: 3), Case("official", design: .official, repetitions: 3),
      Case("folds", design: .kfold),
    ]
    for setting in cases {
      let count = VerdictSimulation(setting).count(reports: 60, seed: 3)
      // 5 % of 60 and four standard deviations.
      #expect(count.withFalse <= 9, "\(setting.name): \(count)")
    }
    var planted = Case("planted", repetitions: 5)
    planted.shifts[0] = 12
    let found = VerdictSimulation(planted).count(reports: 20, seed: 3)
    #expect(found.headlines == 20 && found.withFalse <= 4)
  }
}
