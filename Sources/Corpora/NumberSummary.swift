/// What the numbers of a data set are like that a model is to answer with.
public struct NumberSummary: Sendable, Equatable, Codable {
  public var lowest: Double
  public var highest: Double
  public var mean: Double
  /// Of the rows that are there, not of what they were drawn from.
  public var deviation: Double

  /// nil where no row has a number.
  public init?(_ examples: [Example]) {
    let numbers = examples.compactMap { if case .number(let number) = $0.target { number } else { nil } }
    guard let lowest = numbers.min(), let highest = numbers.max() else { return nil }
    (self.lowest, self.highest) = (lowest, highest)
    let mean = numbers.reduce(0, +) / Double(numbers.count)
    self.mean = mean
    deviation = (numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(numbers.count)).squareRoot()
  }
}
