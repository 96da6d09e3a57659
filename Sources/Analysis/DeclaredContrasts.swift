import Families
import Manifests
import Models

/// Which contrasts of a run get words: fixed by the manifest before anything is trained.
public struct DeclaredContrasts: Sendable {
  /// In the order in which reports give them, the question first.
  public let pairs: [ComparisonSettings.Pair]
  /// The models that every other must be above, in the manifest's order.
  public let floors: [String]
  /// The others, in the manifest's order.
  public let candidates: [String]
  private let manifest: Manifest
  /// SHA-256 of the files that were read, by their declared paths.
  private let hashes: [String: String]

  /// `hashes` are those of files by declared path; a file without one is told by its path.
  public init(_ manifest: Manifest, hashes: [String: String] = [:]) {
    (self.manifest, self.hashes) = (manifest, hashes)
    floors = manifest.models.filter(\.configuration.kind.isFloor).map(\.name)
    candidates = manifest.models.filter { !$0.configuration.kind.isFloor }.map(\.name)
    pairs = manifest.comparisons.pairs.isEmpty ? Self.usual(manifest, candidates) : manifest.comparisons.pairs
  }

  /// The first transformer against the first LSTM, which is the question, and every other model against the first of the
  /// two. Where one of the two is missing the first other model takes its place.
  private static func usual(_ manifest: Manifest, _ candidates: [String]) -> [ComparisonSettings.Pair] {
    func first(_ role: ModelRole) -> String? { manifest.models.first { $0.configuration.kind.role == role }?.name }
    guard let reference = first(.transformer) ?? first(.recurrent) ?? candidates.first else { return [] }
    let others = candidates.filter { $0 != reference }
    guard let rival = others.first(where: { $0 == first(.recurrent) }) ?? others.first else { return [] }
    return [ComparisonSettings.Pair(a: reference, b: rival)]
      + others.filter { $0 != rival }.map { ComparisonSettings.Pair(a: $0, b: reference) }
  }

  /// Whether chance has a part in how the model is trained, so that one training does not show the next.
  package func isTrainedByChance(_ model: String) -> Bool {
    guard let declared = manifest.models.first(where: { $0.name == model }) else { return true }
    // Settings that are drawn are drawn anew with each seed, unless all that there are get their turn.
    if let tuning = manifest.tuning, tuning.search != .grid, !declared.space.isEmpty,
      declared.space.mostTrials(.max) > tuning.trials
    {
      return true
    }
    return declared.configuration.kind.family.keys.isSeeded || declared.training.sampling != .none
      || declared.space.dimensions.contains { $0.key == "training.sampling" }
  }

  /// The first declared pair of which both are among `models`, else the first two of these; nil with fewer.
  public func pair(among models: [String]) -> (a: String, b: String)? {
    if let declared = pairs.first(where: { models.contains($0.a) && models.contains($0.b) }) {
      return (declared.a, declared.b)
    }
    return models.count > 1 ? (models[0], models[1]) : nil
  }

  /// All pairs of `models`, the declared ones in their own direction, the others in the models' order.
  public func allPairs(of models: [String]) -> [ComparisonSettings.Pair] {
    models.indices.flatMap { first in
      models[(first + 1)...].map { second in
        let reverse = ComparisonSettings.Pair(a: second, b: models[first])
        return pairs.contains(reverse) ? reverse : ComparisonSettings.Pair(a: models[first], b: second)
      }
    }
  }

  /// The protocol whose results of a corpus get words: the one that the manifest names, or the first that divides it.
  public func decidingProtocol(of corpus: String) -> ProtocolDeclaration.Kind? {
    let dividing = manifest.protocols.filter { $0.corpora.isEmpty || $0.corpora.contains(corpus) }
      .map { $0.kind == .crossDomain ? $0.base : $0.kind }
    switch manifest.comparisons.deciding {
    case .first: return dividing.first
    case .holdout: return dividing.first { $0 == .holdout }
    case .kfold: return dividing.first { $0 == .kfold }
    case .official: return dividing.first { $0 == .official }
    }
  }

  /// Whether a group of trials is a setting: its own domain under the deciding protocol.
  public func isSetting(_ key: GroupKey) -> Bool {
    key.source == key.target && decidingProtocol(of: key.corpus)?.rawValue == key.protocolName
  }

  /// What two settings with a common element read: files by what is in them, wherever they stand, or the generator under
  /// its seed.
  package func sources(of key: GroupKey) -> Set<String> {
    let corpus = manifest.corpora.first { $0.name == key.corpus }
    let domain = corpus?.domains.first { $0.name == key.source }
    switch domain?.source {
    case .files(let files): return Set(files.files.map { hashes[$0.declaredPath] ?? $0.path })
    case .generated(let settings): return ["\(settings.task) \(settings.domain) \(settings.seed)"]
    case nil: return ["\(key.corpus)/\(key.source)"]
    }
  }
}
