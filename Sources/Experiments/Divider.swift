import Compute
import Corpora

/// Divides each domain's rows once for every division that the plan needs.
struct Divider {
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

  let corpora: [Corpus]
  let settings: SplitSettings
  private var splitters: [Place: Splitter] = [:]
  private var folds: [FoldsKey: [Split]] = [:]

  init(corpora: [Corpus], settings: SplitSettings) { (self.corpora, self.settings) = (corpora, settings) }

  mutating func split(_ key: Plan.DataKey) throws(PlanError) -> Split {
    let place = Place(corpus: key.corpus, domain: key.domain)
    let corpus = corpora[key.corpus]
    let dataset = corpus.domains[key.domain]
    let splitter = splitters[place] ?? Splitter(dataset.examples, classes: corpus.classes, settings: settings)
    splitters[place] = splitter
    do throws(SplitError) {
      switch key.division {
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
    } catch {
      throw PlanError(corpus: corpus.name, domain: dataset.domain, division: key.division, reason: error)
    }
  }
}

/// Two fits or trials that would have one name.
public struct PlanNameError: Error, Sendable, Equatable, CustomStringConvertible {
  public var name: String

  public var description: String {
    "got two fits or trials named `\(name)`, expected names of corpora, domains and models that differ when joined"
  }
}

/// Rows that cannot be divided as a protocol asks.
public struct PlanError: Error, Sendable, CustomStringConvertible {
  public var corpus: String
  public var domain: String
  public var division: Plan.Division
  public var reason: SplitError

  public var description: String {
    let what =
      switch division {
      case .holdout: "hold-out"
      case .kfold(let folds, _, _, _): "\(folds)-fold"
      case .official: "official split"
      }
    return "corpora.\(corpus), domain \(domain), \(what): \(reason)"
  }
}
