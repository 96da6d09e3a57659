import Compute
import Foundation
import Models
import Settings
import Tasks

/// Keys that a tree and a forest have in common.
package protocol TreeConfiguration: ColumnFeatures, Sendable {
  /// What a split of classes is judged by; numbers are judged by the squared error.
  var criterion: TreeSettings.Criterion { get set }
  /// Splits from the root to a leaf at most; unlimited where nil.
  var maximumDepth: Int? { get set }
  /// Rows that each side of a split keeps at least.
  var minimumLeaf: Int { get set }
}

/// Keys of a decision tree.
package struct DecisionTreeConfiguration: TreeConfiguration, Equatable, Codable {
  package var inputs: [FeatureInput]?
  package var wordNGrams: NGramRange? = NGramRange(1, 1)
  package var characterNGrams: NGramRange?
  package var minimumDocuments = 2
  package var maximumFeatures: Int?
  package var sublinear = true
  package var criterion = TreeSettings.Criterion.gini
  package var maximumDepth: Int?
  package var minimumLeaf = 1

  package init() {}
}

/// Keys of a random forest.
package struct RandomForestConfiguration: TreeConfiguration, Equatable, Codable {
  package var inputs: [FeatureInput]?
  package var wordNGrams: NGramRange? = NGramRange(1, 1)
  package var characterNGrams: NGramRange?
  package var minimumDocuments = 2
  package var maximumFeatures: Int?
  package var sublinear = true
  package var criterion = TreeSettings.Criterion.gini
  package var maximumDepth: Int?
  package var minimumLeaf = 1
  package var trees = 300
  /// n-grams looked at for a split; √features where nil.
  package var splitFeatures: Int?
  /// Each tree learns from as many rows as there are, drawn with replacement; from all of them once where false.
  package var bootstrap = true

  package init() {}
}

enum TreeKeys {
  static func members<Sizes: TreeConfiguration>() -> [Member<Sizes>] {
    FeatureKeys.withColumns() + [
      .choice("criterion", \.criterion, "What splits of classes are judged by; numbers: the squared error."),
      .optionalInteger("maximum_depth", \.maximumDepth, 1...10_000, "Splits from the root to a leaf at most."),
      .integer("minimum_leaf", \.minimumLeaf, 1...1_000_000, "Training texts that each side of a split keeps."),
    ]
  }

  /// `to any depth` or `at most 5 splits deep`.
  static func depth(_ sizes: some TreeConfiguration) -> String {
    sizes.maximumDepth.map { "at most \($0) split\($0 == 1 ? "" : "s") deep" } ?? "to any depth"
  }

  static func criterion(_ sizes: some TreeConfiguration) -> String {
    "split by \(sizes.criterion.rawValue) (numbers by the squared error)"
  }

  static func keeping(_ sizes: some TreeConfiguration) -> String {
    FeatureKeys.keeping(sizes)
      + "; and of training texts that have the same of them how many are of each class, or their mean number"
  }
}

extension TreeSettings {
  init(_ sizes: some TreeConfiguration, features: Features = .all) {
    self.init(
      criterion: sizes.criterion, maximumDepth: sizes.maximumDepth, minimumLeaf: sizes.minimumLeaf, features: features)
  }
}

extension TreeTargets {
  /// What trees learn of each row.
  init(_ targets: Targets, classes: Int) {
    self =
      if case .numbers(let numbers) = targets { .numbers(numbers) } else { .classes(targets.classes, classes: classes) }
  }
}

extension TreeNodes {
  /// A column and a threshold for each split, and the leaves' values.
  var parameterCount: Int { 2 * (count - leaves) + leafValues.count }

  /// One comparison for each split on the way to a leaf, in a balanced tree.
  func comparisons(_ rows: SparseRows) -> Double {
    guard trees > 0, count > trees else { return 0 }
    return Double(rows.count * trees) * log2(Double(leaves) / Double(trees)).rounded(.up)
  }
}
