import Autograd
import Compute
import Models
import TestSupport
import Testing

@testable import Training

@Suite struct ContrastiveTrainerTests {
  private let labels = [0, 0, 1, 1, 1, 2]

  private func network() -> SentenceClassifier {
    var sizes = TransformerConfiguration()
    (sizes.layers, sizes.hidden, sizes.heads, sizes.intermediate, sizes.maximumPositions) = (1, 16, 2, 32, 40)
    (sizes.pooling, sizes.initializerRange) = (.mean, 0.1)
    return SentenceClassifier(
      sizes, hasUnitLength: true, vocabulary: Toy.vocabulary, classes: 3, random: Random(seed: 1, stream: "sentences"),
      workspace: Workspace())
  }

  @Test("every row has its pairs: as many with its class as with others, never with itself where it need not be")
  func pairs() {
    let pairs = ContrastiveTrainer.pairs(labels, each: 5, random: Random(seed: 1, stream: "pairs"))
    #expect(pairs.count == 2 * 5 * labels.count)
    for row in labels.indices {
      let own = pairs.filter { $0.first == row }
      #expect(own.count { $0.isSame } == 5 && own.count == 10)
    }
    for pair in pairs {
      #expect(pair.isSame == (labels[pair.first] == labels[pair.second]))
      // Row 5 is alone in its class.
      if pair.first != 5 { #expect(pair.first != pair.second) }
    }
    let again = ContrastiveTrainer.pairs(labels, each: 5, random: Random(seed: 1, stream: "pairs"))
    #expect(again == pairs)
    let one = ContrastiveTrainer.pairs([0, 0], each: 3, random: Random(seed: 1, stream: "pairs"))
    #expect(one.count == 6 && one.allSatisfy { $0.isSame })
  }

  @Test("texts of one class come together and the classifier stays, with the same bits on any number of threads")
  func training() throws {
    let rows = Toy.learnable(24)
    var settings = ContrastiveSettings()
    (settings.pairs, settings.batchSize, settings.optimizer.learningRate) = (4, 8, 1e-2)
    settings.epochs = 6
    func train(_ threads: Int) throws -> (SentenceClassifier, TrainingOutcome) {
      let network = self.network()
      let outcome = try ContrastiveTrainer.train(
        network, sequences: rows.sequences, labels: rows.targets.classes, settings: settings,
        random: Random(seed: 2, stream: "contrastive"), pool: WorkerPool(threads: threads))
      return (network, outcome)
    }
    let (network, outcome) = try train(1)
    let (other, _) = try train(2)
    #expect(network.snapshot() == other.snapshot())
    #expect(outcome.losses.count == 6 && outcome.steps == 144)
    #expect(outcome.losses[5] < 0.7 * outcome.losses[0], "\(outcome.losses)")
    #expect(network.classifier.weight.value.array == self.network().classifier.weight.value.array)
    #expect(network.parameters.allSatisfy { !$0.isFrozen })
  }

  @Test("vectors of length 1 are those of the encoder divided by their lengths")
  func vectors() {
    let network = self.network(), batch = TokenBatch([[1, 2, 3], [4]])
    let tape = Tape(workspace: network.workspace, mode: .evaluation)
    let plain = tape.pool(network.encoder(batch, on: tape), offsets: batch.offsets, .mean).array
    let unit = network.vectors(batch, on: tape).array
    for row in 0..<2 {
      let values = plain[row * 16..<row * 16 + 16].map(Double.init)
      let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
      expectClose(Array(unit[row * 16..<row * 16 + 16]), values.map { $0 / length }, absolute: 1e-6, "row \(row)")
    }
    let answers = InferenceSession(network, pool: WorkerPool(threads: 1)).outputs([[4], [1, 2, 3]], width: 16) {
      network.vectors($0, on: $1)
    }
    expectClose(Array(answers.prefix(16)), unit.suffix(16).map(Double.init), absolute: 1e-6, "alone")
  }
}
