import Text

/// How many of the rows of a training part a model learns from: a share of each class, or a number of rows of each.
public enum TrainingSize: Sendable, Hashable {
  /// Above 0 and below 1.
  case share(Double)
  case rowsAClass(Int)

  /// `10%`, or a whole number; nil for anything else, and for all rows.
  package init?(_ text: String) {
    if text.hasSuffix("%") {
      guard let percent = Double(text.dropLast()), percent > 0, percent < 100 else { return nil }
      self = .share(percent / 100)
    } else {
      guard let count = Int(text), count > 0 else { return nil }
      self = .rowsAClass(count)
    }
  }

  /// As a manifest has it; part of the names of fits and protocols.
  public var name: String {
    switch self {
    case .share(let share): "\(NumberFormat.plain((share * 1e6).rounded() / 1e4))%"
    case .rowsAClass(let count): "\(count)"
    }
  }

  /// Of so many rows of a class or another kind of row; at least one, and never more than there are.
  package func count(of rows: Int) -> Int {
    switch self {
    case .share(let share): min(rows, max(1, Int((share * Double(rows)).rounded())))
    case .rowsAClass(let count): min(rows, count)
    }
  }
}
