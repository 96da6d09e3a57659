import Autograd
import Compute
import TestSupport
import Testing

@testable import Training

@Suite struct AdamWTests {
  private let workspace = Workspace()
  private let pool = WorkerPool(threads: 2)

  private func parameters(_ values: [Float]) -> [Parameter] {
    let made = [true, false].map {
      Parameter(name: "p", shape: [values.count], value: Buffer(values, in: workspace), decays: $0)
    }
    Parameter.number(made)
    return made
  }

  /// Loshchilov and Hutter's algorithm 2 in PyTorch's form, in Double.
  private func naive(_ value: Float, gradients: [Float], settings: AdamWSettings, decay: Double) -> Double {
    var x = Double(value), m = 0.0, v = 0.0, power1 = 1.0, power2 = 1.0
    for gradient in gradients.map(Double.init) {
      power1 *= settings.beta1
      power2 *= settings.beta2
      x -= settings.learningRate * decay * x
      m = settings.beta1 * m + (1 - settings.beta1) * gradient
      v = settings.beta2 * v + (1 - settings.beta2) * gradient * gradient
      x -= settings.learningRate * (m / (1 - power1)) / ((v / (1 - power2)).squareRoot() + settings.epsilon)
    }
    return x
  }

  @Test("steps follow the published rule; biases are not decayed unless asked for", arguments: [false, true])
  func steps(decaysAll: Bool) {
    var settings = AdamWSettings()
    (settings.learningRate, settings.weightDecay) = (0.01, 0.3)
    let start: [Float] = [1, -2, 0.5, 3, 0, -0.25, 7]
    let tensors = parameters(start)
    let optimizer = AdamW(tensors, settings: settings, decaysAll: decaysAll, workspace: workspace)
    var random = Random(seed: 7, stream: "gradients"), history = [[Float]](repeating: [], count: start.count)
    for _ in 0..<5 {
      let gradient = start.map { _ in Float(random.normal()) }
      for index in start.indices { history[index].append(gradient[index] * 0.5) }
      let gradients = tensors.map { _ in Gradient.dense(Buffer(gradient, in: workspace)) }
      optimizer.update(Gradients(gradients), rate: settings.learningRate, scale: 0.5, on: pool)
    }
    for (tensor, decays) in zip(tensors, [true, decaysAll]) {
      let expected = start.indices.map {
        naive(start[$0], gradients: history[$0], settings: settings, decay: decays ? settings.weightDecay : 0)
      }
      expectClose(tensor.value.array, expected, absolute: 1e-6, relative: 1e-6, "decays \(decays)")
    }
  }

  @Test("a parameter without a gradient stays as it is")
  func unused() {
    let tensors = parameters([1, 2])
    let optimizer = AdamW(tensors, settings: AdamWSettings(), workspace: workspace)
    optimizer.update(Gradients([nil, .dense(Buffer([1, 1], in: workspace))]), rate: 0.1, on: pool)
    #expect(tensors[0].value.array == [1, 2])
    #expect(tensors[1].value.array != [1, 2])
  }

  @Test("clipping scales to the limit, and never up")
  func clipping() {
    let gradients = Gradients([.dense(Buffer([3, 0], in: workspace)), nil, .dense(Buffer([4], in: workspace))])
    #expect(gradients.norm == 5)
    #expect(abs(gradients.clipScale(1) - 1 / 5.000001) < 1e-12)
    #expect(gradients.clipScale(10) == 1)
    #expect(gradients.clipScale(nil) == 1)
  }
}
