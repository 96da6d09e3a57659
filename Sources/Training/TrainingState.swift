import Autograd
import Compute
import Models

/// Everything that training goes on from at the end of an epoch.
///
/// Weights, the optimiser's moments and steps, what early stopping has seen and its best weights, and the outcome so far.
/// The schedule, the order of rows and every random stream follow from the numbers of epoch and step.
public struct TrainingState: Sendable {
  /// What is no tensor.
  public struct Outline: Sendable, Codable, Equatable {
    var outcome: TrainingOutcome
    var optimizerSteps: Int
    /// nil without early stopping.
    var stopping: EarlyStopping?

    /// Epochs done.
    public var epochs: Int { outcome.epochs }
  }

  public var outline: Outline
  /// For each parameter `weights.NAME`, `first.NAME` and `second.NAME` (AdamW's moments), and `best.NAME` with early
  /// stopping; all F32.
  public var tensors: [Safetensors.Tensor]

  init(outline: Outline, tensors: [Safetensors.Tensor]) { (self.outline, self.tensors) = (outline, tensors) }

  /// Copies what stands in these buffers, one of each part for each parameter.
  init(outline: Outline, buffers: [(part: String, buffers: [Buffer])], of parameters: [Parameter]) {
    let tensors = buffers.flatMap { part, buffers in
      zip(parameters, buffers).map {
        Safetensors.Tensor("\(part).\($0.name)", $0.shape, .floats($1.array))
      }
    }
    self.init(outline: outline, tensors: tensors)
  }

  /// Puts the values back into such buffers; false, and nothing is changed, where they do not fit.
  func restore(_ buffers: [(part: String, buffers: [Buffer])], of parameters: [Parameter]) -> Bool {
    let stored = Dictionary(tensors.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    var found: [(buffer: Buffer, values: [Float])] = []
    for (part, buffers) in buffers {
      for (parameter, buffer) in zip(parameters, buffers) {
        guard let tensor = stored["\(part).\(parameter.name)"], tensor.shape == parameter.shape,
          case .floats(let values) = tensor.values
        else { return false }
        found.append((buffer, values))
      }
    }
    for (buffer, values) in found { buffer.copy(from: values) }
    return true
  }

  /// - Throws: `CheckpointError` where a tensor cannot be read. Whether they fit a network shows when training goes on.
  public init(outline: Outline, stored file: Safetensors) throws(CheckpointError) {
    self.outline = outline
    tensors = []
    for entry in file.entries {
      tensors.append(Safetensors.Tensor(entry.name, entry.shape, .floats(try file.floats(entry.name))))
    }
  }
}

/// What stands around a training run: who may end it early, where it goes on from, who keeps its state.
public struct TrainingSession {
  /// Asked before every step; true ends training with a `TrainingFailure`.
  public var isStopped: () -> Bool
  /// Where an earlier run of the same training stood; ignored where it does not fit. Asked once, so that nobody need
  /// hold a large state while training goes on.
  public var resumed: () -> TrainingState?
  /// Called at the end of every epoch but the last; `state` copies all of it, so it is to be called when needed.
  public var keep: (_ state: () -> TrainingState) -> Void

  public init(
    isStopped: @escaping () -> Bool = { false }, resumed: @escaping () -> TrainingState? = { nil },
    keep: @escaping (_ state: () -> TrainingState) -> Void = { _ in }
  ) {
    (self.isStopped, self.resumed, self.keep) = (isStopped, resumed, keep)
  }
}
