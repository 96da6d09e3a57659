import Statistics

/// A set of rows that has a name, and what a model's errors, or the gap between two models, come to inside and outside of
/// it. Means are over rows; a row that is tested several times has the mean of these tests.
public struct SliceFinding: Sendable, Equatable {
  public var kind: SliceKind
  public var name: String
  /// Rows inside, of those that the figures are over.
  public var rows: Int
  /// Mean inside and outside, and their difference; nil where nothing varies.
  public var inside: Double?
  public var outside: Double?
  public var difference: Double?
  /// Of the difference, at a level that holds over all findings of the list that are called (Benjamini and Yekutieli 2005).
  public var interval: Interval?
  /// After Benjamini and Hochberg, over the list.
  public var p: Double
  /// What a test of these rows finds with a probability of 80 %.
  public var leastDetectable: Double?

  public static let level = 0.05
  public var isCalled: Bool { p <= Self.level }
}

/// Slices that were found by looking: candidates are chosen on one half of the rows and tested on the other, so that none is
/// called because it was looked for.
public struct SliceSearch: Sendable {
  /// Sets of rows that were looked at, and rows of the half that was.
  public let candidates: Int
  public let searchedRows: Int
  /// Rows of the other half.
  public let testedRows: Int
  /// Carried to the other half, the least p first; all figures are of that half.
  public let findings: [SliceFinding]

  static let mostCarried = 20
  /// Of the rows in either of two slices, so many in both make them one.
  private static let sameShare = 0.8
  /// On the half that is searched.
  private static let enough = 0.05

  /// - Parameters:
  ///   - values: errors of a model, or the difference of two models' errors; `[rows]`, as `groups`.
  ///   - isSigned: a slice with smaller values is looked for as well.
  init(_ all: [SliceCandidates.Candidate], values: [Double], groups: [Int], isSigned: Bool, seed: UInt64) {
    let isSearched = Self.half(groups, seed: seed)
    let searched = groups.indices.filter { isSearched[$0] }, tested = groups.indices.filter { !isSearched[$0] }
    func difference(_ candidate: SliceCandidates.Candidate, _ rows: [Int]) -> MeanDifference? {
      MeanDifference(
        rows.map { values[$0] }, isInside: rows.map { candidate.isInside[$0] }, groups: rows.map { groups[$0] },
        hasFloor: true)
    }
    var promising: [(place: Int, p: Double, isLower: Bool)] = []
    for (place, candidate) in all.enumerated() {
      guard let found = difference(candidate, searched) else { continue }
      // Half of a two-sided p is that of the side that is looked at.
      let isLower = found.estimate < 0
      guard isSigned || !isLower, found.p <= (isSigned ? 1 : 2) * Self.enough else { continue }
      promising.append((place, found.p, isLower))
    }
    var carried: [(candidate: SliceCandidates.Candidate, isLower: Bool)] = []
    for one in promising.sorted(by: { ($0.p, $0.place) < ($1.p, $1.place) }) where carried.count < Self.mostCarried {
      let candidate = all[one.place]
      if carried.contains(where: { Self.isSame($0.candidate, candidate) }) { continue }
      carried.append((candidate, one.isLower))
    }
    let tests = carried.map { difference($0.candidate, tested) }
    // What goes the other way than on the first half is not what was found there.
    let p = zip(carried, tests).map { one, test -> Double in
      guard let test, (test.estimate < 0) == one.isLower else { return 1 }
      return test.p
    }
    (candidates, searchedRows, testedRows) = (all.count, searched.count, tested.count)
    findings = SliceFinding.list(
      carried.map(\.candidate), rows: carried.map { one in tested.count { one.candidate.isInside[$0] } }, tests, p: p
    ).sorted { $0.p < $1.p }
  }

  /// Half of the groups, drawn by the seed; `[rows]`.
  private static func half(_ groups: [Int], seed: UInt64) -> [Bool] {
    var generator = ResamplingGenerator(seed: seed)
    var known: [Int] = [], seen: Set<Int> = []
    for group in groups where seen.insert(group).inserted { known.append(group) }
    for place in known.indices.dropLast() { known.swapAt(place, place + generator.below(known.count - place)) }
    let first = Set(known.prefix(known.count / 2))
    return groups.map(first.contains)
  }

  private static func isSame(_ a: SliceCandidates.Candidate, _ b: SliceCandidates.Candidate) -> Bool {
    var (both, either) = (0, 0)
    for (x, y) in zip(a.isInside, b.isInside) {
      if x && y { both += 1 }
      if x || y { either += 1 }
    }
    return Double(both) >= sameShare * Double(either)
  }
}

extension SliceFinding {
  /// One for each slice, with p-values corrected over the list, and intervals that hold together; all lists are `[slices]`.
  static func list(
    _ slices: [SliceCandidates.Candidate], rows: [Int], _ tests: [MeanDifference?], p: [Double]
  ) -> [SliceFinding] {
    let corrected = MultipleComparisons.benjaminiHochberg(p)
    let called = corrected.count { $0 <= level }
    let width = 1 - level * Double(max(1, called)) / Double(max(1, slices.count))
    return slices.indices.map { place in
      let test = tests[place]
      return SliceFinding(
        kind: slices[place].kind, name: slices[place].name, rows: rows[place], inside: test?.inside.mean,
        outside: test?.outside.mean, difference: test?.estimate, interval: test?.interval(level: width),
        p: corrected[place], leastDetectable: test?.leastDetectable())
    }
  }

  /// Slices that were stated before anything was looked at, over all rows, two-sided.
  static func stated(_ all: [SliceCandidates.Candidate], values: [Double], groups: [Int]) -> [SliceFinding] {
    let tests = all.map { MeanDifference(values, isInside: $0.isInside, groups: groups, hasFloor: true) }
    return list(all, rows: all.map(\.rows), tests, p: tests.map { $0?.p ?? 1 })
  }
}
