import Compute
import Foundation

/// Grows one classification or regression tree (CART: Breiman et al. 1984) by the best split of each node, depth first.
///
/// The rows of a node are a run of `order`, by ascending numbers. Of each node a number of columns is drawn without
/// replacement and all splits of these are tried; where all of them are the same in the whole node, one that is not is
/// drawn in addition. A node is split as long as some split keeps `minimumLeaf` on both sides, even where it gains nothing.
///
/// Columns are sparse: what a node's rows hold of the drawn columns is listed either column by column (cost: the rows of
/// these columns) or row by row (cost: the values of these rows), whichever is cheaper, and only non-zeros are sorted. All
/// buffers are taken once.
struct TreeGrower {
  private let columns: TreeColumns
  private let settings: TreeSettings
  private let drawn: Int
  private var judge: SplitJudge
  private var sorter: EntrySort
  private var random: Random
  private var order: [Int32]
  /// Where each row stands in `order`; −1 where it does not.
  private var places: [Int32]
  private var spare: [Int32]
  /// 1 for rows of the node that go left.
  private var goesLeft: [UInt8]
  /// All columns; the first `drawn` are those of the node.
  private var shuffled: [Int32]
  /// What is listed: keys of values and their rows.
  private var entries: [UInt64]
  // What a look through rows finds, before it is put in order by columns.
  private var found: [UInt64] = []
  private var foundColumns: [Int32] = []
  /// Columns that were found, and how often; the counts of all others are 0.
  private var held: [Int32] = []
  private var counts: [Int32]
  /// The node for which a column was drawn last.
  private var stamps: [Int32]
  private var nodes = TreeNodes()
  /// So far: a comparison for each level of a sort, and four for each value after which a split is tried.
  private(set) var operations = 0.0

  private struct Span {
    var range: Range<Int>
    var depth: Int
    /// The node of which it is the right part; −1 where it is a left one or the root.
    var parent: Int
  }

  /// - Parameters:
  ///   - draws: how often each row counts; not at all where 0. Some row counts.
  ///   - classWeights: of each class' rows; all weigh the same where nil.
  init(
    _ columns: TreeColumns, _ targets: TreeTargets, draws: [Int32], classWeights: [Float]? = nil,
    settings: TreeSettings, random: Random
  ) {
    (self.columns, self.settings, self.random) = (columns, settings, random)
    drawn = settings.features.of(columns.columns)
    judge = SplitJudge(targets, draws: draws, classWeights: classWeights, criterion: settings.criterion)
    order = (0..<Int32(columns.rows)).filter { draws[Int($0)] > 0 }
    places = [Int32](repeating: -1, count: columns.rows)
    for (place, row) in order.enumerated() { places[Int(row)] = Int32(place) }
    spare = order
    goesLeft = [UInt8](repeating: 0, count: columns.rows)
    shuffled = (0..<Int32(columns.columns)).map { $0 }
    let capacity = columns.isDense ? columns.rows : max(columns.rows, columns.rowColumns.count)
    entries = [UInt64](repeating: 0, count: capacity)
    sorter = EntrySort(capacity: columns.rows)
    counts = [Int32](repeating: 0, count: columns.isDense ? 0 : columns.columns)
    stamps = [Int32](repeating: -1, count: columns.isDense ? 0 : columns.columns)
  }

  mutating func grow() -> TreeNodes {
    var open = [Span(range: 0..<order.count, depth: 0, parent: -1)]
    while let span = open.popLast() {
      let node = nodes.count
      if span.parent >= 0 { nodes.nodes[span.parent].link = Int32(node) }
      let isPure = judge.begin(order, span.range)
      let isLeaf =
        isPure || span.depth >= settings.maximumDepth ?? .max || judge.rows < 2 * settings.minimumLeaf
      let best = isLeaf ? SplitJudge.Best() : split(span.range, node: node)
      guard best.column >= 0 else {
        addLeaf()
        continue
      }
      let threshold = TreeColumns.threshold(best.low, best.high)
      nodes.nodes.append(TreeNodes.Node(column: Int32(best.column), threshold: threshold, link: 0))
      let middle = part(span.range, best)
      open.append(Span(range: middle..<span.range.upperBound, depth: span.depth + 1, parent: node))
      open.append(Span(range: span.range.lowerBound..<middle, depth: span.depth + 1, parent: -1))
    }
    nodes.starts.append(nodes.count)
    return nodes
  }

  private mutating func addLeaf() {
    nodes.nodes.append(TreeNodes.Node(column: -1, threshold: 0, link: Int32(nodes.leaves)))
    judge.answer(&nodes.leafOutputs, &nodes.leafValues)
    nodes.leafStarts.append(nodes.leafValues.count)
  }

  // MARK: The best split

  private mutating func split(_ range: Range<Int>, node: Int) -> SplitJudge.Best {
    var best = SplitJudge.Best()
    if drawn < columns.columns { for place in 0..<drawn { draw(place) } }
    if columns.isDense {
      var tried = 0, differs = false
      while tried < drawn || !differs && tried < columns.columns {
        if tried >= drawn { draw(tried) }
        let column = Int(shuffled[tried])
        let count = list(column, range)
        if tryColumn(column, 0..<count, of: range.count, &best) { differs = true }
        tried += 1
      }
      return best
    }
    var differs = false
    if listingByColumns(costsLessThan: range) {
      for place in 0..<drawn {
        let column = Int(shuffled[place]), count = list(column, range)
        if tryColumn(column, 0..<count, of: range.count, &best) { differs = true }
      }
    } else {
      if drawn < columns.columns { for place in 0..<drawn { stamps[Int(shuffled[place])] = Int32(node) } }
      look(through: range, node: drawn < columns.columns ? Int32(node) : nil)
      var start = 0
      for column in held {
        let count = Int(counts[Int(column)])
        if tryColumn(Int(column), start..<start + count, of: range.count, &best) { differs = true }
        start += count
        counts[Int(column)] = 0
      }
    }
    if !differs, drawn < columns.columns { tryAnother(range, &best) }
    return best
  }

  /// Puts a column that was not drawn yet at `place` of `shuffled` (Fisher and Yates).
  private mutating func draw(_ place: Int) {
    shuffled.swapAt(place, place + random.below(columns.columns - place))
  }

  /// None of the drawn columns differs within the node: tries one of those that do, each as likely.
  private mutating func tryAnother(_ range: Range<Int>, _ best: inout SplitJudge.Best) {
    look(through: range, node: nil)
    // The runs of columns that differ; `found` is not needed any more.
    foundColumns.removeAll(keepingCapacity: true)
    var start = 0
    for (number, column) in held.enumerated() {
      let count = Int(counts[Int(column)])
      if differs(start..<start + count, of: range.count) { foundColumns.append(Int32(number)) }
      start += count
    }
    if !foundColumns.isEmpty {
      let chosen = Int(foundColumns[random.below(foundColumns.count)])
      start = held[..<chosen].reduce(0) { $0 + Int(counts[Int($1)]) }
      let column = Int(held[chosen])
      _ = tryColumn(column, start..<start + Int(counts[column]), of: range.count, &best)
    }
    for column in held { counts[Int(column)] = 0 }
  }

  /// Whether `entries[run]` are not all there is of one value in a node of `rows` rows.
  private func differs(_ run: Range<Int>, of rows: Int) -> Bool {
    guard !run.isEmpty else { return false }
    if run.count < rows { return true }
    let first = entries[run.lowerBound] >> 32
    for place in run where entries[place] >> 32 != first { return true }
    return false
  }

  /// Tries all splits of `entries[run]`; false where the column is the same in the whole node.
  private mutating func tryColumn(
    _ column: Int, _ run: Range<Int>, of rows: Int, _ best: inout SplitJudge.Best
  ) -> Bool {
    guard !run.isEmpty else { return false }
    let first = entries[run.lowerBound] >> 32
    var place = run.lowerBound + 1
    while place < run.upperBound, entries[place] >> 32 == first { place += 1 }
    if place < run.upperBound { sorter.sort(&entries, run) } else if run.count == rows { return false }
    operations += Double(run.count) * (log2(Double(run.count)) + 4)
    judge.tryColumn(
      column, entries, run, hasZeros: run.count < rows, minimumLeaf: settings.minimumLeaf, best: &best)
    return true
  }

  // MARK: Listing what a node holds

  private func listingByColumns(costsLessThan range: Range<Int>) -> Bool {
    var values = 0
    if drawn == columns.columns {
      values = columns.rowColumns.count
    } else {
      for place in 0..<drawn {
        let column = Int(shuffled[place])
        values += columns.columnStarts[column + 1] - columns.columnStarts[column]
      }
    }
    // About twice the work a value is done for rows, which also puts them in order.
    return values < 2 * range.count * columns.rowColumns.count / max(columns.rows, 1)
  }

  /// Lists the non-zeros of a column in a node from `entries[0]` on, by ascending rows; returns how many.
  private mutating func list(_ column: Int, _ range: Range<Int>) -> Int {
    var count = 0
    if columns.isDense {
      let start = column * columns.rows
      for place in range {
        let row = Int(order[place]), key = columns.columnKeys[start + row]
        if key != 0x8000_0000 {
          entries[count] = UInt64(key) << 32 | UInt64(row)
          count += 1
        }
      }
      return count
    }
    for place in columns.columnStarts[column]..<columns.columnStarts[column + 1] {
      let row = Int(columns.columnRows[place]), at = Int(places[row]), key = columns.columnKeys[place]
      if at >= range.lowerBound, at < range.upperBound, key != 0x8000_0000 {
        entries[count] = UInt64(key) << 32 | UInt64(row)
        count += 1
      }
    }
    return count
  }

  /// Lists the non-zeros of a node column by column in `entries`: those of `held[0]` first, `counts[held[0]]` of them, and
  /// so on, each by ascending rows; only of columns stamped with `node` where it is given.
  private mutating func look(through range: Range<Int>, node: Int32?) {
    held.removeAll(keepingCapacity: true)
    found.removeAll(keepingCapacity: true)
    foundColumns.removeAll(keepingCapacity: true)
    for place in range {
      let row = Int(order[place])
      for value in columns.rowStarts[row]..<columns.rowStarts[row + 1] {
        let column = Int(columns.rowColumns[value])
        if let node, stamps[column] != node { continue }
        let key = columns.rowKeys[value]
        if key == 0x8000_0000 { continue }
        if counts[column] == 0 { held.append(Int32(column)) }
        counts[column] += 1
        found.append(UInt64(key) << 32 | UInt64(row))
        foundColumns.append(Int32(column))
      }
    }
    var end = 0
    for column in held {
      let count = counts[Int(column)]
      counts[Int(column)] = Int32(end)
      end += Int(count)
    }
    for place in found.indices {
      let column = Int(foundColumns[place])
      entries[Int(counts[column])] = found[place]
      counts[column] += 1
    }
    // Ends of the runs become their lengths.
    var start: Int32 = 0
    for column in held {
      let end = counts[Int(column)]
      counts[Int(column)] = end - start
      start = end
    }
  }

  // MARK: Parting

  /// Puts the rows that go left before the others, each in the order that they have; returns where the right part begins.
  private mutating func part(_ range: Range<Int>, _ best: SplitJudge.Best) -> Int {
    let zerosGoLeft: UInt8 = TreeColumns.zero <= best.low ? 1 : 0
    for place in range { goesLeft[Int(order[place])] = zerosGoLeft }
    mark(range, best)
    var left = range.lowerBound, right = 0
    // Written to both sides, since no processor can foresee where a row goes; what is wrong is overwritten.
    for place in range {
      let row = order[place], isLeft = Int(goesLeft[Int(row)])
      order[left] = row
      places[Int(row)] = Int32(left)
      spare[right] = row
      left += isLeft
      right += 1 - isLeft
    }
    for place in 0..<right {
      order[left + place] = spare[place]
      places[Int(spare[place])] = Int32(left + place)
    }
    return left
  }

  private mutating func mark(_ range: Range<Int>, _ best: SplitJudge.Best) {
    if columns.isDense {
      for place in range {
        let row = Int(order[place])
        goesLeft[row] = columns.columnKeys[best.column * columns.rows + row] <= best.low ? 1 : 0
      }
      return
    }
    let values = columns.columnStarts[best.column]..<columns.columnStarts[best.column + 1]
    if values.count < range.count * columns.rowColumns.count / max(columns.rows, 1) {
      for value in values {
        let row = Int(columns.columnRows[value]), at = Int(places[row])
        if at >= range.lowerBound, at < range.upperBound {
          goesLeft[row] = columns.columnKeys[value] <= best.low ? 1 : 0
        }
      }
      return
    }
    for place in range {
      let row = Int(order[place])
      for value in columns.rowStarts[row]..<columns.rowStarts[row + 1]
      where Int(columns.rowColumns[value]) == best.column {
        goesLeft[row] = columns.rowKeys[value] <= best.low ? 1 : 0
      }
    }
  }
}
