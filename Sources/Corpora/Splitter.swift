import Compute
import Text

/// Divides the rows of one data set: hold-out, k-fold and official splits.
///
/// Rows with an equal `group` always stay on one side, and so do rows with equal normalised texts unless the
/// duplicates policy is `keep`, and near texts where it is `near`. Hold-out and k-fold divide the training rows of a data set that has official parts.
public struct Splitter: Sendable {
  private let examples: [Example]
  private let classes: [String]
  private let settings: SplitSettings
  private let strata: Strata
  /// Normalised texts, by row.
  private let texts: [String]
  /// Rows whose texts are near each other, as pairs; none unless these stay together.
  private let nearRows: [(Int, Int)]

  public init(_ examples: [Example], classes: [String], settings: SplitSettings) {
    (self.examples, self.classes, self.settings) = (examples, classes, settings)
    texts = examples.map { normalised($0.text) }
    nearRows = settings.duplicates == .near ? NearDuplicates.pairs(among: texts) : []
    strata = settings.stratify ? Strata(examples, classes: classes.count) : Strata(count: 1, rows: examples.count)
  }

  /// Training, validation and test rows in the settings' fractions.
  public func holdout(random: Random) throws(SplitError) -> Split {
    let rows = trainingRows()
    let parts = try divide(
      rows, fractions: settings.fractions(of: rows.count), priority: [0, 2, 1], isRanked: true,
      random: random.stream("holdout"))
    return Split(train: parts[0], validation: parts[1], test: parts[2])
  }

  /// `count` folds; every row is a test row once. Each fold's training part gives `validationShare` of its rows for
  /// validation.
  public func folds(_ count: Int, validationShare: Double, random: Random) throws(SplitError) -> [Split] {
    precondition(count >= 2, "Splitter.folds: \(count) folds, expected at least 2")
    let rows = trainingRows()
    let folds = try divide(
      rows, fractions: [Double](repeating: 1 / Double(count), count: count),
      priority: Array(0..<count), isRanked: false, random: random.stream("folds"))
    var splits: [Split] = []
    for fold in folds.indices {
      let training = folds.indices.filter { $0 != fold }.flatMap { folds[$0] }.sorted()
      let carved = try carve(training, share: validationShare, random: random.stream("validation \(fold)"))
      splits.append(Split(train: carved.train, validation: carved.validation, test: folds[fold]))
    }
    return splits
  }

  /// The official parts. Validation rows are the official ones where there are any, or else `validationShare` of the
  /// training part; with a `validationShare` of 0 all models train on all training rows and nothing is held back.
  ///
  /// The parts are never changed, but for `drop`: training rows whose normalised text stands in the test part (or the
  /// official validation part) are then left out.
  public func official(validationShare: Double, random: Random) throws(SplitError) -> Split {
    let test = examples.indices.filter { examples[$0].part == .test }
    guard !test.isEmpty else { throw .noTestRows }
    let hasValidation = validationShare > 0 && examples.contains { $0.part == .validation }
    let validation = hasValidation ? examples.indices.filter { examples[$0].part == .validation } : []
    var train = examples.indices.filter { examples[$0].part == .train || examples[$0].part == .all }
    if settings.duplicates == .drop {
      let elsewhere = Set((test + validation).map { texts[$0] })
      train.removeAll { elsewhere.contains(texts[$0]) }
    }
    guard !train.isEmpty else { throw .noTrainingRows }
    guard !hasValidation, validationShare > 0 else { return Split(train: train, validation: validation, test: test) }
    let carved = try carve(train, share: validationShare, random: random.stream("validation"))
    return Split(train: carved.train, validation: carved.validation, test: test)
  }

  /// Every row of every part to train on, without repeated texts under `drop`.
  public func all() -> Split {
    Split(train: withoutRepetitions(Array(examples.indices)), validation: [], test: [])
  }

  // MARK: Parts

  /// The rows that hold-out and k-fold divide, without repeated texts under `drop`.
  private func trainingRows() -> [Int] {
    let isOfficial = examples.contains { $0.part != .all }
    return withoutRepetitions(
      examples.indices.filter { !isOfficial || examples[$0].part == .train || examples[$0].part == .all })
  }

  private func withoutRepetitions(_ rows: [Int]) -> [Int] {
    guard settings.duplicates == .drop else { return rows }
    var seen: Set<String> = []
    return rows.filter { seen.insert(texts[$0]).inserted }
  }

  private func carve(
    _ rows: [Int], share: Double, random: Random
  ) throws(SplitError) -> (train: [Int], validation: [Int]) {
    guard share > 0 else { return (rows, []) }
    let units = units(of: rows)
    let parts = Allocation.parts(
      of: units, classes: strata.count, fractions: [1 - share, share], priority: [0, 1], isRanked: true, random: random)
    let divided = collect(units, Allocation.filled(parts, of: units, fractions: [1, 0], priority: [0]), 2)
    guard !divided[0].isEmpty else { throw .emptyParts(["training"], rows: rows.count, separable: units.count) }
    return (divided[0], divided[1])
  }

  private func divide(
    _ rows: [Int], fractions: [Double], priority: [Int], isRanked: Bool, random: Random
  ) throws(SplitError) -> [[Int]] {
    let units = units(of: rows)
    let needed = fractions.count { $0 > 0 }
    guard units.count >= needed else { throw .tooFewInAll(rows: rows.count, separable: units.count, needed: needed) }
    let parts = Allocation.parts(
      of: units, classes: strata.count, fractions: fractions, priority: priority, isRanked: isRanked, random: random)
    let filled = Allocation.filled(parts, of: units, fractions: fractions, priority: priority)
    return collect(units, filled, fractions.count)
  }

  private func units(of rows: [Int]) -> [Allocation.Unit] {
    let chosen = rows.map { examples[$0] }
    var near: [(Int, Int)] = []
    if !nearRows.isEmpty {
      // Of equal texts, which stay together anyway, any one stands for all.
      let places = Dictionary(rows.enumerated().map { (texts[$1], $0) }, uniquingKeysWith: { first, _ in first })
      near = nearRows.compactMap { a, b in places[texts[a]].flatMap { a in places[texts[b]].map { (a, $0) } } }
    }
    let found = UnitFinder.units(
      of: chosen, texts: settings.duplicates == .keep ? nil : rows.map { texts[$0] }, near: near)
    return found.map { positions in
      var counts: [(label: Int, count: Int)] = []
      for label in positions.flatMap({ strata[rows[$0]] }).sorted() {
        if counts.last?.label == label { counts[counts.count - 1].count += 1 } else { counts.append((label, 1)) }
      }
      return Allocation.Unit(rows: positions.map { rows[$0] }, counts: counts)
    }
  }

  /// Classes, in class order, that hold-out into `parts` parts, or that many folds, cannot give a row in each: a class
  /// with fewer rows reaches the training part first, then the test part; of folds it reaches some.
  public func shortages(parts needed: Int) -> [ClassShortage] {
    let rows = trainingRows()
    var members = [[Int]](repeating: [], count: classes.count)
    for row in rows { for label in examples[row].target.classes { members[label].append(row) } }
    var separable = [Int](repeating: 0, count: classes.count)
    for unit in units(of: rows) {
      for label in Set(unit.rows.flatMap { examples[$0].target.classes }) { separable[label] += 1 }
    }
    return classes.indices.filter { !members[$0].isEmpty && separable[$0] < needed }.map {
      ClassShortage(
        name: classes[$0], rows: members[$0].count, separable: separable[$0], first: examples[members[$0][0]].place)
    }
  }

  private func collect(_ units: [Allocation.Unit], _ parts: [Int], _ count: Int) -> [[Int]] {
    var divided = [[Int]](repeating: [], count: count)
    for (unit, part) in zip(units, parts) { divided[part] += unit.rows }
    return divided.map { $0.sorted() }
  }
}
