/// What tests say of a claim.
public enum ClaimVerdict: String, Sendable, CaseIterable {
  case supported
  /// Its sign, but another size is what a new corpus would give.
  case direction = "supported in direction, not in size"
  /// The sign; too few corpora for its size.
  case directionAlone = "supported in direction, size undecided"
  /// Two one-sided tests: the interval lies within the margin.
  case noDifference = "no difference that matters"
  /// The interval lies beyond the margin on the other side.
  case contradicted
  case undecided
  case waiting = "waits for results"
  case untestable = "not testable here"

  /// A claim of several parts holds as far as the part that holds least.
  static func least(of verdicts: [ClaimVerdict]) -> ClaimVerdict {
    let order: [ClaimVerdict] = [
      .contradicted, .undecided, .noDifference, .direction, .directionAlone, .supported, .waiting, .untestable,
    ]
    return order.first(where: verdicts.contains) ?? .waiting
  }

  /// Whether it says something that could be wrong.
  public var isDecisive: Bool { ![.undecided, .waiting, .untestable].contains(self) }
  /// Whether the sign that is claimed came out.
  public var hasDirection: Bool { [.supported, .direction, .directionAlone].contains(self) }
}
