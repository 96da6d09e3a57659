import Compute
import Corpora
import Families
import Foundation
import Manifests
import Models
import Synchronization
import TestSupport
import Testing
import Text
import Training

@testable import Execution
@testable import Files
@testable import Storage

@Suite struct PretrainingTests {
  /// Two models that pre-train alike and are fitted otherwise, in two domains with two seeds and two folds.
  private static func manifest(_ change: (inout PretrainingSettings) -> Void = { _ in }) -> Manifest {
    var manifest = Small.manifest()
    var settings = PretrainingSettings()
    (settings.epochs, settings.batchSize) = (3, 16)
    change(&settings)
    manifest.models = Small.models().filter { $0.name == "bert" || $0.name == "hybrid" }
    for index in manifest.models.indices {
      manifest.models[index].pretraining = settings
      manifest.models[index].training.epochs = index + 1
    }
    manifest.protocols[2].models = []
    manifest.protocols[2].folds = 2
    return manifest
  }

  private static func unlabelled(_ texts: [String]) -> Corpus {
    let examples = texts.enumerated().map { Example(id: "mail:\($0)", text: $1, label: 0) }
    return Corpus(
      name: "unlabelled", task: "", classes: [""],
      domains: [Dataset(domain: "mail", examples: examples, reading: ReadingReport())], isGenerated: false)
  }

  private static func runner(_ manifest: Manifest, _ unlabelled: Corpus? = nil, jobs: Int = 2) throws -> Runner {
    var runner = try Small.runner(manifest, jobs: jobs)
    runner.unlabelled = unlabelled
    return runner
  }

  @Test("no text that is chosen or tested on is read, in whatever fold, seed or domain it is")
  func texts() throws {
    for reads in PretrainingSettings.Texts.allCases {
      var runner = try Self.runner(Self.manifest { $0.texts = reads })
      let all = runner.corpora[0].domains.flatMap { $0.examples.map(\.text) }
      let new = (0..<40).map { "an unlabelled text of number \($0)" }
      // Every text of the corpus in another spelling: with folds each is a test text of some fit.
      runner.unlabelled = Self.unlabelled(all.map { "  " + $0.uppercased() + " !!" } + new)
      let plan = runner.keys.pretraining
      let judged = Set(
        runner.plan.splits.flatMap { data, split in
          (split.validation + split.test).map {
            normalised(runner.corpora[data.corpus].domains[data.domain].examples[$0].text)
          }
        })
      let removed = all.count { judged.contains(normalised($0)) }
      #expect(removed > all.count / 2)
      for (fit, job) in zip(runner.plan.fits, plan.jobOfFit) {
        let job = try #require(job.map { plan.jobs[$0] })
        let read = Set(job.texts.map(normalised))
        for domain in runner.corpora[0].domains.indices where domain == fit.data.domain || reads == .corpus {
          var data = fit.data
          data.domain = domain
          let split = try #require(runner.plan.splits[data])
          let examples = runner.corpora[0].domains[domain].examples
          let judged = (split.validation + split.test).map { normalised(examples[$0].text) }
          #expect(judged.allSatisfy { !read.contains($0) }, "\(fit.name)")
          let trained = split.train.map { normalised(examples[$0].text) }.filter { !judged.contains($0) }
          #expect(trained.allSatisfy { read.contains($0) } == (reads != .none), "\(fit.name)")
        }
        for trial in fit.trials {
          let examples = runner.corpora[0].domains[trial.target].examples
          for row in runner.plan.testRows(of: trial, in: fit) {
            #expect(!read.contains(normalised(examples[row].text)), "\(trial.name)")
          }
        }
        #expect(job.texts.suffix(40) == new[...] && job.removed == removed)
      }
    }
  }

  @Test("fits that read the same share a pre-training, of whatever model, seed, fold and domain")
  func sharing() throws {
    // Two seeds and two folds in the first domain, two seeds in the other, for each of two models.
    for (reads, jobs) in [(PretrainingSettings.Texts.domain, 6), (.corpus, 4), (.none, 1)] {
      let plan = try Self.runner(Self.manifest { $0.texts = reads }, Self.unlabelled(["one text", "another"])).keys
        .pretraining
      #expect(plan.jobs.count == jobs && plan.jobOfFit.count == 12 && Set(plan.jobOfFit).count == jobs, "\(reads)")
    }
    var manifest = Self.manifest { $0.texts = .none }
    manifest.models[1].pretraining?.maskShare = 0.3
    #expect(try Self.runner(manifest, Self.unlabelled(["one text"])).keys.pretraining.jobs.count == 2)
    manifest.models[1].pretraining = nil
    let plan = try Self.runner(manifest, Self.unlabelled(["one text"])).keys.pretraining
    #expect(plan.jobs.count == 1 && plan.jobOfFit.contains(nil))
  }

  @Test("it changes what the fits come to, the same for any number of jobs, and is read where it was stored")
  func run() throws {
    try inFolder { output in
      func outcome(_ manifest: Manifest, jobs: Int, store: Bool) throws -> Runner.Outcome {
        var runner = try Self.runner(manifest, jobs: jobs)
        if store { runner.store = try FitStore(beside: output, fresh: false) }
        return runner.run(progress: Progress(style: .quiet))
      }
      func bits(_ outcome: Runner.Outcome) -> [[UInt32]] {
        outcome.records.map { $0.probabilities.map(\.bitPattern) }
      }
      let manifest = Self.manifest { $0.texts = .corpus }
      let one = try outcome(manifest, jobs: 1, store: false), two = try outcome(manifest, jobs: 3, store: true)
      #expect(bits(one) == bits(two) && one.records.allSatisfy { $0.status == .ok })
      #expect(one.models.map { "\($0)" } == two.models.map { "\($0)" })
      var plain = manifest
      for index in plain.models.indices { plain.models[index].pretraining = nil }
      #expect(bits(try outcome(plain, jobs: 2, store: false)) != bits(one))

      let model = try #require(one.models.first), record = try #require(model.pretraining)
      #expect(model.description == "transformer, pre-trained here")
      // Two seeds of hold-out and two folds; the training texts of both domains.
      #expect(record.count == 4 && record.epochs == 3 && record.removed == 0 && 120...200 ~= record.texts)
      #expect(record.loss.map { 0..<7 ~= $0 } == true && record.accuracy.map { 0...1 ~= $0 } == true)
      let times = two.timings.filter { $0.work == .pretrain }
      #expect(times.count == 2 && times.allSatisfy { $0.samples.count == 4 && $0.isTraining })

      // Fits that are lost are fitted again from the stored encoders.
      let folder = try FitStore(beside: output, fresh: false).folder
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      let stored = names.filter { $0.hasSuffix(".pretrained") }.map { folder.appendingPathComponent($0) }
      #expect(stored.count == 4)
      for name in names where name.hasSuffix(".fit") {
        try FileManager.default.removeItem(at: folder.appendingPathComponent(name))
      }
      let again = try outcome(manifest, jobs: 2, store: true)
      #expect(again.reusedFits == 0 && bits(again) == bits(one))
      #expect(again.timings.filter { $0.work == .pretrain }.map(\.samples) == times.map(\.samples))
      // One that is damaged counts as missing.
      for url in stored {
        var bytes = try Data(contentsOf: url)
        bytes[bytes.count - 1] ^= 1
        try bytes.write(to: url)
      }
      let mended = try outcome(manifest, jobs: 2, store: true)
      #expect(mended.reusedFits == 12 && bits(mended) == bits(one))
      #expect(mended.timings.filter { $0.work == .pretrain }.map(\.samples) != times.map(\.samples))
    }
  }

  @Test("stopped in the middle, it goes on from its last epoch and comes to the same")
  func stopped() throws {
    try inFolder { output in
      let runner = try Self.runner(Self.manifest { $0.texts = .none }, Self.unlabelled((0..<90).map { "text \($0)" }))
      let job = try #require(runner.keys.pretraining.jobs.first)
      func run(_ store: FitStore?, stopAfter steps: Int = .max) throws -> PretrainedWeights {
        let stop = StopRequest(), left = Mutex(steps)
        return try PretrainingRun(
          job: job, declaration: runner.manifest.models[0], seed: 1, threads: 1, store: store, stop: stop,
          storedEvery: 0
        ).run { _ in
          left.withLock { $0 -= 1 }
          if left.withLock({ $0 == 0 }) { stop.make(.signal(2)) }
        }
      }
      let plain = try run(nil), store = try FitStore(beside: output, fresh: false)
      #expect(throws: TrainingFailure.self) { try run(store, stopAfter: 8) }
      #expect(store.loadTraining(job.name, job.key)?.state.outline.epochs == 1)
      let whole = try run(store)
      // Two runs need not reach the same peak.
      var outcome = whole.outcome
      outcome.peakBytes = plain.outcome.peakBytes
      #expect(whole.weights == plain.weights && outcome == plain.outcome)
      #expect(store.loadTraining(job.name, job.key) == nil && store.loadPretrained(job.name, job.key) != nil)
    }
  }

  @Test("a checkpoint with the head of its pre-training is trained further, and keeps its pooler")
  func checkpoint() throws {
    let tiny = try TinyCheckpoint()
    let head = MaskedLanguageModel(
      TinyCheckpoint.configuration, vocabulary: TinyCheckpoint.pieces.count, random: Random(seed: 2, stream: "h"),
      workspace: Workspace()
    ).snapshot().tensors.filter { $0.name.hasPrefix("cls.") }
    let before = try BERTCheckpoint(folder: tiny.folder)
    let names = before.tensors.names
    let encoder = try names.map {
      NamedTensor(name: $0, shape: before.tensors[$0]?.shape ?? [], values: try before.tensors.floats($0))
    }
    try FileManager.default.removeItem(at: tiny.url("model.safetensors"))
    try Safetensors.write(encoder + head, to: tiny.url("model.safetensors"))

    var manifest = Self.manifest()
    manifest.models = [manifest.models[0]]
    manifest.models[0].configuration = .bert(TinyCheckpoint.configuration)
    manifest.models[0].text.maximumTokens = 40
    manifest.models[0].training.optimizer.learningRate = 1e-30
    manifest.models[0].pretrained = PretrainedSource(
      path: tiny.folder.path, declaredPath: tiny.folder.path, display: "Tiny")
    let runner = try Self.runner(manifest)
    let outcome = runner.run(progress: Progress(style: .quiet))
    #expect(outcome.records.allSatisfy { $0.status == .ok }, "\(outcome.records.compactMap(\.failure))")
    #expect(outcome.models.first?.description == "Tiny, pre-trained further here, fine-tuned")
    let keys = runner.keys, job = try #require(keys.pretraining.jobOfFit[0])
    let pretrained = try PretrainingRun(
      job: keys.pretraining.jobs[job], declaration: manifest.models[0], seed: manifest.seed, threads: 1, store: nil,
      stop: StopRequest(), storedEvery: 0
    ).run { _ in }
    let fitted = FitRun(
      runner: runner, fit: runner.plan.fits[0], threads: 1, novelty: runner.noveltyTable,
      pretraining: .success(Pretrained(pretrained) { pretrained })
    ).run { _, _ in }
    let weights = try #require(fitted.trained?.state as? NetworkState).weights
    // With a rate of almost nothing the fit's encoder is the pre-trained one, and its pooler the checkpoint's.
    for tensor in weights.tensors where tensor.name.hasPrefix("bert.") {
      let isPooler = tensor.name.hasPrefix("bert.pooler.")
      let source = isPooler ? encoder : pretrained.weights.tensors
      let start = try #require(source.first { $0.name == tensor.name })
      #expect(zip(start.values, tensor.values).allSatisfy { abs($0 - $1) < 1e-25 }, "\(tensor.name)")
      if tensor.name == "bert.encoder.layer.0.output.dense.weight" {
        #expect(start.values != encoder.first { $0.name == tensor.name }?.values)
      }
    }
  }
}
