import Autograd
import Compute
import Foundation
import TestSupport
import Testing

@testable import Models

@Suite struct MaskedLanguageModelTests {
  private static let file = "masked-language-model.safetensors"

  @Test("logits, loss and the gradient of every weight are those of Transformers")
  func reference() throws {
    let golden = try Safetensors(contentsOf: Fixtures.root.appendingPathComponent("pretraining/\(Self.file)"))
    var sizes = TransformerConfiguration()
    (sizes.layers, sizes.hidden, sizes.heads, sizes.intermediate, sizes.maximumPositions) = (2, 16, 2, 24, 12)
    (sizes.dropout, sizes.attentionDropout) = (0, 0)
    let workspace = Workspace()
    let model = MaskedLanguageModel(
      sizes, vocabulary: 31, random: Random(seed: 1, stream: "n"), workspace: workspace)
    try model.load(
      WeightSnapshot(
        golden.entries.filter { $0.name.hasPrefix("weight.") }.map {
          NamedTensor(
            name: String($0.name.dropFirst("weight.".count)), shape: $0.shape, values: try golden.floats($0.name))
        }))
    let ids = try golden.integers("input.ids"), labels = try golden.integers("input.labels")
    let lengths = try golden.integers("input.lengths"), width = ids.count / lengths.count
    let batch = TokenBatch(
      lengths.enumerated().map { row, length in (0..<length).map { Int32(ids[row * width + $0]) } })
    var places = [Int](), truth = [Int]()
    for (row, start) in batch.offsets.dropLast().enumerated() {
      for column in 0..<lengths[row] where labels[row * width + column] >= 0 {
        places.append(start + column)
        truth.append(labels[row * width + column])
      }
    }
    let tape = Tape(workspace: workspace, mode: .training(Random(seed: 1, stream: "none")))
    let logits = model.logits(batch, at: places, on: tape)
    expectClose(logits.array, try golden.floats("output.logits"), absolute: 1e-5, "logits")
    let loss = tape.crossEntropy(logits, labels: truth, normaliser: Double(truth.count))
    expectClose(loss.loss, try golden.doubles("output.loss")[0], absolute: 1e-6, "loss")
    tape.backward(loss.tensor)
    for parameter in model.parameters {
      let gradient = try #require(tape.gradient(of: parameter)?.array, "\(parameter.name) has no gradient")
      for part in parameter.checkpointParts {
        let expected = try golden.floats("grad.\(part.name)")
        let largest = expected.map(abs).max() ?? 0
        expectClose(gradient[part.range], expected, absolute: 1e-6 + 1e-4 * Double(largest), part.name)
      }
    }
  }

  @Test("a checkpoint's head is loaded where there is one, and named where there is none")
  func checkpoint() throws {
    let tiny = try TinyCheckpoint()
    let model = MaskedLanguageModel(
      TinyCheckpoint.configuration, vocabulary: TinyCheckpoint.pieces.count, random: Random(seed: 2, stream: "n"),
      workspace: Workspace())
    let bare = try BERTCheckpoint(folder: tiny.folder)
    #expect(bare.missingHeadTensor == "cls.predictions.transform.dense.weight")
    #expect(throws: CheckpointError.missing(tensor: "cls.predictions.transform.dense.weight")) {
      try bare.load(into: model)
    }
    // As old checkpoints name the norm's tensors, and new ones the bias.
    let tensors = model.snapshot().tensors.map { tensor in
      var tensor = tensor
      tensor.name = tensor.name.replacingOccurrences(
        of: "transform.LayerNorm.weight", with: "transform.LayerNorm.gamma"
      )
      .replacingOccurrences(of: "cls.predictions.bias", with: "cls.predictions.decoder.bias")
      tensor.values = tensor.values.indices.map { Float($0) }
      return tensor
    }
    try FileManager.default.removeItem(at: tiny.url("model.safetensors"))
    try Safetensors.write(tensors, to: tiny.url("model.safetensors"))
    let whole = try BERTCheckpoint(folder: tiny.folder)
    #expect(whole.missingHeadTensor == nil && !whole.hasUntiedHead)
    try whole.load(into: model)
    #expect(model.snapshot().tensors.map(\.values) == tensors.map(\.values))
    // With weights of its own the head is another.
    let table = try #require(tensors.first { $0.name == "bert.embeddings.word_embeddings.weight" })
    let own = NamedTensor(name: "cls.predictions.decoder.weight", shape: table.shape, values: table.values)
    try FileManager.default.removeItem(at: tiny.url("model.safetensors"))
    try Safetensors.write(tensors + [own], to: tiny.url("model.safetensors"))
    #expect(try !BERTCheckpoint(folder: tiny.folder).hasUntiedHead)
    try tiny.replace("config.json", "\"model_type\"", with: "\"tie_word_embeddings\": false, \"model_type\"")
    #expect(try BERTCheckpoint(folder: tiny.folder).hasUntiedHead)
  }
}
