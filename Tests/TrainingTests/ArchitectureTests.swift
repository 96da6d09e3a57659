import Autograd
import Compute
import Foundation
import TestSupport
import Testing
import Text

@testable import Models
@testable import Training

/// Checkpoints of each architecture as Transformers writes them, against PyTorch's values
/// (Tests/Fixtures/architectures, by Scripts/fixtures/architectures.py).
@Suite struct ArchitectureTests {
  static let kinds = ["bert", "distilbert", "roberta", "xlm-roberta", "electra", "modernbert-cls", "modernbert-mean"]
  private let workspace = Workspace()

  static func folder(_ name: String) -> URL { Fixtures.root.appendingPathComponent("architectures/\(name)") }

  /// The checkpoint's network without dropout, its classifier too.
  static func network(_ checkpoint: BERTCheckpoint, in workspace: Workspace) throws -> BERTClassifier {
    var sizes = checkpoint.configuration
    (sizes.dropout, sizes.attentionDropout) = (0, 0)
    sizes.variant?.headDropout = nil
    let network = BERTClassifier(
      sizes, vocabulary: checkpoint.vocabulary, classes: 3, random: Random(seed: 1, stream: "n"),
      workspace: workspace)
    try checkpoint.load(into: network)
    // The classifier too, which is otherwise begun anew.
    let all = network.snapshot().tensors.map(\.name)
    try network.load(
      WeightSnapshot(
        all.map { name in
          NamedTensor(
            name: name, shape: checkpoint.tensors[name]?.shape ?? [], values: try checkpoint.tensors.floats(name))
        }))
    return network
  }

  @Test("outputs, gradients and the losses of three steps are PyTorch's", arguments: kinds)
  func values(name: String) throws {
    let checkpoint = try BERTCheckpoint(folder: Self.folder(name))
    let golden = try GoldenCase(Self.folder(name).appendingPathComponent("values.safetensors"))
    let network = try Self.network(checkpoint, in: workspace)
    let tape = Tape(workspace: workspace, mode: .evaluation)
    try golden.expect(network.encoder(golden.batch, on: tape).value.array, "output.hidden")
    try golden.expect(network.logits(golden.batch, on: tape).value.array, "output.logits")
    try golden.expectLosses(network, more: 1)
  }

  @Test("the tokenizer's ids are those of Hugging Face", arguments: kinds)
  func ids(name: String) throws {
    let texts = try JSONDecoder().decode(
      [String].self, from: Data(contentsOf: Self.folder("texts.json")))
    let golden = try GoldenCase(Self.folder(name).appendingPathComponent("values.safetensors"))
    let checkpoint = try BERTCheckpoint(folder: Self.folder(name))
    let pipeline = try checkpoint.pipeline(TextSettings())
    for (text, sequence) in zip(texts, golden.rows.sequences) { #expect(pipeline.encode(text).ids == sequence) }
    #expect(pipeline.embeddingRows == checkpoint.vocabulary)
  }

  @Test("the tensors that a configuration asks for are those of the network, and so is their count", arguments: kinds)
  func tensors(name: String) throws {
    let checkpoint = try BERTCheckpoint(folder: Self.folder(name)), sizes = checkpoint.configuration
    var expected = [String: [Int]]()
    try sizes.eachTensor(vocabulary: checkpoint.vocabulary) { expected[$0] = $1 }
    let network = try Self.network(checkpoint, in: workspace)
    let parts = network.parameters.flatMap(\.checkpointParts).filter { expected[$0.name] != nil }
    #expect(expected == Dictionary(uniqueKeysWithValues: parts.map { ($0.name, $0.shape) }))
    let count = sizes.parameterCount(vocabulary: Double(checkpoint.vocabulary)).map { $0 + sizes.headParameterCount }
    #expect(count == Double(network.parameterCount - 3 * sizes.hidden - 3))
    #expect(
      network.encoder.parameters.reduce(0) { $0 + $1.count } + Int(sizes.headParameterCount) == count.map { Int($0) })
  }
}
