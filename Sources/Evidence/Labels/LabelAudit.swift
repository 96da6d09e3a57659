import Records
import Statistics
import Tasks

/// Suspect labels of one data set, by answers of models that did not see the rows, and what the list is worth.
public struct LabelAudit: Sendable {
  public struct Suspect: Sendable, Equatable {
    public var id: String
    public var label: String
    public var suggested: String
    public var margin: Double
  }

  public let corpus: String
  public let domain: String
  /// All rows, in the order of the folds.
  public let ids: [String]
  /// The surest first.
  public let suspects: [Suspect]
  /// Of the answers to all rows, and to those that are no suspects.
  public let accuracy: Double
  public let accuracyWithout: Double
  /// What the model takes for what, `[class][answer]`, by all classes of the corpus.
  public let confusion: [[Int]]

  /// nil where the trials are no folds of one domain, or a class vector is missing.
  public init?(_ trials: [TrialRecord], classes: [String]) {
    guard let first = trials.first else { return nil }
    let places = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, $0) })
    var ids: [String] = [], labels: [Int] = [], probabilities: [Float] = []
    for trial in trials {
      // A fold's model answers with the classes that it was trained on.
      let own = trial.classes.compactMap { places[$0] }
      guard own.count == trial.classes.count, trial.probabilities.count == trial.ids.count * own.count else {
        return nil
      }
      ids += trial.ids
      labels += trial.labels.map { own[$0] }
      for row in trial.ids.indices {
        var whole = [Float](repeating: 0, count: classes.count)
        for (place, label) in own.enumerated() { whole[label] = trial.probabilities[row * own.count + place] }
        probabilities += whole
      }
    }
    guard !ids.isEmpty else { return nil }
    let found = ConfidentLearning(probabilities: probabilities, labels: labels, classes: classes.count)
    let answers = RowAnswers(probabilities, labels: labels, classes: classes.count).predictions
    var confusion = [[Int]](repeating: [Int](repeating: 0, count: classes.count), count: classes.count)
    for (label, answer) in zip(labels, answers) { confusion[label][answer] += 1 }
    suspects = found.suspects.map {
      Suspect(id: ids[$0.row], label: classes[labels[$0.row]], suggested: classes[$0.suggested], margin: $0.margin)
    }
    let doubtful = Set(found.suspects.map(\.row))
    let kept = ids.indices.filter { !doubtful.contains($0) }
    func share(_ rows: [Int]) -> Double {
      Double(rows.count { answers[$0] == labels[$0] }) / Double(max(1, rows.count))
    }
    (corpus, domain, self.ids) = (first.corpus, first.target, ids)
    (accuracy, accuracyWithout, self.confusion) = (share(Array(ids.indices)), share(kept), confusion)
  }

  /// What a search found of labels that were made wrong.
  public struct Worth: Sendable, Equatable {
    public var kind: PlantedFlips.Kind
    /// Flips, and those of them that are suspects.
    public var planted: Int
    public var found: Int
    /// All suspects.
    public var suspects: Int

    /// Share of the suspects that are flips: the others have a label that was not in doubt before.
    public var precision: ErrorAnalysis.Share { share(of: suspects) }
    public var recall: ErrorAnalysis.Share { share(of: planted) }

    private func share(of all: Int) -> ErrorAnalysis.Share {
      .init(count: found, all: all, interval: ProportionInterval.wilson(successes: found, trials: all))
    }
  }

  /// What the search that gave this found of `flips`.
  public func worth(of flips: PlantedFlips) -> Worth {
    Worth(
      kind: flips.kind, planted: ids.count { flips.rows.contains($0) },
      found: suspects.count { flips.rows.contains($0.id) }, suspects: suspects.count)
  }
}
