import Compute

/// The k training rows whose direction is closest to a row's (Cover and Hart 1967), found exactly on sparse rows.
///
/// The distance is 1 − cos(x, y), which for rows of length 1 is 1 − x · y. An inverted index holds the training rows
/// column by column, scaled to length 1; a row is compared with all of them at once, by adding x_j · y_j over the
/// columns j that it holds. Cost: the sum of the training rows that hold each of its columns, and one pass over the
/// training rows for the k best. What a row does not hold is never looked at.
///
/// Ties: of equally distant rows the one that stands first in training is the nearer. A row without a value that the
/// training rows know has distance 1 to all of them. As in scikit-learn's `KNeighborsClassifier` and
/// `KNeighborsRegressor`, weights by distance are 1 / distance, and where a neighbour's distance is 0 only such
/// neighbours count, each the same; 0 is every distance of at most `zero`, which Floats cannot tell from it.
public struct NearestNeighbours: Sendable, Equatable {
  public enum Weights: String, Sendable, CaseIterable, Codable { case uniform, distance }

  public struct Settings: Sendable, Equatable, Codable {
    /// k; all rows where there are fewer.
    public var neighbours = 15
    public var weights = Weights.distance

    public init(neighbours: Int = 15, weights: Weights = .distance) {
      (self.neighbours, self.weights) = (neighbours, weights)
    }
  }

  /// What is known of each training row.
  enum Answers: Sendable, Equatable {
    /// The class of each.
    case classes([Int32])
    case numbers([Float])

    var count: Int {
      switch self {
      case .classes(let all): all.count
      case .numbers(let all): all.count
      }
    }
  }

  /// Distances up to this count as 0.
  static let zero = 1e-6

  public let settings: Settings
  /// Numbers that a row gets: one for each class, or 1.
  public let outputs: Int
  /// The training rows by column, `[columns, training rows]`.
  package let index: SparseRows
  let answers: Answers

  init(settings: Settings, outputs: Int, index: SparseRows, answers: Answers) {
    precondition(settings.neighbours > 0, "NearestNeighbours: k is \(settings.neighbours)")
    precondition(
      index.columns == answers.count && index.columns > 0,
      "NearestNeighbours: \(index.columns) rows for \(answers.count) answers")
    (self.settings, self.outputs, self.index, self.answers) = (settings, outputs, index, answers)
  }

  /// Keeps `rows` with the class of each, 0 ..< `classes`.
  public init(rows: SparseRows, labels: [Int], classes: Int, settings: Settings = Settings()) {
    precondition(
      labels.allSatisfy { 0..<classes ~= $0 }, "NearestNeighbours: a label outside 0 ..< \(classes)")
    self.init(
      settings: settings, outputs: classes, index: Self.scaled(rows).transposed(),
      answers: .classes(labels.map { Int32($0) }))
  }

  /// Keeps `rows` with the number of each.
  public init(rows: SparseRows, numbers: [Double], settings: Settings = Settings()) {
    self.init(
      settings: settings, outputs: 1, index: Self.scaled(rows).transposed(),
      answers: .numbers(numbers.map { Float($0) }))
  }

  /// Number of training rows.
  public var count: Int { index.columns }
  public var columns: Int { index.count }

  /// Every row divided by its length; a row of zeros stays one.
  private static func scaled(_ rows: SparseRows) -> SparseRows {
    var scaled = SparseRows(columns: rows.columns)
    for row in 0..<rows.count {
      let range = rows.offsets[row]..<rows.offsets[row + 1]
      let length = length(of: rows, row)
      scaled.append(
        indices: Array(rows.indices[range]),
        values: rows.values[range].map { length > 0 ? Float(Double($0) / length) : 0 })
    }
    return scaled
  }

  static func length(of rows: SparseRows, _ row: Int) -> Double {
    var squares = 0.0
    for place in rows.offsets[row]..<rows.offsets[row + 1] {
      squares += Double(rows.values[place]) * Double(rows.values[place])
    }
    return squares.squareRoot()
  }
}
