import Corpora
import Statistics

/// On which kinds of rows the models err more, and where the gap between two of them is another one.
public struct SliceEvidence: Sendable {
  /// Errors of each model on every stated slice, against all other rows.
  public let stated: [(model: String, findings: [SliceFinding])]
  /// Errors of each model on slices found by looking.
  public let found: [(model: String, search: SliceSearch)]
  /// A's errors less B's, on stated slices and on found ones; nil with one model alone.
  public let gap: Gap?
  /// Whether the rows' texts were there: without, slices are of classes, novelty and the slice column alone.
  public let hasTexts: Bool

  public struct Gap: Sendable {
    public let a: String
    public let b: String
    public let stated: [SliceFinding]
    public let found: SliceSearch
  }

  /// - Parameter texts: of the rows of `errors`; nil where they cannot be had.
  init(_ errors: ErrorAnalysis, pair: (a: String, b: String)?, texts: [String]?, seed: UInt64) {
    let rows = errors.rows, groups = errors.rowGroups
    var candidates = SliceCandidates(rows: rows.count)
    candidates.add(.declared, values: errors.rowSlices) { $0 }
    candidates.add(.novelty, values: errors.rowNovelty) { "\($0) text" }
    if let texts { candidates.add(texts: texts) }
    // Classes differ in how hard they are, and there may be hundreds: they are looked for, not stated.
    let statedOnes = candidates.all.filter { $0.kind != .word }
    candidates.add(.label, values: rows.map { errors.classes[$0.label] }) { $0 }
    let all = candidates.all
    func errorsOf(_ model: String) -> [Double] {
      guard let place = errors.models.firstIndex(of: model) else { return [] }
      return rows.map { Double($0.answers[place].wrong) / Double(max(1, $0.answers[place].tests)) }
    }
    stated = errors.models.map { ($0, SliceFinding.stated(statedOnes, values: errorsOf($0), groups: groups)) }
    found = errors.models.map {
      ($0, SliceSearch(all, values: errorsOf($0), groups: groups, isSigned: false, seed: seed))
    }
    gap = pair.map { pair in
      let difference = zip(errorsOf(pair.a), errorsOf(pair.b)).map { $0 - $1 }
      return Gap(
        a: pair.a, b: pair.b, stated: SliceFinding.stated(statedOnes, values: difference, groups: groups),
        found: SliceSearch(all, values: difference, groups: groups, isSigned: true, seed: seed))
    }
    hasTexts = texts != nil
  }
}
