import Compute

/// Synthetic rows for the smaller classes (Chawla et al. 2002).
///
/// Every class that is present is brought to the size of the largest. A synthetic row is x + u (n − x) with x one of the
/// class' rows, n one of the k rows of the class that are nearest to x, and u uniform in [0, 1). The paper goes through
/// the rows one after another; here x is drawn, as imbalanced-learn does, so that any number of rows can be made.
/// Distances are Euclidean and exact; of equally distant rows the first is the nearer.
package enum SMOTE {
  /// The rows as they are, in order, then the synthetic ones class by class.
  ///
  /// - Parameters:
  ///   - features: finite values, `[rows, columns]`.
  ///   - labels: the class of each row, 0 ..< `classes`.
  ///   - classes: number of classes.
  ///   - neighbours: k; all other rows of a class that has fewer. A class of a single row repeats it.
  ///   - random: each class draws from a stream of its own.
  ///   - pool: threads; the rows do not depend on them.
  ///   - isStopped: asked every few milliseconds; true ends it.
  /// - Returns: all rows, columns ascending in each; their classes; the number of the original row, nil for a synthetic
  ///   one.
  /// - Throws: `FitStopped` where it was ended so.
  package static func rows(
    _ features: SparseRows, labels: [Int], classes: Int, neighbours: Int = 5, random: Random, pool: WorkerPool,
    isStopped: () -> Bool = { false }
  ) throws(FitStopped) -> (features: SparseRows, labels: [Int], origins: [Int?]) {
    precondition(labels.count == features.count, "SMOTE: \(labels.count) labels for \(features.count) rows")
    precondition(labels.allSatisfy { 0..<classes ~= $0 }, "SMOTE: a label outside 0 ..< \(classes)")
    var members = [[Int]](repeating: [], count: classes)
    for (row, label) in labels.enumerated() { members[label].append(row) }
    let largest = members.map(\.count).max() ?? 0
    var all = features.ascending(), allLabels = labels
    for (label, rows) in members.enumerated() where !rows.isEmpty && rows.count < largest {
      let own = all.rows(rows)
      var stream = random.stream("class \(label)")
      for point in try points(
        largest - rows.count, own, neighbours: neighbours, random: &stream, pool: pool, isStopped: isStopped)
      {
        point.append(of: own, to: &all)
        allLabels.append(label)
      }
    }
    let origins = all.count == labels.count ? [] : [Int?](repeating: nil, count: all.count - labels.count)
    return (all, allLabels, labels.indices.map(Optional.some) + origins)
  }

  /// A point between two rows of a class.
  struct Point: Equatable {
    var base: Int
    /// The row itself in a class of a single row.
    var neighbour: Int
    /// From 0, the base, to below 1, the neighbour.
    var share: Double

    /// Adds it as a row, without the columns where it is 0.
    func append(of rows: SparseRows, to all: inout SparseRows) {
      var indices = [Int32](), values = [Float]()
      rows.merge(base, neighbour) { column, base, neighbour in
        let value = Float(Double(base) + share * (Double(neighbour) - Double(base)))
        guard value != 0 else { return }
        indices.append(column)
        values.append(value)
      }
      all.append(indices: indices, values: values)
    }
  }

  /// `count` points between rows of one class, columns ascending in each row.
  static func points(
    _ count: Int, _ rows: SparseRows, neighbours: Int, random: inout Random, pool: WorkerPool, isStopped: () -> Bool
  ) throws(FitStopped) -> [Point] {
    let index = EuclideanNeighbours(rows, neighbours: neighbours)
    var points = [Point](), isBase = [Bool](repeating: false, count: rows.count)
    for _ in 0..<count {
      let base = random.below(rows.count)
      // The neighbour stands by its rank until the rows that are bases are known.
      let rank = index.neighbours == 0 ? 0 : random.below(index.neighbours)
      points.append(Point(base: base, neighbour: rank, share: random.uniform()))
      isBase[base] = true
    }
    guard index.neighbours > 0 else { return points }
    let bases = isBase.indices.filter { isBase[$0] }
    let found = try index.find(bases, pool: pool, isStopped: isStopped)
    var place = [Int](repeating: 0, count: rows.count)
    for (number, base) in bases.enumerated() { place[base] = number }
    return points.map {
      Point(
        base: $0.base, neighbour: Int(found[place[$0.base] * index.neighbours + $0.neighbour]), share: $0.share)
    }
  }
}
