import Compute

/// Divides units of rows among parts so that every class has its share in every part, as near as the units allow.
///
/// The largest units go first, each to the part that lacks most of its classes' rows; units of one row come last and
/// make the counts exact. With single rows only, each class is within one row of its share in every part.
struct Allocation {
  /// One set of rows that stays together.
  struct Unit {
    var rows: [Int]
    /// Class → rows of it, by class.
    var counts: [(label: Int, count: Int)]
  }

  private let fractions: [Double]
  /// Parts in the order in which a class with few rows is given to them.
  private let priority: [Int]
  private let classes: Int
  /// `[part][class]`: rows wanted, and rows given so far.
  private var targets: [[Int]]
  private var given: [[Int]]

  /// The part of each unit. `priority` lists the parts in the order in which a rare class must reach them; where it is
  /// not ranked (folds), a class with fewer rows than parts goes where rows are wanted.
  static func parts(
    of units: [Unit], classes: Int, fractions: [Double], priority: [Int], isRanked: Bool, random: Random
  ) -> [Int] {
    var allocation = Allocation(
      units: units, classes: classes, fractions: fractions, priority: priority, isRanked: isRanked)
    return allocation.run(units, random)
  }

  /// The same parts, but that none with a fraction is empty while another has units to spare: classes of few units may all
  /// have gone to one. An empty part gets the unit that comes nearest to its share of the rows, before all one whose
  /// classes stay in the part that gives it.
  static func filled(_ parts: [Int], of units: [Unit], fractions: [Double], priority: [Int]) -> [Int] {
    var parts = parts
    let total = units.reduce(0) { $0 + $1.rows.count }
    for empty in priority where fractions[empty] > 0 && !parts.contains(empty) {
      var sizes: [Int: Int] = [:], holders: [[Int]: Int] = [:]
      for (unit, part) in zip(units, parts) {
        sizes[part, default: 0] += 1
        for (label, _) in unit.counts { holders[[part, label], default: 0] += 1 }
      }
      func cost(_ index: Int) -> (lost: Int, distance: Double) {
        let lost = units[index].counts.count { holders[[parts[index], $0.label]] == 1 }
        return (lost, abs(Double(units[index].rows.count) - fractions[empty] * Double(total)))
      }
      let donors = units.indices.filter { sizes[parts[$0], default: 0] > 1 }
      if let unit = donors.min(by: { cost($0) < cost($1) }) { parts[unit] = empty }
    }
    return parts
  }

  private init(units: [Unit], classes: Int, fractions: [Double], priority: [Int], isRanked: Bool) {
    (self.fractions, self.classes) = (fractions, classes)
    self.priority = priority.filter { fractions[$0] > 0 }
    var rows = [Int](repeating: 0, count: classes)
    for unit in units {
      for (label, count) in unit.counts { rows[label] += count }
    }
    targets = Self.targets(rows: rows, fractions: fractions, priority: self.priority, isRanked: isRanked)
    given = [[Int]](repeating: [Int](repeating: 0, count: classes), count: fractions.count)
  }

  /// `[part][class]`: whole rows that add up to each class's rows, less than one row from the share. The rounding of
  /// one class is carried to the next, so that the parts' totals stay near theirs too. A class with at least as many
  /// rows as parts gets one in each.
  static func targets(rows: [Int], fractions: [Double], priority: [Int], isRanked: Bool) -> [[Int]] {
    var targets = [[Int]](repeating: [Int](repeating: 0, count: rows.count), count: fractions.count)
    var carry = [Double](repeating: 0, count: fractions.count)
    for (label, count) in rows.enumerated() {
      let exact = fractions.map { $0 * Double(count) }
      // The epsilon keeps 0.15 × 100 = 15.000000000000002 and its like whole.
      let floors = exact.map { Int(($0 + 1e-9).rounded(.down)) }
      for part in fractions.indices {
        targets[part][label] = floors[part]
        carry[part] += exact[part] - Double(floors[part])
      }
      let open = fractions.indices.filter { exact[$0] - Double(floors[$0]) > 1e-9 }
        .sorted { (carry[$0], $1) > (carry[$1], $0) }
      for part in open.prefix(count - floors.reduce(0, +)) {
        targets[part][label] += 1
        carry[part] -= 1
      }
      if !isRanked, count < priority.count { continue }
      let served = priority.prefix(count)
      for part in served where targets[part][label] == 0 {
        let donors = priority.filter { targets[$0][label] > (served.contains($0) ? 1 : 0) }
        guard let donor = donors.max(by: { targets[$0][label] < targets[$1][label] }) else { break }
        targets[donor][label] -= 1
        targets[part][label] += 1
      }
    }
    return targets
  }

  private mutating func run(_ units: [Unit], _ random: Random) -> [Int] {
    var order = Array(units.indices)
    var stream = random
    stream.shuffle(&order)
    let rank = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, $0) })
    order.sort { a, b in
      let (sizeA, sizeB) = (units[a].rows.count, units[b].rows.count)
      return sizeA != sizeB ? sizeA > sizeB : (rank[a] ?? 0) < (rank[b] ?? 0)
    }
    var totals = [Int](repeating: 0, count: classes)
    var remaining = [Int](repeating: 0, count: classes)
    for unit in units {
      for (label, count) in unit.counts {
        totals[label] += count
        remaining[label] += 1
      }
    }
    var parts = [Int](repeating: 0, count: units.count)
    for index in order {
      let unit = units[index]
      let part = choose(unit, remaining, totals)
      parts[index] = part
      for (label, count) in unit.counts {
        given[part][label] += count
        remaining[label] -= 1
      }
    }
    return parts
  }

  /// The part that this unit brings nearest to its targets; while a class has only as many units left as there are
  /// parts without it, those parts come first.
  private func choose(_ unit: Unit, _ remaining: [Int], _ totals: [Int]) -> Int {
    var candidates = priority
    for (label, _) in unit.counts {
      let lacking = priority.filter { given[$0][label] == 0 && targets[$0][label] > 0 }
      if !lacking.isEmpty, remaining[label] <= lacking.count {
        candidates = lacking
        break
      }
    }
    var best = (part: candidates[0], need: -Double.infinity)
    for part in candidates {
      var need = 0.0
      for (label, count) in unit.counts {
        need += Double(count) * Double(targets[part][label] - given[part][label]) / Double(totals[label])
      }
      if need > best.need { best = (part, need) }
    }
    return best.part
  }
}
