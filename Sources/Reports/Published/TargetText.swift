import Foundation
import Tasks
import Text

/// What is true of a row, as result files have it: the class's name; the labels' names, a line each; or the number.
enum TargetText {
  static func text(_ target: Target, _ classes: [String]) -> String {
    switch target {
    case .label(let label): classes[label]
    case .labels(let labels): labels.map { escaped(classes[$0]) }.joined(separator: "\n")
    case .number(let number): NumberFormat.exact(number)
    }
  }

  /// What was answered to each row, in the same form.
  static func answers(_ outcome: Outcome, _ classes: [String]) -> [String] {
    switch outcome {
    case .classification(let own): own.predictions.map { classes[$0] }
    case .multiLabel(let own): own.answers.map { text(.labels($0), classes) }
    case .regression(let own): own.answers.map(NumberFormat.exact)
    }
  }

  /// nil for a name that is not among the places, and for what is no number.
  static func target(_ text: String, _ problem: Problem, _ places: [String: Int]) -> Target? {
    switch problem {
    case .classification: return places[text].map { .label($0) }
    case .multiLabel:
      let names = text.isEmpty ? [] : text.components(separatedBy: "\n").map(unescaped)
      let labels = names.compactMap { places[$0] }
      return labels.count == names.count && Set(labels).count == names.count ? .labels(labels.sorted()) : nil
    case .regression: return Double(text).flatMap { $0.isFinite ? .number($0) : nil }
    }
  }

  /// A name may hold a line break.
  private static func escaped(_ name: String) -> String {
    name.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
  }

  private static func unescaped(_ text: String) -> String {
    var name = "", isEscaped = false
    for letter in text.unicodeScalars {
      if isEscaped {
        name.unicodeScalars.append(letter == "n" ? "\n" : letter)
        isEscaped = false
      } else if letter == "\\" {
        isEscaped = true
      } else {
        name.unicodeScalars.append(letter)
      }
    }
    return name
  }
}
