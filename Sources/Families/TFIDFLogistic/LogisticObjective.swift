import Compute

/// The penalised loss of multinomial logistic regression over sparse rows, and its gradient.
///
/// f(W, b) = Σ w_i · (−log softmax(x_i W + b)[y_i]) / Σ w_i + ‖W‖² / (2 · c · Σ w_i); biases are not penalised.
/// This is scikit-learn's objective (`C` = c) divided by c · Σ w_i, so that the gradient's tolerance does not
/// depend on the number of rows. A point is `[features + 1, stride]`: weights, then the biases; columns from
/// `classes` to `stride` stay 0.
struct LogisticObjective {
  let classes: Int
  let stride: Int
  let features: Int
  /// Weight of ‖W‖² / 2.
  let penalty: Double
  private let rows: SparseRows
  private let columns: SparseRows
  private let labels: [Int32]
  /// w_i / Σ w
  private let weights: [Float]
  /// Logits, then the gradient by the logits: `[rows, stride]`.
  private var residual: [Float]

  /// `classWeights` weighs each row by its class; all are 1 where nil.
  init(rows: SparseRows, labels: [Int], classes: Int, c: Double, classWeights: [Float]? = nil) {
    precondition(
      rows.count == labels.count, "LogisticObjective: \(rows.count) rows for \(labels.count) labels")
    precondition(c > 0, "LogisticObjective: c is \(c)")
    precondition(
      classWeights.map { $0.count == classes } ?? true,
      "LogisticObjective: \(classWeights?.count ?? 0) weights for \(classes) classes")
    (self.rows, self.classes, features) = (rows, classes, rows.columns)
    columns = rows.transposed()
    stride = SparseRows.stride(columns: classes)
    self.labels = labels.map { Int32($0) }
    let perRow = labels.map { Double(classWeights?[$0] ?? 1) }
    let total = perRow.reduce(0, +)
    weights = perRow.map { Float(total > 0 ? $0 / total : 0) }
    penalty = total > 0 ? 1 / (c * total) : 1 / c
    residual = [Float](repeating: 0, count: rows.count * stride)
  }

  /// Length of a point.
  var count: Int { (features + 1) * stride }

  /// Floating-point operations of one evaluation: two sparse products, softmax and loss (five a logit), the penalty and
  /// its gradient. Padding counts for nothing.
  var flops: Double {
    let (products, logits) = (4 * Double(rows.nonZeros), 5 * Double(rows.count))
    return Double(classes) * (products + logits + 4 * Double(features))
  }

  /// f at `point`; `gradient` is overwritten.
  mutating func evaluate(_ point: [Float], _ gradient: inout [Float], pool: WorkerPool) -> Double {
    precondition(
      point.count == count && gradient.count == count,
      "LogisticObjective.evaluate: \(point.count) values and \(gradient.count) gradients, expected \(count)")
    rows.multiply(point, stride: stride, initialRow: features, into: &residual, pool: pool)
    let (loss, sums) = SoftmaxRows.residual(
      &residual, labels: labels, weights: weights, classes: classes, stride: stride, pool: pool)
    columns.multiply(residual, stride: stride, into: &gradient, pool: pool)
    let weightCount = features * stride
    for column in 0..<stride { gradient[weightCount + column] = Float(sums[column]) }
    FloatVectors.add(Float(penalty), point, to: &gradient, count: weightCount, pool: pool)
    return loss + penalty / 2 * FloatVectors.dot(point, point, count: weightCount, pool: pool)
  }
}
