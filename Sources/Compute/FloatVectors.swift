import CKernels

/// Sums and products of long vectors of Floats, for optimisers that keep many of them.
///
/// Work is cut into fixed blocks; a sum adds the blocks' sums in order, so its bits do not depend on the threads.
public enum FloatVectors {
  /// Elements in a block: small enough for a core's second-level cache.
  static let block = 1 << 16

  /// Σ a·b in Double, over the first `count` elements (all where nil).
  public static func dot(_ a: [Float], _ b: [Float], count: Int? = nil, pool: WorkerPool) -> Double {
    let count = count ?? a.count
    precondition(a.count >= count && b.count >= count, "FloatVectors.dot: \(a.count) and \(b.count), count \(count)")
    var sums = [Double](repeating: 0, count: blocks(count))
    sums.withUnsafeMutableBufferPointer { sums in
      a.withUnsafeBufferPointer { a in
        b.withUnsafeBufferPointer { b in
          guard let a = a.baseAddress, let b = b.baseAddress, let sums = sums.baseAddress else { return }
          pool.run(blocks(count)) { part in
            let first = part * block
            sums[part] = ck_vector_dot(a + first, b + first, min(block, count - first))
          }
        }
      }
    }
    return sums.reduce(0, +)
  }

  /// y += scale · x, over the first `count` elements (all where nil).
  public static func add(
    _ scale: Float, _ x: [Float], to y: inout [Float], count: Int? = nil, pool: WorkerPool
  ) {
    let count = count ?? x.count
    precondition(x.count >= count && y.count >= count, "FloatVectors.add: \(x.count) to \(y.count), count \(count)")
    y.withUnsafeMutableBufferPointer { y in
      x.withUnsafeBufferPointer { x in
        guard let x = x.baseAddress, let y = y.baseAddress else { return }
        pool.run(blocks(count)) { part in
          let first = part * block
          ck_vector_add(y + first, scale, x + first, min(block, count - first))
        }
      }
    }
  }

  /// x *= scale
  public static func scale(_ x: inout [Float], by scale: Float, pool: WorkerPool) {
    let count = x.count
    x.withUnsafeMutableBufferPointer { x in
      guard let x = x.baseAddress else { return }
      pool.run(blocks(count)) { part in
        ck_vector_scale(x + part * block, scale, min(block, count - part * block))
      }
    }
  }

  /// out = x + scale · y
  public static func combine(
    _ x: [Float], _ scale: Float, _ y: [Float], into out: inout [Float], pool: WorkerPool
  ) {
    let count = out.count
    precondition(
      x.count == count && y.count == count, "FloatVectors.combine: \(x.count) and \(y.count) into \(count)")
    out.withUnsafeMutableBufferPointer { out in
      x.withUnsafeBufferPointer { x in
        y.withUnsafeBufferPointer { y in
          guard let x = x.baseAddress, let y = y.baseAddress, let out = out.baseAddress else { return }
          pool.run(blocks(count)) { part in
            let first = part * block
            ck_vector_combine(out + first, x + first, scale, y + first, min(block, count - first))
          }
        }
      }
    }
  }

  /// The largest |x|; NaN where an element is NaN.
  public static func maximumMagnitude(_ x: [Float]) -> Float {
    x.withUnsafeBufferPointer { ck_vector_max_magnitude($0.baseAddress, $0.count) }
  }

  private static func blocks(_ count: Int) -> Int { (count + block - 1) / block }
}
