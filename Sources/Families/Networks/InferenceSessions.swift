import Autograd
import Compute
import Foundation
import Models
import Tasks
import Training

/// A trained network for several callers at once. Its weights are read by all and changed by nobody; what is changed, the
/// buffers, is lent to one caller at a time.
final class InferenceSessions<Net: Network>: @unchecked Sendable {
  let network: Net
  private let problem: Problem
  /// Texts that are computed together.
  private let batchSize: Int
  /// Those that nobody uses now, by their number of threads: they keep their buffers from call to call, and share the
  /// weights. Only under `lock`.
  private var idle: [Int: [InferenceSession<Net>]] = [:]
  private let lock = NSLock()
  private let packedWeights = PackedWeights()

  init(_ network: Net, problem: Problem = .classification, batchSize: Int) {
    (self.network, self.problem, self.batchSize) = (network, problem, batchSize)
  }

  func lend<Result>(_ pool: WorkerPool, _ body: (InferenceSession<Net>) -> Result) -> Result {
    let lent = lock.withLock { idle[pool.threads]?.popLast() }
    let session =
      lent
      ?? InferenceSession(
        network, problem: problem, batchSize: batchSize, packedWeights: packedWeights, pool: pool)
    defer { lock.withLock { idle[pool.threads, default: []].append(session) } }
    return body(session)
  }
}
