/// Mean and deviation of the numbers that a model is trained on.
package struct NumberScale: Sendable, Equatable {
  package var mean = 0.0
  /// Not 0.
  package var deviation = 1.0

  /// Of targets that are no numbers, 0 and 1.
  package init(_ targets: Targets) {
    guard case .numbers(let numbers) = targets, !numbers.isEmpty else { return }
    let mean = numbers.reduce(0, +) / Double(numbers.count)
    let variance = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(numbers.count)
    (self.mean, deviation) = (mean, variance > 0 ? variance.squareRoot() : 1)
  }

  package func standardised(_ number: Double) -> Double { (number - mean) / deviation }

  /// Targets that are no numbers stay as they are.
  package func standardised(_ targets: Targets) -> Targets {
    guard case .numbers(let numbers) = targets else { return targets }
    return .numbers(numbers.map(standardised))
  }

  /// A standardised number as it was.
  package func restored(_ value: Float) -> Float { Float(mean + deviation * Double(value)) }
}
