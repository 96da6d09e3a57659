import Autograd
import Compute
import TestSupport
import Testing

@testable import Models

@Suite struct ClassifierTests {
  private let workspace = Workspace()
  private let random = Random(seed: 1, stream: "networks")

  private var encoder: TransformerConfiguration {
    var sizes = TransformerConfiguration()
    (sizes.layers, sizes.hidden, sizes.heads, sizes.intermediate, sizes.maximumPositions) = (1, 8, 2, 16, 20)
    return sizes
  }
  private var recurrent: RecurrentConfiguration {
    var sizes = RecurrentConfiguration()
    (sizes.embedding, sizes.hidden, sizes.layers) = (6, 5, 2)
    return sizes
  }
  private var bert: BERTClassifier {
    BERTClassifier(encoder, vocabulary: 11, classes: 3, random: random, workspace: workspace)
  }
  private var lstm: RecurrentClassifier {
    RecurrentClassifier(.lstm, recurrent, vocabulary: 11, classes: 3, random: random, workspace: workspace)
  }
  private var hybrid: HybridClassifier {
    HybridClassifier(encoder, recurrent, vocabulary: 11, classes: 3, random: random, workspace: workspace)
  }
  private var all: [any Network] { [bert, lstm, hybrid] }

  private func logits(_ network: some Network, _ sequences: [[Int32]]) -> [Float] {
    network.logits(TokenBatch(sequences), on: Tape(workspace: workspace, mode: .evaluation)).value.array
  }

  @Test("parameter counts are what the sizes give")
  func counts() {
    let attention = 4 * (64 + 8), feedForward = (128 + 16) + (128 + 8), norms = 4 * 8
    let tables = (11 + 20 + 2) * 8, body = tables + 16 + attention + feedForward + norms
    let recurrent = 20 * 5 + 40
    let lower = 2 * (20 * 6 + recurrent), upper = 2 * (20 * 10 + recurrent), onEncoder = 2 * (20 * 8 + recurrent)
    #expect(bert.parameterCount == body + 72 + 27)
    #expect(lstm.parameterCount == 66 + lower + upper + 33)
    #expect(hybrid.parameterCount == body + onEncoder + upper + 33)
  }

  @Test("names in a snapshot are Hugging Face's and PyTorch's, with q, k and v apart")
  func names() {
    let names = bert.snapshot().tensors.map(\.name)
    for part in ["query", "key", "value"] {
      #expect(names.contains("bert.encoder.layer.0.attention.self.\(part).weight"))
      #expect(names.contains("bert.encoder.layer.0.attention.self.\(part).bias"))
    }
    #expect(names.allSatisfy { !$0.contains("qkv") })
    #expect(Set(names).count == names.count)
    #expect(lstm.snapshot().tensors.map(\.name).contains("lstm.bias_hh_l1_reverse"))
    #expect(hybrid.snapshot().tensors.map(\.name).contains("head.lstm.weight_ih_l0"))
  }

  @Test("n-grams of letters stand beside words: unknown words differ by them, and steps are words alone")
  func letters() throws {
    var sizes = recurrent
    let hashes = HashedWords(wordNGrams: 1, characterNGrams: NGramRange(2, 3), buckets: 50)
    sizes.letters = hashes
    let network = RecurrentClassifier(
      .gru, sizes, vocabulary: 11, classes: 3, random: random, workspace: workspace)
    #expect(network.snapshot().tensors.contains { $0.name == "letters.weight" && $0.shape == [50, 6] })
    let count = try #require(sizes.parameterCount(.gru, inputs: 6, classes: 3))
    #expect(Double(network.parameterCount) == count + 66 + sizes.letterParameters)
    let one = [1] + hashes.buckets(letters: "karte").map { 11 + $0 },
      other = [1] + hashes.buckets(letters: "geld").map { 11 + $0 }
    #expect(network.length(one + [4]) == 2 && network.length([]) == 1)
    #expect(logits(network, [one]) != logits(network, [other]))
    // Together they are what they are alone.
    let together = logits(network, [one + other, [3], other])
    expectClose(Array(together.suffix(3)), logits(network, [other]).map(Double.init), absolute: 1e-6, "alone")
    let read = WordsWithLetters(TokenBatch([one + [4], [3]]), vocabulary: 11)
    #expect(read.words == [1, 4, 3] && read.offsets == [0, 2, 3])
    #expect(read.bucketOffsets == [0, one.count - 1, one.count - 1, one.count - 1])
  }

  @Test("a snapshot carries a network's weights into another")
  func snapshots() throws {
    for network in all {
      let taken = network.snapshot()
      for parameter in network.parameters { parameter.value.fill(0) }
      #expect(network.snapshot() != taken)
      try network.load(taken)
      #expect(network.snapshot() == taken)
    }
  }

  @Test("a snapshot that does not fit is an error naming the tensor, and changes nothing")
  func misfits() throws {
    let network = bert, whole = network.snapshot()
    var missing = whole, extra = whole, shape = whole, twice = whole
    let name = missing.tensors.remove(at: 9).name
    extra.tensors.append(NamedTensor(name: "more", shape: [1], values: [1]))
    shape.tensors[9] = NamedTensor(name: name, shape: [1], values: [1])
    twice.tensors.append(whole.tensors[9])
    for parameter in network.parameters { parameter.value.fill(0.5) }
    let before = network.snapshot()
    #expect(throws: CheckpointError.missing(tensor: name)) { try network.load(missing) }
    #expect(throws: CheckpointError.unexpected(tensor: "more")) { try network.load(extra) }
    #expect(throws: CheckpointError.shape(tensor: name, got: [1], expected: whole.tensors[9].shape)) {
      try network.load(shape)
    }
    #expect(throws: CheckpointError.duplicate(tensor: name)) { try network.load(twice) }
    #expect(network.snapshot() == before)
  }

  @Test("a text's logits do not depend on the texts beside it, however long they are")
  func company() {
    let text: [Int32] = [3, 1, 4, 1, 5]
    let long = (0..<19).map { Int32($0 % 11) }
    for network in all {
      let alone = logits(network, [text])
      for others in [[[2]], [long], [[2], long, long]] as [[[Int32]]] {
        let beside = Array(logits(network, [text] + others)[..<3])
        expectClose(beside, alone, absolute: 1e-5, "\(type(of: network)) beside \(others.count)")
      }
    }
  }

  @Test("the order of tokens matters to every network")
  func order() {
    for network in all { #expect(logits(network, [[1, 2, 3]]) != logits(network, [[3, 2, 1]])) }
  }

  @Test("evaluation is without dropout, training with it")
  func dropout() {
    let batch = TokenBatch([[1, 2, 3], [4, 5]])
    for network in all {
      func run(_ mode: Tape.Mode) -> [Float] {
        network.logits(batch, on: Tape(workspace: workspace, mode: mode)).value.array
      }
      #expect(run(.evaluation) == run(.evaluation))
      #expect(run(.training(random.stream("a"))) == run(.training(random.stream("a"))))
      #expect(run(.training(random.stream("a"))) != run(.training(random.stream("b"))))
    }
  }

  @Test("FLOPs of a forward pass count every product")
  func flops() {
    let lengths = [3, 5], attention = 4 * 8 * (9 + 25)
    let encoder = Double(2 * 8 * (4 * 64 + 2 * 128) + attention)
    func stack(_ inputs: Int) -> Double { Double(8 * 8 * 2 * 5) * Double(inputs + 5 + 10 + 5) }
    let heads: [Double] = [4 * 64 + 4 * 24, 4 * 30]
    #expect(bert.forwardFLOPs(lengths: lengths) == encoder + heads[0])
    #expect(lstm.forwardFLOPs(lengths: lengths) == stack(6) + heads[1])
    #expect(hybrid.forwardFLOPs(lengths: lengths) == encoder + stack(8) + heads[1])
    for network in all {
      let operations = network.operations(lengths: lengths)
      #expect(operations.training == 3 * operations.forward, "two products backward for each")
    }
    // Above an encoder that is frozen the first layer's product has no gradient of its input, in either direction.
    let network = hybrid
    for parameter in network.encoder.parameters { parameter.isFrozen = true }
    #expect(
      network.operations(lengths: lengths).training
        == encoder + 3 * (stack(8) + heads[1]) - Double(8 * 8 * 2 * 5) * 8)
  }

  @Test("a batch joins its sequences and counts positions from 0 in each")
  func batch() {
    let batch = TokenBatch([[7, 8], [], [9, 10, 11]])
    #expect(batch.ids == [7, 8, 0, 9, 10, 11])
    #expect(batch.offsets == [0, 2, 3, 6])
    #expect(batch.positions == [0, 1, 0, 0, 1, 2])
    #expect(batch.lengths == [2, 1, 3])
    #expect(TokenBatch([[7, 8], [9]], rows: [1, 0, 1]).ids == [9, 7, 8, 9])
  }
}
