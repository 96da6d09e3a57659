import Tasks

extension TrialRecord {
  /// Sets what all test rows say: the metrics, those of each class or label, and the confusion counts.
  package mutating func score() {
    for (name, value) in outcome.scores { metrics[name.rawValue] = value }
    switch outcome {
    case .classification(let own):
      let scores = own.metrics
      confusion = scores.confusion
      perClass = classes.indices.map {
        PerClass(
          name: classes[$0], precision: scores.counts.precision($0), recall: scores.counts.recall($0),
          f1: scores.counts.f1($0), support: scores.counts.support[$0])
      }
    case .multiLabel(let own):
      perClass = zip(classes, own.scores.perLabel()).map {
        PerClass(name: $0, precision: $1.precision, recall: $1.recall, f1: $1.f1, support: $1.support)
      }
    case .regression: break
    }
  }
}

/// Of rows with one class each.
extension TrialRecord {
  /// The true class of each row; none where the task is another one.
  public var labels: [Int] { classOutcome?.labels ?? [] }

  /// `[rows, classes]`; none where answers alone are known.
  public var probabilities: [Float] { classOutcome?.probabilities ?? [] }

  /// What is kept where there are no probabilities.
  public var answers: RowAnswers? { classOutcome?.answers }

  /// The class of highest probability for each row; the lowest index among equals.
  public var predictions: [Int] { classOutcome?.predictions ?? [] }

  private var classOutcome: ClassOutcome? {
    if case .classification(let own) = outcome { own } else { nil }
  }
}
