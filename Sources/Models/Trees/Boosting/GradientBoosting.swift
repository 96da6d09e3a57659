import Compute

/// Trees that each mend what those before them got wrong (gradient boosting: Friedman 2001), grown on histograms of binned
/// columns as in LightGBM (Ke et al. 2017).
///
/// Every round grows a tree for each score of a row on the loss' derivatives at the scores so far, and adds a share of its
/// answers to them. What is missing goes where it gains more in training; a category that training did not have goes right
/// with what is missing. Derivatives are summed as integers (`GradientPairs`), so that no number of threads and no order of
/// work changes a bit.
public struct GradientBoosting: Sendable, Equatable {
  /// Numbers that a row gets: one for each class, or 1.
  public let outputs: Int
  /// It answers with a number and not with classes.
  public let isNumber: Bool
  public let nodes: BoostedNodes
  /// Scores that every row begins with: 1 for a number or two classes, else one for each class, and none for one class.
  let start: [Float]
  let kinds: [TableColumns.Kind]
  /// Codes of each column's categories, ascending, one column after another; none for numbers.
  let codeStarts: [Int]
  let codes: [Int32]

  /// How a fit went.
  public struct Fit: Sendable, Equatable {
    /// Rounds that were grown, and those that are kept.
    public var rounds = 0
    public var kept = 0
    /// Mean loss of the validation rows after each round, where there are some.
    public var losses: [Double] = []
  }

  /// The loss of each class' rows is multiplied by its `classWeights`, above 0; by nothing where nil. The loss of
  /// `validation`, rows of the same columns, ends the fit (`BoostingSettings.patience`). `isStopped` is asked before every
  /// round, and true ends the fit; `progress` receives the round, from 1, and the validation rows' loss.
  ///
  /// - Throws: `FitStopped` where it was ended so.
  public static func fit(
    _ table: TableColumns, targets: TreeTargets, classWeights: [Float]? = nil,
    settings: BoostingSettings = BoostingSettings(), validation: (table: TableColumns, targets: TreeTargets)? = nil,
    pool: WorkerPool,
    isStopped: () -> Bool = { false }, progress: ((Int, Double?) -> Void)? = nil
  ) throws(FitStopped) -> (model: GradientBoosting, fit: Fit) {
    settings.check()
    targets.check(rows: table.rows)
    let loss = BoostingLoss(targets, classWeights: classWeights)
    var rounds = BoostingRounds(table, loss, settings: settings, pool: pool)
    var nodes = BoostedNodes(), fit = Fit()
    let model = GradientBoosting(table, rounds.rows, targets, start: loss.start, nodes: nodes)
    var watched = validation.map { ValidationScores(model, $0.table, $0.targets, classWeights) }
    while fit.rounds < settings.rounds, loss.scores > 0 {
      if isStopped() { throw FitStopped() }
      rounds.grow(into: &nodes, pool: pool)
      fit.rounds += 1
      watched?.add(nodes)
      if let loss = watched?.loss { fit.losses.append(loss) }
      progress?(fit.rounds, fit.losses.last)
      if let patience = settings.patience, let best = fit.best, fit.rounds - best >= patience { break }
    }
    fit.kept = settings.patience == nil ? fit.rounds : fit.best ?? fit.rounds
    nodes.keep(fit.kept * loss.scores)
    return (model.with(nodes), fit)
  }

  private init(_ table: TableColumns, _ rows: BinnedRows, _ targets: TreeTargets, start: [Float], nodes: BoostedNodes) {
    var starts = [0], codes: [Int32] = []
    for bins in rows.bins {
      codes += bins.codes
      starts.append(codes.count)
    }
    let isNumber = if case .numbers = targets { true } else { false }
    self.init(
      outputs: targets.outputs, isNumber: isNumber, nodes: nodes, start: start, kinds: table.kinds, codeStarts: starts,
      codes: codes)
  }

  init(
    outputs: Int, isNumber: Bool, nodes: BoostedNodes, start: [Float], kinds: [TableColumns.Kind], codeStarts: [Int],
    codes: [Int32]
  ) {
    (self.outputs, self.isNumber, self.nodes, self.start) = (outputs, isNumber, nodes, start)
    (self.kinds, self.codeStarts, self.codes) = (kinds, codeStarts, codes)
  }

  private func with(_ nodes: BoostedNodes) -> GradientBoosting {
    GradientBoosting(
      outputs: outputs, isNumber: isNumber, nodes: nodes, start: start, kinds: kinds, codeStarts: codeStarts,
      codes: codes)
  }

  public var columns: Int { kinds.count }
  /// A column and a threshold for each split, an answer for each leaf, and where scores begin.
  public var parameterCount: Int { 2 * (nodes.count - nodes.leaves) + nodes.leaves + start.count }
  public var byteCount: Int { nodes.byteCount + codes.count * 4 + kinds.count * 9 + start.count * 4 }

  /// Trees of so many rounds.
  public func trees(of rounds: Int) -> Int { rounds * start.count }
}

extension GradientBoosting.Fit {
  /// The round of the smallest loss, from 1, the first among equals.
  var best: Int? { losses.indices.min { losses[$0] < losses[$1] }.map { $0 + 1 } }
}

/// Rounds over the training rows: their scores, and what grows the trees.
private struct BoostingRounds {
  let rows: BinnedRows
  private let loss: BoostingLoss
  private var scores: [Double]
  private var gradients: [Double]
  private var hessians: [Double]
  /// One for each tree that grows at the same time.
  private var growers: [BoostingGrower]

  init(_ table: TableColumns, _ loss: BoostingLoss, settings: BoostingSettings, pool: WorkerPool) {
    rows = BinnedRows(table, settings: settings)
    self.loss = loss
    scores = (0..<table.rows).flatMap { _ in loss.start.map { Double($0) } }
    gradients = [Double](repeating: 0, count: scores.count)
    hessians = gradients
    let lanes = min(pool.threads, max(loss.scores, 1))
    growers = (0..<lanes).map { [rows] _ in BoostingGrower(rows, settings: settings) }
  }

  /// A tree for each score, on derivatives at the scores before the round. Trees of different scores grow side by side; a
  /// single one has all threads for itself.
  mutating func grow(into nodes: inout BoostedNodes, pool: WorkerPool) {
    loss.derivatives(scores, &gradients, &hessians)
    let (derivatives, stride) = ((gradients, hessians), loss.scores)
    for first in Swift.stride(from: 0, to: stride, by: growers.count) {
      let lanes = min(growers.count, stride - first)
      unsafe growers.withUnsafeMutableBufferPointer { growers in
        pool.run(lanes) { lane in
          unsafe growers[lane].grow(derivatives, first: first + lane, stride: stride, pool: pool)
        }
      }
      for lane in 0..<lanes {
        growers[lane].addTree(to: &nodes)
        growers[lane].addAnswers(to: &scores, first: first + lane, stride: stride)
      }
    }
  }
}

/// Scores of the validation rows, tree after tree.
private struct ValidationScores {
  private let measure: BoostingLoss
  private let values: [Float]
  private let columns: Int
  private var scores: [Double]
  private var trees = 0

  init(_ model: GradientBoosting, _ table: TableColumns, _ targets: TreeTargets, _ classWeights: [Float]?) {
    targets.check(rows: table.rows)
    precondition(targets.outputs == model.outputs, "GradientBoosting: validation rows of another task")
    measure = BoostingLoss(targets, classWeights: classWeights)
    values = model.values(table, 0..<table.rows)
    columns = model.columns
    scores = (0..<table.rows).flatMap { _ in model.start.map { Double($0) } }
  }

  mutating func add(_ nodes: BoostedNodes) {
    nodes.add(trees..<nodes.trees, to: &scores, outputs: measure.scores, values, columns: columns)
    trees = nodes.trees
  }

  var loss: Double { measure.mean(scores) }
}
