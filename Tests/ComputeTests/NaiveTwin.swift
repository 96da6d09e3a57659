import Compute
import TestSupport

/// Inputs for kernels and their twins.
enum NaiveTwin {
  /// Around the sixteen lanes, and long.
  static let sizes = [0, 1, 7, 15, 16, 17, 1000]

  static func values(_ count: Int, _ label: String, deviation: Double = 1) -> [Float] {
    var random = Random(seed: 1, stream: label)
    return (0..<count).map { _ in Float(random.normal() * deviation) }
  }
}
