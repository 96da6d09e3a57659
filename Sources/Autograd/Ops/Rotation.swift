import Compute
import Foundation

/// Angles by which attention tells positions apart (Su et al. 2021, section 3.2.2): pair j of a head of width d turns by
/// position·base^(−2j/d).
public struct RotaryAngles {
  /// `[longest, width/2]`.
  let cosines, sines: Buffer
  let width: Int

  /// Angles are products of float32, as PyTorch's; their cosines and sines are rounded once.
  ///
  /// - Parameters:
  ///   - base: θ of the paper.
  ///   - width: of a head; even.
  ///   - longest: positions.
  ///   - workspace: holds the tables.
  public init(base: Double, width: Int, longest: Int, in workspace: Workspace) {
    precondition(width > 0 && width % 2 == 0, "RotaryAngles: a head of width \(width)")
    var cosines = [Float](), sines = [Float]()
    cosines.reserveCapacity(longest * width / 2)
    sines.reserveCapacity(longest * width / 2)
    let rates = (0..<width / 2).map { 1 / Float(pow(base, Double(2 * $0) / Double(width))) }
    for position in 0..<longest {
      for rate in rates {
        let angle = Double(Float(position) * rate)
        cosines.append(Float(cos(angle)))
        sines.append(Float(sin(angle)))
      }
    }
    (self.cosines, self.sines) = (Buffer(cosines, in: workspace), Buffer(sines, in: workspace))
    self.width = width
  }
}

extension Tape {
  /// The queries and keys of qkv `[n, 3h]` (q | k | v, heads side by side in each) turned by the angles of their
  /// positions, the values as they are.
  ///
  /// Elements j and j + d/2 of a head of width d are a pair: (x, y) becomes (x cos − y sin, y cos + x sin). The gradient
  /// is turned back. Saves nothing.
  public func rotate(_ qkv: Tensor, positions: [Int32], heads: Int, by angles: RotaryAngles) -> Tensor {
    precondition(
      qkv.shape.count == 2 && qkv.columns == 3 * heads * angles.width && positions.count == qkv.rows,
      "rotate: qkv \(qkv.shape), \(heads) heads of \(angles.width), \(positions.count) positions")
    let y = buffer(qkv.value.count)
    y.copy(from: qkv.value)
    func turn(_ values: Buffer, isInverse: Bool) {
      Kernels.rotate(
        values, positions: positions, heads: heads, width: angles.width, cosines: angles.cosines, sines: angles.sines,
        isInverse: isInverse)
    }
    turn(y, isInverse: false)
    let result = result(y, qkv.shape, of: [qkv])
    record(result) { dy in
      turn(dy, isInverse: true)
      qkv.accumulate(giving: dy)
    }
    return result
  }
}
