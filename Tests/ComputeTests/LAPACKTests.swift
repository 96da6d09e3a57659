import Compute
import TestSupport
import Testing

@Suite struct CholeskyTests {
  /// A positive definite matrix `[n, n]`.
  private func matrix(_ n: Int) -> [Double] {
    var random = Random(seed: 4, stream: "matrix")
    let factor = (0..<n * n).map { _ in random.normal() }
    return (0..<n * n).map { place in
      let (row, column) = (place / n, place % n)
      return (0..<n).reduce(row == column ? 0.5 : 0) { $0 + factor[row * n + $1] * factor[column * n + $1] }
    }
  }

  @Test("the triangle is that of the naive algorithm, and solves and inverts", arguments: [1, 2, 7, 40])
  func naive(n: Int) throws {
    let a = matrix(n)
    let l = try #require(LAPACK.cholesky(a, n: n))
    var expected = [Double](repeating: 0, count: n * n)
    for row in 0..<n {
      for column in 0...row {
        let rest = (0..<column).reduce(a[row * n + column]) { $0 - expected[row * n + $1] * expected[column * n + $1] }
        expected[row * n + column] = row == column ? rest.squareRoot() : rest / expected[column * n + column]
      }
    }
    expectClose(l, expected, absolute: 1e-9, relative: 1e-9, "triangle")
    let x = (0..<n).map { Double($0) - 1.5 }
    let b = (0..<n).map { row in (0..<n).reduce(0) { $0 + a[row * n + $1] * x[$1] } }
    expectClose(LAPACK.solve(cholesky: l, b), x, absolute: 1e-8, "solution")
    let inverse = LAPACK.inverse(cholesky: l, n: n)
    let product = (0..<n * n).map { place in
      (0..<n).reduce(0) { $0 + a[place / n * n + $1] * inverse[$1 * n + place % n] }
    }
    expectClose(product, (0..<n * n).map { $0 / n == $0 % n ? 1.0 : 0 }, absolute: 1e-8, "inverse")
  }

  @Test("what is not positive definite has none")
  func indefinite() {
    #expect(LAPACK.cholesky([1, 2, 2, 1], n: 2) == nil)
    #expect(LAPACK.cholesky([0], n: 1) == nil)
  }
}
