import CLAPACKE

/// Decompositions by LAPACK.
public enum LAPACK {
  /// A random matrix `[rows, columns]` with orthonormal columns (rows, where there are fewer rows),
  /// uniform over all such matrices: the Q of a normal matrix, signs fixed by R (Saxe et al. 2014;
  /// Mezzadri 2007, section 5).
  public static func orthogonal(rows: Int, columns: Int, random: inout Random) -> [Float] {
    precondition(rows > 0 && columns > 0, "LAPACK.orthogonal: [\(rows), \(columns)] is empty")
    _ = BLAS.ready
    let (long, short) = rows >= columns ? (rows, columns) : (columns, rows)
    // Column-major, as LAPACK stores: column c at c·long.
    var q = (0..<long * short).map { _ in Float(random.normal()) }
    var reflectors = [Float](repeating: 0, count: short)
    let m = Int32(long), n = Int32(short)
    var status = LAPACKE_sgeqrf(LAPACK_COL_MAJOR, m, n, &q, m, &reflectors)
    precondition(status == 0, "LAPACK.orthogonal: sgeqrf returned \(status)")
    let negative = (0..<short).map { q[$0 * long + $0] < 0 }
    status = LAPACKE_sorgqr(LAPACK_COL_MAJOR, m, n, n, &q, m, reflectors)
    precondition(status == 0, "LAPACK.orthogonal: sorgqr returned \(status)")
    var result = [Float](repeating: 0, count: rows * columns)
    for column in 0..<short {
      for row in 0..<long {
        let value = negative[column] ? -q[column * long + row] : q[column * long + row]
        result[rows >= columns ? row * columns + column : column * columns + row] = value
      }
    }
    return result
  }

  // MARK: Positive definite matrices

  /// The lower triangle L with a = L·Lᵀ of a symmetric matrix `[n, n]`, of which the lower triangle is read; zeros above
  /// it. nil where the matrix is not positive definite.
  public static func cholesky(_ a: [Double], n: Int) -> [Double]? {
    precondition(n > 0 && a.count == n * n, "LAPACK.cholesky: \(a.count) numbers for [\(n), \(n)]")
    _ = BLAS.ready
    var l = a
    // What is the lower triangle row by row is the upper one column by column.
    let status = LAPACKE_dpotrf(LAPACK_COL_MAJOR, CChar(UInt8(ascii: "U")), Int32(n), &l, Int32(n))
    precondition(status >= 0, "LAPACK.cholesky: dpotrf returned \(status)")
    guard status == 0 else { return nil }
    for row in 0..<n { for column in 0..<n where column > row { l[row * n + column] = 0 } }
    return l
  }

  /// x with L·Lᵀ·x = b, by the triangle that `cholesky` gives.
  public static func solve(cholesky l: [Double], _ b: [Double]) -> [Double] {
    let n = b.count
    precondition(n > 0 && l.count == n * n, "LAPACK.solve: \(l.count) numbers for [\(n), \(n)]")
    _ = BLAS.ready
    var x = b
    let status = LAPACKE_dpotrs(
      LAPACK_COL_MAJOR, CChar(UInt8(ascii: "U")), Int32(n), 1, l, Int32(n), &x, Int32(n))
    precondition(status == 0, "LAPACK.solve: dpotrs returned \(status)")
    return x
  }

  /// (L·Lᵀ)⁻¹ `[n, n]`, whole, by the triangle that `cholesky` gives.
  public static func inverse(cholesky l: [Double], n: Int) -> [Double] {
    precondition(n > 0 && l.count == n * n, "LAPACK.inverse: \(l.count) numbers for [\(n), \(n)]")
    _ = BLAS.ready
    var inverse = l
    let status = LAPACKE_dpotri(LAPACK_COL_MAJOR, CChar(UInt8(ascii: "U")), Int32(n), &inverse, Int32(n))
    precondition(status == 0, "LAPACK.inverse: dpotri returned \(status)")
    for row in 0..<n { for column in 0..<row { inverse[column * n + row] = inverse[row * n + column] } }
    return inverse
  }
}
