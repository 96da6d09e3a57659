import Compute
import Families
import Foundation
import Search
import Settings

/// A space of settings as points between 0 and 1, for a search that goes by their distances.
///
/// A range is one column, of a logarithm where it is drawn so; a list of numbers one column of their ranks; any other list
/// a column for each of its values, one of them 1 (one-hot). Settings without a key, which others make idle, stand in the
/// middle of its range, and in none of its list: they are as far from each other as if it did not exist.
struct SettingDomain: SearchDomain {
  private enum Code {
    case range(low: Double, high: Double, isLogarithm: Bool, isInteger: Bool)
    /// In ascending order.
    case ranks([SettingValue])
    case categories([SettingValue])

    var columns: Int { if case .categories(let values) = self { values.count } else { 1 } }
  }

  private let model: ModelDeclaration
  private var space: SearchSpace { model.space }
  private let codes: [Code]
  let dimensionOfColumn: [Int]
  let isContinuous: [Bool]

  init(_ model: ModelDeclaration) {
    self.model = model
    codes = model.space.dimensions.map { dimension in
      switch dimension.values {
      case .uniform(let low, let high, let isInteger):
        return .range(low: low, high: high, isLogarithm: false, isInteger: isInteger)
      case .logUniform(let low, let high, let isInteger):
        return .range(low: low, high: high, isLogarithm: true, isInteger: isInteger)
      case .list(let values):
        let numbers = values.compactMap(\.asNumber)
        guard numbers.count == values.count, values.count > 1 else { return .categories(values) }
        return .ranks(zip(numbers, values).sorted { $0.0 < $1.0 }.map(\.1))
      }
    }
    dimensionOfColumn = codes.enumerated().flatMap { index, code in Array(repeating: index, count: code.columns) }
    isContinuous = codes.flatMap { code in
      if case .categories(let values) = code { values.map { _ in false } } else { [true] }
    }
  }

  func draw(_ random: Random) -> [Double] { point(model.effective(space.draw(random))) }

  func snapped(_ point: [Double]) -> [Double] { self.point(settings(point)) }

  // MARK: From settings

  /// `[columns]`; settings that the space does not have, such as those declared, may lie outside of 0 to 1.
  func point(_ settings: [Setting]) -> [Double] {
    zip(space.dimensions, codes).flatMap { dimension, code in
      columns(settings.first { $0.key == dimension.key }?.value, code)
    }
  }

  private func columns(_ value: SettingValue?, _ code: Code) -> [Double] {
    switch code {
    case .categories(let values): return values.map { $0 == value ? 1 : 0 }
    case .range(let low, let high, let isLogarithm, _):
      guard let number = value?.asNumber, !isLogarithm || number > 0 else { return [0.5] }
      return isLogarithm
        ? [(log(number) - log(low)) / (log(high) - log(low))] : [(number - low) / (high - low)]
    case .ranks(let values):
      guard let number = value?.asNumber else { return [0.5] }
      return [rank(number, values.compactMap(\.asNumber)) / Double(values.count - 1)]
    }
  }

  /// Between two numbers in proportion, beyond the last half a rank.
  private func rank(_ number: Double, _ numbers: [Double]) -> Double {
    let below = numbers.count { $0 <= number }
    if below == 0 { return -0.5 }
    let start = numbers[below - 1]
    if number == start { return Double(below - 1) }
    guard below < numbers.count else { return Double(below) - 0.5 }
    return Double(below - 1) + (number - start) / (numbers[below] - start)
  }

  // MARK: To settings

  /// The nearest settings that the space has, idle keys left out.
  func settings(_ point: [Double]) -> [Setting] {
    var column = 0
    let settings = zip(space.dimensions, codes).map { dimension, code in
      let own = Array(point[column..<column + code.columns])
      column += code.columns
      return Setting(dimension.key, value(own, code))
    }
    return model.effective(settings)
  }

  private func value(_ columns: [Double], _ code: Code) -> SettingValue {
    let share = min(1, max(0, columns[0]))
    switch code {
    case .categories(let values):
      return values[columns.indices.max { (columns[$0], -$0) < (columns[$1], -$1) } ?? 0]
    case .ranks(let values): return values[Int((share * Double(values.count - 1)).rounded())]
    case .range(let low, let high, let isLogarithm, let isInteger):
      let number = isLogarithm ? exp(log(low) + share * (log(high) - log(low))) : low + share * (high - low)
      return isInteger
        ? .integer(Int(min(high, max(low, number.rounded())))) : .number(SearchSpace.Values.rounded(number, low, high))
    }
  }
}

extension SettingValue {
  fileprivate var asNumber: Double? {
    switch self {
    case .integer(let integer): Double(integer)
    case .number(let number): number
    default: nil
    }
  }
}
