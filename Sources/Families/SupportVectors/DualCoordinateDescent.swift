import Compute

/// Minimises the squared hinge loss of one class against the rest by coordinate descent in the dual, with shrinking
/// (Hsieh et al. 2008, algorithms 1 and 3, as LIBLINEAR does it).
struct DualCoordinateDescent {
  /// `[rows, features]`
  let rows: SparseRows
  /// C of each row.
  let costs: [Double]
  /// Largest difference of projected gradients at the end.
  let tolerance: Double
  /// Passes over the rows at most.
  let passes: Int
  /// ‖(x, 1)‖² of each row.
  private let squares: [Double]

  init(rows: SparseRows, costs: [Double], tolerance: Double, passes: Int) {
    (self.rows, self.costs, self.tolerance, self.passes) = (rows, costs, tolerance, passes)
    squares = (0..<rows.count).map { row in
      rows.offsets[row..<row + 1].reduce(1.0) { sum, start in
        (start..<rows.offsets[row + 1]).reduce(sum) { $0 + Double(rows.values[$1]) * Double(rows.values[$1]) }
      }
    }
  }

  struct Outcome: Sendable {
    /// Of each feature, the bias last.
    var weights: [Double]
    var passes: Int
    var hasConverged: Bool
    /// The primal one.
    var objective: Double
    /// Floating-point operations.
    var flops: Double
  }

  /// - Parameter random: of the order in which the rows are visited.
  func minimise(isPositive: [Bool], random: Random) -> Outcome {
    let bias = rows.columns
    var random = random
    var weights = [Double](repeating: 0, count: rows.columns + 1)
    var alphas = [Double](repeating: 0, count: rows.count)
    var order = Array(0..<rows.count), active = rows.count
    // Projected gradients of the pass before, beyond which a row whose alpha is 0 is left out.
    var limit = Double.infinity
    var pass = 0, hasConverged = false, flops = 0.0
    while pass < passes, !hasConverged {
      var highest = -Double.infinity, lowest = Double.infinity
      for place in 0..<active {
        order.swapAt(place, place + random.below(active - place))
      }
      var place = 0
      while place < active {
        let row = order[place], side = isPositive[row] ? 1.0 : -1.0
        let regulariser = 0.5 / costs[row]
        let score = rows.dot(row, weights) + weights[bias]
        let gradient = side * score - 1 + alphas[row] * regulariser
        flops += 2 * Double(rows.offsets[row + 1] - rows.offsets[row])
        var projected = gradient
        if alphas[row] == 0 {
          if gradient > limit {
            active -= 1
            order.swapAt(place, active)
            continue
          }
          projected = min(gradient, 0)
        }
        (highest, lowest) = (max(highest, projected), min(lowest, projected))
        if abs(projected) > 1e-12 {
          let before = alphas[row]
          alphas[row] = max(before - gradient / (squares[row] + regulariser), 0)
          let step = (alphas[row] - before) * side
          rows.add(step, row: row, to: &weights)
          weights[bias] += step
          flops += 2 * Double(rows.offsets[row + 1] - rows.offsets[row])
        }
        place += 1
      }
      pass += 1
      if highest - lowest <= tolerance {
        // Those left out are asked once more.
        hasConverged = active == rows.count
        (active, limit) = (rows.count, .infinity)
      } else {
        limit = highest > 0 ? highest : .infinity
      }
    }
    return Outcome(
      weights: weights, passes: pass, hasConverged: hasConverged, objective: objective(weights, isPositive),
      flops: flops)
  }

  /// ½ ‖(w, b)‖² + Σ C max(0, 1 − y (w x + b))²
  private func objective(_ weights: [Double], _ isPositive: [Bool]) -> Double {
    var sum = weights.reduce(0) { $0 + $1 * $1 } / 2
    for row in 0..<rows.count {
      let score = rows.dot(row, weights) + weights[rows.columns]
      let lack = max(0, 1 - (isPositive[row] ? score : -score))
      sum += costs[row] * lack * lack
    }
    return sum
  }
}
