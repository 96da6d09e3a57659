import Compute

/// Leaves out the rows that their neighbours contradict (Wilson 1972).
///
/// A row stays where its k nearest other rows all have its class, of whatever class it is: imbalanced-learn's
/// `EditedNearestNeighbours` with `kind_sel="all"` over all classes, as `SMOTEENN` uses it. Distances are Euclidean and
/// exact; of equally distant rows the first is the nearer. All rows are judged by all: none is gone before the others
/// have been looked at.
package enum EditedNeighbours {
  /// The rows that stay, ascending.
  ///
  /// - Parameters:
  ///   - features: finite values, `[rows, columns]`.
  ///   - labels: the class of each row.
  ///   - neighbours: k; all other rows where there are fewer.
  ///   - pool: threads; the rows that stay do not depend on them.
  ///   - isStopped: asked every few milliseconds; true ends it.
  /// - Throws: `FitStopped` where it was ended so.
  package static func kept(
    _ features: SparseRows, labels: [Int], neighbours: Int = 3, pool: WorkerPool, isStopped: () -> Bool = { false }
  ) throws(FitStopped) -> [Int] {
    precondition(
      labels.count == features.count, "EditedNeighbours: \(labels.count) labels for \(features.count) rows")
    let index = EuclideanNeighbours(features.ascending(), neighbours: neighbours)
    let count = index.neighbours
    let found = try index.find(Array(labels.indices), pool: pool, isStopped: isStopped)
    return labels.indices.filter { row in
      found[row * count..<(row + 1) * count].allSatisfy { labels[Int($0)] == labels[row] }
    }
  }
}
