import Compute
import Foundation

/// Regression by a Gaussian process (Rasmussen and Williams 2006, algorithm 2.1) with a Matérn 5/2 kernel and noise.
///
/// Values are standardised first: mean 0 and, where they differ, deviation 1. Of points `[n, columns]` several columns
/// may share a length scale, as those of one category do.
package struct GaussianProcess: Sendable {
  /// All that a fit depends on beside the points, in units of the standardised values.
  package struct Parameters: Sendable, Equatable {
    /// Variance of what the points explain.
    package var signal = 1.0
    /// Variance of what they do not.
    package var noise = 1e-2
    /// Of each dimension, in units of its columns.
    package var lengths: [Double]

    package init(signal: Double = 1, noise: Double = 1e-2, lengths: [Double]) {
      (self.signal, self.noise, self.lengths) = (signal, noise, lengths)
    }
  }

  /// Points and values that a process goes through.
  package struct Observations: Sendable {
    /// `[n, columns]`
    package let points: [[Double]]
    /// The dimension of each column.
    package let dimensionOfColumn: [Int]
    package let mean: Double
    package let deviation: Double
    /// `[n]`, standardised.
    package let targets: [Double]

    /// At least one point; all numbers finite.
    package init(points: [[Double]], values: [Double], dimensionOfColumn: [Int]) {
      precondition(
        !points.isEmpty && points.count == values.count && points.allSatisfy { $0.count == dimensionOfColumn.count },
        "GaussianProcess: \(points.count) points for \(values.count) values")
      (self.points, self.dimensionOfColumn) = (points, dimensionOfColumn)
      let count = Double(values.count), mean = values.reduce(0, +) / count
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
      // Of equal values nothing but rounding is left.
      let deviation = variance.squareRoot() > 1e-12 * max(1, abs(mean)) ? variance.squareRoot() : 1
      (self.mean, self.deviation) = (mean, deviation)
      targets = values.map { ($0 - mean) / deviation }
    }

    package var dimensions: Int { (dimensionOfColumn.max() ?? -1) + 1 }
  }

  package let observations: Observations
  package let parameters: Parameters
  /// log p(values | points), of the standardised values (equation 2.30).
  package let logLikelihood: Double
  /// L of K + noise·I = L·Lᵀ.
  let triangle: [Double]
  /// (K + noise·I)⁻¹ times the standardised values.
  let weights: [Double]

  /// nil where the kernel's matrix cannot be decomposed.
  package init?(_ observations: Observations, _ parameters: Parameters) {
    precondition(
      parameters.lengths.count == observations.dimensions,
      "GaussianProcess: \(parameters.lengths.count) length scales for \(observations.dimensions) dimensions")
    let n = observations.points.count
    var kernel = [Double](repeating: 0, count: n * n)
    for row in 0..<n {
      for column in 0..<row {
        kernel[row * n + column] = Matern.value(
          observations.points[row], observations.points[column], observations.dimensionOfColumn, parameters)
      }
      kernel[row * n + row] = parameters.signal + parameters.noise
    }
    guard let triangle = LAPACK.cholesky(kernel, n: n) else { return nil }
    let weights = LAPACK.solve(cholesky: triangle, observations.targets)
    var fit = 0.0, determinant = 0.0
    for row in 0..<n {
      fit += observations.targets[row] * weights[row]
      determinant += log(triangle[row * n + row])
    }
    (self.observations, self.parameters, self.triangle, self.weights) = (observations, parameters, triangle, weights)
    logLikelihood = -0.5 * fit - determinant - 0.5 * Double(n) * log(2 * Double.pi)
  }

  /// Of the value without noise at a point, standardised.
  package struct Prediction: Sendable {
    package var mean: Double
    package var variance: Double
    /// By each column of the point.
    package var meanGradient: [Double] = []
    package var varianceGradient: [Double] = []
  }

  /// - Parameters:
  ///   - point: `[columns]`.
  ///   - gradients: whether they are wanted, at about the cost of the rest.
  package func standardised(at point: [Double], gradients: Bool = false) -> Prediction {
    let points = observations.points
    let kernel = points.map { Matern.value(point, $0, observations.dimensionOfColumn, parameters) }
    let solved = LAPACK.solve(cholesky: triangle, kernel)
    var mean = 0.0, explained = 0.0
    for row in points.indices {
      mean += kernel[row] * weights[row]
      explained += kernel[row] * solved[row]
    }
    var prediction = Prediction(mean: mean, variance: max(0, parameters.signal - explained))
    guard gradients else { return prediction }
    prediction.meanGradient = [Double](repeating: 0, count: point.count)
    prediction.varianceGradient = prediction.meanGradient
    for row in points.indices {
      let slopes = Matern.gradient(point, points[row], observations.dimensionOfColumn, parameters)
      for column in point.indices {
        prediction.meanGradient[column] += weights[row] * slopes[column]
        prediction.varianceGradient[column] -= 2 * solved[row] * slopes[column]
      }
    }
    return prediction
  }

  /// Mean and variance of the value without noise at a point `[columns]`, in the values' own units.
  package func prediction(at point: [Double]) -> (mean: Double, variance: Double) {
    let own = standardised(at: point), scale = observations.deviation
    return (observations.mean + own.mean * scale, own.variance * scale * scale)
  }

  /// ∂ log p / ∂ log θ of signal, noise and each length scale, in that order (equation 5.9).
  package var logLikelihoodGradient: [Double] {
    let n = observations.points.count, own = observations
    let inverse = LAPACK.inverse(cholesky: triangle, n: n)
    var gradient = [Double](repeating: 0, count: 2 + parameters.lengths.count)
    for row in 0..<n {
      let diagonal = weights[row] * weights[row] - inverse[row * n + row]
      gradient[0] += 0.5 * diagonal * parameters.signal
      gradient[1] += 0.5 * diagonal * parameters.noise
      for column in 0..<row {
        // Both halves of a symmetric matrix.
        let factor = weights[row] * weights[column] - inverse[row * n + column]
        let terms = Matern.logGradient(own.points[row], own.points[column], own.dimensionOfColumn, parameters)
        for index in terms.indices { gradient[index == 0 ? 0 : index + 1] += factor * terms[index] }
      }
    }
    return gradient
  }
}

/// The Matérn kernel of smoothness 5/2 with a length scale for each dimension: with r² = Σ (xⱼ − yⱼ)² / ℓⱼ²,
/// k = signal · (1 + √5 r + 5 r²/3) · exp(−√5 r) (Rasmussen and Williams 2006, equation 4.17).
private enum Matern {
  private static let root = 5.0.squareRoot()

  private static func squares(
    _ x: [Double], _ y: [Double], _ dimensionOfColumn: [Int], _ lengths: [Double]
  ) -> Double {
    var sum = 0.0
    for column in x.indices {
      let difference = (x[column] - y[column]) / lengths[dimensionOfColumn[column]]
      sum += difference * difference
    }
    return sum
  }

  static func value(
    _ x: [Double], _ y: [Double], _ dimensionOfColumn: [Int], _ parameters: GaussianProcess.Parameters
  ) -> Double {
    let square = squares(x, y, dimensionOfColumn, parameters.lengths), r = square.squareRoot()
    return parameters.signal * (1 + root * r + 5 * square / 3) * exp(-root * r)
  }

  /// By the columns of `x`.
  static func gradient(
    _ x: [Double], _ y: [Double], _ dimensionOfColumn: [Int], _ parameters: GaussianProcess.Parameters
  ) -> [Double] {
    let r = squares(x, y, dimensionOfColumn, parameters.lengths).squareRoot()
    let factor = -parameters.signal * 5 / 3 * (1 + root * r) * exp(-root * r)
    return x.indices.map { column in
      let length = parameters.lengths[dimensionOfColumn[column]]
      return factor * (x[column] - y[column]) / (length * length)
    }
  }

  /// By log signal, then by the logarithm of each length scale.
  static func logGradient(
    _ x: [Double], _ y: [Double], _ dimensionOfColumn: [Int], _ parameters: GaussianProcess.Parameters
  ) -> [Double] {
    let square = squares(x, y, dimensionOfColumn, parameters.lengths), r = square.squareRoot()
    let decay = exp(-root * r), factor = parameters.signal * 5 / 3 * (1 + root * r) * decay
    var terms = [Double](repeating: 0, count: 1 + parameters.lengths.count)
    terms[0] = parameters.signal * (1 + root * r + 5 * square / 3) * decay
    for column in x.indices {
      let dimension = dimensionOfColumn[column]
      let difference = (x[column] - y[column]) / parameters.lengths[dimension]
      terms[1 + dimension] += factor * difference * difference
    }
    return terms
  }
}
