import Autograd
import Compute

/// AdamW: Adam with decay of the weights apart from the gradient (Loshchilov and Hutter 2019, algorithm 2), in PyTorch's
/// form.
///
/// m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², w ← (1 − rate · decay)w − rate · m̂ / (√v̂ + ε), with
/// m̂ = m / (1 − β₁ᵗ) and v̂ = v / (1 − β₂ᵗ). Biases and the tensors of norms are not decayed unless asked for.
public final class AdamW {
  public let settings: AdamWSettings
  /// Steps done.
  public private(set) var step = 0

  private let parameters: [Parameter]
  /// The moments m and v of each parameter.
  let first: [Buffer]
  let second: [Buffer]
  private let tables: [Table]
  private let decaysAll: Bool
  private let rateFactors: [Double]?

  /// `rateFactors` multiply the learning rate, one for each parameter; all 1 where nil.
  public init(
    _ parameters: [Parameter], settings: AdamWSettings, rateFactors: [Double]? = nil, decaysAll: Bool = false,
    workspace: Workspace
  ) {
    self.rateFactors = rateFactors
    (self.parameters, self.settings, self.decaysAll) = (parameters, settings, decaysAll)
    first = parameters.map { Buffer(count: $0.value.count, in: workspace, zeroed: true) }
    second = parameters.map { Buffer(count: $0.value.count, in: workspace, zeroed: true) }
    tables = parameters.map { _ in Table() }
  }

  /// What is known of a parameter whose gradients have single rows.
  private final class Table {
    /// For each row 1 where its moments are not all 0; nil where it must be looked up.
    var moving: [UInt8]?
  }

  /// Goes on after so many steps, with the moments that stand in the buffers.
  func resume(after steps: Int) {
    step = steps
    for table in tables { table.moving = nil }
  }

  /// Changes every parameter by one step. `scale` multiplies the gradients first; a parameter without one stays as it is, and
  /// a row without one takes the step of a gradient of 0.
  public func update(_ gradients: Gradients, rate: Double, scale: Double = 1, on pool: WorkerPool) {
    precondition(
      gradients.all.count == parameters.count,
      "AdamW: \(gradients.all.count) gradients for \(parameters.count) parameters")
    step += 1
    let step = step
    pool.run(parameters.count) { index in
      guard let gradient = gradients.all[index] else { return }
      let parameter = self.parameters[index], settings = self.settings
      let factors = AdamWFactors(
        learningRate: rate * (self.rateFactors?[index] ?? 1),
        beta1: settings.beta1, beta2: settings.beta2, epsilon: settings.epsilon,
        weightDecay: self.decaysAll || parameter.decays ? settings.weightDecay : 0, step: step, scale: scale)
      let m = self.first[index], v = self.second[index], table = self.tables[index]
      switch gradient {
      case .dense(let gradient):
        table.moving = nil
        Kernels.adamW(value: parameter.value, gradient: gradient, m: m, v: v, factors)
      case .rows(let gradient):
        var moving = table.moving ?? Kernels.movingRows(m, v, rows: gradient.tableRows)
        table.moving = nil
        Kernels.adamW(
          table: parameter.value, rows: gradient.rows, gradient: gradient.values, m: m, v: v, moving: &moving, factors)
        table.moving = moving
      }
    }
  }
}
