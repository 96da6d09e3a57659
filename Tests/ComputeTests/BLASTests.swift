import Foundation
import TestSupport
import Testing

@testable import Compute

@Suite("BLAS and LAPACK")
struct BLASTests {
  let workspace = Workspace()

  @Test("gemm against three loops: transpositions, offsets, strides, alpha, beta", arguments: [0, 1, 7, 16, 17])
  func gemm(size: Int) {
    for (m, n, k) in [(size, 5, 9), (4, size, 3), (6, 2, size), (size, size, size)] {
      for (ta, tb) in [(false, false), (true, false), (false, true), (true, true)] {
        let sa = (ta ? m : k) + 2, sb = (tb ? k : n) + 1, sc = n + 3
        let a = NaiveTwin.values(4 + (ta ? k : m) * sa, "a"), b = NaiveTwin.values(5 + (tb ? n : k) * sb, "b")
        let c = NaiveTwin.values(1 + m * sc, "c")
        let out = Buffer(c, in: workspace)
        BLAS.gemm(
          m: m, n: n, k: k, .init(Buffer(a, in: workspace), offset: 4, stride: sa, transposed: ta),
          .init(Buffer(b, in: workspace), offset: 5, stride: sb, transposed: tb),
          into: .init(out, offset: 1, stride: sc), alpha: 0.5, beta: -2)
        var expected = c.map(Double.init)
        for i in 0..<m {
          for j in 0..<n {
            var sum = 0.0
            for l in 0..<k {
              sum += Double(a[4 + (ta ? l * sa + i : i * sa + l)]) * Double(b[5 + (tb ? j * sb + l : l * sb + j)])
            }
            expected[1 + i * sc + j] = 0.5 * sum - 2 * expected[1 + i * sc + j]
          }
        }
        expectClose(out.array, expected, absolute: 1e-4, "gemm \(m)×\(n)×\(k), transposed \(ta) \(tb)")
      }
    }
  }

  @Test("a packed matrix gives the product at any size, and a row's bits do not depend on the other rows")
  func packed() {
    let sizes = [
      (0, 5, 3), (1, 1, 1), (7, 15, 16), (12, 32, 17), (13, 33, 9), (25, 100, 64), (5, 64, 0), (150, 40, 400),
      (300, 33, 20),
    ]
    for (m, n, k) in sizes {
      for (ta, tb) in [(false, false), (true, false), (false, true), (true, true)] {
        let sa = (ta ? m : k) + 1, sb = (tb ? k : n) + 2, sc = n + 3
        let a = NaiveTwin.values((ta ? k : m) * sa + 1, "a"), b = NaiveTwin.values(4 + (tb ? n : k) * sb, "b")
        let left = BLAS.Matrix(Buffer(a, in: workspace), offset: 1, stride: sa, transposed: ta)
        let right = BLAS.Matrix(Buffer(b, in: workspace), offset: 4, stride: sb, transposed: tb)
        let weight = PackedMatrix(right, rows: k, columns: n, in: workspace)
        let c = NaiveTwin.values(m * sc, "c")
        var product = c.map(Double.init), twice = product
        for i in 0..<m {
          for j in 0..<n {
            let value = (0..<k).reduce(0) {
              $0 + Double(a[1 + (ta ? $1 * sa + i : i * sa + $1)]) * Double(b[4 + (tb ? j * sb + $1 : $1 * sb + j)])
            }
            product[i * sc + j] = value
            twice[i * sc + j] = 2 * value
          }
        }
        let name = "\(m)×\(n)×\(k), transposed \(ta) \(tb)"
        let tolerance = 3e-5 * max(1, Double(k) / 64)
        let out = Buffer(c, in: workspace), once = Buffer(c, in: workspace)
        weight.multiply(left, m: m, into: .init(out, stride: sc))
        expectClose(out.array, product, absolute: tolerance, "packed \(name)")
        PackedMatrix.product(m: m, n: n, k: k, left, right, into: .init(once, stride: sc), in: workspace)
        expectClose(once.array, product, absolute: tolerance, "product \(name)")
        PackedMatrix.product(
          m: m, n: n, k: k, left, right, into: .init(once, stride: sc), accumulate: true, in: workspace)
        expectClose(once.array, twice, absolute: 2 * tolerance, "added \(name)")
        guard m > 2, !ta, Kernels.isa != "portable" else { continue }
        let alone = Buffer(count: n, in: workspace)
        weight.multiply(.init(left.buffer, offset: 1 + 2 * sa, stride: sa), m: 1, into: .init(alone, stride: n))
        #expect(alone.array == Array(out.array[2 * sc..<2 * sc + n]))
      }
    }
  }

  @Test("beta 0 overwrites NaN")
  func betaZero() {
    for k in [0, 3] {
      let out = Buffer([.nan, .nan], in: workspace)
      let ones = Buffer([1, 1, 1, 1, 1, 1], in: workspace)
      BLAS.gemm(m: 1, n: 2, k: k, .init(ones, stride: 3), .init(ones, stride: 2), into: .init(out, stride: 2))
      #expect(out.array == [Float(k), Float(k)])
    }
  }

  @Test("OpenBLAS says what it is")
  func facts() {
    #expect(!BLAS.coreName.isEmpty && BLAS.coreName != "unknown")
    #expect(BLAS.configuration.contains("OpenBLAS"))
    #expect(BLAS.version.split(separator: ".").count >= 2)
  }

  @Test(
    "a processor with AVX2 gets no OpenBLAS kernels for older ones, unless they were asked for",
    arguments: [
      ("Prescott", "avx512", nil, "SkylakeX"), ("Nehalem", "avx2", nil, "Haswell"), ("Prescott", "portable", nil, nil),
      ("Prescott", "avx512", "Prescott", nil), ("Haswell", "avx512", nil, nil), ("SkylakeX", "avx512", nil, nil),
    ])
  func core(name: String, isa: String, stated: String?, chosen: String?) {
    #expect(BLASCore.replacement(of: name, isa: isa, stated: stated) == chosen)
  }

  @Test("orthogonal gives QᵀQ = 1, or QQᵀ = 1 where there are fewer rows", arguments: [(1, 1), (5, 5), (9, 4), (4, 9)])
  func orthogonal(rows: Int, columns: Int) {
    var random = Random(seed: 2, stream: "q")
    let q = LAPACK.orthogonal(rows: rows, columns: columns, random: &random)
    let short = min(rows, columns), long = max(rows, columns)
    func at(_ i: Int, _ j: Int) -> Double { Double(rows >= columns ? q[i * columns + j] : q[j * columns + i]) }
    for a in 0..<short {
      for b in 0..<short {
        let dot = (0..<long).reduce(0) { $0 + at($1, a) * at($1, b) }
        #expect(abs(dot - (a == b ? 1 : 0)) < 1e-5)
      }
    }
    var again = Random(seed: 2, stream: "q")
    #expect(LAPACK.orthogonal(rows: rows, columns: columns, random: &again) == q)
    #expect(LAPACK.orthogonal(rows: rows, columns: columns, random: &again) != q || rows * columns == 1)
  }

  @Test("orthogonal is uniform: each diagonal element is as often negative as positive")
  func signs() {
    var random = Random(seed: 3, stream: "q")
    var negative = [0, 0, 0]
    for _ in 0..<400 {
      let q = LAPACK.orthogonal(rows: 3, columns: 3, random: &random)
      for i in 0..<3 where q[i * 4] < 0 { negative[i] += 1 }
    }
    for count in negative { #expect(abs(count - 200) < 5 * 10) }
  }
}
