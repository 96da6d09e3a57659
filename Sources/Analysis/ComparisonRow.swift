import Foundation
import Statistics

/// One row of comparisons.csv. Differences, intervals and the margin are in points for metrics that are fractions.
public struct ComparisonRow: Sendable, Codable {
  /// What a row is for. The first three have words, and a corrected p that holds together with all of the report.
  public enum Role: String, Sendable, Codable {
    /// A declared pair, over the settings of a task.
    case headline
    /// A declared pair in one setting: one domain under the deciding protocol.
    case setting
    /// A model against the better floor, over the settings of a task.
    case floor
    /// The deciding metric of a pair, or of a place, that was not asked for.
    case primary
    /// Another metric or test.
    case sensitivity
  }

  /// What a row's interval and p come from.
  public enum Test: String, Sendable, Codable {
    /// Of the contrasts of several settings.
    case mean
    case bootstrap
    case correctedT = "corrected-t"
    case pairedT = "paired-t"
    case mcnemar
  }

  /// Of a headline and a floor `corpus`, `source` and `target` are empty: they are over several.
  public var task, corpus, protocolName, source, target, metric: String
  public var role = Role.sensitivity
  public var modelA, modelB: String
  /// nil where there is none.
  public var test: Test?
  /// Settings that it is over.
  public var settings = 1
  /// Pairs of trials; examples for McNemar; the fewest of any setting for a mean.
  public var n: Int
  /// Pairs that are missing, because a side failed or the metric is undefined there.
  public var missing: Int
  /// model_a − model_b; nil without a pair.
  public var difference: Double?
  /// Of the 95 % interval, uncorrected.
  public var low, high: Double?
  public var statistic, p: Double?
  /// Standardised mean difference (d_z), or the risk difference for McNemar.
  public var effect: Double?
  public var margin: Double
  /// nil where no word was asked for.
  public var words: Words?
  /// What a reader must know: missing settings, seeds that did not learn, unequal effort. Empty where there is nothing.
  public var warning = ""
  /// Why there is no test; empty elsewhere.
  package var reason = ""
  /// What the interval and p follow from; nil for other tests.
  package var contrast: Contrast?
  /// Test rows of a trial, their mean.
  package var rows = 0
  /// Whether all of its trials are on one test part, which more repetitions leave as it is.
  package var isOnOneTestPart = false

  /// What holds together with everything else that the report says.
  public struct Words: Sendable, Codable {
    /// Of the simultaneous interval.
    public var level: Double
    public var low, high: Double?
    /// Corrected for all that has words; to be held against .05.
    public var p: Double?
    public var verdict: Verdict

    public init(level: Double, low: Double? = nil, high: Double? = nil, p: Double? = nil, verdict: Verdict) {
      (self.level, self.low, self.high, self.p, self.verdict) = (level, low, high, p, verdict)
    }
  }

  public init(
    task: String, corpus: String, protocolName: String, source: String, target: String, metric: String,
    modelA: String, modelB: String, n: Int, missing: Int, margin: Double
  ) {
    (self.task, self.corpus, self.protocolName, self.source, self.target) = (task, corpus, protocolName, source, target)
    (self.metric, self.modelA, self.modelB) = (metric, modelA, modelB)
    (self.n, self.missing, self.margin) = (n, missing, margin)
  }

  public var verdict: Verdict? { words?.verdict }

  package mutating func warn(_ text: String) { Remarks.add(text, to: &warning) }
}

/// What a reader of a row must know, one remark after another in its `warning`.
package enum Remarks {
  private static let separator = "; "

  /// Without effect where there is nothing to remark.
  package static func add(_ remark: String, to warning: inout String) {
    guard !remark.isEmpty else { return }
    warning += (warning.isEmpty ? "" : separator) + remark
  }

  /// What was added, one by one.
  package static func each(of warning: String) -> [String] {
    warning.isEmpty ? [] : warning.components(separatedBy: separator)
  }
}
