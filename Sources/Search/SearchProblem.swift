import Compute
import Foundation

/// A function with a known minimum, by which searches are judged.
package enum SearchProblem: String, CaseIterable, Sendable {
  /// Of two dimensions, with three minima of the same value (Dixon and Szegő 1978).
  case branin = "Branin"
  /// Of six, with six local minima (Dixon and Szegő 1978).
  case hartmann6 = "Hartmann-6"

  package var dimensions: Int { self == .branin ? 2 : 6 }

  package var minimum: Double { self == .branin ? 0.397887357729739 : -3.32236801141551 }

  /// At a point of the unit cube.
  package func value(_ point: [Double]) -> Double {
    switch self {
    case .branin:
      let x = 15 * point[0] - 5, y = 15 * point[1]
      let curve = y - 5.1 / (4 * Double.pi * Double.pi) * x * x + 5 / Double.pi * x - 6
      return curve * curve + 10 * (1 - 1 / (8 * Double.pi)) * cos(x) + 10
    case .hartmann6:
      return -zip(Self.heights, zip(Self.widths, Self.centres)).reduce(0.0) { sum, term in
        let (height, (widths, centres)) = term
        let distance = point.indices.reduce(0.0) {
          $0 + widths[$1] * (point[$1] - centres[$1]) * (point[$1] - centres[$1])
        }
        return sum + height * exp(-distance)
      }
    }
  }

  private static let heights = [1, 1.2, 3, 3.2]
  private static let widths: [[Double]] = [
    [10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14],
  ]
  private static let centres: [[Double]] = [
    [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886], [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
    [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650], [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
  ]
}

/// All points of the unit cube.
package struct UnitCube: SearchDomain {
  package let dimensionOfColumn: [Int]
  package var isContinuous: [Bool] { dimensionOfColumn.map { _ in true } }

  package init(dimensions: Int) { dimensionOfColumn = Array(0..<dimensions) }

  package func draw(_ random: Random) -> [Double] {
    var random = random
    return dimensionOfColumn.map { _ in random.uniform() }
  }

  package func snapped(_ point: [Double]) -> [Double] { point.map { min(1, max(0, $0)) } }
}
