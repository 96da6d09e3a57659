import Corpora
import Manifests
import Models
import Testing
import Training

@testable import Experiments

/// A small experiment on the built-in corpus: two domains, all six kinds.
private enum Small {
  static func manifest() -> Manifest {
    let domains = [GeneratorSettings.Domain.ecommerce, .telecom].map { domain -> DomainDeclaration in
      var settings = GeneratorSettings()
      settings.domain = domain
      settings.rows = 120
      return DomainDeclaration(name: domain.rawValue, source: .generated(settings))
    }
    var holdout = ProtocolDeclaration(kind: .holdout)
    holdout.seeds = 2
    var crossing = ProtocolDeclaration(kind: .crossDomain)
    crossing.seeds = 2
    var folds = ProtocolDeclaration(kind: .kfold)
    folds.folds = 3
    folds.domains = ["ecommerce"]
    folds.models = ["lookup", "majority"]
    var manifest = Manifest(
      name: "small", corpora: [CorpusDeclaration(name: "messages", task: "sentiment", domains: domains)],
      protocols: [holdout, crossing, folds], models: models())
    manifest.timing.enabled = false
    return manifest
  }

  static func models() -> [ModelDeclaration] {
    var transformer = TransformerConfiguration()
    (transformer.layers, transformer.hidden, transformer.intermediate) = (1, 16, 32)
    var lstm = LSTMConfiguration()
    (lstm.embedding, lstm.hidden) = (12, 8)
    var tfidf = TFIDFLogisticConfiguration()
    tfidf.characterNGrams = nil
    let kinds: [(String, ModelConfiguration)] = [
      ("bert", .bert(transformer)), ("lstm", .lstm(lstm)), ("hybrid", .bertLSTM(transformer, lstm)),
      ("tfidf", .tfidfLogistic(tfidf)), ("lookup", .lookup), ("majority", .majority),
    ]
    return kinds.map { name, configuration in
      var model = ModelDeclaration(name: name, configuration: configuration)
      model.training.epochs = 2
      model.text.vocabularySize = 300
      model.text.tokenizer = name == "lstm" ? .words : .wordpiece
      return model
    }
  }

  static func runner(_ manifest: Manifest, jobs: Int) throws -> Runner {
    let corpora = try manifest.corpora.map { try CorpusReader.read($0, seed: manifest.seed) }
    return Runner(
      manifest: manifest, corpora: corpora, plan: try Plan(manifest: manifest, corpora: corpora), jobs: jobs)
  }
}

@Suite struct PlanTests {
  @Test("protocols that ask for the same training part share the fit")
  func sharing() throws {
    let runner = try Small.runner(Small.manifest(), jobs: 1)
    // Hold-out and cross-domain: 2 domains × 2 seeds × 6 models; 3 folds × 2 models.
    #expect(runner.plan.fits.count == 24 + 6)
    #expect(runner.plan.trialCount == 24 * 2 + 6)
    #expect(Set(runner.plan.fits.flatMap(\.trials).map(\.name)).count == runner.plan.trialCount)
  }

  @Test("a fit tested on its own domain keeps its protocol, on another it is cross-domain")
  func protocolNames() throws {
    let plan = try Small.runner(Small.manifest(), jobs: 1).plan
    for fit in plan.fits {
      for trial in fit.trials {
        #expect(trial.protocolName == (trial.target == fit.data.domain ? fit.protocolKind.rawValue : "cross-domain"))
      }
    }
  }

  @Test("every model gets the same rows, another seed other rows")
  func splits() throws {
    let plan = try Small.runner(Small.manifest(), jobs: 1).plan
    let holdout = plan.fits.filter { $0.protocolKind == .holdout && $0.data.domain == 0 }
    for fit in holdout {
      let first = try #require(holdout.first { $0.seed == fit.seed })
      #expect(plan.split(of: fit) == plan.split(of: first))
    }
    let (one, two) = (holdout[0], try #require(holdout.first { $0.seed != holdout[0].seed }))
    #expect(plan.split(of: one) != plan.split(of: two))
  }

  @Test("a class with too few rows is named with its corpus")
  func shortage() throws {
    var manifest = Small.manifest()
    guard case .generated(var settings) = manifest.corpora[0].domains[0].source else { return }
    settings.rows = 4
    manifest.corpora[0].domains[0].source = .generated(settings)
    let corpora = try manifest.corpora.map { try CorpusReader.read($0, seed: 1) }
    #expect { try Plan(manifest: manifest, corpora: corpora) } throws: {
      "\($0)".contains("corpora.messages, domain ecommerce, hold-out")
    }
  }
}

@Suite struct RunnerTests {
  @Test("one job and two jobs give the same bytes")
  func jobs() throws {
    let manifest = Small.manifest()
    let one = try Small.runner(manifest, jobs: 1).run(progress: Progress(style: .quiet))
    let two = try Small.runner(manifest, jobs: 2).run(progress: Progress(style: .quiet))
    #expect(one.records.map(\.trial) == two.records.map(\.trial))
    for (a, b) in zip(one.records, two.records) {
      #expect(a.status == .ok, "\(a.trial): \(a.failure ?? "")")
      #expect(a.probabilities == b.probabilities, "\(a.trial)")
      #expect(a.metrics == b.metrics, "\(a.trial)")
      #expect(a.splitHash == b.splitHash)
    }
  }

  @Test("a loss that is not finite fails its trials with the reason, and the others go on")
  func failure() throws {
    var manifest = Small.manifest()
    manifest.protocols = [ProtocolDeclaration(kind: .holdout)]
    manifest.models[1].training.optimizer.learningRate = 1e38
    manifest.models[1].training.clipNorm = nil
    let outcome = try Small.runner(manifest, jobs: 2).run(progress: Progress(style: .quiet))
    for record in outcome.records {
      #expect((record.status == .failed) == (record.model == "lstm"), "\(record.trial)")
      if record.status == .failed {
        #expect(record.failure?.contains("finite") == true, "\(record.failure ?? "")")
        #expect(record.metrics.isEmpty)
      }
    }
    #expect(!outcome.models.contains { $0.model == "lstm" })
  }

  @Test("the seed offset changes the weights and not the split")
  func seedOffset() throws {
    var manifest = Small.manifest()
    manifest.protocols = [ProtocolDeclaration(kind: .holdout)]
    let lstm = manifest.models[1]
    var twin = lstm
    twin.name = "twin"
    var other = lstm
    (other.name, other.seedOffset) = ("other", 1_000)
    manifest.models = [lstm, twin, other]
    let records = try Small.runner(manifest, jobs: 2).run(progress: Progress(style: .quiet)).records
    let ecommerce = records.filter { $0.source == "ecommerce" }
    #expect(ecommerce[0].probabilities == ecommerce[1].probabilities)
    #expect(ecommerce[0].probabilities != ecommerce[2].probabilities)
    #expect(ecommerce[0].ids == ecommerce[2].ids)
  }

  @Test("test texts leave no trace in a fit")
  func scrambledTest() throws {
    var manifest = Small.manifest()
    manifest.protocols = [ProtocolDeclaration(kind: .holdout)]
    manifest.protocols[0].domains = ["ecommerce"]
    var runner = try Small.runner(manifest, jobs: 2)
    var trained = try weights(runner)
    for row in runner.plan.split(of: runner.plan.fits[0]).test {
      runner.corpora[0].domains[0].examples[row].text = "scrambled \(row) never seen before"
    }
    let scrambled = try weights(runner)
    #expect(trained == scrambled)
    // The guard: a scrambled training text must be noticed.
    let first = runner.plan.split(of: runner.plan.fits[0]).train[0]
    runner.corpora[0].domains[0].examples[first].text = "scrambled training text"
    trained = try weights(runner)
    #expect(trained != scrambled)
  }

  /// The trained numbers of every network, in the plan's order.
  private func weights(_ runner: Runner) throws -> [[NamedTensor]] {
    try runner.plan.fits.compactMap { fit in
      let result = FitRun(runner: runner, fit: fit, threads: 1).run { _, _ in }
      guard case .network(_, let snapshot) = try #require(result.trained).state else { return nil }
      return snapshot.tensors
    }
  }

  @Test("timing gives a row for every model, work and number of threads")
  func timing() throws {
    var manifest = Small.manifest()
    manifest.protocols = [ProtocolDeclaration(kind: .holdout)]
    manifest.timing.enabled = true
    manifest.timing.batches = 2
    manifest.timing.warmup = 1
    manifest.timing.threads = [.one]
    manifest.timing.orders = [.arrival, .padded]
    let timings = try Small.runner(manifest, jobs: 2).run(progress: Progress(style: .quiet)).timings
    // 6 models × 2 works in arrival order, 3 networks × 2 works padded, 6 rows of training time.
    #expect(timings.count == 12 + 6 + 6)
    for row in timings where row.work != "train" {
      #expect(row.samples.count == 2)
      #expect(row.samples.allSatisfy { $0 > 0 })
    }
    let lstm = timings.filter { $0.model == "lstm" && $0.work == "forward" }
    #expect(lstm[1].tokens > lstm[0].tokens, "padding adds tokens")
  }
}

@Suite struct JobsTests {
  @Test("every index is worked on once, whatever the number of jobs", arguments: [1, 2, 3, 100])
  func map(jobs: Int) {
    let results = Jobs.map(Array((0..<50).reversed()), jobs: jobs) { $0 * $0 }
    #expect(results.count == 50)
    #expect((0..<50).allSatisfy { results[$0] == $0 * $0 })
  }

  @Test("no work is no work")
  func none() {
    #expect(Jobs.map([], jobs: 4) { $0 }.isEmpty)
  }
}

@Suite struct ProgressTests {
  @Test(
    "durations are short and plain",
    arguments: [(0.4, "0 s"), (59.4, "59 s"), (61, "1 min 1 s"), (3_600, "1 h 0 min"), (9_000, "2 h 30 min")])
  func duration(seconds: Double, text: String) {
    #expect(Progress.duration(seconds) == text)
  }
}
