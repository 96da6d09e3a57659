/// One row at a time, for what goes from row to row.
extension SparseRows {
  /// Σ_j x_j · dense[j] over the non-zeros of a row, in Double; `dense` has a value for each column at least.
  ///
  /// Four sums over every fourth non-zero, then these: the same bits wherever it runs.
  public func dot(_ row: Int, _ dense: [Double]) -> Double {
    precondition(dense.count >= columns, "SparseRows.dot: \(dense.count) values for \(columns) columns")
    let range = offsets[row]..<offsets[row + 1]
    return indices.withUnsafeBufferPointer { indices in
      values.withUnsafeBufferPointer { values in
        dense.withUnsafeBufferPointer { dense in
          var sums = SIMD4<Double>()
          var place = range.lowerBound
          while place + 4 <= range.upperBound {
            let weights = SIMD4(
              dense[Int(indices[place])], dense[Int(indices[place + 1])], dense[Int(indices[place + 2])],
              dense[Int(indices[place + 3])])
            let row = SIMD4(
              Double(values[place]), Double(values[place + 1]), Double(values[place + 2]), Double(values[place + 3]))
            sums += row * weights
            place += 4
          }
          var sum = (sums[0] + sums[1]) + (sums[2] + sums[3])
          while place < range.upperBound {
            sum += Double(values[place]) * dense[Int(indices[place])]
            place += 1
          }
          return sum
        }
      }
    }
  }

  /// dense[j] += scale · x_j over the non-zeros of a row.
  public func add(_ scale: Double, row: Int, to dense: inout [Double]) {
    precondition(dense.count >= columns, "SparseRows.add: \(dense.count) values for \(columns) columns")
    let range = offsets[row]..<offsets[row + 1]
    indices.withUnsafeBufferPointer { indices in
      values.withUnsafeBufferPointer { values in
        dense.withUnsafeMutableBufferPointer { dense in
          for place in range { dense[Int(indices[place])] += scale * Double(values[place]) }
        }
      }
    }
  }
}
