import Compute
import Families
import Manifests
import Models
import Settings
import Testing
import Training

@testable import Execution

@Suite struct FitterTests {
  private let rows = FitJob.Rows(
    texts: (0..<40).map { "message \($0) about \($0 % 2 == 0 ? "a parcel" : "a bill")" },
    labels: (0..<40).map { $0 % 2 })

  private func fitter(_ model: String) throws -> Fitter {
    Fitter(
      model: try #require(Small.models().first { $0.name == model }), shape: .classification(2),
      random: Random(seed: 1, stream: "fit"), primary: .f1Macro)
  }

  @Test(
    "whatever learns step by step ends where its session is stopped, and says so", arguments: ["tfidf", "lstm", "bert"])
  func stopped(model: String) throws {
    let pool = WorkerPool(threads: 1)
    for looks in [1, 3] {
      var left = looks
      let session = TrainingSession(isStopped: {
        left -= 1
        return left <= 0
      })
      let failure = #expect(throws: TrainingFailure.self) {
        _ = try fitter(model).fit(training: rows, validation: nil, pool: pool, session: session) { _ in }
      }
      #expect(failure?.cause == .stopped && left == 0)
    }
    #expect(throws: Never.self) {
      _ = try fitter(model).fit(training: rows, validation: nil, pool: pool) { _ in }
    }
  }

  @Test("L-BFGS at its last allowed iteration may be undertrained, one that has converged is not; so says the record")
  func iterationLimit() throws {
    for (iterations, isMarked) in [(1, true), (500, false)] {
      var manifest = Small.manifest()
      manifest.models = [manifest.models[3]]
      var family = try #require(manifest.models[0].configuration.family as? TFIDFLogisticFamily)
      family.sizes.iterations = iterations
      manifest.models[0].configuration = ModelConfiguration(family)
      manifest.protocols = [ProtocolDeclaration(kind: .holdout)]
      let runner = try Small.runner(manifest, jobs: 1)
      let result = runner.result(of: runner.plan.fits[0])
      let state = try #require(result.trained?.state as? TFIDFLogisticState)
      #expect((state.fit.ending == .iterationLimit) == isMarked && state.fit.ending != .stopped)
      #expect(result.records.map(\.record.mayBeUndertrained) == [isMarked])
    }
  }

  @Test("a fit takes and records the threads that its training can use, not those that it is offered")
  func threads() throws {
    let offered = WorkerPool(threads: 4)
    func used(_ model: String, _ change: (inout ModelDeclaration) -> Void = { _ in }) throws -> Int {
      var fitter = try fitter(model)
      change(&fitter.model)
      return try fitter.fit(training: rows, validation: nil, pool: offered) { _ in }.threads
    }
    #expect(try used("majority") == 1 && used("lookup") == 1)
    #expect(try used("tfidf") == 4)
    for model in ["bert", "lstm", "hybrid"] {
      // Two shards of a batch; one where a single text is computed at a time.
      #expect(try used(model) == 2)
      #expect(try used(model) { $0.training.batchSize = 1 } == 1)
      #expect(try used(model) { ($0.training.batchSize, $0.training.accumulation) = (8, 8) } == 1)
      #expect(try used(model) { ($0.training.batchSize, $0.training.accumulation) = (8, 4) } == 2)
    }
  }

  @Test("timings of training have these threads, searched or not, and the plan's number is theirs")
  func recordedThreads() throws {
    var manifest = Small.manifest()
    manifest.protocols = [ProtocolDeclaration(kind: .holdout)]
    manifest.protocols[0].domains = ["ecommerce"]
    manifest.models = [manifest.models[1], manifest.models[4]]
    manifest.models[0].pretraining = PretrainingSettings()
    manifest.models[0].pretraining?.epochs = 1
    var tuned = manifest.models[0]
    (tuned.name, tuned.pretraining) = ("tuned", nil)
    tuned.space = SearchSpace([.init("training.batch_size", .list([.integer(1)]))])
    manifest.models.append(tuned)
    manifest.tuning = TuningSettings()
    var runner = try Small.runner(manifest, jobs: 24)
    runner.cores = 8
    #expect(runner.threadsPerFit == 8 && runner.trainingThreadsPerFit == 2)
    let outcome = runner.run(progress: Progress(style: .quiet))
    #expect(outcome.records.allSatisfy { $0.status == .ok })
    let threads = outcome.timings.filter(\.isTraining).map { "\($0.model) \($0.work) \($0.threads)" }
    #expect(threads.sorted() == ["lookup train 1", "lstm pretrain 1", "lstm train 2", "tuned train 1"])
  }
}
