import Compute
import Synchronization

/// Weights packed once for all the evaluations that share them, each when it is first used.
///
/// BLAS packs a weight for every product. These are copies: they must not be used after the weights have changed. Every
/// product with a weight in evaluation asks here, so another form of them than floats is made here (`Packing`).
public final class PackedWeights: Sendable {
  private let workspace = Workspace()
  private let packed = Mutex<[Int: any PackedOperand]>([:])
  private let packing: Packing

  /// Makes wᵀ of a weight `[out, in]` ready for x·wᵀ; its buffers are of the workspace.
  package typealias Packing = @Sendable (_ weight: Parameter, Workspace) -> any PackedOperand

  public init() {
    packing = { weight, workspace in
      let rows = weight.shape[1], columns = weight.shape[0]
      return PackedMatrix(
        .init(weight.value, stride: rows, transposed: true), rows: rows, columns: columns, in: workspace)
    }
  }

  package init(packing: @escaping Packing) { self.packing = packing }

  /// Bytes of the copies.
  public var byteCount: Int { workspace.liveBytes }

  /// wᵀ of a weight `[out, in]`, for x·wᵀ.
  func transposed(_ weight: Parameter) -> any PackedOperand {
    packed.withLock { packed in
      if let known = packed[weight.index] { return known }
      let made = packing(weight, workspace)
      packed[weight.index] = made
      return made
    }
  }
}
