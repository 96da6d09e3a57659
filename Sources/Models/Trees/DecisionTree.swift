import Compute

/// A classification or regression tree (CART: Breiman, Friedman, Olshen and Stone 1984).
///
/// A row goes left where its value in a node's column is at most the threshold, which stands halfway between the values on
/// both sides in training. A leaf answers with the shares of the classes among its training rows, or their mean.
///
/// Ties: of splits with equal scores (see `SplitJudge`) the one of the lowest column is taken, and in it the one of the
/// lowest values. With all columns looked at (`TreeSettings.features`) nothing is drawn.
public struct DecisionTree: Sendable, Equatable {
  public let columns: Int
  /// Numbers that a row gets: one for each class, or 1.
  public let outputs: Int
  public let nodes: TreeNodes

  /// The tree, and the comparisons that growing it took. `classWeights` are of each class' rows, above 0; all weigh the
  /// same where nil.
  public static func fit(
    _ rows: TreeRows, targets: TreeTargets, classWeights: [Float]? = nil, settings: TreeSettings = TreeSettings(),
    random: Random
  ) -> (tree: DecisionTree, operations: Double) {
    targets.check(rows: rows.count)
    var grower = TreeGrower(
      TreeColumns(rows), targets, draws: [Int32](repeating: 1, count: rows.count), classWeights: classWeights,
      settings: settings, random: random)
    let nodes = grower.grow()
    return (DecisionTree(columns: rows.columns, outputs: targets.outputs, nodes: nodes), grower.operations)
  }

  public init(
    _ rows: TreeRows, targets: TreeTargets, classWeights: [Float]? = nil, settings: TreeSettings = TreeSettings(),
    random: Random
  ) {
    self = Self.fit(rows, targets: targets, classWeights: classWeights, settings: settings, random: random).tree
  }

  private init(columns: Int, outputs: Int, nodes: TreeNodes) {
    (self.columns, self.outputs, self.nodes) = (columns, outputs, nodes)
  }

  /// Probabilities of the classes, or numbers: `[rows, outputs]`.
  public func predict(_ rows: TreeRows, pool: WorkerPool) -> [Float] {
    rows.check(columns: columns)
    return nodes.answers(rows, outputs: outputs, pool: pool)
  }

  public var tensors: [Safetensors.Tensor] { nodes.tensors }

  /// - Throws: `CheckpointError` where a tensor is missing, has another shape, or does not fit the others.
  public init(stored file: Safetensors, columns: Int, outputs: Int) throws(CheckpointError) {
    nodes = try TreeNodes(stored: file, columns: columns, outputs: outputs)
    guard nodes.trees == 1 else { throw .malformed("\(nodes.trees) trees, expected one") }
    (self.columns, self.outputs) = (columns, outputs)
  }
}
