import Analysis
import Records
import Statistics
import Text

/// One model and another that differ in several things at once: what each of these adds to the gap between the two.
public struct Decomposition: Sendable, Equatable {
  /// A model that has some of the factors as the second model has them, and all others as the first.
  public struct Cell: Sendable, Equatable {
    public var model: String
    /// Places among the factors, a bit each.
    var factors: UInt64
  }

  public var name = ""
  public var called = ""
  /// Names of corpora.
  public var over: [String] = []
  public var factors: [String] = []
  public var cells: [Cell] = []

  public init() {}

  /// Places of the model without any factor and of that with all.
  public var first: Int? { cell(0) }
  public var last: Int? { cell(all) }

  var all: UInt64 { (1 << UInt64(factors.count)) - 1 }

  func cell(_ factors: UInt64) -> Int? { cells.firstIndex { $0.factors == factors } }

  /// In how many orders the factors can be changed one by one, with a cell at every step.
  public var orders: Double { paths(from: 0).reduce(0) { $1.key == all ? $1.value : $0 } }

  /// What each cell's score counts in each factor's part, `[factor][cell]`: the mean over all orders of the score with the
  /// factor less the score before (Shapley 1953, "A value for n-person games"; with orders that not all exist, Faigle and
  /// Kern 1992, "The Shapley value for cooperative games under precedence constraints"). Without an order all are 0.
  public var weights: [[Double]] {
    var weights = [[Double]](repeating: [Double](repeating: 0, count: cells.count), count: factors.count)
    let before = paths(from: 0), after = paths(to: all), orders = before[all] ?? 0
    guard orders > 0 else { return weights }
    for (place, cell) in cells.enumerated() {
      for factor in factors.indices where cell.factors & (1 << UInt64(factor)) == 0 {
        let next = cell.factors | 1 << UInt64(factor)
        guard let other = self.cell(next), let into = before[cell.factors], let onwards = after[next] else { continue }
        let share = into * onwards / orders
        weights[factor][other] += share
        weights[factor][place] -= share
      }
    }
    return weights
  }

  /// Ways to each cell, adding a factor at each step.
  private func paths(from start: UInt64) -> [UInt64: Double] {
    paths(start, cells.map(\.factors).sorted { $0.nonzeroBitCount < $1.nonzeroBitCount }) { $0 & ~$1 }
  }

  /// Ways from each cell.
  private func paths(to end: UInt64) -> [UInt64: Double] {
    paths(end, cells.map(\.factors).sorted { $0.nonzeroBitCount > $1.nonzeroBitCount }) { ~$0 & $1 }
  }

  private func paths(
    _ start: UInt64, _ order: [UInt64], changed: (_ cell: UInt64, _ former: UInt64) -> UInt64
  ) -> [UInt64: Double] {
    var ways: [UInt64: Double] = [start: 1]
    for cell in order where cell != start {
      let count = order.reduce(0.0) { sum, former in
        let isStep = (cell ^ former).nonzeroBitCount == 1 && changed(cell, former).nonzeroBitCount == 1
        return isStep ? sum + (ways[former] ?? 0) : sum
      }
      if count > 0 { ways[cell] = count }
    }
    return ways
  }
}

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
