import Compute
import Corpora
import Families
import Manifests
import Models
import TestSupport
import Testing
import Text

@testable import Analysis
@testable import Execution
@testable import Files

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
    let pipeline = try #require(trained.state.pipeline)
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
    hybrid.configuration = .bertLSTM(TinyCheckpoint.configuration, RecurrentConfiguration())
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
    let state = try #require(trained?.state as? NetworkState)
    let weights = state.weights
    #expect(state.text.vocabularyTokens == TinyCheckpoint.pieces)
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
    for row in timings where row.work != .train {
      #expect(row.samples.count == 2)
      #expect(row.samples.allSatisfy { $0 > 0 })
      #expect(row.costs.count == 2 && row.calibrations.count == 2)
      #expect(row.calibrations.allSatisfy { $0 > 0 })
    }
    #expect(timings.filter { $0.work == .train }.allSatisfy { $0.costs.isEmpty && $0.calibrations.isEmpty })
    let lstm = timings.filter { $0.model == "lstm" && $0.work == .forward }
    #expect(lstm[1].tokens > lstm[0].tokens, "padding adds tokens")
  }
}
