/// How the values of one training column fall into bins, and the bin of each row.
///
/// Numbers: one bin for each different value where there are few enough, else bins of about equally many rows, in which a
/// value of many rows has one of its own (the greedy rule of LightGBM: Ke et al. 2017). Categories: one bin each, in the
/// order of their codes, of the most frequent ones where there are too many. What is missing, and every other category,
/// has one bin more, the last; it is there where some row is in it.
struct ColumnBins {
  let kind: TableColumns.Kind
  /// Bins without that of what is missing.
  private(set) var count = 0
  private(set) var hasMissing = false
  /// Of numbers: bin `b` holds what is at most `edges[b]` and above `edges[b − 1]`; the last edge is ∞.
  private(set) var edges: [Float] = []
  /// Of categories: the code of each bin, ascending.
  private(set) var codes: [Int32] = []
  /// The bin of each row.
  private(set) var rows: [UInt8]

  /// All bins.
  var total: Int { count + (hasMissing ? 1 : 0) }

  init(_ column: TableColumns.Column, settings: BoostingSettings, sorter: inout EntrySort) {
    kind = column.kind
    rows = [UInt8](repeating: 0, count: column.count)
    var words = [UInt64](repeating: 0, count: column.count)
    switch column {
    case .numbers(let all):
      for (row, value) in all.enumerated() { words[row] = UInt64(TreeColumns.key(value)) << 32 | UInt64(row) }
      sorter.sort(&words, words.indices)
      cut(words, settings)
    case .categories(let all):
      for (row, code) in all.enumerated() { words[row] = UInt64(UInt32(bitPattern: code)) << 32 | UInt64(row) }
      sorter.sort(&words, words.indices)
      choose(words, settings)
    }
  }

  /// A run of equal values in sorted words.
  private struct Run {
    var key: UInt32
    var range: Range<Int>
  }

  private static func runs(_ words: ArraySlice<UInt64>) -> [Run] {
    var runs: [Run] = []
    var start = words.startIndex
    while start < words.endIndex {
      let key = words[start] >> 32
      var end = start + 1
      while end < words.endIndex, words[end] >> 32 == key { end += 1 }
      runs.append(Run(key: UInt32(key), range: start..<end))
      start = end
    }
    return runs
  }

  // MARK: Numbers

  private mutating func cut(_ words: [UInt64], _ settings: BoostingSettings) {
    let missing = UInt64(TreeColumns.key(.nan)) << 32
    var known = words.count
    while known > 0, words[known - 1] >= missing { known -= 1 }
    hasMissing = known < words.count
    let runs = Self.runs(words[..<known])
    let ends = Self.ends(
      runs.map { $0.range.count }, most: settings.bins - (hasMissing ? 1 : 0), least: settings.minimumBin)
    var first = 0
    for (bin, end) in ends.enumerated() {
      for run in runs[first..<end] { for place in run.range { rows[Int(words[place] & 0xffff_ffff)] = UInt8(bin) } }
      edges.append(end < runs.count ? TreeColumns.threshold(runs[end - 1].key, runs[end].key) : .infinity)
      first = end
    }
    count = ends.count
    for place in known..<words.count { rows[Int(words[place] & 0xffff_ffff)] = UInt8(count) }
  }

  /// Where each bin ends among values with so many rows each.
  ///
  /// - Parameters:
  ///   - most: bins at most, 1 or more.
  ///   - least: rows of a bin at least, but for the last one.
  static func ends(_ counts: [Int], most: Int, least: Int) -> [Int] {
    guard !counts.isEmpty else { return [] }
    let rows = counts.reduce(0, +)
    var ends: [Int] = [], held = 0
    if counts.count <= most {
      for (value, count) in counts.enumerated() {
        held += count
        if held >= least || value == counts.count - 1 {
          ends.append(value + 1)
          held = 0
        }
      }
      return ends
    }
    let bins = max(1, min(most, rows / least))
    // A value with more rows than a bin has on average gets a bin; the others share the rest.
    let isLarge = counts.map { $0 * bins >= rows }
    var restBins = bins - isLarge.count { $0 }
    var rest = zip(counts, isLarge).reduce(0) { $0 + ($1.1 ? 0 : $1.0) }
    for value in counts.indices.dropLast() where ends.count < bins - 1 {
      held += counts[value]
      if !isLarge[value] { rest -= counts[value] }
      // Rows that a bin of the rest should have.
      let share = Double(rest + (isLarge[value] ? 0 : held)) / Double(max(restBins, 1))
      let isFull = Double(held) >= share || isLarge[value + 1] && Double(held) >= share / 2
      if isLarge[value] || isFull && held >= least {
        ends.append(value + 1)
        if !isLarge[value] { restBins -= 1 }
        held = 0
      }
    }
    return ends + [counts.count]
  }

  // MARK: Categories

  private mutating func choose(_ words: [UInt64], _ settings: BoostingSettings) {
    // Negative codes have the highest bit, so they stand last.
    var known = words.count
    while known > 0, words[known - 1] >> 63 == 1 { known -= 1 }
    var runs = Self.runs(words[..<known])
    let most = settings.bins - 1
    if runs.count > most {
      runs.sort { ($1.range.count, $0.key) < ($0.range.count, $1.key) }
      runs = runs.prefix(most).sorted { $0.key < $1.key }
    }
    count = runs.count
    for row in rows.indices { rows[row] = UInt8(count) }
    var held = 0
    for (bin, run) in runs.enumerated() {
      codes.append(Int32(bitPattern: run.key))
      held += run.range.count
      for place in run.range { rows[Int(words[place] & 0xffff_ffff)] = UInt8(bin) }
    }
    hasMissing = held < words.count
  }
}

/// The bins of all rows in the columns that have more than one bin.
struct BinnedRows {
  let rows: Int
  /// Columns that are looked at, among those of the table.
  let columns: [Int]
  let bins: [ColumnBins]
  /// `[rows, columns looked at]`
  let held: [UInt8]
  /// Where the bins of each column looked at begin.
  let offsets: [Int32]
  /// Bins of all columns looked at.
  let total: Int

  init(_ table: TableColumns, settings: BoostingSettings) {
    rows = table.rows
    var sorter = EntrySort(capacity: table.rows)
    bins = table.columns.map { ColumnBins($0, settings: settings, sorter: &sorter) }
    let columns = bins.indices.filter { [bins] in bins[$0].total > 1 }
    var held = [UInt8](repeating: 0, count: table.rows * columns.count)
    for (place, column) in columns.enumerated() {
      for (row, bin) in bins[column].rows.enumerated() { held[row * columns.count + place] = bin }
    }
    var offsets: [Int32] = [], total = 0
    for column in columns {
      offsets.append(Int32(total))
      total += bins[column].total
    }
    (self.columns, self.held, self.offsets, self.total) = (columns, held, offsets, total)
  }
}
