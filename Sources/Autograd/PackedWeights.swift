import Compute
import Synchronization

/// Weights packed once for all the evaluations that share them, each when it is first used.
///
/// BLAS packs a weight for every product. These are copies: they must not be used after the weights have changed.
public final class PackedWeights: Sendable {
  private let workspace = Workspace()
  private let packed = Mutex<[Int: PackedMatrix]>([:])

  public init() {}

  /// Bytes of the copies.
  public var byteCount: Int { workspace.liveBytes }

  /// wᵀ of a weight `[out, in]`, for x·wᵀ.
  func transposed(_ weight: Parameter) -> PackedMatrix {
    let rows = weight.shape[1], columns = weight.shape[0]
    return packed.withLock { packed in
      if let known = packed[weight.index] { return known }
      let made = PackedMatrix(
        .init(weight.value, stride: rows, transposed: true), rows: rows, columns: columns, in: workspace)
      packed[weight.index] = made
      return made
    }
  }
}
