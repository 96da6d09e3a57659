import Models

/// TF-IDF features and multinomial logistic regression, as scikit-learn's TfidfVectorizer and LogisticRegression.
public struct TFIDFLogisticConfiguration: ColumnFeatures, Sendable, Equatable, Codable {
  public var inputs: [FeatureInput]?
  public var wordNGrams: NGramRange? = NGramRange(1, 2)
  public var characterNGrams: NGramRange? = NGramRange(2, 5)
  public var minimumDocuments = 2
  public var maximumFeatures: Int?
  public var sublinear = true
  /// Inverse of the L2 penalty's weight, as scikit-learn's C.
  public var c = 20.0
  /// Limit on L-BFGS iterations.
  public var iterations = 200

  public init() {}
}
