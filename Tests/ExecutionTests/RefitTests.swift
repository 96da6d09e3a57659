import Compute
import Corpora
import Families
import Foundation
import Manifests
import Models
import Settings
import Tasks
import Testing
import Training

@testable import Execution
@testable import Planning
@testable import Records
@testable import Storage

/// Models that are trained once more on all rows, for use.
@Suite struct RefitTests {
  private static func manifest(_ models: [String], _ refit: OutputSettings.Refit = .all) -> Manifest {
    var manifest = Small.manifest()
    manifest.protocols = [manifest.protocols[0]]
    manifest.models = manifest.models.filter { models.contains($0.name) }
    manifest.outputs.refit = refit
    return manifest
  }

  private func run(
    _ manifest: Manifest, _ output: URL, jobs: Int = 2, change: (inout Runner) -> Void = { _ in }
  ) throws -> Runner.Outcome {
    var runner = try Small.runner(manifest, jobs: jobs)
    runner.store = try FitStore(beside: output, fresh: false)
    runner.trainingStoredEvery = 0
    change(&runner)
    return runner.run(progress: Progress(style: .quiet))
  }

  /// Bytes of the models that are refits, by file name.
  private func models(_ output: URL) throws -> [String: Data] {
    let folder = FitStore(lookingBeside: output).folder
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    return try Dictionary(
      uniqueKeysWithValues: names.filter { $0.contains(".refit.") && $0.hasSuffix(".model") }.map {
        ($0, try Data(contentsOf: folder.appendingPathComponent($0)))
      })
  }

  @Test("each model of each domain once, the same bytes for any number of jobs, and no score is another")
  func same() throws {
    let manifest = Self.manifest(["bert", "lstm", "tfidf", "lookup", "majority"])
    var plainManifest = manifest
    plainManifest.outputs.refit = .none
    let plain = try Small.runner(plainManifest, jobs: 2).run(progress: Progress(style: .quiet))
    var bytes: [[String: Data]] = []
    for jobs in [1, 3] {
      try inFolder { output in
        let outcome = try run(manifest, output, jobs: jobs)
        #expect(outcome.refits.allSatisfy { $0.failure == nil && $0.path != nil })
        #expect(
          outcome.refits.map(\.name)
            == ["ecommerce", "telecom"].flatMap { domain in
              manifest.models.map { "messages.\(domain).refit.\($0.name)" }
            })
        #expect(outcome.records.map(\.trial) == plain.records.map(\.trial))
        #expect(outcome.records.map(\.probabilities) == plain.records.map(\.probabilities))
        for refit in outcome.refits {
          let file = try ModelFile(contentsOf: URL(fileURLWithPath: try #require(refit.path)))
          #expect(file.labels.count > 1 && Predictor(file, threads: 1).predict(["my parcel is late"]).count == 1)
        }
        bytes.append(try models(output))
        // A second run reads them; one that asks for none leaves them to those who use them.
        let again = try run(manifest, output, jobs: 2)
        #expect(again.refits.map(\.path) == outcome.refits.map(\.path))
        #expect(try models(output) == bytes.last)
        _ = try run(plainManifest, output)
        #expect(try models(output) == bytes.last)
      }
    }
    #expect(bytes[0].count == 10 && bytes[0] == bytes[1])
  }

  @Test("a refit is the model that all rows of the domain teach", arguments: ["tfidf", "lookup"])
  func allRows(model: String) throws {
    try inFolder { output in
      let manifest = Self.manifest([model], .models([model]))
      let outcome = try run(manifest, output)
      let runner = try Small.runner(manifest, jobs: 1), corpus = runner.corpora[0]
      for (domain, refit) in zip(corpus.domains, outcome.refits) {
        let fitter = Fitter(
          model: try #require(manifest.models.first), shape: corpus.shape,
          random: Random(seed: 1, stream: "none of these draws"), primary: .f1Macro)
        let expected = try fitter.fit(
          training: .init(texts: domain.examples.map(\.text), labels: domain.examples.map(\.label)), validation: nil,
          pool: WorkerPool(threads: 1)
        ) { _ in }
        let kept = try Data(contentsOf: URL(fileURLWithPath: try #require(refit.path)))
        #expect([UInt8](kept) == ModelFile(model: expected.model, labels: corpus.classes).bytes)
      }
    }
  }

  @Test("with several labels a refit gives them from the median of its fits' thresholds on")
  func threshold() throws {
    try inFolder { output in
      var manifest = Self.manifest(["tfidf"])
      (manifest.problem, manifest.comparisons.primary) = (.multiLabel, .f1Micro)
      manifest.models[0].problem = .multiLabel
      manifest.protocols[0].seeds = 4
      manifest.protocols[0].domains = ["telecom"]
      let outcome = try run(manifest, output)
      let folder = FitStore(lookingBeside: output).folder
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".model") }
      var thresholds: [Float] = []
      for name in names where !name.contains(".refit.") {
        thresholds.append(try ModelFile(contentsOf: folder.appendingPathComponent(name)).model.threshold)
      }
      try #require(thresholds.count == 4)
      let path = try #require(outcome.refits.first?.path)
      #expect(try ModelFile(contentsOf: URL(fileURLWithPath: path)).model.threshold == thresholds.sorted()[1])
      #expect(thresholds.sorted()[1] != LabelThreshold.usual, "\(thresholds)")
    }
  }

  @Test("under `drop` a repeated text is left out, as in training; else it stays")
  func duplicates() throws {
    for (policy, rows) in [(SplitSettings.Duplicates.group, 120), (.drop, 119)] {
      var manifest = Self.manifest(["majority"])
      manifest.split.duplicates = policy
      var runner = try Small.runner(manifest, jobs: 1)
      runner.corpora[0].domains[0].examples[7].text = runner.corpora[0].domains[0].examples[3].text + "!"
      var divider = Divider(corpora: runner.corpora, settings: manifest.split)
      let plan = runner.plan.alone(runner.plan.refits[0], of: manifest, &divider)
      #expect(plan.split(of: plan.fits[0]).train.count == rows, "\(policy)")
      #expect(plan.split(of: plan.fits[0]).train.contains(7) == (policy == .group))
    }
  }

  @Test("a network trains for the median of its fits' epochs, without looking at rows that it is trained on")
  func epochs() throws {
    try inFolder { output in
      var manifest = Self.manifest(["lstm"])
      manifest.protocols[0].seeds = 3
      manifest.models[0].training.epochs = 12
      manifest.models[0].training.earlyStopping?.patience = 1
      manifest.models[0].training.optimizer.learningRate = 0.02
      let outcome = try run(manifest, output)
      let store = FitStore(lookingBeside: output)
      let names = try FileManager.default.contentsOfDirectory(atPath: store.folder.path)
      for domain in ["ecommerce", "telecom"] {
        let epochs = outcome.records.filter { $0.source == domain }.compactMap(\.epochs)
        #expect(epochs.count == 3)
        let name = try #require(names.first { $0.hasPrefix("messages.\(domain).refit.lstm-") && $0.hasSuffix(".fit") })
        let stored = try StoredFit(
          bytes: [UInt8](try Data(contentsOf: store.folder.appendingPathComponent(name))))
        #expect(stored.summary.epochs == epochs.sorted()[1] && !stored.summary.mayBeUndertrained)
      }
      #expect(outcome.records.contains { $0.epochs.map { $0 < 12 } ?? false }, "nothing stopped early")
    }
    #expect(Runner.median([]) == nil && Runner.median([3]) == 3 && Runner.median([9, 1, 4]) == 4)
    #expect(Runner.median([4, 7]) == 6 && Runner.median([5, 5, 6, 9]) == 6)
  }

  @Test("of searched settings those win that most fits chose, then those with the better score on validation rows")
  func settings() throws {
    func fit(_ value: Double, _ score: Double) -> SettledFit {
      var chosen = TuningRecord.Trial(settings: [Setting("c", .number(value))])
      (chosen.isChosen, chosen.score) = (true, score)
      let other = TuningRecord.Trial(settings: [Setting("c", .number(99))])
      return SettledFit(epochs: nil, trials: [other, chosen])
    }
    func won(_ fits: [SettledFit], _ primary: MetricName = .f1Macro) -> SettingValue? {
      Runner.won(fits, primary: primary).settings.first?.value
    }
    #expect(won([fit(1, 0.9), fit(2, 0.1), fit(2, 0.1)]) == .number(2))
    #expect(won([fit(1, 0.5), fit(2, 0.6)]) == .number(2))
    #expect(won([fit(1, 0.5), fit(2, 0.6)], .logLoss) == .number(1))
    #expect(won([fit(1, 0.5), fit(2, 0.9), fit(1, 0.7), fit(2, 0.1)]) == .number(1))
    #expect(won([fit(2, 0.5), fit(1, 0.5)]) == .number(2))
    #expect(Runner.won([fit(1, 0.5), fit(2, 0.6), fit(1, 0.1)], primary: .f1Macro).fits.count == 2)
  }

  @Test("a tuned model is refitted with one of the settings that were chosen, and no search")
  func tuned() throws {
    try inFolder { output in
      var manifest = Self.manifest(["tfidf"])
      manifest.models[0].space = SearchSpace([
        .init("c", .list([.number(0.5), .number(8)]), declared: .number(20))
      ])
      manifest.tuning = TuningSettings()
      manifest.tuning?.trials = 3
      let outcome = try run(manifest, output)
      let chosen = outcome.tuning.filter { $0.source == "ecommerce" }
        .map { $0.trials.first(where: \.isChosen)?.settings ?? [] }
      let store = FitStore(lookingBeside: output)
      let name = try #require(
        try FileManager.default.contentsOfDirectory(atPath: store.folder.path)
          .first { $0.hasPrefix("messages.ecommerce.refit.") && $0.hasSuffix(".fit") })
      let stored = try StoredFit(bytes: [UInt8](try Data(contentsOf: store.folder.appendingPathComponent(name))))
      #expect(stored.summary.tuning == nil)
      let c = stored.key.parts.first { $0.name.hasSuffix(".c") }?.value
      #expect(chosen.contains { $0.first?.value.text == c }, "\(c ?? "none") of \(chosen)")
    }
  }

  private static func pretrained(_ reads: PretrainingSettings.Texts) -> Manifest {
    var manifest = Self.manifest(["bert"])
    var settings = PretrainingSettings()
    (settings.epochs, settings.batchSize, settings.texts) = (1, 16, reads)
    manifest.models[0].pretraining = settings
    return manifest
  }

  @Test(
    "what a refit starts from is pre-trained on all texts, once for all that read the same",
    arguments: [(PretrainingSettings.Texts.domain, 6), (.corpus, 3)])
  func pretraining(reads: PretrainingSettings.Texts, encoders: Int) throws {
    try inFolder { output in
      let outcome = try run(Self.pretrained(reads), output)
      #expect(outcome.refits.count == 2 && outcome.refits.allSatisfy { $0.failure == nil && $0.path != nil })
      let names = try FileManager.default.contentsOfDirectory(atPath: FitStore(lookingBeside: output).folder.path)
      #expect(names.count { $0.hasSuffix(".pretrained") } == encoders)
    }
  }

  @Test("the estimate has the work of refits and of what they start from; without a store there are none")
  func estimate() throws {
    for reads in [PretrainingSettings.Texts.domain, .corpus] {
      let manifest = Self.pretrained(reads)
      var unrefitted = manifest
      unrefitted.outputs.refit = .none
      let runner = try Small.runner(manifest, jobs: 1), work = ExpectedWork(runner)
      var divider = Divider(corpora: runner.corpora, settings: manifest.split)
      var refits = 0.0
      for (index, refit) in runner.plan.refits.enumerated() {
        var alone = runner
        alone.plan = runner.plan.alone(refit, of: manifest, &divider)
        let job = try #require(alone.keys.pretraining.jobs.first)
        // What the second domain reads of the whole corpus has been made for the first.
        let expected = reads == .corpus && index > 0 ? 0 : work.pretraining(job).operations
        let found = work.pretraining(of: refit).operations
        #expect(abs(found - expected) <= 1e-9 * expected, "\(refit.name): \(found), not \(expected)")
        refits += found + work.refit(refit).operations
      }
      func seconds(_ runner: Runner, hasRefits: Bool) -> Double {
        let work = ExpectedWork(runner)
        return runner.timeLeft(work, order: runner.order(work), runner.keys, nil, hasRefits: hasRefits)
          .expected { _ in 1 }
      }
      let plain = seconds(try Small.runner(unrefitted, jobs: 1), hasRefits: true)
      #expect(seconds(runner, hasRefits: false) == plain)
      let all = seconds(runner, hasRefits: true)
      #expect(abs(all - plain - refits) <= 1e-9 * all)
    }
  }

  @Test("no protocol says anything of a refit: the bytes are the same under any")
  func protocols() throws {
    var bytes: [[String: Data]] = []
    for kind in [ProtocolDeclaration.Kind.holdout, .kfold] {
      var manifest = Self.manifest(["bert"])
      manifest.models[0].training.earlyStopping = nil
      manifest.protocols[0].kind = kind
      manifest.protocols[0].folds = 2
      try inFolder { output in
        _ = try run(manifest, output)
        bytes.append(try models(output))
      }
    }
    #expect(bytes[0].count == 2 && bytes[0] == bytes[1])
  }

  @Test("what would become of a refit is told once its fits are stored")
  func outlook() throws {
    try inFolder { output in
      func reasons(_ manifest: Manifest) throws -> [String] {
        try Small.runner(manifest, jobs: 1).refitOutlook(FitStore(lookingBeside: output)).map {
          "\($0.isReused) \($0.reason)"
        }
      }
      let manifest = Self.manifest(["lstm"])
      var unrefitted = manifest
      unrefitted.outputs.refit = .none
      #expect(try Set(reasons(manifest)) == ["false runs: 2 of its 2 fits are not stored"])
      _ = try run(unrefitted, output)
      #expect(try Set(reasons(manifest)) == ["false runs: nothing is stored"])
      _ = try run(manifest, output)
      #expect(try reasons(manifest) == ["true reused: stored", "true reused: stored"])
      #expect(try reasons(unrefitted).isEmpty)
    }
  }

  @Test("one that is ended goes on, and comes to the same; one whose fits all failed is not made")
  func stopped() throws {
    let manifest = Self.manifest(["lstm"])
    var whole: [String: Data] = [:]
    try inFolder { output in
      _ = try run(manifest, output)
      whole = try models(output)
    }
    try inFolder { output in
      var unrefitted = manifest
      unrefitted.outputs.refit = .none
      _ = try run(unrefitted, output)
      try endInTheMiddle(of: manifest, output)
      let last = try run(manifest, output)
      #expect(last.reusedFits == 4 && last.refits.count == 2)
      #expect(try models(output) == whole)
    }
    try inFolder { output in
      _ = try run(manifest, output)
      let folder = FitStore(lookingBeside: output).folder
      for name in try models(output).keys {
        try FileManager.default.removeItem(at: folder.appendingPathComponent(name))
      }
      let again = try run(manifest, output)
      #expect(again.reusedFits == 4)
      #expect(try models(output) == whole)
    }
    try inFolder { output in
      var wild = Self.manifest(["bert"])
      wild.models[0].training.optimizer.learningRate = 1e30
      wild.models[0].training.clipNorm = nil
      let outcome = try run(wild, output)
      #expect(outcome.records.allSatisfy { $0.status == .failed } && outcome.refits.isEmpty)
    }
  }

  /// Begins the first refit of stored fits, and ends it after its first epoch.
  private func endInTheMiddle(of manifest: Manifest, _ output: URL) throws {
    var runner = try Small.runner(manifest, jobs: 1)
    runner.store = try FitStore(beside: output, fresh: false)
    runner.trainingStoredEvery = 0
    let slots = try #require(runner.slots(runner.keys)), novelty = runner.noveltyTable
    var results: [Int: FitRun.Result] = [:]
    for (index, fit) in runner.plan.fits.enumerated() {
      results[index] = FitRun(runner: runner, fit: fit, threads: 1, novelty: novelty, slot: slots[index]).run { _, _ in
      }
    }
    for result in results.values { #expect(result.isReused) }
    let refitting = try #require(runner.refittings(after: results.compactMapValues(\.settled)).first)
    let ended = FitRun(
      runner: refitting.runner, fit: refitting.runner.plan.fits[0], threads: 1, novelty: novelty, slot: refitting.slot
    ).run { share, _ in
      if share > 0.6 { refitting.runner.stop.make(.signal(2)) }
    }
    #expect(!ended.isTrained && refitting.slot.load() == nil)
    #expect(refitting.slot.loadTraining()?.state.outline.epochs == 1)
  }
}
