import Compute
import Models
import Tasks
import Text

/// What the lookup baseline learns: the class counts of every distinct normalised training text. No text is kept.
public struct LookupState: Sendable, Equatable {
  /// How often one class was the label of one text.
  public struct Entry: Sendable, Equatable {
    public let label: Int
    public let count: Int
  }

  public let prior: MajorityState
  /// Digests of the distinct normalised training texts, ascending.
  public let keys: [TextDigest]
  /// The labels seen with each key, by label.
  public let entries: [[Entry]]

  init(prior: MajorityState, keys: [TextDigest], entries: [[Entry]]) {
    (self.prior, self.keys, self.entries) = (prior, keys, entries)
  }

  /// Learns from training texts and their labels, each in `0 ..< classes`.
  public init(texts: [String], labels: [Int], classes: Int) {
    precondition(texts.count == labels.count, "LookupState: \(texts.count) texts for \(labels.count) labels")
    prior = MajorityState(labels: labels, classes: classes)
    var counts: [TextDigest: [Int: Int]] = [:]
    for (text, label) in zip(texts, labels) {
      counts[TextDigest(normalised(text)), default: [:]][label, default: 0] += 1
    }
    let sorted = counts.sorted { $0.key < $1.key }
    keys = sorted.map(\.key)
    entries = sorted.map { pair in
      pair.value.map { Entry(label: $0.key, count: $0.value) }.sorted { $0.label < $1.label }
    }
  }
}

/// Predicts the majority label of the same normalised training text, else the majority class.
///
/// Shows how far memory alone goes: what it scores above the majority baseline comes from texts that stand in both
/// parts. For a known text p(c) = (n_c + prior_c) / (n + 1), so that a tie goes to the class that is more frequent
/// in the training part (to the lowest index where these are equal too) and no probability is zero; for an unknown
/// text p is the prior.
public final class LookupClassifier: TextClassifier {
  public let state: LookupState
  private let prior: [Float]
  private let index: [TextDigest: Int]

  public init(_ state: LookupState) {
    self.state = state
    prior = state.prior.prior.map { Float($0) }
    index = Dictionary(uniqueKeysWithValues: state.keys.enumerated().map { ($1, $0) })
  }

  public var classes: Int { prior.count }
  /// The stored (text, label) counts and the prior.
  public var parameterCount: Int { state.entries.reduce(classes) { $0 + $1.count } }
  public var byteCount: Int {
    parameterCount * MemoryLayout<LookupState.Entry>.size + state.keys.count * TextDigest.byteCount
  }
  /// Distinct texts.
  public var vocabularyCount: Int? { state.keys.count }

  public func encode(_ inputs: [Input]) -> EncodedTexts { .keys(inputs.map { normalised($0.text) }) }

  public func answers(_ encoded: EncodedTexts, pool: WorkerPool) -> [Float] {
    guard case .keys(let keys) = encoded else {
      preconditionFailure("LookupClassifier.answers: got \(encoded.form), expected keys")
    }
    let smooth = state.prior.prior
    var out = [Float]()
    out.reserveCapacity(keys.count * classes)
    for key in keys {
      guard let row = index[TextDigest(key)] else {
        out += prior
        continue
      }
      let total = Double(state.entries[row].reduce(1) { $0 + $1.count })
      let start = out.count
      out += smooth.map { Float($0 / total) }
      for entry in state.entries[row] {
        out[start + entry.label] = Float((Double(entry.count) + smooth[entry.label]) / total)
      }
    }
    return out
  }

  public func flops(_ encoded: EncodedTexts) -> Double { 0 }
}
