/// What is true of one text.
public enum Target: Sendable, Hashable {
  case label(Int)
  /// Ascending; none where no label holds.
  case labels([Int])
  case number(Double)

  /// Its class, or its labels; none where it is a number.
  public var classes: [Int] {
    switch self {
    case .label(let label): [label]
    case .labels(let labels): labels
    case .number: []
    }
  }

  /// The same among other classes, `place` of each; labels without a place are left out.
  public func mapped(_ place: (Int) -> Int?) -> Target {
    switch self {
    case .label(let label):
      guard let found = place(label) else { preconditionFailure("class \(label) is none of the list's") }
      return .label(found)
    case .labels(let labels): return .labels(labels.compactMap(place).sorted())
    case .number: return self
    }
  }

  /// Another one for every target that differs.
  public var key: String {
    switch self {
    case .label(let label): "\(label)"
    case .labels(let labels): "[\(labels.map(String.init).joined(separator: " "))]"
    case .number(let number): "\(number)"
    }
  }
}
