/// Rows whose label is likely another one than theirs, by probabilities of models that did not see them: confident learning
/// (Northcutt, Jiang and Chuang 2021, "Confident learning: estimating uncertainty in dataset labels", JAIR 70).
///
/// A class's threshold is the mean probability of that class over the rows labelled so. A row counts for the likeliest of
/// the classes that reach their threshold; where that is another than its label, and the likeliest of all as well, the row
/// is a suspect. The same rows as cleanlab's `filter_by="confident_learning"`.
public struct ConfidentLearning: Sendable {
  public struct Suspect: Sendable, Equatable {
    public var row: Int
    /// The class that the row seems to have.
    public var suggested: Int
    /// Probability of the label less that of the likeliest other class; the lowest first.
    public var margin: Double
  }

  /// Of each class; nil where no row is labelled so.
  public let thresholds: [Double?]
  /// Rows by label and by the class that they count for, `[label][class]`; rows that reach no threshold count for none.
  public let joint: [[Int]]
  /// By margin, then by row.
  public let suspects: [Suspect]

  /// Thresholds are met within so much, as cleanlab has it.
  private static let tolerance = 1e-6

  /// `probabilities` is `[rows, classes]`, `labels` is `[rows]`.
  public init(probabilities: [Float], labels: [Int], classes: Int) {
    precondition(
      probabilities.count == labels.count * classes,
      "ConfidentLearning: \(labels.count) labels, \(classes) classes, \(probabilities.count) probabilities")
    var (sums, counts) = ([Double](repeating: 0, count: classes), [Int](repeating: 0, count: classes))
    for (row, label) in labels.enumerated() {
      sums[label] += Double(probabilities[row * classes + label])
      counts[label] += 1
    }
    let thresholds = zip(sums, counts).map { $1 > 0 ? $0 / Double($1) : nil }
    var joint = [[Int]](repeating: [Int](repeating: 0, count: classes), count: classes)
    var suspects: [Suspect] = []
    for (row, label) in labels.enumerated() {
      let own = (0..<classes).map { Double(probabilities[row * classes + $0]) }
      let likeliest = own.indices.reduce(0) { own[$1] > own[$0] ? $1 : $0 }
      let reached = own.indices.filter { place in thresholds[place].map { own[place] >= $0 - Self.tolerance } ?? false }
      guard let first = reached.first else { continue }
      let counted = reached.count > 1 ? likeliest : first
      joint[label][counted] += 1
      guard counted != label, likeliest != label else { continue }
      let rival = own.indices.filter { $0 != label }.map { own[$0] }.max() ?? 0
      suspects.append(Suspect(row: row, suggested: counted, margin: own[label] - rival))
    }
    (self.thresholds, self.joint) = (thresholds, joint)
    self.suspects = suspects.sorted { ($0.margin, $0.row) < ($1.margin, $1.row) }
  }
}
