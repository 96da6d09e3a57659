/// How boosted trees grow; the defaults are those of LightGBM, under its names in parentheses.
public struct BoostingSettings: Sendable, Equatable, Codable {
  /// Trees at most, for each class where there are more than two (`num_iterations`).
  public var rounds = 100
  /// Share of each tree's answer that is added (`learning_rate`).
  public var learningRate = 0.1
  /// Leaves of a tree at most (`num_leaves`).
  public var leaves = 31
  /// Splits from the root to a leaf at most (`max_depth`); unlimited where nil.
  public var maximumDepth: Int?
  /// Rows of a leaf at least (`min_data_in_leaf`).
  public var minimumLeaf = 20
  /// Sum of a leaf's second derivatives at least (`min_sum_hessian_in_leaf`).
  public var minimumHessian = 1e-3
  /// λ: weight of the squared answers of leaves (`lambda_l2`).
  public var lambda = 0.0
  /// What a split gains at least (`min_gain_to_split`).
  public var minimumGain = 0.0
  /// Bins of a column at most, one for what is missing included (`max_bin`); 2 ... 255.
  public var bins = 255
  /// Rows of a bin of numbers at least (`min_data_in_bin`).
  public var minimumBin = 3
  /// Ends after so many rounds without a smaller loss on validation rows, and keeps the rounds up to the smallest
  /// (`early_stopping_round`); never where nil.
  public var patience: Int?
  public var categories = Categories()

  /// Splits of categories.
  public struct Categories: Sendable, Equatable, Codable {
    /// Where a column has fewer categories, each is tried against all others (`max_cat_to_onehot`).
    public var oneAgainstRest = 4
    /// Added to the sum of second derivatives when categories are put in order; categories of fewer rows stay right
    /// (`cat_smooth`).
    public var smoothing = 10.0
    /// Added to λ where categories were put in order (`cat_l2`).
    public var lambda = 10.0
    /// Categories on the left side at most (`max_cat_threshold`).
    public var limit = 32
    /// Rows between two splits that are tried, and on the right side at least (`min_data_per_group`).
    public var minimumGroup = 100

    public init() {}
  }

  public init() {}

  func check() {
    precondition(rounds >= 0 && leaves >= 1 && learningRate > 0, "BoostingSettings: \(self)")
    precondition((2...255).contains(bins) && minimumBin >= 1 && minimumLeaf >= 1, "BoostingSettings: \(self)")
    precondition(lambda >= 0 && categories.smoothing >= 0 && categories.lambda >= 0, "BoostingSettings: \(self)")
    precondition(minimumHessian >= 0 && patience ?? 1 >= 1, "BoostingSettings: \(self)")
  }
}
