import Compute

/// Many trees, each grown on rows drawn with replacement and with few columns drawn for every split (Breiman 2001).
///
/// A row is answered with the mean of the trees' answers. Trees grow side by side, each with a random stream of its own
/// number, so that the number of threads changes nothing.
public struct RandomForest: Sendable, Equatable {
  public struct Settings: Sendable, Equatable, Codable {
    public var trees = 100
    /// √columns a split unless told otherwise.
    public var tree = TreeSettings(features: .squareRoot)
    /// As many rows as there are, drawn with replacement; all of them once where false.
    public var bootstrap = true
    /// Answers to each training row by the trees that did not learn from it.
    public var outOfBag = false

    public init(
      trees: Int = 100, tree: TreeSettings = TreeSettings(features: .squareRoot), bootstrap: Bool = true,
      outOfBag: Bool = false
    ) {
      (self.trees, self.tree, self.bootstrap, self.outOfBag) = (trees, tree, bootstrap, outOfBag)
    }
  }

  /// How well training rows are answered by trees that did not learn from them (Breiman 2001, section 3.1).
  public struct OutOfBag: Sendable, Equatable {
    /// The share of rows whose most probable class is theirs, the first among equals; of numbers R².
    public let score: Double
    /// Rows that some tree did not learn from.
    public let rows: Int
  }

  public let columns: Int
  /// Numbers that a row gets: one for each class, or 1.
  public let outputs: Int
  public let nodes: TreeNodes

  /// `classWeights` are of each class' rows, above 0; all weigh the same where nil. `isStopped` is asked now and then
  /// between trees, and true ends the fit; `progress` receives how many trees are grown. `operations` are comparisons.
  ///
  /// - Throws: `FitStopped` where it was ended so.
  public static func fit(
    _ rows: TreeRows, targets: TreeTargets, classWeights: [Float]? = nil, settings: Settings = Settings(),
    random: Random, pool: WorkerPool, isStopped: () -> Bool = { false }, progress: ((Int) -> Void)? = nil
  ) throws(FitStopped) -> (forest: RandomForest, outOfBag: OutOfBag?, operations: Double) {
    targets.check(rows: rows.count)
    precondition(settings.trees > 0, "RandomForest: \(settings.trees) trees")
    let columns = TreeColumns(rows), count = rows.count
    var nodes = TreeNodes(), operations = 0.0
    let scores = settings.outOfBag && settings.bootstrap
    var learned = [UInt8](repeating: 0, count: scores ? count * settings.trees : 0)
    // So many at a time that they can be stopped between.
    for first in stride(from: 0, to: settings.trees, by: 4 * pool.threads) {
      if isStopped() { throw FitStopped() }
      let group = first..<min(settings.trees, first + 4 * pool.threads)
      let grown = pool.map(group.count) { place in
        var random = random.stream("tree \(first + place)")
        let draws = settings.bootstrap ? draw(count, &random) : [Int32](repeating: 1, count: count)
        var grower = TreeGrower(
          columns, targets, draws: draws, classWeights: classWeights, settings: settings.tree, random: random)
        return (nodes: grower.grow(), draws: scores ? draws : [], operations: grower.operations)
      }
      for (place, tree) in grown.enumerated() {
        nodes.append(tree.nodes)
        operations += tree.operations
        for (row, count) in tree.draws.enumerated() where count > 0 {
          learned[row * settings.trees + first + place] = 1
        }
      }
      progress?(group.upperBound)
    }
    let forest = RandomForest(columns: rows.columns, outputs: targets.outputs, nodes: nodes)
    return (forest, scores ? forest.outOfBag(rows, targets, learned, pool: pool) : nil, operations)
  }

  private init(columns: Int, outputs: Int, nodes: TreeNodes) {
    (self.columns, self.outputs, self.nodes) = (columns, outputs, nodes)
  }

  /// How often each of `count` rows is drawn in as many draws.
  static func draw(_ count: Int, _ random: inout Random) -> [Int32] {
    var draws = [Int32](repeating: 0, count: count)
    for _ in 0..<count { draws[random.below(count)] += 1 }
    return draws
  }

  private func outOfBag(
    _ rows: TreeRows, _ targets: TreeTargets, _ learned: [UInt8], pool: WorkerPool
  ) -> OutOfBag? {
    let (answers, trees) = nodes.answers(rows, outputs: outputs, leavingOut: learned, pool: pool)
    let scored = trees.indices.filter { trees[$0] > 0 }
    guard !scored.isEmpty else { return nil }
    switch targets {
    case .classes(let labels, let classes):
      let right = scored.count { row in
        mostProbable(Array(answers[row * classes..<(row + 1) * classes]), classes: classes) == [labels[row]]
      }
      return OutOfBag(score: Double(right) / Double(scored.count), rows: scored.count)
    case .numbers(let numbers):
      let mean = scored.reduce(0) { $0 + numbers[$1] } / Double(scored.count)
      let all = scored.reduce(0) { $0 + (numbers[$1] - mean) * (numbers[$1] - mean) }
      let rest = scored.reduce(0) { sum, row in
        let error = numbers[row] - Double(answers[row])
        return sum + error * error
      }
      // Of equal numbers there is nothing to explain.
      return OutOfBag(score: all > 0 ? 1 - rest / all : rest > 0 ? 0 : 1, rows: scored.count)
    }
  }

  /// Probabilities of the classes, or numbers: `[rows, outputs]`.
  public func predict(_ rows: TreeRows, pool: WorkerPool) -> [Float] {
    rows.check(columns: columns)
    return nodes.answers(rows, outputs: outputs, pool: pool)
  }

  public var tensors: [Safetensors.Tensor] { nodes.tensors }

  /// - Throws: `CheckpointError` where a tensor is missing, has another shape, or does not fit the others.
  public init(stored file: Safetensors, columns: Int, outputs: Int) throws(CheckpointError) {
    self.init(
      columns: columns, outputs: outputs, nodes: try TreeNodes(stored: file, columns: columns, outputs: outputs))
  }
}
