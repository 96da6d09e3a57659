import Compute

/// What is known of the matrix products on this machine.
public struct BLASFacts: Sendable, Equatable {
  public var version: String
  /// The kernels that OpenBLAS chose, such as `SkylakeX`.
  public var core: String
  /// What the processor can do, as our kernels find it: `avx512`, `avx2` or `portable`.
  public var isa: String
  /// OpenBLAS was too old, or built for one processor alone, to know this one.
  public var isCoreTooOld: Bool
  public var threads: Int
  /// Largest difference of a small product from loops, against the sum of the terms' absolute values.
  public var largestError: Double

  public init(
    version: String, core: String, isa: String, isCoreTooOld: Bool, threads: Int, largestError: Double
  ) {
    (self.version, self.core, self.isa, self.isCoreTooOld) = (version, core, isa, isCoreTooOld)
    (self.threads, self.largestError) = (threads, largestError)
  }

  /// Of the library that is linked.
  public static func measured() -> BLASFacts {
    BLASFacts(
      version: BLAS.version, core: BLAS.coreName, isa: Kernels.isa, isCoreTooOld: BLAS.isCoreTooOld,
      threads: BLAS.threads, largestError: largestError())
  }

  /// Of products of odd sizes, so that the ends of rows count too, by OpenBLAS and by our panels.
  static func largestError() -> Double {
    let (m, n, k) = (37, 53, 71)
    let workspace = Workspace()
    func values(_ count: Int, _ step: Int) -> [Float] { (0..<count).map { Float($0 * step % 101 - 50) / 50 } }
    let (a, b) = (values(m * k, 37), values(k * n, 59))
    let left = BLAS.Matrix(Buffer(a, in: workspace), stride: k),
      right = BLAS.Matrix(Buffer(b, in: workspace), stride: n)
    let (one, two) = (Buffer(count: m * n, in: workspace), Buffer(count: m * n, in: workspace))
    BLAS.gemm(m: m, n: n, k: k, left, right, into: BLAS.Matrix(one, stride: n))
    PackedMatrix(right, rows: k, columns: n, in: workspace).multiply(left, m: m, into: BLAS.Matrix(two, stride: n))
    var largest = 0.0
    for i in 0..<m {
      for j in 0..<n {
        var (sum, size) = (0.0, 0.0)
        for l in 0..<k {
          let term = Double(a[i * k + l]) * Double(b[l * n + j])
          (sum, size) = (sum + term, size + abs(term))
        }
        for product in [one, two] {
          let error = abs(Double(product[i * n + j]) - sum) / max(size, 1)
          // Not a number is the largest error.
          largest = error.isFinite ? max(largest, error) : .infinity
        }
      }
    }
    return largest
  }
}
