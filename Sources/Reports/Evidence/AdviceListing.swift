import Evidence
import Text

/// Advice, for a terminal.
public struct AdviceListing {
  private let advice: Advice
  private let judgement: Advice.Judgement

  /// - Parameters:
  ///   - advice: what is advised.
  ///   - judgement: how good such advice was where the answer is known.
  public init(_ advice: Advice, _ judgement: Advice.Judgement) { (self.advice, self.judgement) = (advice, judgement) }

  /// Candidates that are listed.
  private static let most = 12

  public var lines: [String] { answer + ["", judged] }

  private var answer: [String] {
    guard let best = advice.candidates.first else { return ["no advice: \(advice.reason ?? "nothing is known")"] }
    var table = TextTable([
      ("model", .left), ("accuracy", .right), ("95 % elsewhere", .right), ("within a point", .right),
      ("ms a text", .right), ("MB", .right), ("core-hours", .right), ("sources", .right),
    ])
    for own in advice.candidates.prefix(Self.most) {
      table.append([
        own.identity, NumberFormat.fixed(own.accuracy, 1),
        "\(NumberFormat.fixed(own.interval.low, 1)) to \(NumberFormat.fixed(own.interval.high, 1))",
        percent(own.probability), NumberFormat.fixed(own.queryMilliseconds, 3, blank: "–"),
        NumberFormat.fixed(own.bytes.map { $0 / 1e6 }, 1, blank: "–"), NumberFormat.fixed(own.coreHours, 3, blank: "–"),
        "\(own.sources)",
      ])
    }
    let nearest = advice.comparable.prefix(3).map { "\($0.corpus) (\($0.run))" }.joined(separator: ", ")
    return [
      "\(best.identity): within a point of the best with a probability of \(percent(best.probability))",
      "from \(advice.comparable.count) comparable settings, the nearest \(nearest)", "",
    ] + table.lines
  }

  private var judged: String {
    guard let share = judgement.shareWithinMargin else {
      return "judged by leaving each source out: none of \(judgement.asked) settings had enough others like it"
    }
    let worst = NumberFormat.fixed(judgement.regrets.max(), 1)
    let goal = share >= 0.8 ? "" : "; 80 % was the aim"
    return "judged by leaving each source out: at most a point behind the best in \(percent(share)) of "
      + "\(judgement.answered) settings (\(judgement.asked) asked), \(worst) points at worst\(goal)"
  }

  private func percent(_ share: Double) -> String { NumberFormat.fixed(share * 100, 0) + " %" }
}
