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
}
