import Foundation
import Statistics

/// By how much a point can be expected to exceed the best value so far (Jones, Schonlau and Welch 1998, equation 15), as a
/// logarithm, which still tells points apart where all improvements are tiny (Ament et al. 2023, section 4.1).
package struct ExpectedImprovement: Sendable {
  let process: GaussianProcess
  /// The highest mean of the process at the points seen, since a value seen may be high by its noise alone (Picheny et
  /// al. 2013, section 4.1); standardised.
  let best: Double

  package init(_ process: GaussianProcess) {
    self.process = process
    best = process.observations.points.map { process.standardised(at: $0).mean }.max() ?? 0
  }

  /// log EI at a point `[columns]`, in standardised units; −∞ where nothing is uncertain.
  package func logarithm(at point: [Double]) -> Double { logarithm(process.standardised(at: point)) }

  private func logarithm(_ prediction: GaussianProcess.Prediction) -> Double {
    let deviation = prediction.variance.squareRoot()
    guard deviation > Self.least else { return -.infinity }
    return log(deviation) + Self.logH((prediction.mean - best) / deviation)
  }

  /// The same with its gradient by each column.
  package func logarithmWithGradient(at point: [Double]) -> (value: Double, gradient: [Double]) {
    let prediction = process.standardised(at: point, gradients: true)
    let deviation = prediction.variance.squareRoot()
    guard deviation > Self.least else { return (-.infinity, point.map { _ in 0 }) }
    let z = (prediction.mean - best) / deviation, ratio = Self.ratio(z)
    let gradient = point.indices.map { column in
      let slope = prediction.varianceGradient[column] / (2 * deviation)
      return slope / deviation + ratio * (prediction.meanGradient[column] - z * slope) / deviation
    }
    return (logarithm(prediction), gradient)
  }

  private static let least = 1e-9

  /// Below it φ + z Φ loses its digits and then its value; the expansion used there has nine digits.
  private static let far = -35.0

  /// log (φ(z) + z Φ(z))
  static func logH(_ z: Double) -> Double {
    if z > far { return log(Normal.density(z) + z * Normal.cdf(z)) }
    let square = 1 / (z * z)
    return -0.5 * z * z - 0.5 * log(2 * Double.pi) - 2 * log(-z)
      + log1p(square * (-3 + square * (15 + square * (-105 + 945 * square))))
  }

  /// Φ(z) / (φ(z) + z Φ(z)), the derivative of `logH`.
  static func ratio(_ z: Double) -> Double {
    if z > far { return Normal.cdf(z) / (Normal.density(z) + z * Normal.cdf(z)) }
    let square = 1 / (z * z)
    return -z * (1 + square * (-1 + square * (3 + square * (-15 + 105 * square))))
      / (1 + square * (-3 + square * (15 + square * (-105 + 945 * square))))
  }
}
