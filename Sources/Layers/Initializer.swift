import Compute

/// How the first values of a parameter are drawn.
public enum Initializer: Sendable, Equatable {
  /// Every element equal.
  case constant(Float)
  /// Independent normal values around 0 with this standard deviation (Devlin et al. 2019 use 0.02).
  case normal(deviation: Double)
  /// Uniform in ±√(6 / (inputs + outputs)), for `[outputs, inputs]` (Glorot and Bengio 2010, equation 16).
  case xavier
  /// Xavier for each of so many gates of `[gates × hidden, inputs]` on its own: fan-out is `hidden`.
  case xavierGates(Int)
  /// One random orthogonal `[hidden, hidden]` matrix for each of so many gates of `[gates × hidden, hidden]`, so that
  /// repeated products neither grow nor shrink (Saxe et al. 2014).
  case orthogonalGates(Int)
  /// 1 for the forget gate of `[4 × hidden]` (order i, f, g, o), 0 elsewhere (Jozefowicz et al. 2015, section 2.2).
  case forgetGate

  /// The values of a tensor of this shape, row-major.
  public func values(shape: [Int], random: inout Random) -> [Float] {
    let count = shape.reduce(1, *)
    switch self {
    case .constant(let value):
      return [Float](repeating: value, count: count)
    case .normal(let deviation):
      return Self.draw(count) { Float(deviation * random.normal()) }
    case .xavier:
      precondition(shape.count == 2, "Xavier initialisation needs [outputs, inputs], got \(shape)")
      return Self.uniform(count, fans: shape[0] + shape[1], &random)
    case .xavierGates(let gates):
      precondition(shape.count == 2 && shape[0] % gates == 0, "gates need [\(gates) × hidden, inputs], got \(shape)")
      return Self.uniform(count, fans: shape[0] / gates + shape[1], &random)
    case .orthogonalGates(let gates):
      precondition(
        shape.count == 2 && shape[0] == gates * shape[1], "gates need [\(gates) × hidden, hidden], got \(shape)")
      var values = [Float]()
      values.reserveCapacity(count)
      for _ in 0..<gates { values += LAPACK.orthogonal(rows: shape[1], columns: shape[1], random: &random) }
      return values
    case .forgetGate:
      precondition(shape.count == 1 && shape[0] % 4 == 0, "gate biases need [4 × hidden], got \(shape)")
      let hidden = shape[0] / 4
      return (0..<count).map { $0 / hidden == 1 ? 1 : 0 }
    }
  }

  private static func uniform(_ count: Int, fans: Int, _ random: inout Random) -> [Float] {
    let limit = (6 / Double(fans)).squareRoot()
    return draw(count) { Float(limit * (2 * random.uniform() - 1)) }
  }

  private static func draw(_ count: Int, _ next: () -> Float) -> [Float] {
    var values = [Float]()
    values.reserveCapacity(count)
    for _ in 0..<count { values.append(next()) }
    return values
  }
}
