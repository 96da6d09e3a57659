import Analysis
import Records
import Statistics

/// A decomposition with what stored results say of it, in points of accuracy.
public struct DecompositionRuling: Sendable {
  public struct Part: Sendable {
    public var factor: String
    public var contrast: Contrast
    /// At a level that holds for all factors together.
    public var interval: Interval
    /// Of the whole gap; nil where that is within its error.
    public var share: Double?
  }

  public let decomposition: Decomposition
  /// Mean accuracy of the first and of the second model; nil without results.
  public let ends: (first: Double, second: Double)?
  public let gap: Contrast?
  public let parts: [Part]
  public let corpora: [String]
  public let missing: [String]

  init(_ decomposition: Decomposition, _ evidence: (settings: [DecompositionEvidence], missing: [String])) {
    self.decomposition = decomposition
    missing = evidence.missing
    corpora = evidence.settings.map(\.corpus.called)
    func pooled(_ value: (DecompositionEvidence) -> Contrast) -> Contrast? {
      PooledEvidence(
        evidence.settings.map {
          TestEvidence.Setting(corpus: $0.corpus, contrast: value($0), a: nil, b: nil, rows: $0.rows, trials: $0.trials)
        }
      ).contrast
    }
    let gap = pooled(\.gap)
    self.gap = gap
    let level = 1 - 0.05 / Double(max(1, decomposition.factors.count))
    let isClear = gap.map { abs($0.estimate) > $0.halfWidth(level: 0.95) } ?? false
    parts = decomposition.factors.enumerated().compactMap { place, factor in
      pooled { $0.parts[place] }.map { contrast in
        Part(
          factor: factor, contrast: contrast, interval: contrast.interval(level: level),
          share: isClear ? gap.map { contrast.estimate / $0.estimate } : nil)
      }
    }
    // By sources, as the gap is.
    let first = pooled { Contrast(estimate: $0.first) }?.estimate
    ends = first.flatMap { first in gap.map { (first, first + $0.estimate) } }
  }
}

/// The parts of a gap in one corpus, in points.
struct DecompositionEvidence {
  var corpus: ClaimsFile.Corpus
  var gap: Contrast
  var parts: [Contrast]
  var first: Double
  var rows: Int
  var trials: Int
}

extension EvidenceReader {
  func evidence(for own: Decomposition) -> (settings: [DecompositionEvidence], missing: [String]) {
    var settings: [DecompositionEvidence] = [], missing: [String] = []
    for name in own.over {
      guard let corpus = corpus(name) else { continue }
      do throws(Missing) {
        let group = try group(of: corpus, models: own.cells.map(\.model))
        let slots = group.trials(sharedBy: own.cells.map(\.model)).filter { trials in
          trials.allSatisfy { $0.ids == trials[0].ids }
        }
        guard !slots.isEmpty else { throw Missing(reason: "no trial that all its cells ended") }
        let weights = own.weights
        func contrast(_ weights: [Double]) throws(Missing) -> Contrast {
          let means = slots.compactMap { Self.mean($0, weights) }
          guard means.count == slots.count,
            let contrast = Self.contrast(
              means.map { ($0.mean * 100, $0.variance * 10_000, Double($0.groups - 1)) }, of: slots.flatMap(\.self),
              in: group)
          else { throw Missing(reason: "too few test rows") }
          return contrast
        }
        var whole = [Double](repeating: 0, count: own.cells.count)
        guard let first = own.first, let last = own.last else { continue }
        (whole[first], whole[last]) = (-1, 1)
        var parts: [Contrast] = []
        for own in weights { parts.append(try contrast(own)) }
        let accuracies = slots.map { trials in Self.share(trials[first].outcome.isRight) * 100 }
        settings.append(
          DecompositionEvidence(
            corpus: corpus, gap: try contrast(whole), parts: parts, first: Descriptive.mean(accuracies) ?? 0,
            rows: slots[0][0].rows, trials: slots.count))
      } catch { missing.append("\(corpus.called): \(error.reason)") }
    }
    return (settings, missing)
  }

  private static func share(_ isRight: [Bool]) -> Double {
    isRight.isEmpty ? 0 : Double(isRight.count { $0 }) / Double(isRight.count)
  }

  /// The weighted sum of the trials' right answers, over their rows.
  private static func mean(_ trials: [TrialRecord], _ weights: [Double]) -> GroupedMean? {
    guard let first = trials.first else { return nil }
    var values = [Double](repeating: 0, count: first.rows)
    for (trial, weight) in zip(trials, weights) where weight != 0 {
      for (row, isRight) in trial.outcome.isRight.enumerated() where isRight { values[row] += weight }
    }
    return GroupedMean(values, groups: first.groups.isEmpty ? Array(values.indices) : first.groups)
  }
}
