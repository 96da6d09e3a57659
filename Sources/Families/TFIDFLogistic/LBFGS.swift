import Compute

/// Minimises a smooth function of many variables from its gradient, remembering a few steps instead of a Hessian.
///
/// Limited-memory BFGS (Liu and Nocedal 1989), the two-loop recursion of Nocedal and Wright (2006, algorithm 7.4)
/// with a line search for the strong Wolfe conditions (algorithms 3.5 and 3.6). Vectors are Floats; the function's
/// values and all inner products are Doubles.
public struct LBFGS: Sendable {
  /// Steps remembered.
  public var memory = 10
  public var maximumIterations = 200
  /// Converged when no element of the gradient is larger than this.
  public var gradientTolerance = 1e-4
  /// Stalled when a step lowers the value by less than this share of it and the gradient does not shrink either:
  /// Float sums resolve no more.
  public var decreaseTolerance = 1e-9

  public init() {}

  public enum Ending: String, Sendable, Codable { case converged, stalled, iterationLimit, stopped }

  public struct Outcome: Sendable {
    public var point: [Float]
    public var value: Double
    /// Largest magnitude in the gradient at `point`.
    public var gradientMaximum: Double
    public var iterations: Int
    /// Times that the objective was computed.
    public var evaluations: Int
    /// Floating-point operations on vectors as long as the point, the objective's own not among them.
    public var flops: Double
    public var ending: Ending
  }

  /// Minimises `objective`, which returns the value at a point and overwrites the gradient there.
  ///
  /// `isStopped` is asked before every iteration, and ends the minimisation where it stands. `progress` receives the
  /// iteration, from 1, and the value.
  public func minimise(
    from start: [Float], pool: WorkerPool, isStopped: () -> Bool = { false },
    progress: ((Int, Double) -> Void)? = nil,
    objective: (_ point: [Float], _ gradient: inout [Float]) -> Double
  ) -> Outcome {
    var state = Descent(start: start, memory: memory, pool: pool, objective: objective)
    var iteration = 0
    var largest = Double(FloatVectors.maximumMagnitude(state.gradient))
    var ending: Ending? = largest <= gradientTolerance ? .converged : nil
    while ending == nil {
      guard iteration < maximumIterations else {
        ending = .iterationLimit
        break
      }
      guard !isStopped() else {
        ending = .stopped
        break
      }
      let (valueBefore, largestBefore) = (state.value, largest)
      // A failed search along remembered curvature is tried once more along the gradient.
      guard state.step(objective) || (state.forget() && state.step(objective)) else {
        ending = .stalled
        break
      }
      iteration += 1
      progress?(iteration, state.value)
      largest = Double(FloatVectors.maximumMagnitude(state.gradient))
      if largest <= gradientTolerance {
        ending = .converged
      } else if valueBefore - state.value <= decreaseTolerance * abs(valueBefore), largest >= largestBefore {
        ending = .stalled
      }
    }
    return Outcome(
      point: state.point, value: state.value, gradientMaximum: largest, iterations: iteration,
      evaluations: state.evaluations, flops: state.flops, ending: ending ?? .stalled)
  }
}

/// The moving parts of one minimisation.
private struct Descent {
  /// A remembered step s, the gradient's change y over it, and 1 / (s·y).
  struct Pair {
    var step: [Float]
    var change: [Float]
    var inverse: Double
  }
  /// The objective along the search direction.
  struct Sample {
    var step: Double
    var value: Double
    var slope: Double
  }

  var point: [Float]
  var value: Double
  var gradient: [Float]
  var evaluations = 1
  /// Two for each element of an inner product or a scaled sum.
  private(set) var flops = 0.0
  private var direction: [Float]
  private var trial: [Float]
  private var trialGradient: [Float]
  /// Oldest first.
  private var pairs: [Pair] = []
  private let memory: Int
  private let pool: WorkerPool

  typealias Objective = (_ point: [Float], _ gradient: inout [Float]) -> Double

  init(start: [Float], memory: Int, pool: WorkerPool, objective: Objective) {
    let zeros = [Float](repeating: 0, count: start.count)
    (point, gradient, direction, trial, trialGradient) = (start, zeros, zeros, zeros, zeros)
    (self.memory, self.pool) = (memory, pool)
    value = objective(point, &gradient)
  }

  /// Drops the memory; false where there was none.
  mutating func forget() -> Bool {
    defer { pairs.removeAll() }
    return !pairs.isEmpty
  }

  /// Moves to a lower point; false, unmoved, where none was found.
  mutating func step(_ objective: Objective) -> Bool {
    direct()
    let slope = FloatVectors.dot(gradient, direction, pool: pool)
    count(1)
    guard slope < 0 else { return false }
    // Without curvature the gradient's length means nothing: the first step has length 1.
    let first = pairs.isEmpty ? 1 / (-slope).squareRoot() : 1
    guard let found = search(Sample(step: 0, value: value, slope: slope), first: first, objective) else { return false }
    remember()
    swap(&point, &trial)
    swap(&gradient, &trialGradient)
    value = found.value
    return true
  }

  /// Adds so many inner products or scaled sums to the count.
  private mutating func count(_ operations: Int) { flops += 2 * Double(operations) * Double(point.count) }

  /// direction = −H · gradient by the two-loop recursion.
  private mutating func direct() {
    count(1 + 4 * pairs.count + (pairs.isEmpty ? 0 : 2))
    FloatVectors.combine(gradient, -2, gradient, into: &direction, pool: pool)
    var shares = [Double](repeating: 0, count: pairs.count)
    for index in pairs.indices.reversed() {
      shares[index] = pairs[index].inverse * FloatVectors.dot(pairs[index].step, direction, pool: pool)
      FloatVectors.add(Float(-shares[index]), pairs[index].change, to: &direction, pool: pool)
    }
    if let last = pairs.last {
      let scale = 1 / (last.inverse * FloatVectors.dot(last.change, last.change, pool: pool))
      FloatVectors.scale(&direction, by: Float(scale), pool: pool)
    }
    for index in pairs.indices {
      let share = pairs[index].inverse * FloatVectors.dot(pairs[index].change, direction, pool: pool)
      FloatVectors.add(Float(shares[index] - share), pairs[index].step, to: &direction, pool: pool)
    }
  }

  /// Stores the step from `point` to `trial` where it shows positive curvature, in the arrays of the oldest.
  private mutating func remember() {
    guard memory > 0 else { return }
    let zeros = { [count = point.count] in [Float](repeating: 0, count: count) }
    var pair = pairs.count < memory ? Pair(step: zeros(), change: zeros(), inverse: 0) : pairs.removeFirst()
    FloatVectors.combine(trial, -1, point, into: &pair.step, pool: pool)
    FloatVectors.combine(trialGradient, -1, gradient, into: &pair.change, pool: pool)
    count(4)
    let curvature = FloatVectors.dot(pair.step, pair.change, pool: pool)
    let square = FloatVectors.dot(pair.change, pair.change, pool: pool)
    guard curvature > 1e-12 * square, curvature.isFinite else { return }
    pair.inverse = 1 / curvature
    pairs.append(pair)
  }

  private mutating func sample(_ step: Double, _ objective: Objective) -> Sample {
    FloatVectors.combine(point, Float(step), direction, into: &trial, pool: pool)
    evaluations += 1
    count(2)
    let value = objective(trial, &trialGradient)
    guard value.isFinite else { return Sample(step: step, value: .infinity, slope: .nan) }
    return Sample(step: step, value: value, slope: FloatVectors.dot(trialGradient, direction, pool: pool))
  }

  /// A step that lowers the value enough (c1 = 1e-4) and flattens the slope (c2 = 0.9); `trial` and `trialGradient`
  /// then belong to it. Settles for a lower value where 20 samples do not suffice.
  private mutating func search(_ start: Sample, first: Double, _ objective: Objective) -> Sample? {
    // Values closer than this are equal as far as Floats can tell; there the slopes decide, which lose fewer digits
    // (the approximate Wolfe condition of Hager and Zhang 2005, section 2).
    let noise = 1e-6 * abs(start.value)
    var low = start
    var high: Sample?
    var step = first
    for _ in 0..<20 {
      let here = sample(step, objective)
      let bound = start.value + 1e-4 * step * start.slope + noise
      if !(here.value <= bound) || (low.step > 0 && here.value > low.value + noise) {
        high = here
      } else if abs(here.slope) <= -0.9 * start.slope {
        return here
      } else {
        if here.slope * ((high?.step ?? .infinity) - low.step) >= 0 { high = low }
        low = here
      }
      guard let high else {
        step *= 4
        continue
      }
      step = Self.between(low, high)
    }
    guard low.step > 0, low.value < start.value else { return nil }
    return sample(low.step, objective)
  }

  /// The minimum of the cubic through both samples (Nocedal and Wright 2006, equation 3.59), kept a tenth of the
  /// interval away from its ends; the middle where there is no such minimum.
  private static func between(_ a: Sample, _ b: Sample) -> Double {
    let width = b.step - a.step
    let middle = a.step + width / 2
    guard b.value.isFinite else { return a.step + width / 10 }
    let first = a.slope + b.slope - 3 * (a.value - b.value) / (a.step - b.step)
    let square = first * first - a.slope * b.slope
    guard square >= 0 else { return middle }
    let second = (width < 0 ? -1 : 1) * square.squareRoot()
    let step = b.step - width * (b.slope + second - first) / (b.slope - a.slope + 2 * second)
    let share = (step - a.step) / width
    return share.isFinite ? a.step + width * min(max(share, 0.1), 0.9) : middle
  }
}
