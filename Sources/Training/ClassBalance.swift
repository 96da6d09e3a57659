import Compute
import Tasks

/// Two remedies for classes of unequal size: weights in the loss, and drawing rows again or leaving some out.
public enum ClassBalance {
  /// Weight of each class in the loss; nil where all are 1.
  ///
  /// `balanced`: rows / (classes present × rows of the class); 1 for a class without rows, whose weight nothing uses.
  public static func weights(
    _ kind: TrainingSettings.ClassWeights, labels: some Sequence<Int>, classes: Int
  ) -> [Float]? {
    guard kind == .balanced else { return nil }
    let counts = counts(of: labels, classes: classes)
    let rows = counts.reduce(0, +), present = counts.count { $0 > 0 }
    return counts.map { $0 == 0 ? 1 : Float(Double(rows) / (Double(present) * Double($0))) }
  }

  /// The rows to train on, class by class: all of them (new ones are made of features elsewhere), or resampled so that every class present has as many.
  ///
  /// `over` keeps every row and draws more with replacement up to the largest class; `under` draws without replacement
  /// down to the smallest.
  public static func rows(
    _ sampling: TrainingSettings.Sampling, labels: [Int], classes: Int, random: Random
  ) -> [Int] {
    guard sampling == .over || sampling == .under else { return Array(labels.indices) }
    var members = [[Int]](repeating: [], count: classes)
    for (row, label) in labels.enumerated() { members[label].append(row) }
    let sizes = members.map(\.count).filter { $0 > 0 }
    guard let smallest = sizes.min(), let largest = sizes.max() else { return [] }
    var rows = [Int]()
    for (label, all) in members.enumerated() where !all.isEmpty {
      var stream = random.stream("class \(label)")
      switch sampling {
      case .none, .smote, .smoteENN, .over:
        rows += all
        for _ in all.count..<largest { rows.append(all[stream.below(all.count)]) }
      case .under:
        var shuffled = all
        stream.shuffle(&shuffled)
        rows += shuffled.prefix(smallest).sorted()
      }
    }
    return rows
  }

  /// So many random rows of each class, or all of one that has no more, in their order. A larger draw has the rows of a
  /// smaller one.
  public static func shots(_ count: Int, labels: [Int], classes: Int, random: Random) -> [Int] {
    var members = [[Int]](repeating: [], count: classes)
    for (row, label) in labels.enumerated() { members[label].append(row) }
    return members.enumerated().flatMap { label, all -> ArraySlice<Int> in
      var shuffled = all, stream = random.stream("class \(label)")
      stream.shuffle(&shuffled)
      return shuffled.prefix(count)
    }.sorted()
  }

  /// The same of targets: rows with several labels, or numbers, all weigh the same.
  public static func weights(
    _ kind: TrainingSettings.ClassWeights, of targets: Targets, rows: [Int], classes: Int
  ) -> [Float]? {
    guard case .classes(let labels) = targets else { return nil }
    return weights(kind, labels: rows.lazy.map { labels[$0] }, classes: classes)
  }

  /// Likewise each of them is trained on as it is.
  public static func rows(
    _ sampling: TrainingSettings.Sampling, of targets: Targets, classes: Int, random: Random
  ) -> [Int] {
    guard case .classes(let labels) = targets else { return Array(0..<targets.count) }
    return rows(sampling, labels: labels, classes: classes, random: random)
  }

  private static func counts(of labels: some Sequence<Int>, classes: Int) -> [Int] {
    var counts = [Int](repeating: 0, count: classes)
    for label in labels { counts[label] += 1 }
    return counts
  }
}
