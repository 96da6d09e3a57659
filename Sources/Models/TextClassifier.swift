import Compute
import Tasks

/// Texts as one model reads them; made once, so that time from token ids can be measured without preparation.
public indirect enum EncodedTexts: Sendable {
  /// Token ids of each text.
  case tokens([[Int32]])
  /// One row of features for each text.
  case features(SparseRows)
  /// Columns of numbers and categories.
  case table(TableColumns)
  /// The rows as they are, of which a model that asks others reads what it needs.
  case rows([Input])
  /// What a model reads beside a vector of each text, which an encoder makes of its tokens.
  case beside(EncodedTexts, tokens: [[Int32]])
  /// The text itself, normalised where the model looks it up.
  case keys([String])

  /// Number of texts.
  public var count: Int {
    switch self {
    case .tokens(let tokens): tokens.count
    case .features(let rows): rows.count
    case .table(let table): table.rows
    case .rows(let inputs): inputs.count
    case .beside(_, let tokens): tokens.count
    case .keys(let keys): keys.count
    }
  }

  /// The texts in `range`, in the same order.
  public subscript(range: Range<Int>) -> EncodedTexts {
    switch self {
    case .tokens(let tokens): .tokens(Array(tokens[range]))
    case .features(let rows): .features(rows[range])
    case .table(let table): .table(table.rows(Array(range)))
    case .rows(let inputs): .rows(Array(inputs[range]))
    case .beside(let other, let tokens): .beside(other[range], tokens: Array(tokens[range]))
    case .keys(let keys): .keys(Array(keys[range]))
    }
  }

  /// What the texts were encoded as, for messages.
  package var form: String {
    switch self {
    case .tokens: "tokens"
    case .features: "features"
    case .table: "columns"
    case .rows: "rows"
    case .beside: "features and tokens"
    case .keys: "keys"
    }
  }
}

/// A trained model as the rest of the harness sees it: from raw text to probabilities of classes or labels, or a number.
///
/// It never changes, and several threads may ask it at once.
public protocol TextClassifier: AnyObject, Sendable {
  /// Numbers that it gives for a text: one for each class or label, or 1.
  var classes: Int { get }
  /// Everything from raw rows to the model's input.
  func encode(_ inputs: [Input]) -> EncodedTexts
  /// Probabilities, or the numbers as they stand, `[texts, classes]`, for texts that this model encoded.
  func answers(_ encoded: EncodedTexts, pool: WorkerPool) -> [Float]
  /// Trained numbers.
  var parameterCount: Int { get }
  /// Bytes that the model needs to answer, its vocabulary included.
  var byteCount: Int { get }
  /// Tokens or features that the model knows; nil where it has none.
  var vocabularyCount: Int? { get }
  /// Floating-point operations to answer for these texts, a multiplication and an addition counted as two.
  func flops(_ encoded: EncodedTexts) -> Double
}

extension TextClassifier {
  /// Rows that are a text and no more.
  public func encode(_ texts: [String]) -> EncodedTexts { encode(texts.map { Input(text: $0) }) }
}

/// The most probable class of each row of probabilities `[rows, classes]`, the lowest among equals.
public func mostProbable(_ probabilities: [Float], classes: Int) -> [Int] {
  stride(from: 0, to: probabilities.count, by: max(1, classes)).map { start in
    (1..<max(1, classes)).reduce(0) { probabilities[start + $1] > probabilities[start + $0] ? $1 : $0 }
  }
}
