import Compute
import Models

/// Linear regression with a penalty on the weights (Hoerl and Kennard 1970) over sparse rows.
///
/// Minimises Σ (y_i − x_i w − b)² + alpha · ‖w‖²; b is not penalised. At the minimum b = ȳ − x̄ w with the means ȳ and
/// x̄, and what remains are the normal equations (XᵀX + alpha) w = Xᵀy of centred columns and targets. Centred columns
/// are not sparse, so they are never made: the product by them is X v − x̄ v, that by their transpose Xᵀu − x̄ Σu.
///
/// Conjugate gradients solve the equations in the form that keeps y − X w beside w and so loses fewer digits (CGLS:
/// Hestenes and Stiefel 1952, section 10; Björck 1996, section 7.4). scikit-learn's `Ridge` with the solver `sparse_cg`
/// has the same minimum, and the same measure of convergence where there are no more features than rows. Everything
/// runs on one thread, in Double, in the order of the rows.
struct RidgeRegression: Sendable {
  /// Weight of ‖w‖².
  var alpha = 1.0
  /// Converged when the residual of the normal equations is at most this share of their right side, in length.
  var tolerance = 1e-4
  var maximumIterations = 1000

  struct Outcome: Sendable {
    /// Of each feature.
    var weights: [Double]
    var bias: Double
    var iterations: Int
    var hasConverged: Bool
    /// Σ (y_i − x_i w − b)² + alpha · ‖w‖²
    var objective: Double
    /// Floating-point operations.
    var flops: Double
  }

  /// Fits `targets`, one a row.
  ///
  /// `progress` receives the iteration, from 1, and the objective.
  ///
  /// - Parameter isStopped: asked before every iteration; true ends the fit.
  /// - Throws: `FitStopped` where it was ended so.
  func minimise(
    rows: SparseRows, targets: [Double], isStopped: () -> Bool = { false }, progress: ((Int, Double) -> Void)? = nil
  ) throws(FitStopped) -> Outcome {
    precondition(
      rows.count == targets.count, "RidgeRegression: \(rows.count) rows for \(targets.count) targets")
    precondition(alpha >= 0, "RidgeRegression: alpha is \(alpha)")
    let columns = CentredColumns(rows)
    let mean = targets.isEmpty ? 0 : targets.reduce(0, +) / Double(targets.count)
    /// y − X w
    var residual = targets.map { $0 - mean }
    var weights = [Double](repeating: 0, count: rows.columns)
    /// Xᵀ(y − X w) − alpha w, the residual of the normal equations.
    var slope = columns.transposedProduct(residual)
    var direction = slope
    var square = Self.square(slope)
    let limit = tolerance * square.squareRoot()
    var iterations = 0
    while square.squareRoot() > limit, iterations < maximumIterations {
      guard !isStopped() else { throw FitStopped() }
      let image = columns.product(direction)
      let curvature = Self.square(image) + alpha * Self.square(direction)
      // No curvature is left where Doubles resolve no more.
      guard curvature > 0, curvature.isFinite else { break }
      let step = square / curvature
      for index in weights.indices { weights[index] += step * direction[index] }
      for index in residual.indices { residual[index] -= step * image[index] }
      slope = columns.transposedProduct(residual)
      for index in slope.indices { slope[index] -= alpha * weights[index] }
      let next = Self.square(slope)
      let share = next / square
      for index in direction.indices { direction[index] = slope[index] + share * direction[index] }
      square = next
      iterations += 1
      progress?(iterations, Self.square(residual) + alpha * Self.square(weights))
    }
    return Outcome(
      weights: weights, bias: mean - Self.dot(columns.means, weights), iterations: iterations,
      hasConverged: square.squareRoot() <= limit, objective: Self.square(residual) + alpha * Self.square(weights),
      flops: flops(rows, iterations))
  }

  /// One for each addition and each multiplication. Once: the means, Xᵀy and its length, b and the objective. In an
  /// iteration: two sparse products, six a row and fourteen a feature for the centres, lengths and steps.
  private func flops(_ rows: SparseRows, _ iterations: Int) -> Double {
    let (stored, count, features) = (Double(rows.nonZeros), Double(rows.count), Double(rows.columns))
    return 3 * stored + 5 * count + 9 * features + Double(iterations) * (4 * stored + 6 * count + 14 * features)
  }

  private static func square(_ x: [Double]) -> Double { dot(x, x) }

  /// Eight sums over every eighth element, then these: the same bits wherever it runs.
  private static func dot(_ x: [Double], _ y: [Double]) -> Double {
    let count = min(x.count, y.count)
    var sums = SIMD8<Double>()
    var place = 0
    while place + 8 <= count {
      for lane in 0..<8 { sums[lane] += x[place + lane] * y[place + lane] }
      place += 8
    }
    let four = sums.lowHalf + sums.highHalf
    var sum = (four[0] + four[1]) + (four[2] + four[3])
    while place < count {
      sum += x[place] * y[place]
      place += 1
    }
    return sum
  }
}

/// Sparse rows from whose columns their means are taken, in products alone.
private struct CentredColumns {
  let rows: SparseRows
  let means: [Double]

  init(_ rows: SparseRows) {
    self.rows = rows
    var sums = [Double](repeating: 0, count: rows.columns)
    for row in 0..<rows.count { rows.add(1, row: row, to: &sums) }
    means = sums.map { $0 / Double(max(rows.count, 1)) }
  }

  /// X v − x̄ v, of each row.
  func product(_ v: [Double]) -> [Double] {
    var centre = 0.0
    for (mean, value) in zip(means, v) { centre += mean * value }
    return (0..<rows.count).map { rows.dot($0, v) - centre }
  }

  /// Xᵀu − x̄ Σu, of each column.
  func transposedProduct(_ u: [Double]) -> [Double] {
    var out = [Double](repeating: 0, count: rows.columns)
    for (row, value) in u.enumerated() { rows.add(value, row: row, to: &out) }
    let sum = u.reduce(0, +)
    for column in out.indices { out[column] -= means[column] * sum }
    return out
  }
}
