import Compute
import Corpora

/// Labels that are made wrong on purpose, so that it is known how many of them a search finds. Rows whose label is in doubt
/// already are left out first: what is found besides the flips would else be called a false alarm that is none.
public struct PlantedFlips: Sendable {
  /// To which class a label goes.
  public enum Kind: String, Sendable, CaseIterable {
    /// Any other, each as likely.
    case uniform
    /// One that the model takes the true class for, as often as it does.
    case confusions
  }

  public let kind: Kind
  /// Without the doubtful rows, and with the labels changed.
  public let corpora: [Corpus]
  /// Ids of the rows whose label is another one now.
  public let rows: Set<String>

  /// - Parameters:
  ///   - kind: to which class labels go.
  ///   - share: of the rows of each domain that are left, above 0 and below 1.
  ///   - corpora: the data.
  ///   - doubtful: ids of rows that are left out, of each corpus.
  ///   - confusion: what the model takes for what, `[class][answer]`, of each corpus.
  ///   - seed: of what is drawn.
  public init(
    _ kind: Kind, share: Double, in corpora: [Corpus], without doubtful: [Set<String>], confusion: [[[Int]]],
    seed: UInt64
  ) {
    var flipped: Set<String> = [], changed = corpora
    for (place, corpus) in corpora.enumerated() where corpus.classes.count > 1 {
      for domain in corpus.domains.indices {
        changed[place].domains[domain].examples.removeAll { doubtful[place].contains($0.id) }
        let dataset = changed[place].domains[domain]
        var random = Random(seed: seed, stream: "flips \(kind.rawValue) \(corpus.name) \(dataset.domain)")
        var order = Array(dataset.examples.indices)
        random.shuffle(&order)
        for row in order.prefix(Int((share * Double(order.count)).rounded())) {
          let label = dataset.examples[row].label
          let counts = kind == .confusions ? confusion[place][label] : []
          let other = Self.draw(counts, besides: label, of: corpus.classes.count, &random)
          changed[place].domains[domain].examples[row].label = other
          flipped.insert(dataset.examples[row].id)
        }
      }
    }
    (self.kind, self.corpora, rows) = (kind, changed, flipped)
  }

  /// As likely as its count says; any other class where none is counted.
  private static func draw(_ counts: [Int], besides label: Int, of classes: Int, _ random: inout Random) -> Int {
    let weights = (0..<classes).map { $0 == label ? 0 : $0 < counts.count ? counts[$0] : 0 }
    let all = weights.reduce(0, +)
    guard all > 0 else {
      let drawn = random.below(classes - 1)
      return drawn < label ? drawn : drawn + 1
    }
    var left = random.below(all)
    for (place, weight) in weights.enumerated() {
      if left < weight { return place }
      left -= weight
    }
    return label
  }
}
