import Compute
import Corpora
import Manifests
import Models
import Synchronization
import TestSupport
import Testing
import Text

@testable import Experiments

extension Runner {
  /// One fit of the plan on its own, on one thread.
  func result(of fit: Plan.Fit) -> FitRun.Result {
    FitRun(runner: self, fit: fit, threads: 1, novelty: noveltyTable).run { _, _ in }
  }

  var noveltyTable: NoveltyTable { NoveltyTable(plan: plan, texts: corpora.map { TextIndex($0) }, jobs: 1) }
}

/// A small experiment on the built-in corpus: two domains, all six kinds.
enum Small {
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
    guard case .generated(var settings) = manifest.corpora[0].domains[0].source else {
      Issue.record("not generated")
      return
    }
    settings.rows = 4
    manifest.corpora[0].domains[0].source = .generated(settings)
    let corpora = try manifest.corpora.map { try CorpusReader.read($0, seed: 1) }
    #expect { try Plan(manifest: manifest, corpora: corpora) } throws: {
      "\($0)".contains("corpora.messages, domain ecommerce, hold-out")
    }
  }
}

extension PlanTests {
  @Test("corpora and domains whose names join to the same text are different data, and an error; so are trials")
  func joinedNames() throws {
    func corpus(_ name: String, _ domain: String, rows: Int) -> CorpusDeclaration {
      var settings = GeneratorSettings()
      settings.rows = rows
      return CorpusDeclaration(
        name: name, task: "sentiment", domains: [DomainDeclaration(name: domain, source: .generated(settings))])
    }
    var manifest = Manifest(
      name: "dots", corpora: [corpus("a.b", "c", rows: 60), corpus("a", "b.c", rows: 90)],
      protocols: [ProtocolDeclaration(kind: .holdout)],
      models: [ModelDeclaration(name: "lookup", configuration: .lookup)])
    #expect(throws: PlanNameError(name: "a.b.c.holdout.s1.lookup", model: "lookup")) {
      try Small.runner(manifest, jobs: 1)
    }
    manifest.corpora = [corpus("a", "b", rows: 60), corpus("a", "b.holdout.s1.x", rows: 60)]
    manifest.corpora[1].name = "c"
    manifest.models[0].name = "x.holdout.s1.lookup"
    #expect(try Small.runner(manifest, jobs: 1).plan.fits.count == 2)
    manifest.corpora[1].name = "a"
    manifest.models.append(ModelDeclaration(name: "lookup", configuration: .lookup))
    #expect(throws: PlanNameError.self) { try Small.runner(manifest, jobs: 1) }
  }
}

@Suite struct RunnerTests {
  @Test("a vocabulary file is among what a run read, as declared, and its hash stands in the resolved manifest's place")
  func vocabularyFile() throws {
    let tiny = try TinyCheckpoint()
    var manifest = Small.manifest()
    manifest.models = [manifest.models[0], manifest.models[2]]
    for index in 0..<2 {
      manifest.models[index].text.vocabularyFile = tiny.url("vocab.txt").path
      manifest.models[index].declaredVocabularyFile = "${env:DATA}/vocab.txt"
    }
    let inputs = try RunResult.Input.inputs(of: manifest, corpora: [])
    let (sha256, bytes) = try FileHash.sha256(of: tiny.url("vocab.txt"))
    #expect(inputs == [RunResult.Input(declaredPath: "${env:DATA}/vocab.txt", sha256: sha256, bytes: bytes)])
    #expect(inputs.hashes(of: manifest) == ["${env:DATA}/vocab.txt": sha256])
  }

  @Test("a network's size has its vocabulary's bytes in it, as that of the simpler models has")
  func bytes() throws {
    var manifest = Small.manifest()
    manifest.protocols = [ProtocolDeclaration(kind: .holdout)]
    manifest.models = [manifest.models[1]]
    let runner = try Small.runner(manifest, jobs: 1)
    let trained = try #require(runner.result(of: runner.plan.fits[0]).trained)
    guard case .network(let pipeline, _) = trained.state else {
      Issue.record("no network")
      return
    }
    let classifier = trained.classifier(in: Workspace())
    let tokens = pipeline.vocabularyTokens.joined().utf8.count
    #expect(tokens > 0 && classifier.byteCount == 4 * classifier.parameterCount + tokens)
  }

  @Test("a checkpoint is fine-tuned: its tokenizer reads, its weights are where training starts, its name is reported")
  func checkpoint() throws {
    let tiny = try TinyCheckpoint()
    var manifest = Small.manifest()
    var model = ModelDeclaration(name: "tiny", configuration: .bert(TinyCheckpoint.configuration))
    model.pretrained = PretrainedSource(path: tiny.folder.path, declaredPath: "tiny", display: "Tiny (made up)")
    model.training.epochs = 1
    model.text.maximumTokens = 16
    var still = model
    still.name = "still"
    still.training.optimizer.learningRate = 1e-12
    var hybrid = model
    hybrid.name = "hybrid"
    hybrid.configuration = .bertLSTM(TinyCheckpoint.configuration, LSTMConfiguration())
    manifest.models = [model, still, hybrid]
    manifest.protocols = [ProtocolDeclaration(kind: .holdout)]
    let outcome = try Small.runner(manifest, jobs: 2).run(progress: Progress(style: .quiet))
    #expect(outcome.records.allSatisfy { $0.status == .ok })
    #expect(
      outcome.models.map(\.description)
        == ["Tiny (made up), fine-tuned", "Tiny (made up), fine-tuned", "Tiny (made up), fine-tuned, into an LSTM"])
    #expect(outcome.models.allSatisfy { $0.vocabulary == TinyCheckpoint.pieces.count })

    let runner = try Small.runner(manifest, jobs: 1), fit = runner.plan.fits[1]
    let trained = runner.result(of: fit).trained
    guard case .network(let pipeline, let weights) = trained?.state else {
      Issue.record("no network")
      return
    }
    #expect(pipeline.vocabularyTokens == TinyCheckpoint.pieces)
    let source = try BERTCheckpoint(folder: tiny.folder)
    for tensor in weights.tensors where tensor.name.hasPrefix("bert.") {
      expectClose(tensor.values, try source.tensors.floats(tensor.name), absolute: 1e-8, tensor.name)
    }

    let inputs = try RunResult.Input.inputs(of: manifest, corpora: [])
    #expect(
      inputs.map(\.declaredPath)
        == ["config.json", "tokenizer_config.json", "vocab.txt", "model.safetensors"].map { "tiny/\($0)" })
    #expect(inputs.hashes(of: manifest)["tiny"] == inputs[3].sha256)
  }

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
        #expect(record.metrics.isEmpty && record.divergence(on: .f1Macro) == .notFinite)
      }
    }
    #expect(!outcome.models.contains { $0.model == "lstm" })
  }

  @Test("probabilities that are not finite fail the fit, though training saw only finite losses")
  func probabilitiesNotFinite() throws {
    var manifest = Small.manifest()
    manifest.protocols = [ProtocolDeclaration(kind: .holdout)]
    manifest.models.removeAll { $0.name != "lstm" }
    manifest.models[0].training.optimizer.learningRate = 1e38
    manifest.models[0].training.clipNorm = nil
    manifest.models[0].training.earlyStopping = nil
    (manifest.models[0].training.epochs, manifest.models[0].training.batchSize) = (1, 4096)
    manifest.models[0].training.schedule.warmup = 0
    let records = try Small.runner(manifest, jobs: 1).run(progress: Progress(style: .quiet)).records
    #expect(!records.isEmpty)
    for record in records {
      #expect(record.status == .failed && record.isNotFinite && record.metrics.isEmpty, "\(record.trial)")
      #expect(record.failure?.contains("not finite") == true, "\(record.failure ?? "")")
    }
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

  @Test("each trial says what its test rows are to its fit, and scores them apart; what has no rows has no score")
  func novelty() throws {
    var manifest = Small.manifest()
    manifest.split.duplicates = .keep
    manifest.protocols = [ProtocolDeclaration(kind: .holdout), ProtocolDeclaration(kind: .crossDomain)]
    manifest.models = manifest.models.filter { ["tfidf", "lookup", "majority"].contains($0.name) }
    var runner = try Small.runner(manifest, jobs: 2)
    // Repeats to find: every fourth message of both domains says thanks.
    for domain in 0..<2 {
      for row in stride(from: 0, to: 120, by: 4) {
        runner.corpora[0].domains[domain].examples[row].text = row % 8 == 0 ? "Thanks!" : "thank you so much for that"
      }
    }
    let records = runner.run(progress: Progress(style: .quiet)).records
    for record in records {
      let fit = try #require(runner.plan.fits.first { $0.name == record.fit })
      let trial = try #require(fit.trials.first { $0.name == record.trial })
      let trained = runner.plan.split(of: fit).train.map {
        runner.corpora[0].domains[fit.data.domain].examples[$0].text
      }
      let tested = runner.plan.testRows(of: trial, in: fit).map {
        runner.corpora[0].domains[trial.target].examples[$0].text
      }
      let known = Set(trained.map { normalised($0) })
      #expect(zip(record.novelty, tested).allSatisfy { ($0 == .seen) == known.contains(normalised($1)) })
      let seen = record.novelty.count { $0 == .seen }
      #expect(seen > 0 && record.metrics["seen_share"] == Double(seen) / Double(tested.count))
      let shares = ["seen_share", "near_share", "novel_share"].compactMap { record.metrics[$0] }
      #expect(abs(shares.reduce(0, +) - 1) < 1e-12)
      for novelty in Novelty.allCases {
        let rows = record.novelty.indices.filter { record.novelty[$0] == novelty }
        let right = rows.count { record.predictions[$0] == record.labels[$0] }
        let expected = rows.isEmpty ? nil : Double(right) / Double(rows.count)
        #expect(record.metrics["accuracy_\(novelty.rawValue)"] == expected)
        #expect((record.metrics["f1_macro_\(novelty.rawValue)"] == nil) == rows.isEmpty)
      }
      // What lookup knows beyond the majority class are texts that it has seen.
      if record.model == "lookup" {
        let majority = try #require(
          records.first { $0.model == "majority" && $0.splitHash == record.splitHash && $0.target == record.target })
        for name in ["accuracy_near", "accuracy_novel", "f1_macro_novel"] {
          #expect(record.metrics[name] == majority.metrics[name], "\(record.trial): \(name)")
        }
        #expect(record.novelty == majority.novelty)
      }
    }
  }

  @Test("a run audits its data")
  func audits() throws {
    var manifest = Small.manifest()
    manifest.protocols = [ProtocolDeclaration(kind: .holdout), ProtocolDeclaration(kind: .crossDomain)]
    manifest.models = manifest.models.filter { $0.name == "majority" }
    let audits = try Small.runner(manifest, jobs: 1).run(progress: Progress(style: .quiet)).audits
    #expect(audits.map(\.domain) == ["ecommerce", "telecom"])
    #expect(audits.allSatisfy { $0.rows == 120 && $0.classCounts.reduce(0) { $0 + $1.count } == 120 })
    #expect(audits[0].overlaps.map(\.from) == ["train", "train", "validation", "train of telecom"])
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
      #expect(row.costs.count == 2 && row.calibrations.count == 2)
      #expect(row.calibrations.allSatisfy { $0 > 0 })
    }
    #expect(timings.filter { $0.work == "train" }.allSatisfy { $0.costs.isEmpty && $0.calibrations.isEmpty })
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

  @Test("what the body refers to is free when the work is done, though a thread may not have ended yet")
  func release() {
    final class Counter: Sendable {
      let value = Mutex(0)
    }
    final class Held: Sendable {
      let ended: Counter
      init(_ ended: Counter) { self.ended = ended }
      deinit { ended.value.withLock { $0 += 1 } }
    }
    let ended = Counter()
    for round in 1...2_000 {
      _ = Jobs.map([0, 1], jobs: 2) { [held = Held(ended)] in ObjectIdentifier(held).hashValue ^ $0 }
      #expect(ended.value.withLock { $0 } == round)
    }
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
