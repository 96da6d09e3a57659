/// Sums of pairs of integers over rows, by the bins that the rows have in every column.
///
/// Integers add up to the same whatever the order, so rows may be divided among threads at will, and the sums of some rows
/// are those of all less those of the rest, to the bit.
public enum GradientHistogram {
  /// sums[start + offsets[c] + bins[row, c]] += pairs[row] for the rows `order[range]` and every column c.
  ///
  /// `bins` is `[rows, columns]`, `pairs` `[rows]`; a column's bins begin at its place in `offsets`, and 256 places from
  /// there on are within `sums`. Cost: an addition a row and column.
  public static func add(
    _ order: [Int32], _ range: Range<Int>, bins: [UInt8], offsets: [Int32], pairs: [SIMD2<Int64>],
    to sums: inout [SIMD2<Int64>], at start: Int
  ) {
    let columns = offsets.count, rows = pairs.count
    precondition(
      range.lowerBound >= 0 && range.upperBound <= order.count && bins.count == rows * columns && start >= 0,
      "GradientHistogram: rows \(range) of \(order.count), \(bins.count) bins for [\(rows), \(columns)]")
    for offset in offsets {
      precondition(
        offset >= 0 && start + Int(offset) + 256 <= sums.count,
        "GradientHistogram: bins from \(start + Int(offset)) on in \(sums.count) sums")
    }
    order.withUnsafeBufferPointer { order in
      bins.withUnsafeBufferPointer { bins in
        offsets.withUnsafeBufferPointer { offsets in
          pairs.withUnsafeBufferPointer { pairs in
            sums.withUnsafeMutableBufferPointer { sums in
              guard let bins = bins.baseAddress, let sums = sums.baseAddress, let offsets = offsets.baseAddress else {
                return
              }
              let base = sums + start
              for place in range {
                let row = Int(order[place])
                precondition(row >= 0 && row < rows, "GradientHistogram: row \(row) of \(rows)")
                let pair = pairs[row], held = bins + row * columns
                for column in 0..<columns {
                  let place = base + Int(offsets[column]) + Int(held[column])
                  place.pointee &+= pair
                }
              }
            }
          }
        }
      }
    }
  }
}
