/// Which model, and its sizes. The reader sees all that can be compared.
public enum ModelConfiguration: Sendable, Equatable, Codable {
  /// Transformer encoder with pooler and classifier (Devlin et al. 2019).
  case bert(TransformerConfiguration)
  /// Embedding, LSTM layers, pooling, classifier (Hochreiter and Schmidhuber 1997).
  case lstm(LSTMConfiguration)
  /// The encoder's token vectors into an LSTM: the study's hybrid.
  case bertLSTM(TransformerConfiguration, LSTMConfiguration)
  /// The most frequent class of the training part.
  case majority
  /// The majority label of the same normalised training text, else the majority class.
  case lookup
  /// Word and character n-grams, weighted by TF-IDF, into multinomial logistic regression.
  case tfidfLogistic(TFIDFLogisticConfiguration)

  /// The name used in manifests and in result files.
  public var kind: ModelKind {
    switch self {
    case .bert: .bert
    case .lstm: .lstm
    case .bertLSTM: .bertLSTM
    case .majority: .majority
    case .lookup: .lookup
    case .tfidfLogistic: .tfidfLogistic
    }
  }
}

extension ModelConfiguration {
  /// The transformer in it; nil where there is none.
  public var encoder: TransformerConfiguration? {
    switch self {
    case .bert(let sizes), .bertLSTM(let sizes, _): sizes
    case .lstm, .majority, .lookup, .tfidfLogistic: nil
    }
  }
}

public enum ModelKind: String, Sendable, CaseIterable, Codable {
  case bert, lstm
  case bertLSTM = "bert-lstm"
  case majority, lookup
  case tfidfLogistic = "tfidf-logistic"

  /// Trained by gradient descent on token sequences.
  public var isNeural: Bool { self == .bert || self == .lstm || self == .bertLSTM }

  /// What every other model must be above: it reads no words.
  public var isFloor: Bool { self == .majority || self == .lookup }
}

/// Sizes of a BERT encoder (Devlin et al. 2019, section 3). Defaults are BERT-tiny's.
public struct TransformerConfiguration: Sendable, Equatable, Codable {
  public var layers = 2
  /// Width of a token vector; a multiple of `heads`.
  public var hidden = 128
  public var heads = 2
  /// Width of the feed-forward layer; 4 × hidden in every published BERT.
  public var intermediate = 512
  /// Longest sequence in tokens.
  public var maximumPositions = 512
  public var typeVocabulary = 2
  /// Dropout on embeddings, attention output and feed-forward output, a probability.
  public var dropout = 0.1
  /// Dropout on attention weights, a probability.
  public var attentionDropout = 0.1
  public var layerNormEpsilon = 1e-12
  /// Standard deviation of the initial weights.
  public var initializerRange = 0.02
  /// What the classifier reads: the pooler's output at [CLS], or the mean of the token vectors.
  public var pooling = Pooling.cls

  public enum Pooling: String, Sendable, CaseIterable, Codable { case cls, mean }

  public init() {}
}

/// Sizes of an LSTM classifier. For the hybrid, `embedding` is not used: token vectors come from the encoder.
public struct LSTMConfiguration: Sendable, Equatable, Codable {
  /// Width of a word vector.
  public var embedding = 128
  /// Width of a hidden state, per direction.
  public var hidden = 128
  public var layers = 1
  public var bidirectional = true
  /// Dropout on embeddings, between layers and before the classifier, a probability.
  public var dropout = 0.3
  /// How the hidden states become one vector: the last states, or mean, maximum, attention over time.
  public var pooling = Pooling.max

  public enum Pooling: String, Sendable, CaseIterable, Codable { case last, mean, max, attention }

  public init() {}
}

/// TF-IDF features and multinomial logistic regression, as scikit-learn's TfidfVectorizer and LogisticRegression.
public struct TFIDFLogisticConfiguration: Sendable, Equatable, Codable {
  /// Smallest and largest word n-gram; none where nil.
  public var wordNGrams: NGramRange? = NGramRange(1, 2)
  /// Smallest and largest character n-gram inside word boundaries; none where nil.
  public var characterNGrams: NGramRange? = NGramRange(2, 5)
  /// n-grams in fewer training texts than this are left out.
  public var minimumDocuments = 2
  /// Largest number of features, the most frequent first; unlimited where nil.
  public var maximumFeatures: Int?
  /// 1 + log(tf) in place of tf.
  public var sublinear = true
  /// Inverse of the L2 penalty's weight, as scikit-learn's C.
  public var c = 20.0
  /// Limit on L-BFGS iterations.
  public var iterations = 200

  public init() {}
}

public struct NGramRange: Sendable, Equatable, Codable {
  /// What `low` and `high` may be.
  public static let allowed = 1...20

  public var low: Int
  public var high: Int
  public init(_ low: Int, _ high: Int) { (self.low, self.high) = (low, high) }
}
