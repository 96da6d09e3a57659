import COpenBLAS

/// Matrix products by OpenBLAS, on one thread: parallelism stands above it (`WorkerPool`).
public enum BLAS {
  /// Touched before every use of OpenBLAS.
  static let ready: Void = {
    BLASCore.recognise()
    openblas_set_num_threads(1)
  }()

  /// The kernels that OpenBLAS chose, such as `SkylakeX`.
  public static var coreName: String {
    _ = ready
    return BLASCore.name
  }
  /// Whether OpenBLAS uses kernels of before AVX2 although the processor has it: several times slower than it could be.
  public static var isCoreTooOld: Bool {
    _ = ready
    return BLASCore.isTooOld
  }
  /// Whether OpenBLAS's kernels of this name leave AVX-512 unused.
  public static func isForAVX2(core: String) -> Bool { BLASCore.ofAVX2.contains(core) }
  /// The threads that OpenBLAS computes a product on.
  public static var threads: Int {
    _ = ready
    return Int(openblas_get_num_threads())
  }
  /// OpenBLAS's version, such as `0.3.21`.
  public static var version: String {
    configuration.split(separator: " ").dropFirst().first.map(String.init) ?? "unknown"
  }
  /// OpenBLAS's own line on how it was built.
  public static var configuration: String {
    _ = ready
    return openblas_get_config().map { String(cString: $0) } ?? "unknown"
  }

  /// A matrix inside a buffer: row-major, its first element at `offset`, `stride` floats from row to row.
  public struct Matrix {
    public let buffer: Buffer
    public let offset: Int
    public let stride: Int
    public let transposed: Bool

    /// `stride` is the number of columns as stored, before any transposition, unless rows stand wider apart.
    public init(_ buffer: Buffer, offset: Int = 0, stride: Int, transposed: Bool = false) {
      (self.buffer, self.offset, self.stride, self.transposed) = (buffer, offset, stride, transposed)
    }

    /// Fails where `rows` × `columns` (after transposition) would reach outside the buffer.
    func check(_ rows: Int, _ columns: Int, _ name: StaticString) {
      let (outer, inner) = transposed ? (columns, rows) : (rows, columns)
      precondition(
        offset >= 0 && stride >= inner && (outer == 0 || offset + (outer - 1) * stride + inner <= buffer.count),
        "BLAS.gemm: \(name) [\(rows), \(columns)] at \(offset) with stride \(stride) in a buffer of \(buffer.count)")
    }
  }

  /// c = alpha · a · b + beta · c, with a `[m, k]`, b `[k, n]` (after transposition) and c `[m, n]`.
  public static func gemm(
    m: Int, n: Int, k: Int, _ a: Matrix, _ b: Matrix, into c: Matrix, alpha: Float = 1, beta: Float = 0
  ) {
    _ = ready
    a.check(m, k, "a")
    b.check(k, n, "b")
    precondition(!c.transposed, "BLAS.gemm: c cannot be transposed")
    c.check(m, n, "c")
    guard m > 0, n > 0 else { return }
    if k == 0 {
      // cblas rejects some strides of empty matrices.
      for row in 0..<m {
        for column in 0..<n {
          let at = c.offset + row * c.stride + column
          c.buffer.pointer[at] = beta == 0 ? 0 : beta * c.buffer.pointer[at]
        }
      }
      return
    }
    cblas_sgemm(
      CblasRowMajor, a.transposed ? CblasTrans : CblasNoTrans, b.transposed ? CblasTrans : CblasNoTrans,
      blasint(m), blasint(n), blasint(k), alpha, a.buffer.pointer + a.offset, blasint(a.stride),
      b.buffer.pointer + b.offset, blasint(b.stride), beta, c.buffer.pointer + c.offset, blasint(c.stride))
  }
}
