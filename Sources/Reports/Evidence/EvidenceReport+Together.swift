import Evidence
import Statistics
import Tasks
import Text

extension EvidenceReport {
  // MARK: All models at once

  func together(_ one: Evidence) -> [Report.Block] {
    guard let all = one.together else { return [] }
    let unit = all.isOverFolds ? "folds" : "seeds"
    var lines: [RichText] = []
    if let test = all.variance {
      lines.append(
        RichText(
          "Repeated-measures ANOVA: F = \(NumberFormat.fixed(test.statistic, 2)), p "
            + "\(Self.limit(test.correctedP)) with Greenhouse and Geisser's ε = \(NumberFormat.fixed(test.epsilon, 2)) "
            + "(\(Self.limit(test.p)) without)."))
    }
    if let test = all.friedman {
      let ranks = zip(all.models, test.averageRanks).sorted { $0.1 < $1.1 }
      let apart =
        all.criticalDifference.map { "; ranks that differ by \(NumberFormat.fixed($0, 2)) are told apart (Nemenyi)." }
        ?? "; no ranks are told apart."
      lines.append(
        RichText(
          "Friedman: χ² = \(NumberFormat.fixed(test.statistic, 2)), Iman and Davenport's F = "
            + "\(NumberFormat.fixed(test.imanDavenport.statistic, 2)), p \(Self.limit(test.imanDavenport.p)); mean ranks "
        )
          + .enumeration(ranks.map { RichText([.code($0.0), .text(" \(NumberFormat.fixed($0.1, 2))")]) })
          + RichText(apart))
    }
    lines += all.posteriors.map { one -> RichText in
      let share = one.posterior
      let shares = [share.below, share.inside, share.above].map { NumberFormat.fixed($0, 3) }
      return RichText([
        .code(one.a), .text(" less "), .code(one.b),
        .text(
          ": below −\(margin(one.rope, all.metric)) with a probability of \(shares[0]), within it \(shares[1]), above "
            + "\(shares[2]) (Bayesian correlated t)."),
      ])
    }
    guard !lines.isEmpty else { return [] }
    return [
      .collapsed(
        RichText("All models at once, over \(all.repetitions) \(unit): tests known from elsewhere"),
        [
          .list(lines),
          .paragraph(
            RichText(
              "By \(all.metric.title), sensitivity analyses: no verdict follows from them. ANOVA and Friedman take "
                + "\(unit) for independent"
                + (all.isOverFolds ? ", which those of one set of rows are not." : ".")
                + " The posterior's region is the margin of the report.")),
        ])
    ]
  }

  private func margin(_ rope: Double, _ metric: MetricName) -> String {
    metric.unit == .fraction ? NumberFormat.plain(rope * 100) + " points" : NumberFormat.plain(rope)
  }

  static func limit(_ p: Double) -> String { p < 0.001 ? "< 0.001" : "= " + NumberFormat.fixed(p, 3) }
}
