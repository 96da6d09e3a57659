import Compute
import TestSupport
import Testing

@Suite("Kernels over rows against naive twins")
struct RowKernelsTests {
  let workspace = Workspace()

  func buffer(_ values: [Float]) -> Buffer { Buffer(values, in: workspace) }

  @Test("gather and scatter-add, with repeated rows", arguments: NaiveTwin.sizes)
  func rows(width: Int) {
    let table = NaiveTwin.values(5 * width, "table"), x = NaiveTwin.values(4 * width, "x")
    let indices: [Int32] = width == 0 ? [] : [4, 0, 4, 2]
    let y = Buffer(count: indices.count * width, in: workspace)
    Kernels.gather(buffer(table), indices, width: width, to: y)
    #expect(y.array == indices.flatMap { table[Int($0) * width..<(Int($0) + 1) * width] })
    var expected = table
    for (row, index) in indices.enumerated() {
      for column in 0..<width { expected[Int(index) * width + column] += x[row * width + column] }
    }
    let sums = buffer(table)
    Kernels.scatterAdd(buffer(Array(x.prefix(indices.count * width))), indices, width: width, to: sums)
    #expect(sums.array == expected)
  }

  @Test("columns are copied or added between matrices of other widths", arguments: NaiveTwin.sizes)
  func columns(width: Int) {
    let rows = 3, fromWidth = width + 2, toWidth = width + 5
    let x = NaiveTwin.values(rows * fromWidth, "x"), y = NaiveTwin.values(rows * toWidth, "y")
    for accumulate in [false, true] {
      let out = buffer(y)
      Kernels.copyColumns(
        buffer(x), fromWidth: fromWidth, from: 1, out, toWidth: toWidth, to: 4, width: width, rows: rows,
        accumulate: accumulate)
      var expected = y
      for row in 0..<rows {
        for column in 0..<width {
          let at = row * toWidth + 4 + column
          expected[at] = (accumulate ? y[at] : 0) + x[row * fromWidth + 1 + column]
        }
      }
      #expect(out.array == expected)
    }
  }

  @Test("dropout keeps or drops each element by its index alone, and repeats", arguments: NaiveTwin.sizes)
  func dropout(n: Int) {
    let x = NaiveTwin.values(n, "x")
    let mask = Dropout(probability: 0.4, key: 77)
    let y = Buffer(count: n, in: workspace)
    Kernels.dropout(mask, buffer(x), to: y, accumulate: false)
    for (kept, value) in zip(y.array, x) { #expect(kept == 0 || abs(kept - value / 0.6) <= 1e-6 * abs(value)) }
    let ones = Buffer(count: 2000, in: workspace)
    Kernels.dropout(mask, buffer([Float](repeating: 1, count: 2000)), to: ones, accumulate: false)
    #expect(zip(y.array, ones.array).allSatisfy { ($0 == 0) == ($1 == 0) })
    Kernels.dropout(mask, buffer(x), to: y, accumulate: true)
    expectClose(y.array, zip(x, ones.array).map { 2 * $0 * $1 }, absolute: 1e-6, "added")
  }

  @Test("layer norm of x and of dropout(x) + residual", arguments: [1, 7, 15, 16, 17, 1000])
  func layerNorm(width: Int) {
    let rows = 3
    let x = NaiveTwin.values(rows * width, "x", deviation: 3).map { $0 + 10 }
    let residual = NaiveTwin.values(rows * width, "r")
    let gain = NaiveTwin.values(width, "g"), bias = NaiveTwin.values(width, "b")
    for (mask, other) in [(Dropout.none, nil), (.none, residual), (Dropout(probability: 0.3, key: 5), residual)] {
      let dropped = Buffer(count: x.count, in: workspace)
      Kernels.dropout(mask, buffer(x), to: dropped, accumulate: false)
      let z = dropped.array.enumerated().map { Double($1) + Double(other?[$0] ?? 0) }
      var expected = [Double]()
      for row in 0..<rows {
        let values = z[row * width..<(row + 1) * width]
        let mean = values.reduce(0, +) / Double(width)
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(width)
        for (column, value) in values.enumerated() {
          expected.append((value - mean) / (variance + 1e-3).squareRoot() * Double(gain[column]) + Double(bias[column]))
        }
      }
      for saves in [false, true] {
        let y = Buffer(count: x.count, in: workspace)
        let normal = Buffer(count: x.count, in: workspace), scales = Buffer(count: rows, in: workspace)
        Kernels.layerNorm(
          buffer(x), residual: other.map { buffer($0) }, gain: buffer(gain), bias: buffer(bias), epsilon: 1e-3,
          dropout: mask, to: y, normal: saves ? normal : nil, scales: saves ? scales : nil, rows: rows)
        expectClose(y.array, expected, absolute: 2e-5, relative: 1e-5, "layer norm")
      }
    }
  }

  @Test("mean and maximum pooling, empty sequences and equal maxima", arguments: NaiveTwin.sizes)
  func pooling(width: Int) {
    let offsets = [0, 1, 1, 4, 9]
    var x = NaiveTwin.values(9 * width, "x")
    for column in 0..<width { x[7 * width + column] = x[5 * width + column] }
    let y = Buffer(count: 4 * width, in: workspace)
    Kernels.meanPool(buffer(x), offsets: offsets, width: width, to: y)
    var means = [Double](), largest = [Float]()
    for sequence in 0..<4 {
      let rows = offsets[sequence]..<offsets[sequence + 1]
      for column in 0..<width {
        let values = rows.map { x[$0 * width + column] }
        means.append(values.reduce(0) { $0 + Double($1) } / Double(max(1, values.count)))
        largest.append(values.max() ?? 0)
      }
    }
    expectClose(y.array, means, absolute: 1e-6, "mean")
    let rows = Kernels.maxPool(buffer(x), offsets: offsets, width: width, to: y)
    #expect(y.array == largest)
    for (place, row) in rows.enumerated() where row >= 0 {
      #expect(x[Int(row) * width + place % width] == largest[place])
      #expect(row != 7, "the first among equals")
    }
  }

  @Test("attention pooling", arguments: NaiveTwin.sizes)
  func attentionPool(width: Int) {
    let offsets = [0, 1, 1, 4, 9]
    let x = NaiveTwin.values(9 * width, "x"), scores = NaiveTwin.values(9, "s", deviation: 3)
    let shares = Buffer(count: 9, in: workspace), y = Buffer(count: 4 * width, in: workspace)
    guard width > 0 else { return }
    Kernels.attentionPool(buffer(x), scores: buffer(scores), offsets: offsets, width: width, shares: shares, to: y)
    var expected = [Double]()
    for sequence in 0..<4 {
      let rows = offsets[sequence]..<offsets[sequence + 1]
      let share = KernelsTests().softmaxTwin(Array(scores[rows]), 1, rows.count)
      for column in 0..<width {
        expected.append(zip(rows, share).reduce(0) { $0 + Double(x[$1.0 * width + column]) * $1.1 })
      }
    }
    expectClose(y.array, expected, absolute: 1e-5, "attention pool")
  }

  @Test("a NaN among the values shows in the maximum")
  func nanMaximum() {
    for place in 0..<3 {
      var x: [Float] = [1, 2, 3]
      x[place] = .nan
      let y = Buffer(count: 1, in: workspace)
      _ = Kernels.maxPool(buffer(x), offsets: [0, 3], width: 1, to: y)
      #expect(y[0].isNaN)
    }
  }
}
