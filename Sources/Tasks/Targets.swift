/// What is true of each row.
public enum Targets: Sendable, Hashable {
  /// The class of each.
  case classes([Int])
  /// The labels of each, ascending; a row may have none.
  case labels([[Int]])
  case numbers([Double])

  public var count: Int {
    switch self {
    case .classes(let all): all.count
    case .labels(let all): all.count
    case .numbers(let all): all.count
    }
  }

  public var problem: Problem {
    switch self {
    case .classes: .classification
    case .labels: .multiLabel
    case .numbers: .regression
    }
  }

  /// Whether every class or label is one of so many outputs.
  public func fit(outputs: Int) -> Bool {
    switch self {
    case .classes(let all): all.allSatisfy { 0..<outputs ~= $0 }
    case .labels(let all): all.allSatisfy { $0.allSatisfy { 0..<outputs ~= $0 } }
    case .numbers: outputs == 1
    }
  }

  /// Those of some rows, in the order given.
  public func rows(_ rows: [Int]) -> Targets {
    switch self {
    case .classes(let all): .classes(rows.map { all[$0] })
    case .labels(let all): .labels(rows.map { all[$0] })
    case .numbers(let all): .numbers(rows.map { all[$0] })
    }
  }

  /// Of rows that are all of one kind of task; `problem` says which where there are none.
  public init(_ rows: [Target], of problem: Problem) {
    switch problem {
    case .classification: self = .classes(rows.compactMap { if case .label(let label) = $0 { label } else { nil } })
    case .multiLabel: self = .labels(rows.compactMap { if case .labels(let labels) = $0 { labels } else { nil } })
    case .regression: self = .numbers(rows.compactMap { if case .number(let number) = $0 { number } else { nil } })
    }
    precondition(count == rows.count, "Targets: rows of another kind of task than \(problem.rawValue)")
  }

  /// Likewise no rows.
  public static func none(of problem: Problem) -> Targets { Targets([], of: problem) }

  public subscript(row: Int) -> Target {
    switch self {
    case .classes(let all): .label(all[row])
    case .labels(let all): .labels(all[row])
    case .numbers(let all): .number(all[row])
    }
  }

  /// The class of each row; empty where the task is another one.
  public var classes: [Int] { if case .classes(let all) = self { all } else { [] } }

  /// As a model's ideal outputs `[rows, outputs]`: 1 for what is true and 0 for what is not, or the number.
  public func outputs(of shape: TaskShape) -> [Float] {
    switch self {
    case .numbers(let all): return all.map { Float($0) }
    case .classes(let all):
      var values = [Float](repeating: 0, count: all.count * shape.classes)
      for (row, label) in all.enumerated() { values[row * shape.classes + label] = 1 }
      return values
    case .labels(let all):
      var values = [Float](repeating: 0, count: all.count * shape.classes)
      for (row, labels) in all.enumerated() { for label in labels { values[row * shape.classes + label] = 1 } }
      return values
    }
  }
}
