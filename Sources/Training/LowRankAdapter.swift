import Autograd
import Compute

/// Rows of a weight that change by the product of two thin matrices alone: W = W₀ + s B A, s = alpha / rank (Hu et al.
/// 2021, section 4.1).
///
/// The network computes with W itself, so that a trained model is as fast as the one it came from; what its backward pass
/// gives for W is taken back to the two.
final class LowRankAdapter {
  /// A `[rank, inputs]`, `NAME.lora_A`.
  let down: Parameter
  /// B `[rows, rank]`, `NAME.lora_B`.
  let up: Parameter
  /// `[outputs, inputs]`, in the network.
  private let weight: Parameter
  private let rows: Range<Int>
  private let scale: Float
  /// W₀ `[rows, inputs]`.
  private let start: Buffer
  private let downGradient: Buffer
  private let upGradient: Buffer

  private var inputs: Int { weight.shape[1] }
  private var rank: Int { down.shape[0] }
  private var offset: Int { rows.lowerBound * inputs }

  /// A uniform in ±1/√inputs and B 0, so that W is what it was.
  ///
  /// - Parameters:
  ///   - name: what the two are called before `.lora_A` and `.lora_B`.
  ///   - rows: those of the weight that it changes.
  init(
    _ name: String, _ weight: Parameter, rows: Range<Int>, _ settings: LoRASettings, random: Random,
    in workspace: Workspace
  ) {
    let inputs = weight.shape[1], rank = settings.rank
    (self.weight, self.rows, scale) = (weight, rows, Float(settings.alpha / Double(rank)))
    start = Buffer(count: rows.count * inputs, in: workspace, zeroed: false)
    start.copy(rows.lowerBound * inputs..<rows.upperBound * inputs, of: weight.value, to: 0)
    var random = random
    let limit = 1 / Double(inputs).squareRoot()
    let values = (0..<rank * inputs).map { _ in Float(limit * (2 * random.uniform() - 1)) }
    down = Parameter(name: name + ".lora_A", shape: [rank, inputs], values: values, in: workspace)
    up = Parameter(
      name: name + ".lora_B", shape: [rows.count, rank],
      value: Buffer(count: rows.count * rank, in: workspace, zeroed: true))
    downGradient = Buffer(count: down.count, in: workspace, zeroed: false)
    upGradient = Buffer(count: up.count, in: workspace, zeroed: false)
  }

  /// Makes W of the two.
  func apply() {
    weight.value.copy(0..<start.count, of: start, to: offset)
    BLAS.gemm(
      m: rows.count, n: inputs, k: rank, BLAS.Matrix(up.value, stride: rank), BLAS.Matrix(down.value, stride: inputs),
      into: BLAS.Matrix(weight.value, offset: offset, stride: inputs), alpha: scale, beta: 1)
  }

  /// Of A, s Bᵀ G, and of B, s G Aᵀ, where G is that of the weight's rows; nil where the weight has none. Overwritten by
  /// the next call.
  func gradients(of gradient: Gradient?) -> [Gradient?] {
    guard case .dense(let whole)? = gradient else { return [nil, nil] }
    let rowsOfWhole = BLAS.Matrix(whole, offset: offset, stride: inputs)
    BLAS.gemm(
      m: rank, n: inputs, k: rows.count, BLAS.Matrix(up.value, stride: rank, transposed: true), rowsOfWhole,
      into: BLAS.Matrix(downGradient, stride: inputs), alpha: scale)
    BLAS.gemm(
      m: rows.count, n: rank, k: inputs, rowsOfWhole, BLAS.Matrix(down.value, stride: inputs, transposed: true),
      into: BLAS.Matrix(upGradient, stride: rank), alpha: scale)
    return [.dense(downGradient), .dense(upGradient)]
  }
}
