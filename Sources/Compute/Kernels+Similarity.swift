import CKernels

/// Rows of length 1 and their products.
extension Kernels {
  /// y = x / ‖x‖ of each row, and 1 / ‖x‖; a row of zeros stays one.
  package static func unitRows(_ x: Buffer, width: Int, to y: Buffer, inverse: Buffer) {
    precondition(
      x.count == y.count && x.count == inverse.count * width,
      "Kernels.unitRows: \(x.count), \(y.count) and \(inverse.count) elements of width \(width)")
    ck_unit_rows(inverse.count, width, x.pointer, y.pointer, inverse.pointer)
  }

  /// Adds to dx.
  package static func backwardUnitRows(_ dy: Buffer, y: Buffer, inverse: Buffer, width: Int, dx: Buffer) {
    precondition(
      dy.count == y.count && dx.count == y.count && y.count == inverse.count * width,
      "Kernels.backwardUnitRows: \(dy.count), \(y.count) and \(dx.count) elements of width \(width)")
    ck_unit_rows_backward(inverse.count, width, y.pointer, inverse.pointer, dy.pointer, dx.pointer)
  }

  /// y = Σ a·b of each row.
  package static func rowDots(_ a: Buffer, _ b: Buffer, width: Int, to y: Buffer) {
    precondition(
      a.count == b.count && a.count == y.count * width,
      "Kernels.rowDots: \(a.count), \(b.count) and \(y.count) elements of width \(width)")
    ck_row_dots(y.count, width, a.pointer, b.pointer, y.pointer)
  }

  /// Adds dy·other of each row to dx.
  package static func backwardRowDots(_ dy: Buffer, other: Buffer, width: Int, dx: Buffer) {
    precondition(
      other.count == dx.count && dx.count == dy.count * width,
      "Kernels.backwardRowDots: \(dy.count), \(other.count) and \(dx.count) elements of width \(width)")
    ck_row_dots_backward(dy.count, width, other.pointer, dy.pointer, dx.pointer)
  }
}
