import Compute
import Foundation
import TestSupport
import Testing

@Suite("Kernels against naive twins")
struct KernelsTests {
  let workspace = Workspace()

  func buffer(_ values: [Float]) -> Buffer { Buffer(values, in: workspace) }

  @Test("the instruction set is one of the three")
  func isa() { #expect(["avx512", "avx2", "portable"].contains(Kernels.isa)) }

  @Test("add, axpy, scaled copy, scale, sum", arguments: NaiveTwin.sizes)
  func arithmetic(n: Int) {
    let x = NaiveTwin.values(n, "x"), y = NaiveTwin.values(n, "y")
    let pairs = Array(zip(x, y))
    var out = buffer(y)
    Kernels.add(buffer(x), to: out)
    #expect(out.array == pairs.map { $0 + $1 })
    out = buffer(y)
    Kernels.axpy(-1.5, buffer(x), to: out)
    #expect(out.array == pairs.map { $1 + -1.5 * $0 })
    Kernels.scaledCopy(0.3, buffer(x), to: out)
    #expect(out.array == x.map { 0.3 * $0 })
    Kernels.scale(7, out)
    #expect(out.array == x.map { 7 * (0.3 * $0) })
    Kernels.sum(buffer(x), buffer(y), to: out)
    #expect(out.array == pairs.map { $0 + $1 })
  }

  @Test("sums of squares, in Double", arguments: NaiveTwin.sizes)
  func sumOfSquares(n: Int) {
    let x = NaiveTwin.values(n, "x", deviation: 1e3), y = NaiveTwin.values(n, "y")
    func squares(_ values: [Float]) -> Double { values.reduce(0) { $0 + Double($1) * Double($1) } }
    expectClose(Kernels.sumOfSquares(buffer(x)), squares(x), absolute: 0, relative: 1e-13, "sumOfSquares")
    let out = buffer(y)
    let total = Kernels.addSumOfSquares(buffer(x), to: out)
    let sums = zip(x, y).map { $1 + $0 }
    #expect(out.array == sums)
    expectClose(total, squares(sums), absolute: 0, relative: 1e-13, "addSumOfSquares")
  }

  /// Dense near 0, wide beyond.
  func points(_ n: Int, _ reach: Float) -> [Float] {
    n < 1000
      ? NaiveTwin.values(n, "x", deviation: Double(reach) / 4)
      : (0...20_000).map { reach * Float($0 - 10_000) / 10_000 } + (1...200).map { 1e-4 * Float($0) }
  }

  @Test("exp, tanh and sigmoid are within 3e-7 relative of the C library's in Double", arguments: NaiveTwin.sizes)
  func transcendental(n: Int) {
    for (name, reach, kernel, twin) in [
      ("exp", Float(86), Kernels.exp, { Foundation.exp($0) }), ("exp near 0", 2, Kernels.exp, { Foundation.exp($0) }),
      ("tanh", 12, Kernels.tanh, { Foundation.tanh($0) }), ("tanh near 0", 1, Kernels.tanh, { Foundation.tanh($0) }),
      ("sigmoid", 80, Kernels.sigmoid, { 1 / (1 + Foundation.exp(-$0)) }),
    ] as [(String, Float, (Buffer, Buffer) -> Void, (Double) -> Double)] {
      let x = points(n, reach)
      let out = Buffer(count: x.count, in: workspace)
      kernel(buffer(x), out)
      expectClose(out.array, x.map { twin(Double($0)) }, absolute: 0, relative: 3e-7, name)
    }
  }

  @Test("exp, tanh and sigmoid at the ends of the range, and NaN stays NaN")
  func ends() {
    func run(_ kernel: (Buffer, Buffer) -> Void, _ x: [Float]) -> [Float] {
      let out = Buffer(count: x.count, in: workspace)
      kernel(buffer(x), out)
      return out.array
    }
    let infinity = Float.infinity
    #expect(run(Kernels.exp, [0, -90, -infinity, -1e30, 89, infinity]) == [1, 0, 0, 0, infinity, infinity])
    #expect(run(Kernels.tanh, [0, 50, -50, infinity, -infinity]) == [0, 1, -1, 1, -1])
    #expect(run(Kernels.sigmoid, [0, 100, infinity, -infinity, -100]) == [0.5, 1, 1, 0, 0])
    for kernel in [Kernels.exp, Kernels.tanh, Kernels.sigmoid] { #expect(run(kernel, [.nan])[0].isNaN) }
    #expect(run(Kernels.exp, [88.6])[0].isFinite)
  }

  @Test("GELU, its slope, and its gradient", arguments: NaiveTwin.sizes)
  func gelu(width: Int) {
    let rows = 5
    let x = NaiveTwin.values(rows * width, "x", deviation: 2), dy = NaiveTwin.values(rows * width, "dy")
    let z = x.map(Double.init)
    func share(_ z: Double) -> Double { 0.5 * erfc(-z / 2.0.squareRoot()) }
    let value = z.map { $0 * share($0) }
    let slope = z.map { share($0) + $0 * Foundation.exp(-$0 * $0 / 2) / (2 * Double.pi).squareRoot() }
    let out = buffer(x), slopes = Buffer(count: x.count, in: workspace)
    Kernels.activateGELU(out, slope: slopes)
    expectClose(out.array, value, absolute: 1e-12, relative: 1e-6, "gelu")
    expectClose(slopes.array, slope, absolute: 2e-7, relative: 1e-6, "slope")
    let alone = buffer(x)
    Kernels.activateGELU(alone, slope: nil)
    #expect(alone.array == out.array)

    let dz = zip(dy, slopes.array).map { $0 * $1 }
    let sums = buffer([Float](repeating: 3, count: width))
    Kernels.backwardGELU(buffer(dy), slope: slopes, sums: sums, accumulate: true, rows: rows, width: width)
    #expect(slopes.array == dz)
    expectClose(sums.array, columnSums(dz, rows, width).map { $0 + 3 }, absolute: 1e-5, "sums")
  }

  @Test("GELU's tails: exact zero far below, identity far above, NaN stays")
  func geluTails() {
    let x: [Float] = [-100, -14, -6, 0, 6, 14, 100, .nan]
    let out = buffer(x)
    Kernels.activateGELU(out, slope: nil)
    let y = out.array
    #expect(y[0] == 0 && y[1] == 0 && y[3] == 0 && y[4] == 6 && y[5] == 14 && y[6] == 100 && y[7].isNaN)
    // −6·Φ(−6).
    expectClose(Double(y[2]), -3 * erfc(6 / 2.0.squareRoot()), absolute: 0, relative: 3e-6, "gelu(−6)")
  }

  @Test("tanh in place and its gradient", arguments: NaiveTwin.sizes)
  func activateTanh(width: Int) {
    let rows = 3
    let x = NaiveTwin.values(rows * width, "x")
    let y = buffer(x)
    Kernels.activateTanh(y)
    expectClose(y.array, x.map { Foundation.tanh(Double($0)) }, absolute: 0, relative: 3e-7, "tanh")
    let d = NaiveTwin.values(rows * width, "d")
    let dz = buffer(d), sums = Buffer(count: width, in: workspace)
    Kernels.backwardTanh(dz, y: y, sums: sums, accumulate: false, rows: rows, width: width)
    #expect(dz.array == zip(d, y.array).map { $0 * (1 - $1 * $1) })
    expectClose(sums.array, columnSums(dz.array, rows, width), absolute: 1e-6, "sums")
  }

  func columnSums(_ x: [Float], _ rows: Int, _ width: Int) -> [Double] {
    (0..<width).map { column in (0..<rows).reduce(0) { $0 + Double(x[$1 * width + column]) } }
  }

  @Test("repeated rows and column sums", arguments: NaiveTwin.sizes)
  func columns(width: Int) {
    for rows in [0, 1, 4, 7, 33] {
      let x = NaiveTwin.values(rows * width, "x"), bias = NaiveTwin.values(width, "b")
      let y = buffer(x)
      Kernels.repeatRow(buffer(bias), to: y, rows: rows)
      #expect(y.array == (0..<rows).flatMap { _ in bias })
      let sums = buffer(bias)
      Kernels.columnSums(buffer(x), to: sums, accumulate: false, rows: rows)
      expectClose(sums.array, columnSums(x, rows, width), absolute: 1e-5, "column sums")
      Kernels.columnSums(buffer(x), to: sums, accumulate: true, rows: rows)
      expectClose(sums.array, columnSums(x, rows, width).map { 2 * $0 }, absolute: 2e-5, "column sums, added")
    }
  }

  @Test("softmax of rows, and what far apart or infinite logits give", arguments: NaiveTwin.sizes)
  func softmax(width: Int) {
    let rows = 4
    let x = NaiveTwin.values(rows * width, "x", deviation: 5)
    let y = buffer(x)
    Kernels.softmaxRows(y, rows: rows, columns: width)
    expectClose(y.array, softmaxTwin(x, rows, width), absolute: 1e-9, relative: 2e-6, "softmax")
  }

  func softmaxTwin(_ x: [Float], _ rows: Int, _ width: Int) -> [Double] {
    (0..<rows).flatMap { row -> [Double] in
      let values = x[row * width..<(row + 1) * width].map(Double.init)
      let top = values.max() ?? 0
      let powers = values.map { Foundation.exp($0 - top) }, total = powers.reduce(0, +)
      return powers.map { $0 / total }
    }
  }

  @Test("softmax shifts by the largest logit")
  func softmaxShift() {
    let y = buffer([1e4, 1e4 + 1, -1e4, 0, 0, 0])
    Kernels.softmaxRows(y, rows: 2, columns: 3)
    let e = Foundation.exp(1.0)
    expectClose(y.array, [1 / (1 + e), e / (1 + e), 0, 1.0 / 3, 1.0 / 3, 1.0 / 3], absolute: 1e-7, "softmax")
  }

  @Test("cross-entropy and its gradient", arguments: [1, 7, 15, 16, 17, 1000])
  func crossEntropy(classes: Int) {
    let rows = 3
    let x = NaiveTwin.values(rows * classes, "x", deviation: 3), weights = NaiveTwin.values(classes, "w").map(abs)
    let labels = [0, classes / 2, classes - 1]
    let shares = softmaxTwin(x, rows, classes)
    var loss = 0.0, gradient = [Double]()
    for (row, label) in labels.enumerated() {
      let weight = Double(weights[label]) / 1.7
      loss -= weight * Foundation.log(shares[row * classes + label])
      for column in 0..<classes {
        gradient.append(weight * (shares[row * classes + column] - (column == label ? 1 : 0)))
      }
    }
    let out = Buffer(count: x.count, in: workspace)
    let got = Kernels.crossEntropy(
      buffer(x), labels: labels, weights: weights, normaliser: 1.7, gradient: out, classes: classes)
    expectClose(got, loss, absolute: 1e-6, relative: 1e-6, "loss")
    expectClose(out.array, gradient, absolute: 1e-6, "gradient")
  }

  @Test("AdamW, three steps with a clipping factor", arguments: NaiveTwin.sizes)
  func adamW(n: Int) {
    var x = NaiveTwin.values(n, "x").map(Double.init), m = x.map { _ in 0.0 }, v = m
    let value = buffer(NaiveTwin.values(n, "x"))
    let first = Buffer(count: n, in: workspace), second = Buffer(count: n, in: workspace)
    for step in 1...3 {
      let gradient = NaiveTwin.values(n, "gradient \(step)")
      Kernels.adamW(
        value: value, gradient: buffer(gradient), m: first, v: second,
        AdamWFactors(
          learningRate: 0.1, beta1: 0.9, beta2: 0.999, epsilon: 1e-4, weightDecay: 0.2, step: step, scale: 0.5))
      for i in 0..<n {
        let g = 0.5 * Double(gradient[i])
        m[i] = 0.9 * m[i] + 0.1 * g
        v[i] = 0.999 * v[i] + 0.001 * g * g
        let corrected = m[i] / (1 - pow(0.9, Double(step))), root = (v[i] / (1 - pow(0.999, Double(step)))).squareRoot()
        x[i] = x[i] * (1 - 0.1 * 0.2) - 0.1 * corrected / (root + 1e-4)
      }
    }
    expectClose(value.array, x, absolute: 1e-6, relative: 2e-6, "value")
    expectClose(first.array, m, absolute: 1e-7, relative: 1e-6, "m")
    expectClose(second.array, v, absolute: 1e-9, relative: 1e-6, "v")
  }

  @Test("AdamW's moments fade to zero, not into subnormal numbers, and NaN is not lost")
  func fading() {
    let value = buffer([1, 1]), m = Buffer(count: 2, in: workspace), v = Buffer(count: 2, in: workspace)
    func factors(_ step: Int) -> AdamWFactors {
      AdamWFactors(learningRate: 0.1, beta1: 0.9, beta2: 0.9, epsilon: 1e-8, weightDecay: 0, step: step)
    }
    for step in 1...1000 {
      Kernels.adamW(
        value: value, gradient: buffer(step == 1 ? [1e-3, 1e-20] : [0, 0]), m: m, v: v, factors(step))
    }
    #expect(m.array == [0, 0] && v.array == [0, 0])
    Kernels.adamW(
      value: value, gradient: buffer([.nan, 0]), m: m, v: v, factors(1001))
    #expect(value[0].isNaN && m[0].isNaN && v[0].isNaN && value[1].isFinite)
  }

  @Test("AdamW on a table takes the bits of a gradient that is 0 elsewhere", arguments: [0, 0.2])
  func adamWOnRows(weightDecay: Double) {
    let rows = 9, width = 5, n = rows * width
    var tables = [true, false].map { _ in
      (value: buffer(NaiveTwin.values(n, "x")), m: Buffer(count: n, in: workspace), v: Buffer(count: n, in: workspace))
    }
    var moving = Kernels.movingRows(tables[1].m, tables[1].v, rows: rows)
    #expect(moving == [UInt8](repeating: 0, count: rows))
    // Row 1 is never touched, row 2 only in the first step, row 8 only late.
    for step in 1...700 {
      let touched: [Int32] = step == 1 ? [0, 2, 5] : step < 600 ? [0, 7] : [3, 8]
      let gradient = NaiveTwin.values(touched.count * width, "gradient \(step)")
      var whole = [Float](repeating: 0, count: n)
      for (place, row) in touched.enumerated() {
        for column in 0..<width { whole[Int(row) * width + column] = gradient[place * width + column] }
      }
      let factors = AdamWFactors(
        learningRate: 0.01, beta1: 0.8, beta2: 0.85, epsilon: 1e-8, weightDecay: weightDecay, step: step, scale: 0.7)
      Kernels.adamW(value: tables[0].value, gradient: buffer(whole), m: tables[0].m, v: tables[0].v, factors)
      Kernels.adamW(
        table: tables[1].value, rows: touched, gradient: buffer(gradient), m: tables[1].m, v: tables[1].v,
        moving: &moving, factors)
      #expect(moving == Kernels.movingRows(tables[1].m, tables[1].v, rows: rows))
    }
    for part in [\.value, \.m, \.v] as [KeyPath<(value: Buffer, m: Buffer, v: Buffer), Buffer>] {
      #expect(tables[0][keyPath: part].array.map(\.bitPattern) == tables[1][keyPath: part].array.map(\.bitPattern))
    }
    // What stopped moving came to rest.
    #expect(moving == [1, 0, 0, 1, 0, 0, 0, 1, 1])
    tables.removeAll()
  }

  @Test("a step has no special first element: shifted data give shifted results")
  func lanes() {
    // The same numbers at every place in a vector: what the remainder loop does must match the main loop's bits.
    let x = NaiveTwin.values(64, "x")
    let whole = Buffer(count: 64, in: workspace)
    Kernels.tanh(buffer(x), to: whole)
    for length in 1...40 {
      let part = Buffer(count: length, in: workspace)
      Kernels.tanh(buffer(Array(x.suffix(length))), to: part)
      #expect(part.array == Array(whole.array.suffix(length)))
    }
  }
}
