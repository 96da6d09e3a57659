import Corpora
import Tasks
import Text

/// What a report calls the targets of a task.
extension Problem {
  /// `class`, `label`; `number` where there is neither.
  var noun: String {
    switch self {
    case .classification: "class"
    case .multiLabel: "label"
    case .regression: "number"
    }
  }

  var nouns: String { self == .classification ? "classes" : noun + "s" }

  /// Equal texts whose rows do not have the same target.
  var contradiction: String {
    switch self {
    case .classification: "several labels"
    case .multiLabel: "several sets of labels"
    case .regression: "several numbers"
    }
  }

  /// `77 classes`: what the trials can answer; `a number a text` where there are none.
  func answers(_ classes: Int) -> String {
    self == .regression ? "a number a text" : "\(classes) \(nouns)"
  }
}

extension NumberSummary {
  /// `1 to 5, mean 4.2 ± 1.1`
  var text: String {
    let (mean, deviation) = (NumberFormat.fixed(mean, 2, typographic: true), NumberFormat.fixed(deviation, 2))
    return "\(NumberFormat.plain(lowest)) to \(NumberFormat.plain(highest)), mean \(mean) ± \(deviation)"
  }
}
