import CKernels

/// A matrix of few non-zeros, row by row (CSR): the features of texts.
public struct SparseRows: Sendable, Equatable {
  /// Row `r` holds the non-zeros `offsets[r] ..< offsets[r + 1]`; count = rows + 1.
  public private(set) var offsets: [Int] = [0]
  /// Column of each non-zero.
  public private(set) var indices: [Int32] = []
  public private(set) var values: [Float] = []
  public let columns: Int

  public init(columns: Int) {
    precondition(columns >= 0 && columns <= Int(Int32.max), "SparseRows: \(columns) columns")
    self.columns = columns
  }

  /// So many rows of zeros.
  public init(columns: Int, rows: Int) {
    self.init(columns: columns)
    offsets = [Int](repeating: 0, count: rows + 1)
  }

  private init(columns: Int, offsets: [Int], indices: [Int32], values: [Float]) {
    (self.columns, self.offsets, self.indices, self.values) = (columns, offsets, indices, values)
  }

  /// Number of rows.
  public var count: Int { offsets.count - 1 }
  /// Number of stored values.
  public var nonZeros: Int { values.count }

  /// Adds one row; `indices` are columns, each at most once, and have one value each.
  public mutating func append(indices: [Int32], values: [Float]) {
    precondition(
      indices.count == values.count, "SparseRows.append: \(indices.count) indices for \(values.count) values")
    for index in indices {
      precondition(
        index >= 0 && Int(index) < columns, "SparseRows.append: column \(index) of a matrix of \(columns) columns")
    }
    self.indices += indices
    self.values += values
    offsets.append(self.indices.count)
  }

  /// The rows in `range`, copied.
  public subscript(range: Range<Int>) -> SparseRows {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "SparseRows: rows \(range) of \(count)")
    let start = offsets[range.lowerBound], end = offsets[range.upperBound]
    return SparseRows(
      columns: columns, offsets: offsets[range.lowerBound...range.upperBound].map { $0 - start },
      indices: Array(indices[start..<end]), values: Array(values[start..<end]))
  }

  /// The rows of these numbers, in the order given.
  public func rows(_ numbers: [Int]) -> SparseRows {
    var taken = SparseRows(columns: columns)
    for row in numbers {
      let range = offsets[row]..<offsets[row + 1]
      taken.append(indices: Array(indices[range]), values: Array(values[range]))
    }
    return taken
  }

  /// Each row with the columns of another matrix' row behind its own.
  public func beside(_ other: SparseRows) -> SparseRows {
    precondition(count == other.count, "SparseRows.beside: \(count) rows and \(other.count)")
    var joined = SparseRows(columns: columns + other.columns)
    for row in 0..<count {
      let (own, added) = (offsets[row]..<offsets[row + 1], other.offsets[row]..<other.offsets[row + 1])
      joined.append(
        indices: Array(indices[own]) + other.indices[added].map { $0 + Int32(columns) },
        values: Array(values[own]) + other.values[added])
    }
    return joined
  }

  /// The same matrix with each column times its factor.
  public func scaled(columns factors: [Float]) -> SparseRows {
    precondition(factors.count == columns, "SparseRows.scaled: \(factors.count) factors for \(columns) columns")
    return SparseRows(
      columns: columns, offsets: offsets, indices: indices,
      values: indices.indices.map { values[$0] * factors[Int(indices[$0])] })
  }

  /// The same matrix with rows and columns exchanged, so that `rowsᵀ × dense` is `transposed() × dense`: every
  /// row of that product is summed by itself, and its bits do not depend on how the work is divided.
  public func transposed() -> SparseRows {
    precondition(count <= Int(Int32.max), "SparseRows.transposed: \(count) rows")
    var starts = [Int](repeating: 0, count: columns + 1)
    for index in indices { starts[Int(index) + 1] += 1 }
    for column in 0..<columns { starts[column + 1] += starts[column] }
    var next = starts
    var rows = [Int32](repeating: 0, count: indices.count)
    var turned = [Float](repeating: 0, count: values.count)
    for row in 0..<count {
      for k in offsets[row]..<offsets[row + 1] {
        let column = Int(indices[k])
        rows[next[column]] = Int32(row)
        turned[next[column]] = values[k]
        next[column] += 1
      }
    }
    return SparseRows(columns: count, offsets: starts, indices: rows, values: turned)
  }

  /// Columns to store for `count` columns of a dense operand: the vector widths that the product knows.
  public static func stride(columns count: Int) -> Int {
    count <= 4 ? 4 : count <= 8 ? 8 : (count + 15) / 16 * 16
  }

  /// out = rows × dense, and the dense row `initialRow` (a bias) added to every row of the product.
  ///
  /// `dense` is `[columns or more, stride]`, `out` is `[count or more, stride]`; `stride` comes from
  /// `stride(columns:)`. Every output element is summed in the order of the non-zeros, whatever the threads.
  public func multiply(
    _ dense: [Float], stride: Int, initialRow: Int? = nil, into out: inout [Float], pool: WorkerPool
  ) {
    precondition(
      stride == Self.stride(columns: stride), "SparseRows.multiply: stride \(stride) is not a vector width")
    precondition(
      dense.count >= columns * stride && out.count >= count * stride,
      "SparseRows.multiply: [\(count), \(columns)] × \(dense.count) floats into \(out.count), stride \(stride)")
    precondition(
      initialRow.map { $0 >= 0 && ($0 + 1) * stride <= dense.count } ?? true,
      "SparseRows.multiply: initial row \(initialRow ?? 0) of \(dense.count / stride)")
    let cuts = evenCuts(parts: pool.threads == 1 ? 1 : pool.threads * 4)
    offsets.withUnsafeBufferPointer { offsets in
      indices.withUnsafeBufferPointer { indices in
        values.withUnsafeBufferPointer { values in
          dense.withUnsafeBufferPointer { dense in
            out.withUnsafeMutableBufferPointer { out in
              let initial = initialRow.flatMap { row in dense.baseAddress.map { $0 + row * stride } }
              pool.run(cuts.count - 1) { part in
                ck_sparse_multiply(
                  offsets.baseAddress, indices.baseAddress, values.baseAddress, cuts[part], cuts[part + 1],
                  dense.baseAddress, stride, initial, out.baseAddress)
              }
            }
          }
        }
      }
    }
  }

  /// Row numbers that cut the rows into at most `parts` runs of about equal work, first 0, last `count`.
  private func evenCuts(parts: Int) -> [Int] {
    guard count > 0 else { return [0] }
    var cuts = [0]
    // A row costs its non-zeros and a little for itself.
    let total = nonZeros + count * 8
    for part in 1..<max(parts, 1) {
      let wanted = total * part / parts
      var low = cuts[cuts.count - 1], high = count
      while low < high {
        let middle = (low + high) / 2
        if offsets[middle] + middle * 8 < wanted { low = middle + 1 } else { high = middle }
      }
      if low > cuts[cuts.count - 1] && low < count { cuts.append(low) }
    }
    return cuts + [count]
  }
}
