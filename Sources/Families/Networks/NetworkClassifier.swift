import Autograd
import Compute
import Foundation
import Models
import Tasks
import Text
import Training

/// A trained network behind its text pipeline: raw text in, probabilities or a number out.
///
/// Its weights are read by all that ask at once and changed by nobody; what is changed, the buffers, is lent to one caller
/// at a time.
final class NetworkClassifier<Net: Network>: TextClassifier, @unchecked Sendable {
  let network: Net
  private let family: any NetworkFamily
  let pipeline: TextPipeline
  let shape: TaskShape
  var classes: Int { shape.outputs }
  /// Texts that are computed together.
  private let batchSize: Int
  /// Those that nobody uses now, by their number of threads: they keep their buffers from call to call, and share the
  /// weights. Only under `lock`.
  private var idle: [Int: [InferenceSession<Net>]] = [:]
  private let lock = NSLock()
  private let packedWeights = PackedWeights()

  init(network: Net, family: any NetworkFamily, pipeline: TextPipeline, shape: TaskShape, batchSize: Int) {
    (self.network, self.family, self.pipeline, self.shape, self.batchSize) = (
      network, family, pipeline, shape, batchSize
    )
  }

  func encode(_ inputs: [Input]) -> EncodedTexts {
    .tokens(inputs.map { family.sequence($0.text, pipeline) })
  }

  func answers(_ encoded: EncodedTexts, pool: WorkerPool) -> [Float] {
    guard case .tokens(let sequences) = encoded else { preconditionFailure("a network reads tokens") }
    let lent = lock.withLock { idle[pool.threads]?.popLast() }
    let session =
      lent
      ?? InferenceSession(
        network, problem: shape.problem, batchSize: batchSize, packedWeights: packedWeights, pool: pool)
    defer { lock.withLock { idle[pool.threads, default: []].append(session) } }
    return session.answers(sequences)
  }

  var parameterCount: Int { network.parameterCount }
  var byteCount: Int {
    parameterCount * MemoryLayout<Float>.size + pipeline.vocabularyTokens.reduce(0) { $0 + $1.utf8.count }
  }
  var vocabularyCount: Int? { pipeline.vocabularyCount }

  func flops(_ encoded: EncodedTexts) -> Double {
    guard case .tokens(let sequences) = encoded else { return 0 }
    return network.forwardFLOPs(lengths: sequences.map { network.length($0) })
  }
}
