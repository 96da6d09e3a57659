import CKernels
import Foundation
import KernelVariants
import TestSupport
import Testing

@testable import Compute

/// The kernels of each instruction set that this processor has, portable first.
private var variants: [ck_variant] {
  var count: Int32 = 0
  let first = ck_variants(&count)
  return (0..<Int(count)).compactMap { first?[$0] }
}

/// Every kernel gives the same bits on every instruction set that this processor has.
@Suite(.enabled(if: variants.count > 1, "the processor has no more than the portable instructions"))
struct InstructionSetTests {
  private static func name(_ variant: ck_variant) -> String { String(cString: variant.name) }

  /// Bits by what they are of.
  typealias Outputs = [String: [UInt64]]

  private func expectSameBits(
    _ what: String, sourceLocation: SourceLocation = #_sourceLocation, _ outputs: (ck_variant) -> Outputs
  ) {
    let expected = outputs(variants[0])
    for variant in variants.dropFirst() {
      let found = outputs(variant)
      #expect(found.keys.sorted() == expected.keys.sorted(), sourceLocation: sourceLocation)
      for name in expected.keys.sorted() where found[name] != expected[name] {
        let place = zip(found[name] ?? [], expected[name] ?? []).enumerated().first { $0.element.0 != $0.element.1 }
        Issue.record(
          "\(name), \(what), \(Self.name(variant)): element \(place?.offset ?? -1) differs from the portable one",
          sourceLocation: sourceLocation)
      }
    }
  }

  private func bits(_ values: [Float]) -> [UInt64] { values.map { UInt64($0.bitPattern) } }
  private func values(_ count: Int, _ label: String, _ deviation: Double = 1) -> [Float] {
    NaiveTwin.values(count, label, deviation: deviation)
  }

  @Test("the list of variants has every kernel that is compiled for several instruction sets")
  func complete() throws {
    let sources = Fixtures.root.deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Sources/CKernels")
    var found: Set<String> = []
    for file in try FileManager.default.contentsOfDirectory(atPath: sources.path) where file.hasSuffix(".c") {
      let text = try String(contentsOf: sources.appendingPathComponent(file), encoding: .utf8)
      for line in text.split(separator: "\n") where line.hasPrefix("CK_CLONES ") {
        let head = try #require(line.split(separator: "(").first)
        found.insert(String(try #require(head.split(whereSeparator: { $0 == " " || $0 == "*" }).last)))
      }
    }
    let names = String(cString: ck_varied_names()).split(separator: " ").map(String.init)
    #expect(found == Set(names) && names.count == found.count)
    #expect(Self.name(variants[0]) == "portable" && variants.map(Self.name).last == Kernels.isa)
  }

  @Test("loops over elements", arguments: NaiveTwin.sizes)
  func elements(n: Int) {
    // The extremes of the exponential, and what is no number.
    let extremes: [Float] = [0, -0.0, 90, -90, 88.7, -87.3, 1e-30, -1e30, 1e30, .infinity, -.infinity, .nan]
    let x = Array((extremes + values(n, "x", 4)).prefix(max(n, 0))), z = values(n, "z"), d = values(n, "d")
    expectSameBits("n \(n)") { v in
      var outputs: Outputs = [:]
      func keep(_ name: String, from start: [Float], _ body: (inout [Float]) -> Void) {
        var y = start
        body(&y)
        outputs[name] = bits(y)
      }
      keep("add", from: z) { v.ck_add(n, x, &$0) }
      keep("axpy", from: z) { v.ck_axpy(n, 0.3, x, &$0) }
      keep("scaled copy", from: z) { v.ck_scaled_copy(n, 0.3, x, &$0) }
      keep("scale", from: z) { v.ck_scale(n, 0.3, &$0) }
      keep("sum", from: z) { v.ck_sum(n, x, d, &$0) }
      keep("exp", from: z) { v.ck_exp(n, x, &$0) }
      keep("tanh", from: z) { v.ck_tanh(n, x, &$0) }
      keep("sigmoid", from: z) { v.ck_sigmoid(n, x, &$0) }
      keep("activate tanh", from: x) { v.ck_activate_tanh(n, &$0) }
      keep("activate gelu", from: x) { v.ck_activate_gelu(n, &$0) }
      var slope = [Float](repeating: 0, count: n)
      keep("gelu", from: x) { v.ck_activate_gelu_slope(n, &$0, &slope) }
      outputs["gelu slope"] = bits(slope)
      keep("vector add", from: z) { v.ck_vector_add(&$0, 0.3, x, n) }
      keep("vector scale", from: z) { v.ck_vector_scale(&$0, 0.3, n) }
      keep("vector combine", from: z) { v.ck_vector_combine(&$0, x, 0.3, d, n) }
      for accumulate: Int32 in [0, 1] {
        keep("dropout \(accumulate)", from: z) { v.ck_dropout(n, x, 77, 1 << 30, 1.25, &$0, accumulate) }
      }
      outputs["dot"] = [v.ck_vector_dot(z, d, n).bitPattern]
      outputs["largest"] = bits([v.ck_vector_max_magnitude(z, n)])
      outputs["sum of squares"] = [v.ck_sum_of_squares(n, z).bitPattern]
      keep("add, sum of squares", from: z) { outputs["squares"] = [v.ck_add_sum_of_squares(n, d, &$0).bitPattern] }
      let step = ck_adamw_step(
        scale: 0.5, beta1: 0.9, beta2: 0.999, rest1: 0.1, rest2: 0.001, rate: 0.01, root: 1.1, epsilon: 1e-8,
        decay: 0.99)
      var (m, s) = (d, z.map { $0 * $0 })
      keep("adamw", from: z) { v.ck_adamw(n, &$0, d, &m, &s, step) }
      outputs["moments"] = bits(m + s)
      (m, s) = ([Float](repeating: 0, count: 3 * n), [Float](repeating: 0, count: 3 * n))
      var moving: [UInt8] = [1, 0, 0]
      keep("adamw rows", from: z + d + z) { v.ck_adamw_rows(3, n, &$0, 1, [1], d, &m, &s, &moving, step) }
      outputs["moments of rows"] = bits(m + s) + moving.map(UInt64.init)
      return outputs
    }
  }

  @Test("loops over rows", arguments: [1, 7, 15, 16, 17, 100])
  func rows(width: Int) {
    let rows = 5, n = rows * width
    let x = values(n, "x", 2), y = values(n, "y"), gain = values(width, "g"), bias = values(width, "b")
    expectSameBits("width \(width)") { v in
      var outputs: Outputs = [:]
      for accumulate: Int32 in [0, 1] {
        var (a, sums) = (y, gain)
        v.ck_gelu_backward(rows, width, x, &a, &sums, accumulate)
        outputs["gelu backward \(accumulate)"] = bits(a + sums)
        (a, sums) = (y, gain)
        v.ck_tanh_backward(rows, width, x, &a, &sums, accumulate)
        outputs["tanh backward \(accumulate)"] = bits(a + sums)
        sums = gain
        v.ck_column_sums(rows, width, x, &sums, accumulate)
        outputs["column sums \(accumulate)"] = bits(sums)
        a = y
        v.ck_copy_columns(rows, width, x, width, &a, width, accumulate)
        outputs["copy columns \(accumulate)"] = bits(a)
      }
      for threshold: UInt32 in [0, 1 << 30] {
        var (a, normal, scales) = (y, y, values(rows, "s"))
        v.ck_layer_norm(rows, width, x, y, gain, bias, 1e-5, 9, threshold, 1.25, &a, &normal, &scales)
        outputs["layer norm \(threshold)"] = bits(a + normal + scales)
        var (dGain, dBias, dx, dResidual) = (gain, bias, y, x)
        v.ck_layer_norm_backward(
          rows, width, x, normal, scales, gain, 9, threshold, 1.25, &dGain, &dBias, &dx, &dResidual, 5)
        outputs["layer norm backward \(threshold)"] = bits(dGain + dBias + dx + dResidual)
      }
      var table = y
      v.ck_scatter_add(3, width, [4, 0, 4], x, &table)
      outputs["scatter"] = bits(table)
      v.ck_gather3(3, width, [4, 0, 4], x, [1, 2, 3], y, [0, 0, 1], x, &table)
      outputs["gather"] = bits(table)
      var a = x
      v.ck_softmax_rows(rows, width, &a)
      outputs["softmax"] = bits(a)
      for (offsets, gamma) in [(nil, 0), (y, 1.5)] as [([Float]?, Double)] {
        let loss = v.ck_cross_entropy(
          rows, width, x, [0, width - 1, 0, width / 2, 0], gain.map(abs), offsets, gamma, 3, &a)
        outputs["cross-entropy \(gamma)"] = bits(a) + [loss.bitPattern]
      }
      for temperature in [1, 3.7] {
        let loss = v.ck_soft_cross_entropy(rows, width, x, y.map(abs), temperature, 3, &a)
        outputs["soft cross-entropy \(temperature)"] = bits(a) + [loss.bitPattern]
      }
      return outputs
    }
  }

  @Test("loops over sequences", arguments: [1, 7, 16, 17, 100])
  func sequences(width: Int) {
    let offsets = [0, 1, 1, 4, 9], n = 9 * width
    let x = values(n, "x", 2), dy = values(4 * width, "dy"), scores = values(9, "s", 3)
    expectSameBits("width \(width)") { v in
      var outputs: Outputs = [:]
      var (pooled, dx) = (dy, x)
      v.ck_mean_pool(4, offsets, width, x, &pooled)
      outputs["mean"] = bits(pooled)
      for accumulate: Int32 in [0, 1] {
        dx = x
        v.ck_mean_pool_backward(4, offsets, width, dy, &dx, accumulate)
        outputs["mean backward \(accumulate)"] = bits(dx)
      }
      var places = [Int32](repeating: 0, count: 4 * width)
      v.ck_max_pool(4, offsets, width, x, &pooled, &places)
      outputs["max"] = bits(pooled) + places.map { UInt64(UInt32(bitPattern: $0)) }
      var shares = scores
      v.ck_attention_pool(4, offsets, width, x, scores, &shares, &pooled)
      outputs["attention"] = bits(pooled + shares)
      var dScores = scores
      dx = x
      v.ck_attention_pool_backward(4, offsets, width, x, shares, dy, &dx, &dScores)
      outputs["attention backward"] = bits(dx + dScores)
      // An LSTM's step over two sequences, forwards and back.
      var gates = values(2 * 4 * width, "gates"), (cell, state, output, cells) = (dy, dy, dy, dy)
      let recurrent = values(2 * 4 * width, "recurrent"), bias = values(4 * width, "bias")
      v.ck_lstm_step(2, width, [1, 0], &gates, bias, recurrent, &cell, &state, &output, &cells)
      outputs["lstm"] = bits(gates + cell + state + output + cells)
      var packed = recurrent
      let zero = [Float](repeating: 0, count: width)
      v.ck_lstm_step_backward(2, width, [1, 0], [0, -1], &gates, cells, dy, x, &cell, zero, &packed)
      outputs["lstm backward"] = bits(gates + cell + packed)
      // The same of a GRU and of a simple recurrent network.
      let thirds = Array(recurrent.prefix(6 * width))
      gates = values(2 * 3 * width, "gates")
      (state, output) = (dy, dy)
      var side = thirds
      v.ck_gru_step(2, width, [1, 0], &gates, bias, thirds, &state, &output, &side)
      outputs["gru"] = bits(gates + state + output + side)
      packed = thirds
      v.ck_gru_step_backward(2, width, [1, 0], [0, -1], &gates, &side, output, dy, &state, zero, &packed)
      outputs["gru backward"] = bits(gates + side + state + packed)
      gates = values(2 * width, "gates")
      v.ck_rnn_step(2, width, [1, 0], gates, bias, thirds, &state, &output)
      outputs["rnn"] = bits(state + output)
      v.ck_rnn_step_backward(2, width, [1, 0], &gates, output, dy, x, zero, &packed)
      outputs["rnn backward"] = bits(gates + packed)
      return outputs
    }
  }

  @Test("filters over windows, and bags of features", arguments: [1, 7, 16, 17, 100])
  func windows(width: Int) {
    let offsets = [0, 1, 1, 4, 9], x = values(9 * width, "x", 2), weight = values(3 * 2 * width, "w")
    let dy = values(4 * 3, "dy"), bias = values(3, "bias", 0.1)
    expectSameBits("width \(width)") { v in
      var outputs: Outputs = [:]
      var y = values(4 * 3, "y")
      v.ck_bias_relu(4, 3, bias, &y)
      outputs["relu"] = bits(y)
      var (dx, dWeight, dBias) = (x, weight, bias)
      v.ck_convolution_backward(
        4, offsets, width, 2, 3, x, weight, y, [0, 1, 1, 2, 2, 2, 3, 4, 6, 7, 12, 9], dy, &dx, &dWeight, &dBias)
      outputs["convolution"] = bits(dx + dWeight + dBias)
      var table = x, classes = weight, hidden = Array(x.prefix(width)), answers = bias, back = hidden
      v.ck_bag_read(3, [0, 8, 2], bias, table, width, &hidden)
      for isMultiLabel: Int32 in [0, 1] {
        v.ck_bag_answer(3, width, classes, hidden, isMultiLabel, &answers)
        outputs["answers \(isMultiLabel)"] = bits(hidden + answers)
      }
      var (unit, lengths, dots) = (x, dy, dy)
      v.ck_unit_rows(9, width, x, &unit, &lengths)
      var dUnit = x
      v.ck_unit_rows_backward(9, width, unit, lengths, x, &dUnit)
      v.ck_row_dots(9, width, x, unit, &dots)
      outputs["unit rows"] = bits(unit + lengths + dUnit + dots)
      dx = x
      v.ck_row_dots_backward(9, width, unit, dots, &dx)
      outputs["dots backward"] = bits(dx)
      v.ck_bag_step(3, [0, 8, 2], bias, &table, 3, width, &classes, hidden, answers, 0.5, &back)
      outputs["step"] = bits(table + classes + back)
      return outputs
    }
  }

  @Test("sparse products and their softmax", arguments: [(3, 4), (8, 8), (14, 16), (77, 80)])
  func sparse(classes: Int, stride: Int) {
    let dense = values(9 * stride, "dense"), initial = values(stride, "initial"), weights = values(11, "w")
    expectSameBits("classes \(classes)") { v in
      var outputs: Outputs = [:]
      var out = [Float](repeating: 0, count: 4 * stride)
      let indices: [Int32] = [0, 3, 8, 1, 2, 4, 5, 7, 8, 0, 6]
      v.ck_sparse_multiply([0, 3, 3, 8, 11], indices, weights, 0, 4, dense, stride, initial, &out)
      outputs["product"] = bits(out)
      var probabilities = [Float](repeating: 0, count: 4 * classes)
      v.ck_softmax_rows_strided(out, 4, classes, stride, &probabilities)
      outputs["softmax"] = bits(probabilities)
      var sums = [Double](repeating: 0.5, count: stride)
      let loss = v.ck_softmax_residual(&out, [0, 1, 2, 0], weights.map(abs), 4, classes, stride, &sums)
      outputs["residual"] = bits(out) + sums.map(\.bitPattern) + [loss.bitPattern]
      return outputs
    }
  }

  @Test("attention and its gradient", arguments: [1, 7, 16, 17, 40], [4, 16, 24])
  func attention(length: Int, width: Int) {
    defer { ck_force_products(nil) }
    let heads = 2, h = heads * width, stride = (length + 15) / 16 * 16
    let qkv = values(length * 3 * h, "qkv"), dy = values(length * h, "dy")
    expectSameBits("length \(length), width \(width)") { v in
      ck_force_products(v.name)
      var outputs: Outputs = [:]
      for (threshold, window) in [(0, .max), (1 << 30, .max), (0, 3)] as [(UInt32, Int)] {
        var form = ck_attention(
          heads: heads, width: width, scale: 0.3, key: 5, threshold: threshold, keep: 1.25, window: window)
        var scratch = [Float](repeating: 0, count: ck_attention_scratch(length, width))
        var (shares, y) = ([Float](repeating: 0, count: heads * length * stride), dy)
        v.ck_attention_forward(&form, length, qkv, 3, &shares, &y, &scratch)
        outputs["forward \(threshold) \(window)"] = bits(shares + y)
        for accumulate: Int32 in [0, 1] {
          var gradient = qkv
          v.ck_attention_backward(&form, length, qkv, 3, shares, dy, &gradient, accumulate, &scratch)
          outputs["backward \(threshold) \(window) \(accumulate)"] = bits(gradient)
        }
      }
      return outputs
    }
  }

  @Test("rotations, rectified outputs and gated GELU", arguments: [2, 14, 16, 34])
  func rotationsAndGates(width: Int) {
    let (rows, heads) = (5, 3)
    let qkv = values(rows * 3 * heads * width, "qkv"), tables = values(4 * width, "tables")
    let x = values(rows * 2 * width, "x"), dy = values(rows * width, "dy")
    expectSameBits("width \(width)") { v in
      var outputs: Outputs = [:]
      for sign: Float in [1, -1] {
        var turned = qkv
        v.ck_rotate(rows, heads, width, [0, 3, 1, 2, 0], tables, tables.reversed(), sign, &turned)
        outputs["turned \(sign)"] = bits(turned)
      }
      var (rectified, d, sums) = (dy, dy, [Float](repeating: 0.5, count: width))
      v.ck_activate_relu(rows * width, &rectified)
      v.ck_relu_backward(rows, width, rectified, &d, &sums, 1)
      outputs["rectified"] = bits(rectified + d + sums)
      var gated = dy
      v.ck_gated_gelu(rows, width, x, &gated)
      outputs["gated"] = bits(gated)
      for accumulate: Int32 in [0, 1] {
        var dx = x
        v.ck_gated_gelu_backward(rows, width, x, dy, &dx, accumulate)
        outputs["gated backward \(accumulate)"] = bits(dx)
      }
      return outputs
    }
  }

  @Test("products of panels, where the instruction set has them", arguments: [1, 5, 12, 13, 150])
  func panels(rows m: Int) {
    defer { ck_force_products(nil) }
    let (n, k) = (37, 500)
    let a = values(m * k, "a"), b = values(k * n, "b"), start = values(m * n, "c")
    var expected: [UInt64]?
    for variant in variants {
      ck_force_products(variant.name)
      let width = ck_panel_width()
      guard width > 0 else { continue }
      for transposed in [false, true] {
        var panels = [Float](repeating: 0, count: (n + width - 1) / width * width * k)
        // Held as b [k, n], and as bᵀ.
        let held = transposed ? (0..<n).flatMap { j in (0..<k).map { b[$0 * n + j] } } : b
        variant.ck_panel_pack(k, n, held, transposed ? 1 : n, transposed ? k : 1, &panels)
        var (c, scratch) = (start, [Float](repeating: 0, count: ck_panel_scratch()))
        ck_panel_multiply(m, n, k, a, k, 1, panels, 1, &c, n, &scratch)
        #expect(bits(c) == expected ?? bits(c), "\(Self.name(variant)), transposed \(transposed)")
        expected = bits(c)
      }
    }
  }
}
