import Compute
import TestSupport
import Testing

@Suite("SparseRows") struct SparseRowsTests {
  /// Seeded values in −1 ... 1 without any of the package's own random numbers.
  struct Numbers {
    var state: UInt64
    mutating func next() -> Float {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Float(Int64(state >> 40)) / Float(1 << 23) - 1
    }
    mutating func below(_ n: Int) -> Int {
      _ = next()
      return Int(state >> 33) % n
    }
  }

  /// Every third row is empty; the others hold up to half of the columns.
  static func matrix(rows: Int, columns: Int, seed: UInt64) -> SparseRows {
    var numbers = Numbers(state: seed)
    var matrix = SparseRows(columns: columns)
    for row in 0..<rows {
      var indices: [Int32] = []
      if row % 3 != 1 { for column in 0..<columns where numbers.below(2) == 0 { indices.append(Int32(column)) } }
      matrix.append(indices: indices, values: indices.map { _ in numbers.next() })
    }
    return matrix
  }

  static func dense(_ matrix: SparseRows) -> [[Float]] {
    (0..<matrix.count).map { row in
      var out = [Float](repeating: 0, count: matrix.columns)
      for k in matrix.offsets[row]..<matrix.offsets[row + 1] { out[Int(matrix.indices[k])] = matrix.values[k] }
      return out
    }
  }

  @Test(
    "a product equals the naive one at every stride", arguments: [1, 3, 4, 5, 8, 9, 16, 17, 33, 50, 64, 77, 81, 150])
  func product(classes: Int) {
    let pool = WorkerPool(threads: 1)
    let stride = SparseRows.stride(columns: classes)
    #expect(stride >= classes)
    for rows in [0, 1, 7, 16, 33] {
      let matrix = Self.matrix(rows: rows, columns: 17, seed: UInt64(rows * 1000 + classes))
      var numbers = Numbers(state: 5)
      let operand = (0..<(matrix.columns + 1) * stride).map { _ in numbers.next() }
      for initialRow in [nil, 17] {
        var out = [Float](repeating: .nan, count: rows * stride)
        matrix.multiply(operand, stride: stride, initialRow: initialRow, into: &out, pool: pool)
        var expected: [Double] = []
        for row in Self.dense(matrix) {
          for column in 0..<stride {
            var sum = initialRow.map { Double(operand[$0 * stride + column]) } ?? 0
            for (k, value) in row.enumerated() { sum += Double(value) * Double(operand[k * stride + column]) }
            expected.append(sum)
          }
        }
        expectClose(out, expected, absolute: 1e-5, "\(rows) rows × \(classes) classes")
      }
    }
  }

  @Test("the transposed matrix holds the same values, ordered by column")
  func transposed() {
    let matrix = Self.matrix(rows: 19, columns: 7, seed: 3)
    let turned = matrix.transposed()
    let rows = Self.dense(matrix), columns = Self.dense(turned)
    #expect(turned.count == 7 && turned.columns == 19 && turned.nonZeros == matrix.nonZeros)
    for row in 0..<19 { for column in 0..<7 { #expect(rows[row][column] == columns[column][row]) } }
    #expect(turned.transposed() == matrix)
  }

  @Test("1, 2 and 3 threads give the same bits")
  func threads() {
    let matrix = Self.matrix(rows: 200, columns: 40, seed: 9)
    var numbers = Numbers(state: 1)
    let operand = (0..<40 * 80).map { _ in numbers.next() }
    let products = [1, 2, 3].map { threads in
      var out = [Float](repeating: 0, count: 200 * 80)
      matrix.multiply(operand, stride: 80, into: &out, pool: WorkerPool(threads: threads))
      return out
    }
    #expect(products[0] == products[1] && products[0] == products[2])
    #expect(products[0].contains { $0 != 0 })
  }

  @Test("a range of rows is the matrix of these rows")
  func slice() {
    let matrix = Self.matrix(rows: 12, columns: 5, seed: 4)
    #expect(Self.dense(matrix[3..<9]) == Array(Self.dense(matrix)[3..<9]))
    #expect(matrix[4..<4].count == 0 && matrix[0..<12] == matrix)
  }
}
