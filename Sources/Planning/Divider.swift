import Compute
import Corpora
import Manifests

/// Divides each domain's rows once for every division that the plan needs.
package struct Divider {
  private struct Place: Hashable {
    var corpus: Int
    var domain: Int
  }

  private struct FoldsKey: Hashable {
    var place: Place
    var count: Int
    var seed: UInt64
    var validationShare: Double
  }

  package let corpora: [Corpus]
  package let settings: SplitSettings
  private var splitters: [Place: Splitter] = [:]
  private var folds: [FoldsKey: [Split]] = [:]

  package init(corpora: [Corpus], settings: SplitSettings) { (self.corpora, self.settings) = (corpora, settings) }

  package mutating func split(_ key: Plan.DataKey) throws(SplitError) -> Split {
    guard let sample = key.sample else { return try whole(key) }
    let examples = corpora[key.corpus].domains[key.domain].examples
    var split = try whole(key)
    let all = split.train.count
    split.train = Self.sampled(split.train, examples, sample.size, Random(seed: sample.seed, stream: "sample"))
    let share = Double(split.train.count) / Double(max(1, all))
    split.validation = Self.sampled(
      split.validation, examples, .share(min(share, 1)), Random(seed: sample.seed, stream: "sample of validation"))
    return split
  }

  /// So many rows of each class, in their order; of rows without one class, of all.
  private static func sampled(_ rows: [Int], _ examples: [Example], _ size: TrainingSize, _ random: Random) -> [Int] {
    var members: [Int: [Int]] = [:]
    for row in rows {
      if case .label(let label) = examples[row].target {
        members[label, default: []].append(row)
      } else {
        members[-1, default: []].append(row)
      }
    }
    return members.keys.sorted().flatMap { label -> ArraySlice<Int> in
      var shuffled = members[label] ?? [], stream = random.stream("class \(label)")
      stream.shuffle(&shuffled)
      return shuffled.prefix(size.count(of: shuffled.count))
    }.sorted()
  }

  private mutating func whole(_ key: Plan.DataKey) throws(SplitError) -> Split {
    let place = Place(corpus: key.corpus, domain: key.domain)
    let splitter = splitter(of: place)
    switch key.division {
    case .all: return all(key)
    case .holdout(let seed):
      return try splitter.holdout(random: Random(seed: seed, stream: "split"))
    case .official(let validationShare):
      // The split of an official division is the same for every seed.
      return try splitter.official(validationShare: validationShare ?? 0, random: Random(seed: 0, stream: "split"))
    case .kfold(let count, let fold, let seed, let validationShare):
      let foldsKey = FoldsKey(place: place, count: count, seed: seed, validationShare: validationShare)
      if let known = folds[foldsKey] { return known[fold] }
      let all = try splitter.folds(
        count, validationShare: validationShare, random: Random(seed: seed, stream: "split"))
      folds[foldsKey] = all
      return all[fold]
    }
  }

  /// Every row to train on.
  package mutating func all(_ key: Plan.DataKey) -> Split {
    splitter(of: Place(corpus: key.corpus, domain: key.domain)).all()
  }

  private mutating func splitter(of place: Place) -> Splitter {
    let corpus = corpora[place.corpus]
    var own = settings
    // What is written from columns is near by its form alone.
    if !corpus.hasTexts, own.duplicates == .near { own.duplicates = .group }
    let splitter =
      splitters[place] ?? Splitter(corpus.domains[place.domain].examples, classes: corpus.classes, settings: own)
    splitters[place] = splitter
    return splitter
  }

  /// Of every domain that a fit is trained on, once for each protocol that divides it, in the plan's order.
  package mutating func shortages(of plan: Plan) -> [Plan.Shortage] {
    var seen: Set<[Int]> = []
    var found: [Plan.Shortage] = []
    for fit in plan.fits where seen.insert([fit.data.corpus, fit.data.domain, fit.protocolIndex]).inserted {
      let parts =
        switch fit.data.division {
        case .holdout: [settings.train, settings.validation, settings.test].count { $0 > 0 }
        case .kfold(let folds, _, _, _): folds
        case .official, .all: 0
        }
      guard parts > 0 else { continue }
      let classes = splitter(of: Place(corpus: fit.data.corpus, domain: fit.data.domain)).shortages(parts: parts)
      guard !classes.isEmpty else { continue }
      found.append(
        Plan.Shortage(
          corpus: fit.data.corpus, domain: fit.data.domain, protocolIndex: fit.protocolIndex,
          protocolKind: fit.protocolKind, parts: parts, classes: classes))
    }
    return found
  }
}

/// Two fits or trials that would have one name.
public struct PlanNameError: Error, Sendable, Equatable, CustomStringConvertible {
  public var name: String
  /// The model of the second.
  public var model: String

  public var found: String { "two fits or trials named `\(name)`" }
  public var expected: String { "names of corpora, domains and models that differ when joined" }
  public var description: String { "got \(found), expected \(expected)" }
}

/// Rows that cannot be divided as a protocol asks.
public struct PlanError: Error, Sendable, CustomStringConvertible {
  public var corpus: String
  public var domain: String
  /// Position among the manifest's protocols.
  public var protocolIndex: Int
  public var division: Plan.Division
  public var reason: SplitError

  /// What the protocol is called, where it stands for its rows.
  public var what: String {
    switch division {
    case .holdout: "hold-out"
    case .kfold(let folds, _, _, _): "\(folds)-fold"
    case .official: "official split"
    case .all: "all rows"
    }
  }

  public var description: String { "corpora.\(corpus), domain \(domain), \(what): \(reason)" }
}

/// All that a plan cannot divide, in its order.
public struct PlanErrors: Error, Sendable, CustomStringConvertible {
  public var errors: [PlanError]

  public var description: String { errors.map(\.description).joined(separator: "\n") }
}
