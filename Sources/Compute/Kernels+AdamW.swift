import CKernels

/// The factors of one step of AdamW (Loshchilov and Hutter 2019, algorithm 2).
///
/// `g = scale·gradient; m = β₁m + (1−β₁)g; v = β₂v + (1−β₂)g²;`
/// `value = (1 − rate·decay)·value − rate·(m/(1−β₁ᵗ)) / (√(v/(1−β₂ᵗ)) + ε)`
public struct AdamWFactors: Sendable {
  fileprivate let step: ck_adamw_step

  /// `step` is t, from 1; `scale` is the factor of gradient clipping, 1 without.
  public init(
    learningRate: Double, beta1: Double, beta2: Double, epsilon: Double, weightDecay: Double, step: Int,
    scale: Double = 1
  ) {
    precondition(step >= 1, "AdamWFactors: step \(step) is not positive")
    let correction1 = 1 - Self.power(beta1, step), correction2 = 1 - Self.power(beta2, step)
    self.step = ck_adamw_step(
      scale: Float(scale), beta1: Float(beta1), beta2: Float(beta2), rest1: Float(1 - beta1), rest2: Float(1 - beta2),
      rate: Float(learningRate / correction1), root: Float(1 / correction2.squareRoot()), epsilon: Float(epsilon),
      decay: Float(1 - learningRate * weightDecay))
  }

  /// base^exponent by repeated squaring: the same bits on every C library.
  private static func power(_ base: Double, _ exponent: Int) -> Double {
    var result = 1.0, square = base, left = exponent
    while left > 0 {
      if left & 1 == 1 { result *= square }
      square *= square
      left >>= 1
    }
    return result
  }
}

extension Kernels {
  /// One step of AdamW on one tensor and its moments m and v.
  public static func adamW(value: Buffer, gradient: Buffer, m: Buffer, v: Buffer, _ factors: AdamWFactors) {
    let n = value.count
    precondition(
      gradient.count == n && m.count == n && v.count == n,
      "Kernels.adamW: value \(n), gradient \(gradient.count), m \(m.count), v \(v.count) elements")
    ck_adamw(n, value.pointer, gradient.pointer, m.pointer, v.pointer, factors.step)
  }

  /// The same step, bit for bit, on a table whose gradient is 0 but in some rows.
  ///
  /// - Parameters:
  ///   - value: the table, `[rows of the table, width]`.
  ///   - rows: those rows, ascending, each once.
  ///   - gradient: `[rows.count, width]`.
  ///   - m: the first moments, as many as the table has values.
  ///   - v: the second moments, likewise.
  ///   - moving: for each row of the table 1 where m or v has an element other than 0; kept up to date. Rows that do
  ///     not move only decay, without a look at their moments.
  ///   - factors: those of the step.
  public static func adamW(
    table value: Buffer, rows: [Int32], gradient: Buffer, m: Buffer, v: Buffer, moving: inout [UInt8],
    _ factors: AdamWFactors
  ) {
    let width = moving.isEmpty ? 0 : value.count / moving.count
    precondition(
      value.count == moving.count * width && m.count == value.count && v.count == value.count
        && gradient.count == rows.count * width,
      "Kernels.adamW: table \(value.count), m \(m.count), v \(v.count), \(gradient.count) in \(rows.count) rows")
    precondition(
      zip(rows, rows.dropFirst()).allSatisfy { $0 < $1 } && (rows.first ?? 0) >= 0
        && Int(rows.last ?? -1) < moving.count,
      "Kernels.adamW: the rows do not ascend within a table of \(moving.count)")
    ck_adamw_rows(
      moving.count, width, value.pointer, rows.count, rows, gradient.pointer, m.pointer, v.pointer, &moving,
      factors.step)
  }

  /// For each row of `[rows, width]` tables 1 where one of them has an element other than 0.
  public static func movingRows(_ m: Buffer, _ v: Buffer, rows: Int) -> [UInt8] {
    let width = rows == 0 ? 0 : m.count / rows
    precondition(m.count == rows * width && v.count == m.count, "Kernels.movingRows: \(m.count), \(v.count) elements")
    return (0..<rows).map { row in
      (row * width..<(row + 1) * width).contains { m.pointer[$0] != 0 || v.pointer[$0] != 0 } ? 1 : 0
    }
  }
}
