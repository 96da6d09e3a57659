import CKernels

/// A matrix made ready for products of many others with it, in whatever form computes them: floats, or fewer bits.
package protocol PackedOperand: Sendable {
  /// c `[m, columns]` = a `[m, rows]` · self, or c += that.
  func multiply(_ a: BLAS.Matrix, m: Int, into c: BLAS.Matrix, accumulate: Bool)
}

/// A matrix packed once for many products: a recurrent weight for all time steps, a model's weights for all texts.
///
/// BLAS packs its operands at every call, which at 32 rows costs as much as half the product. Where there is
/// no kernel for the processor, the products are BLAS's. Nothing in it changes after it is made.
package final class PackedMatrix: PackedOperand, @unchecked Sendable {
  private let rows: Int
  private let columns: Int
  private let source: BLAS.Matrix
  /// Nil where BLAS computes the product.
  private let panels: Buffer?

  /// Packs b `[rows, columns]` (after transposition). `source` must not change while this lives.
  package init(_ source: BLAS.Matrix, rows: Int, columns: Int, in workspace: Workspace) {
    source.check(rows, columns, "packed matrix")
    (self.source, self.rows, self.columns) = (source, rows, columns)
    let width = ck_panel_width()
    guard width > 0 else {
      panels = nil
      return
    }
    let panels = Buffer(count: (columns + width - 1) / width * width * rows, in: workspace, zeroed: false)
    let row = source.transposed ? 1 : source.stride, column = source.transposed ? source.stride : 1
    ck_panel_pack(rows, columns, source.buffer.pointer + source.offset, row, column, panels.pointer)
    self.panels = panels
  }

  package func multiply(_ a: BLAS.Matrix, m: Int, into c: BLAS.Matrix, accumulate: Bool = false) {
    precondition(!c.transposed, "PackedMatrix.multiply: c cannot be transposed")
    guard let panels else {
      BLAS.gemm(m: m, n: columns, k: rows, a, source, into: c, beta: accumulate ? 1 : 0)
      return
    }
    a.check(m, rows, "a")
    c.check(m, columns, "c")
    let scratch = a.transposed ? Buffer(count: ck_panel_scratch(), in: panels.workspace, zeroed: false) : nil
    ck_panel_multiply(
      m, columns, rows, a.buffer.pointer + a.offset, a.transposed ? 1 : a.stride, a.transposed ? a.stride : 1,
      panels.pointer, accumulate ? 1 : 0, c.buffer.pointer + c.offset, c.stride, scratch?.pointer)
  }

  /// c `[m, n]` = a `[m, k]` · b `[k, n]`, or c += that, where b serves for this product alone.
  ///
  /// With AVX-512 our kernel is as fast as OpenBLAS's best even with the packing, and twice as fast as what OpenBLAS takes
  /// where it does not know the processor or is told to use AVX2; with AVX2 BLAS is the faster one.
  package static func product(
    m: Int, n: Int, k: Int, _ a: BLAS.Matrix, _ b: BLAS.Matrix, into c: BLAS.Matrix, accumulate: Bool = false,
    in workspace: Workspace
  ) {
    if ck_panel_width() == 32 {
      PackedMatrix(b, rows: k, columns: n, in: workspace).multiply(a, m: m, into: c, accumulate: accumulate)
    } else {
      BLAS.gemm(m: m, n: n, k: k, a, b, into: c, beta: accumulate ? 1 : 0)
    }
  }
}
