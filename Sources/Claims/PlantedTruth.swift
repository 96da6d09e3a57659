import Statistics

/// How often a test comes to the right verdict where the truth is known: the evidence drawn anew with its own variances
/// around no difference, and around the claimed size to either side.
public struct PlantedTruth: Sendable, Equatable {
  public static let draws = 200
  /// Below so many right verdicts a row could hardly have come out otherwise.
  public static let enough = 0.8
  /// At no difference so many may be false.
  public static let mostFalse = 0.05

  /// Shares of the draws. At the claimed size: the claim is supported, be it in direction alone (of an equivalence: at two
  /// margins or what is stated, contradicted). Of a number: 1 where one so far above would be told from it, else 0.
  public let found: Double
  /// At as much on the other side: contradicted. Of a number: one so far below.
  public let refuted: Double
  /// At no difference: supported or contradicted (of an equivalence: contradicted); nil of a number.
  public let falseAtNone: Double?
  /// At no difference an equivalence is supported; nil of other tests.
  public let equivalent: Double?
  /// With which probability a difference of 1, 2 and 3 margins is found; none of a number.
  public let power: [Double]

  /// The least share of right verdicts.
  public var least: Double { min(found, refuted, equivalent ?? 1) }
  /// Whether the row could not have come out otherwise.
  public var isToothless: Bool { least < Self.enough }

  /// nil where there is too little evidence to simulate.
  init?(_ pooled: PooledEvidence, _ rules: TestRuling.Rules, seed: UInt64) {
    guard pooled.sources.count >= (rules.kind == .time ? 1 : TestRuling.Rules.fewestSources) else { return nil }
    func verdicts(at truth: Double, _ stream: UInt64) -> [ClaimVerdict] {
      var generator = ResamplingGenerator(seed: seed &+ stream &* 0x9E37_79B9)
      return (0..<Self.draws).map { _ in
        let drawn = pooled.sources.map { source in
          PooledEvidence.Source(
            name: source.name, contrast: source.contrast.redrawn(around: truth, using: &generator))
        }
        return rules.verdict(on: PooledEvidence(drawn))
      }
    }
    func share(_ verdicts: [ClaimVerdict], _ isCounted: (ClaimVerdict) -> Bool) -> Double {
      Double(verdicts.count(where: isCounted)) / Double(verdicts.count)
    }
    let isEquivalence = rules.kind == .equivalence
    let none = verdicts(at: 0, 1), ahead = verdicts(at: rules.planted, 2), behind = verdicts(at: -rules.planted, 3)
    found = share(ahead) { isEquivalence ? $0 == .contradicted : $0.hasDirection }
    refuted = share(behind) { $0 == .contradicted }
    falseAtNone = share(none) { $0 == .contradicted || !isEquivalence && $0.hasDirection }
    equivalent = isEquivalence ? share(none) { $0 == .supported } : nil
    power = [1.0, 2, 3].enumerated().map { place, count in
      share(verdicts(at: count * rules.margin, 4 + UInt64(place))) {
        isEquivalence ? $0 == .contradicted : $0.hasDirection
      }
    }
  }

  /// Of a number that another corpus may give: whether one that is further off would be told from it.
  init?(value pooled: PooledEvidence, _ rules: TestRuling.Rules) {
    guard let mean = pooled.meta?.mean, pooled.sources.count >= TestRuling.Rules.fewestForSize else { return nil }
    func isRefuted(_ number: Double) -> Double { rules.another(is: number, pooled) == false ? 1 : 0 }
    (found, refuted) = (isRefuted(mean + rules.planted), isRefuted(mean - rules.planted))
    (falseAtNone, equivalent, power) = (nil, nil, [])
  }
}
