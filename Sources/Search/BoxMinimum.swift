import Foundation

/// The nearest minimum of a smooth function inside a box, by BFGS with projection: an Armijo search along the
/// quasi-Newton direction of the free variables (Bertsekas 1982; Nocedal and Wright 2006, algorithm 6.1).
package struct BoxMinimum: Sendable {
  package var point: [Double]
  package var value: Double

  /// `function` gives value and gradient, an infinite value where it has none. Ends after `iterations` steps, where the
  /// projected gradient is below 10⁻⁷, or where a step gains less than 10⁻¹² of the value.
  package init(
    from start: [Double], lower: [Double], upper: [Double], iterations: Int,
    of function: (_ point: [Double]) -> (value: Double, gradient: [Double])
  ) {
    let count = start.count
    func clipped(_ point: [Double]) -> [Double] { point.indices.map { min(upper[$0], max(lower[$0], point[$0])) } }
    point = clipped(start)
    var (current, gradient) = function(point)
    value = current
    guard current.isFinite else { return }
    var inverse = Self.identity(count)
    for _ in 0..<iterations {
      // At an edge that the gradient leads out of, nothing moves.
      let free = (0..<count).filter { index in
        !(point[index] <= lower[index] && gradient[index] > 0 || point[index] >= upper[index] && gradient[index] < 0)
      }
      guard let steepest = free.map({ abs(gradient[$0]) }).max(), steepest > 1e-7 else { break }
      var direction = [Double](repeating: 0, count: count)
      for row in free { direction[row] = free.reduce(0) { $0 - inverse[row * count + $1] * gradient[$1] } }
      let size = direction.reduce(0) { max($0, abs($1)) }
      // No step leads further than a unit of any variable.
      var length = min(1, 1 / size)
      var next = point, found: (value: Double, gradient: [Double])?
      for _ in 0..<30 {
        next = clipped(point.indices.map { point[$0] + length * direction[$0] })
        let slope = point.indices.reduce(0) { $0 + gradient[$1] * (next[$1] - point[$1]) }
        let tried = function(next)
        if slope < 0, tried.value <= current + 1e-4 * slope {
          found = tried
          break
        }
        length /= 2
      }
      guard let found else { break }
      let step = point.indices.map { next[$0] - point[$0] }
      let change = point.indices.map { found.gradient[$0] - gradient[$0] }
      let gain = current - found.value
      (point, current, gradient) = (next, found.value, found.gradient)
      Self.update(&inverse, step, change)
      if gain <= 1e-12 * max(1, abs(current)) { break }
    }
    value = current
  }

  private static func identity(_ count: Int) -> [Double] {
    var matrix = [Double](repeating: 0, count: count * count)
    for index in 0..<count { matrix[index * count + index] = 1 }
    return matrix
  }

  /// H ← (I − ρ s yᵀ) H (I − ρ y sᵀ) + ρ s sᵀ with ρ = 1 / yᵀs; unchanged where the curvature is not positive.
  private static func update(_ inverse: inout [Double], _ s: [Double], _ y: [Double]) {
    let count = s.count
    var curvature = 0.0, sizes = 0.0
    for index in 0..<count {
      curvature += s[index] * y[index]
      sizes += s[index] * s[index]
    }
    guard curvature > 1e-10 * sizes, curvature > 0 else { return }
    let product = (0..<count).map { row in (0..<count).reduce(0.0) { $0 + inverse[row * count + $1] * y[$1] } }
    var inner = 0.0
    for index in 0..<count { inner += y[index] * product[index] }
    let factor = (curvature + inner) / (curvature * curvature)
    for row in 0..<count {
      for column in 0..<count {
        inverse[row * count + column] +=
          factor * s[row] * s[column] - (product[row] * s[column] + s[row] * product[column]) / curvature
      }
    }
  }
}
