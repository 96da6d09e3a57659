import Compute
import Families
import Manifests
import Models
import TestSupport
import Testing

@testable import Execution

/// What runs hold in memory, and what they ask for before they begin.
@Suite struct MemoryTests {
  @Test("when the fits have ended, one trained model of each kind on each corpus is in memory, however many fits")
  func held() throws {
    var manifest = Small.manifest()
    manifest.timing.enabled = false
    manifest.protocols = [ProtocolDeclaration(kind: .kfold)]
    manifest.protocols[0].domains = ["ecommerce"]
    for folds in [2, 5] {
      manifest.protocols[0].folds = folds
      for jobs in [1, 3] {
        let runner = try Small.runner(manifest, jobs: jobs)
        #expect(runner.plan.fits.count == folds * manifest.models.count)
        #expect(runner.run(progress: Progress(style: .quiet)).heldModels == manifest.models.count)
      }
    }
  }

  @Test("of fits that end in any order the first of the plan that succeeded stands for its model on its corpus")
  func representatives() throws {
    var manifest = Small.manifest()
    manifest.models = [manifest.models[4], manifest.models[5]]
    let plan = try Small.runner(manifest, jobs: 1).plan
    func model(_ fit: Int) -> TrainedModel {
      // The number of its fit stands where the class counts would.
      TrainedModel(
        configuration: .majority, shape: .classification(2), state: MajorityState(labels: [fit % 2], classes: 2))
    }
    let failed = plan.fits.indices.first { plan.fits[$0].model == 1 } ?? 0
    let representatives = Representatives(of: plan)
    for fit in plan.fits.indices.reversed() where fit != failed { representatives.offer(fit, model(fit)) }
    for fit in plan.fits.indices where fit != failed { representatives.offer(fit, model(fit)) }
    let expected = [0, 1].compactMap { index in
      plan.fits.indices.first { plan.fits[$0].model == index && $0 != failed }
    }
    #expect(representatives.items.map(\.fit) == expected)
  }

  @Test("the least that a training takes is less than what it took, and no small part of it")
  func least() throws {
    var manifest = Small.manifest()
    manifest.models = manifest.models.filter(\.configuration.kind.isNeural)
    manifest.protocols = [ProtocolDeclaration(kind: .holdout)]
    for (index, batch) in [32, 8, 16].enumerated() { manifest.models[index].training.batchSize = batch }
    let runner = try Small.runner(manifest, jobs: 1)
    for fit in runner.plan.fits.prefix(3) {
      let result = runner.result(of: fit)
      let parameters = try #require(result.trained).classifier(in: Workspace()).parameterCount
      // A vocabulary of texts is not counted: weights and two moments of its tokens, whose gradients are a few rows.
      let vocabulary = Double(parameters) - (manifest.models[fit.model].leastParameters ?? 0)
      let least = runner.leastBytes(ofModel: fit.model) + 12 * vocabulary
      let took = Double(result.measured.peakBytes)
      #expect(least <= took && took < 12 * least, "\(fit.name): \(least) of \(took)")
    }
  }

  @Test("too large are a network alone, or the jobs' largest fits together; the jobs that would go are named")
  func tooLarge() throws {
    var manifest = Small.manifest()
    manifest.models = Array(manifest.models.prefix(3))
    let bytes = try manifest.models.indices.map { try Small.runner(manifest, jobs: 1).leastBytes(ofModel: $0) }
    let (largest, smallest) = (try #require(bytes.max()), try #require(bytes.min()))
    func errors(jobs: Int, _ memory: Double) throws -> [String] {
      try Small.runner(manifest, jobs: jobs).memoryErrors(for: memory)
    }
    #expect(try errors(jobs: 1, smallest - 1).count == 3)
    #expect(try errors(jobs: 1, smallest - 1)[1].hasPrefix("models.lstm: got a network that takes 0.0 GB to train"))
    #expect(try errors(jobs: 1, largest).isEmpty && errors(jobs: 3, 3 * largest).isEmpty)
    let together = try errors(jobs: 3, 2 * largest + 1)
    #expect(together.count == 1 && together[0].hasPrefix("--jobs: got 3, and the largest fits side by side"))
    #expect(together[0].hasSuffix("--jobs 2 fits"))
    #expect(try errors(jobs: 2, 2 * largest + 1).isEmpty)
  }

  @Test("a vocabulary that stands in a file or checkpoint counts")
  func vocabulary() throws {
    let tiny = try TinyCheckpoint()
    var manifest = Small.manifest()
    manifest.models = [manifest.models[1], manifest.models[1]]
    manifest.models[1].name = "file"
    manifest.models[1].text.vocabularyFile = tiny.url("vocab.txt").path
    let runner = try Small.runner(manifest, jobs: 1)
    // An embedding of 12 for each piece but one, four numbers each of four bytes.
    let rows = Double(TinyCheckpoint.pieces.count - 1)
    #expect(runner.leastBytes(ofModel: 1) - runner.leastBytes(ofModel: 0) == rows * 12 * 16)
  }
}
