import Compute
import Models
import Settings
import Tasks
import Text

/// A trained network: its weights under the names of PyTorch and Hugging Face, and its text pipeline with the vocabulary.
package struct NetworkState: ModelState {
  package let family: any NetworkFamily
  package let shape: TaskShape
  /// From texts to tokens.
  package let text: TextPipeline
  package let weights: WeightSnapshot

  package init(family: any NetworkFamily, shape: TaskShape, pipeline: TextPipeline, weights: WeightSnapshot) {
    (self.family, self.shape, text, self.weights) = (family, shape, pipeline, weights)
  }

  private struct Outline: Codable { var pipeline: TextPipeline }

  package var pipeline: TextPipeline? { text }
  package var outline: any Encodable { Outline(pipeline: text) }
  package var tensors: [Safetensors.Tensor] { weights.tensors.map(\.tensor) }

  package func classifier(in workspace: Workspace, batchSize: Int) -> any TextClassifier {
    func wrap(_ network: some Network) -> any TextClassifier {
      do { try network.load(weights) } catch { preconditionFailure("a model's own weights do not fit it: \(error)") }
      return NetworkClassifier(network: network, family: family, pipeline: text, shape: shape, batchSize: batchSize)
    }
    return family.withNetwork(
      vocabulary: text.embeddingRows, classes: shape.outputs, random: Self.replaced, workspace: workspace
    ) { wrap($0) }
  }

  package func export(labels: [String]) throws(CheckpointError) -> ModelExport {
    try family.export(weights, text, labels: labels)
  }

  private static var replaced: Random { Random(seed: 0, stream: "replaced by the stored weights") }

  // MARK: Reading

  /// Held against the sizes before a network is made, and against the network's own names and shapes.
  init(
    _ family: any NetworkFamily, outline json: String, tensors file: Safetensors, shape: TaskShape
  ) throws(CheckpointError) {
    let pipeline = try Self.part(Outline.self, of: json).pipeline
    let stored = file.entries.reduce(0) { $0 + $1.range.count / MemoryLayout<Float>.size }
    let expected = family.parameterCount(vocabulary: pipeline.embeddingRows, classes: shape.outputs)
    guard let expected, expected == Double(stored), pipeline.settings.maximumTokens <= family.longestSequence else {
      throw .malformed("its tensors hold \(stored) numbers, which its sizes do not ask for")
    }
    var tensors = [NamedTensor]()
    for entry in file.entries {
      guard entry.element == .f32 else {
        throw .kind(tensor: entry.name, got: entry.element.rawValue, expected: "F32")
      }
      tensors.append(NamedTensor(name: entry.name, shape: entry.shape, values: try file.floats(entry.name)))
    }
    self.init(family: family, shape: shape, pipeline: pipeline, weights: WeightSnapshot(tensors))
    try check()
  }

  /// Fails where these are not the weights of such a network, so that `classifier` cannot.
  private func check() throws(CheckpointError) {
    let failure = family.withNetwork(
      vocabulary: text.embeddingRows, classes: shape.outputs, random: Self.replaced, workspace: Workspace()
    ) { network -> CheckpointError? in
      do throws(CheckpointError) { try network.load(weights) } catch { return error }
      return nil
    }
    if let failure { throw failure }
  }
}

extension NetworkFamily {
  package func state(
    outline: String, tensors: Safetensors, shape: TaskShape
  ) throws(CheckpointError) -> any ModelState {
    try NetworkState(self, outline: outline, tensors: tensors, shape: shape)
  }
}
