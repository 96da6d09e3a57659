import Compute

/// The penalised loss of logistic regression over sparse rows, and its gradient: of one class of several, or of labels
/// each of which holds or does not.
///
/// f(W, b) = Σ w_i · loss(x_i W + b, y_i) / Σ w_i + ‖W‖² / (2 · c · Σ w_i); biases are not penalised. The loss of
/// logits z is −log softmax(z)[y] for a class y, and Σ_k (log(1 + e^z_k) − t_k z_k) for labels, t_k = 1 for those that
/// hold. This is scikit-learn's objective (`C` = c; of `OneVsRestClassifier`, the sum over its models) divided by
/// c · Σ w_i, so that the gradient's tolerance does not depend on the number of rows. A point is
/// `[features + 1, stride]`: weights, then the biases; columns from `classes` to `stride` stay 0.
struct LogisticObjective {
  let classes: Int
  let stride: Int
  let features: Int
  /// Weight of ‖W‖² / 2.
  let penalty: Double
  private let rows: SparseRows
  private let columns: SparseRows
  private let truth: Truth
  /// w_i / Σ w
  private let weights: [Float]
  /// Logits, then the gradient by the logits: `[rows, stride]`.
  private var residual: [Float]

  /// What is true of each row.
  private enum Truth {
    case classes([Int32])
    case labels(SparseTargets)
  }

  /// One class of several; `classWeights` weighs each row by its class; all are 1 where nil.
  init(rows: SparseRows, labels: [Int], classes: Int, c: Double, classWeights: [Float]? = nil) {
    precondition(
      rows.count == labels.count, "LogisticObjective: \(rows.count) rows for \(labels.count) labels")
    precondition(c > 0, "LogisticObjective: c is \(c)")
    precondition(
      classWeights.map { $0.count == classes } ?? true,
      "LogisticObjective: \(classWeights?.count ?? 0) weights for \(classes) classes")
    self.init(
      rows: rows, truth: .classes(labels.map { Int32($0) }), classes: classes, c: c,
      perRow: labels.map { Double(classWeights?[$0] ?? 1) })
  }

  /// One label against the rest, for each of `classes` labels; `labelSets` are those that hold of each row, ascending.
  /// `rowWeights` weighs each row; all are 1 where nil.
  init(rows: SparseRows, labelSets: [[Int]], classes: Int, c: Double, rowWeights: [Float]? = nil) {
    precondition(
      rows.count == labelSets.count, "LogisticObjective: \(rows.count) rows for \(labelSets.count) label sets")
    precondition(c > 0, "LogisticObjective: c is \(c)")
    precondition(
      rowWeights.map { $0.count == rows.count } ?? true,
      "LogisticObjective: \(rowWeights?.count ?? 0) weights for \(rows.count) rows")
    self.init(
      rows: rows, truth: .labels(SparseTargets(labelSets, classes: classes)), classes: classes, c: c,
      perRow: rowWeights?.map { Double($0) } ?? [Double](repeating: 1, count: rows.count))
  }

  private init(rows: SparseRows, truth: Truth, classes: Int, c: Double, perRow: [Double]) {
    (self.rows, self.truth, self.classes, features) = (rows, truth, classes, rows.columns)
    columns = rows.transposed()
    stride = SparseRows.stride(columns: classes)
    let total = perRow.reduce(0, +)
    weights = perRow.map { Float(total > 0 ? $0 / total : 0) }
    penalty = total > 0 ? 1 / (c * total) : 1 / c
    residual = [Float](repeating: 0, count: rows.count * stride)
  }

  /// Length of a point.
  var count: Int { (features + 1) * stride }

  /// Floating-point operations of one evaluation: two sparse products, probabilities and loss (five a logit), the
  /// penalty and its gradient. Padding counts for nothing.
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
    let loss: Double, sums: [Double]
    switch truth {
    case .classes(let labels):
      (loss, sums) = SoftmaxRows.residual(
        &residual, labels: labels, weights: weights, classes: classes, stride: stride, pool: pool)
    case .labels(let targets):
      (loss, sums) = SigmoidRows.residual(
        &residual, targets: targets, weights: weights, stride: stride, pool: pool)
    }
    columns.multiply(residual, stride: stride, into: &gradient, pool: pool)
    let weightCount = features * stride
    for column in 0..<stride { gradient[weightCount + column] = Float(sums[column]) }
    FloatVectors.add(Float(penalty), point, to: &gradient, count: weightCount, pool: pool)
    return loss + penalty / 2 * FloatVectors.dot(point, point, count: weightCount, pool: pool)
  }
}
