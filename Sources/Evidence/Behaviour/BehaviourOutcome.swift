import Manifests
import Statistics

/// How one test of a suite ended for each model.
public struct BehaviourOutcome: Sendable {
  /// What a model says of a text: its class, and the probability of each class; direction tests need those.
  public struct Answer: Sendable, Equatable {
    public var label: String
    public var probabilities: [String: Double]

    public init(label: String, probabilities: [String: Double]) {
      (self.label, self.probabilities) = (label, probabilities)
    }
  }

  public struct Model: Sendable {
    public var name: String
    /// Of each case.
    public var failed: [Bool]
    /// Of the cases whose class is known, those that the model answers wrong before the change; nil where none is known.
    public var wrongBefore: Int?
    public var known: Int
    /// Of the failures.
    public var interval: Interval?

    public var failures: Int { failed.count { $0 } }
    public var rate: Double { Double(failures) / Double(max(1, failed.count)) }
  }

  public let test: BehaviourTest
  public let cases: [BehaviourCases.Case]
  public let models: [Model]

  /// - Parameters:
  ///   - cases: the texts.
  ///   - names: of the models.
  ///   - before: answers to the texts before the change, `[model][case]`; none of a minimum test.
  ///   - after: answers to those after it.
  public init(_ cases: BehaviourCases, models names: [String], before: [[Answer]], after: [[Answer]]) {
    let test = cases.test
    (self.test, self.cases) = (test, cases.cases)
    models = names.indices.map { model in
      let failed = cases.cases.indices.map { place -> Bool in
        let now = after[model][place]
        return test.kind == .minimum ? now.label != test.label : Self.fails(test, before[model][place], now)
      }
      var (wrong, known) = (0, 0)
      if test.kind != .minimum {
        for (place, one) in cases.cases.enumerated() {
          guard let label = one.label else { continue }
          known += 1
          if before[model][place].label != label { wrong += 1 }
        }
      }
      return Model(
        name: names[model], failed: failed, wrongBefore: known > 0 ? wrong : nil, known: known,
        interval: ProportionInterval.wilson(successes: failed.count { $0 }, trials: failed.count))
    }
  }

  private static func fails(_ test: BehaviourTest, _ before: Answer, _ after: Answer) -> Bool {
    guard test.kind == .direction else { return before.label != after.label }
    let (first, second) = (before.probabilities[test.label] ?? 0, after.probabilities[test.label] ?? 0)
    return test.moves == .down ? second - first > test.tolerance : first - second > test.tolerance
  }

  /// Whether a model fails in more cases than the test allows. Without a case nothing is shown, and nothing is kept.
  public func isExceeded(by model: Model) -> Bool {
    test.atMost.map { model.failed.isEmpty || model.rate > $0 } ?? false
  }

  /// The first model against the second, on the same cases; nil with one model alone, and without cases.
  public var pair: McNemarTest? {
    guard models.count > 1, !cases.isEmpty else { return nil }
    return McNemarTest(a: models[0].failed, b: models[1].failed)
  }
}
