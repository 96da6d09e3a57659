import Statistics
import Tasks

/// Whether a model knows when it is right: the probability of the class that it gives, against how often that class is the
/// true one.
public struct ModelCalibration: Sendable {
  public let model: String
  /// Answers of all trials together.
  public let answers: Int
  /// Mean stated probability, and share of right answers.
  public let confidence: Double
  public let accuracy: Double
  /// 95 % interval of their difference, which is positive where the model promises too much; by groups of rows, and nil with
  /// fewer than two.
  public let overconfidence: Interval?
  /// Every test row once each: one for each seed, or for each repetition of the folds.
  public let passes: [Pass]
  /// Where the first pass's curve would lie if its probabilities could be taken at their word, in nine of ten cases.
  public let consistency: ReliabilityCurve.Consistency
  /// Of the probabilities being right: twice the mean of the passes' p, which holds however these depend on each other
  /// (Rüschendorf 1982).
  public let p: Double

  public struct Pass: Sendable {
    public let reliability: ReliabilityCurve
    public let risk: RiskCoverage
    /// Over 15 bins of equal width, (low, high], so that a probability of exactly 1 is in the last (Guo et al. 2017).
    public let expectedError: Double
  }

  static let bins = 15

  /// All lists are `[answers]`: the probability of the class given, whether it is the true one, the row's group and the pass,
  /// from 0. nil where a probability is none.
  init?(
    _ model: String, confidences: [Double], right: [Bool], groups: [Int], passes places: [Int], seed: UInt64
  ) {
    var passes: [Pass] = []
    for pass in 0...(places.max() ?? 0) {
      let own = places.indices.filter { places[$0] == pass }
      let (stated, happened) = (own.map { confidences[$0] }, own.map { right[$0] })
      guard let reliability = ReliabilityCurve(probabilities: stated, happened: happened),
        let risk = RiskCoverage(confidences: stated, right: happened)
      else { return nil }
      let bins = Calibration(confidences: stated, correct: happened, bins: Self.bins)
      passes.append(Pass(reliability: reliability, risk: risk, expectedError: bins.expectedError))
    }
    (self.model, answers, self.passes) = (model, confidences.count, passes)
    confidence = Descriptive.mean(confidences) ?? .nan
    accuracy = Double(right.count { $0 }) / Double(right.count)
    overconfidence = GroupedMean(zip(confidences, right).map { $0 - ($1 ? 1 : 0) }, groups: groups)?.interval()
    let checks = passes.enumerated().map { $1.reliability.consistency(seed: seed &+ UInt64($0)) }
    consistency = checks[0]
    p = min(1, (checks.count == 1 ? 1 : 2) * (Descriptive.mean(checks.map(\.p)) ?? 1))
  }

  /// Over the passes.
  private func mean(_ value: (Pass) -> Double) -> Double { Descriptive.mean(passes.map(value)) ?? .nan }

  public var expectedError: Double { mean(\.expectedError) }
  /// Parts of the Brier score of "this answer is right" (`ReliabilityCurve`).
  public var brier: Double { mean(\.reliability.brier) }
  public var miscalibration: Double { mean(\.reliability.miscalibration) }
  public var discrimination: Double { mean(\.reliability.discrimination) }
  public var uncertainty: Double { mean(\.reliability.uncertainty) }
  /// Areas under the risk–coverage curve: the model's, and that of one that ranks every mistake last.
  public var area: Double { mean(\.risk.area) }
  public var bestArea: Double { mean(\.risk.bestArea) }

  /// The share in which answers of this stated probability are right.
  public func recalibrated(_ probability: Double) -> Double { mean { $0.reliability.value(at: probability) } }

  /// What is wrong of the surest answers to this share of the rows, from 0 (without) to 1.
  public func risk(at coverage: Double) -> Double { mean { $0.risk.risk(at: coverage) } }

  /// The largest share of rows that can be answered with at most so much wrong.
  public func coverage(atRisk risk: Double) -> Double { mean { $0.risk.coverage(atRisk: risk) } }
}
