import Compute
import Foundation
import Manifests
import Settings

extension SearchSpace {
  /// One setting of every key, drawn independently, each key from a stream of its own.
  package func draw(_ random: Random) -> [Setting] {
    dimensions.map { dimension in
      var random = random.stream(dimension.key)
      return Setting(dimension.key, dimension.values.draw(&random))
    }
  }

  /// The setting at `index` of all combinations, the last key changing fastest.
  package func combination(_ index: Int) -> [Setting] {
    var (rest, settings) = (index, [Setting]())
    for dimension in dimensions.reversed() {
      guard case .list(let values) = dimension.values else { preconditionFailure("a grid has lists only") }
      settings.append(Setting(dimension.key, values[rest % values.count]))
      rest /= values.count
    }
    return settings.reversed()
  }
}

extension SearchSpace.Values {
  fileprivate func draw(_ random: inout Random) -> SettingValue {
    switch self {
    case .list(let values): values[random.below(values.count)]
    case .uniform(let low, let high, isInteger: true):
      .integer(Int(low) + random.below(Int(high) - Int(low) + 1))
    case .uniform(let low, let high, isInteger: false):
      .number(Self.rounded(low + random.uniform() * (high - low), low, high))
    case .logUniform(let low, let high, isInteger: true):
      // [n, n + 1) belongs to n, so that both ends have their share.
      .integer(Int(min(high, max(low, exp(log(low) + random.uniform() * (log(high + 1) - log(low))).rounded(.down)))))
    case .logUniform(let low, let high, isInteger: false):
      .number(Self.rounded(exp(log(low) + random.uniform() * (log(high) - log(low))), low, high))
    }
  }

  /// Four significant digits: what a table shows is what was tried.
  static func rounded(_ value: Double, _ low: Double, _ high: Double) -> Double {
    min(high, max(low, Double(String(format: "%.3e", value)) ?? value))
  }
}
