import CKernels

/// The vectorised loops, checked: elementwise arithmetic, reductions and the optimiser's step.
///
/// The C code behind them gives the same bits on AVX-512, AVX2 and portable builds.
public enum Kernels {
  /// The instruction set in use: `avx512`, `avx2` or `portable`.
  public static var isa: String { String(cString: ck_isa()) }

  /// y += x.
  public static func add(_ x: Buffer, to y: Buffer) {
    precondition(x.count == y.count, "Kernels.add: \(x.count) and \(y.count) elements")
    ck_add(x.count, x.pointer, y.pointer)
  }

  /// y += a·x.
  public static func axpy(_ a: Float, _ x: Buffer, to y: Buffer) {
    precondition(x.count == y.count, "Kernels.axpy: \(x.count) and \(y.count) elements")
    ck_axpy(x.count, a, x.pointer, y.pointer)
  }

  /// y = a·x.
  public static func scaledCopy(_ a: Float, _ x: Buffer, to y: Buffer) {
    precondition(x.count == y.count, "Kernels.scaledCopy: \(x.count) and \(y.count) elements")
    ck_scaled_copy(x.count, a, x.pointer, y.pointer)
  }

  /// y = a·y.
  public static func scale(_ a: Float, _ y: Buffer) { ck_scale(y.count, a, y.pointer) }

  /// z = x + y.
  public static func sum(_ x: Buffer, _ y: Buffer, to z: Buffer) {
    precondition(x.count == y.count && x.count == z.count, "Kernels.sum: \(x.count), \(y.count), \(z.count) elements")
    ck_sum(x.count, x.pointer, y.pointer, z.pointer)
  }

  /// Σ x², accumulated in Double.
  public static func sumOfSquares(_ x: Buffer) -> Double { ck_sum_of_squares(x.count, x.pointer) }

  /// y += x, and the new Σ y² in Double, in one pass.
  public static func addSumOfSquares(_ x: Buffer, to y: Buffer) -> Double {
    precondition(x.count == y.count, "Kernels.addSumOfSquares: \(x.count) and \(y.count) elements")
    return ck_add_sum_of_squares(x.count, x.pointer, y.pointer)
  }

  /// y = eˣ.
  public static func exp(_ x: Buffer, to y: Buffer) {
    precondition(x.count == y.count, "Kernels.exp: \(x.count) and \(y.count) elements")
    ck_exp(x.count, x.pointer, y.pointer)
  }

  /// y = tanh x.
  public static func tanh(_ x: Buffer, to y: Buffer) {
    precondition(x.count == y.count, "Kernels.tanh: \(x.count) and \(y.count) elements")
    ck_tanh(x.count, x.pointer, y.pointer)
  }

  /// y = 1/(1 + e⁻ˣ).
  public static func sigmoid(_ x: Buffer, to y: Buffer) {
    precondition(x.count == y.count, "Kernels.sigmoid: \(x.count) and \(y.count) elements")
    ck_sigmoid(x.count, x.pointer, y.pointer)
  }

  /// Softmax of each row of `[rows, columns]`, in place.
  public static func softmaxRows(_ x: Buffer, rows: Int, columns: Int) {
    precondition(rows * columns == x.count, "Kernels.softmaxRows: [\(rows), \(columns)] in \(x.count) elements")
    guard columns > 0 else { return }
    ck_softmax_rows(rows, columns, x.pointer)
  }

}
