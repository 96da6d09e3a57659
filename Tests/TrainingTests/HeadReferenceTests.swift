import Autograd
import Compute
import Foundation
import Tasks
import TestSupport
import Testing

@testable import Models
@testable import Training

/// Heads of labels and of numbers on a published checkpoint against PyTorch's values
/// (Tests/Fixtures/training/minilm-heads.json, by Scripts/fixtures/torch_heads.py).
@Suite struct HeadReferenceTests {
  private struct Reference: Decodable {
    struct Settings: Decodable { var rate, beta1, beta2, epsilon, weight_decay, clip: Double }
    struct Head: Decodable {
      /// Before each step.
      var losses: [Double]
      /// Of the first step's gradient, before it is clipped.
      var norm: Double
      /// After the last step, `[rows, outputs]`; numbers standardised.
      var outputs: [Double]
    }
    var settings: Settings
    var labels: Int
    var texts: [String]
    var sequences: [[Int32]]
    var label_sets: [[Int]]
    var numbers: [Double]
    var multi_label, regression: Head
  }

  @Test(
    "three steps from all-MiniLM-L6-v2 give PyTorch's losses, gradient norm and outputs, with labels and with numbers",
    .enabled(if: Fixtures.checkpoint != nil, Fixtures.checkpointIsMissing),
    arguments: [Problem.multiLabel, .regression])
  func threeSteps(problem: Problem) throws {
    let checkpoint = try BERTCheckpoint(folder: try #require(Fixtures.checkpoint).model)
    let file = Fixtures.root.appendingPathComponent("training/minilm-heads.json")
    let reference = try JSONDecoder().decode(Reference.self, from: Data(contentsOf: file))
    let isNumber = problem == .regression
    let expected = isNumber ? reference.regression : reference.multi_label
    let targets: Targets = isNumber ? .numbers(reference.numbers) : .labels(reference.label_sets)
    let rows = LabelledSequences(sequences: reference.sequences, targets: targets)
    let tokenizer = try checkpoint.wordPiece()
    #expect(reference.texts.map { tokenizer.encode($0) } == rows.sequences)

    let outputs = problem.outputs(classes: reference.labels)
    let network = try Self.network(checkpoint, outputs: outputs)
    let pool = WorkerPool(threads: 2)
    let gradient = BatchGradient(
      network, rows: rows, lengths: rows.sequences.map(\.count), classWeights: nil, pool: pool)
    let optimizer = AdamW(
      network.trainedParameters, settings: Self.optimizer(reference.settings), workspace: network.workspace)
    var losses = [Double](), norms = [Double]()
    for _ in expected.losses {
      let (loss, computed) = gradient.compute(Array(0..<rows.count), dropout: Random(seed: 1, stream: "none"))
      let gradients = try #require(computed, "the loss is not finite")
      losses.append(loss)
      norms.append(gradients.norm)
      optimizer.update(
        gradients, rate: reference.settings.rate, scale: gradients.clipScale(reference.settings.clip), on: pool)
    }
    expectClose(losses, expected.losses, absolute: 0, relative: 1e-4, "losses")
    expectClose(norms[0], expected.norm, absolute: 0, relative: 1e-4, "norm of the first gradient")

    let tape = Tape(workspace: network.workspace, mode: .evaluation)
    let answers = network.logits(TokenBatch(rows.sequences), on: tape).value.array
    let largest = expected.outputs.map(abs).max() ?? 0
    expectClose(answers, expected.outputs, absolute: 1e-4 * largest, "outputs after three steps")
  }

  /// The checkpoint's encoder without dropout, averaged, under a classifier whose weight of input j to output i is
  /// 0.02·sin(0.7 i + 0.3 j).
  private static func network(_ checkpoint: BERTCheckpoint, outputs: Int) throws -> BERTClassifier {
    var sizes = checkpoint.configuration
    (sizes.pooling, sizes.dropout, sizes.attentionDropout) = (.mean, 0, 0)
    let network = BERTClassifier(
      sizes, vocabulary: checkpoint.vocabulary, classes: outputs, random: Random(seed: 1, stream: "network"),
      workspace: Workspace())
    try checkpoint.load(into: network)
    let weights = (0..<outputs * sizes.hidden).map { place -> Float in
      let (i, j) = place.quotientAndRemainder(dividingBy: sizes.hidden)
      return Float(0.02 * sin(0.7 * Double(i) + 0.3 * Double(j)))
    }
    network.classifier.weight.value.copy(from: weights)
    return network
  }

  private static func optimizer(_ reference: Reference.Settings) -> AdamWSettings {
    var settings = AdamWSettings()
    (settings.learningRate, settings.weightDecay) = (reference.rate, reference.weight_decay)
    (settings.beta1, settings.beta2, settings.epsilon) = (reference.beta1, reference.beta2, reference.epsilon)
    return settings
  }
}
