import Analysis
import Statistics

/// The evidence of several corpora as one: over these corpora, and over all like them.
public struct PooledEvidence: Sendable {
  /// Corpora that share rows or a maker, as one.
  public struct Source: Sendable {
    public var name: String
    public var contrast: Contrast
  }

  /// In the order of their first corpora.
  public let sources: [Source]
  /// The mean over these sources, each with the same weight; nil without any.
  public let contrast: Contrast?
  /// Over all sources like these; nil with fewer than two.
  public let meta: MetaAnalysis?

  public init(_ settings: [TestEvidence.Setting]) {
    let names = settings.map(\.corpus.source).uniqued()
    self.init(
      names.compactMap { name in
        let own = settings.filter { $0.corpus.source == name }.map(\.contrast)
        return (own.count == 1 ? own[0] : Contrast.mean(ofDependent: own)).map { Source(name: name, contrast: $0) }
      })
  }

  init(_ sources: [Source]) {
    self.sources = sources
    contrast = Contrast.mean(of: sources.map(\.contrast))
    meta = MetaAnalysis(
      sources.map { source in
        let deviation = source.contrast.standardError
        // Where a model errs nowhere a score has no error of its own.
        return MetaAnalysis.Effect(estimate: source.contrast.estimate, variance: max(deviation * deviation, 1e-9))
      })
  }

  /// Sources whose estimates have another sign than most.
  public var dissenting: [String] {
    let signs = sources.map { $0.contrast.estimate >= 0 }
    let isMostlyPositive = 2 * signs.count { $0 } >= signs.count
    return zip(sources, signs).filter { $1 != isMostlyPositive }.map(\.0.name)
  }

  /// How many sources like these find a mean of `size` in four of five cases at this level; nil where a thousand do not.
  public func sourcesNeeded(for size: Double, level: Double) -> Int? {
    let variances = sources.map { $0.contrast.standardError * $0.contrast.standardError }
    guard let mean = Descriptive.mean(variances), size != 0 else { return nil }
    let reach = Normal.quantile(0.5 + level / 2) + Normal.quantile(0.8)
    let count = (reach * reach * mean / (size * size)).rounded(.up)
    return count <= 1_000 ? max(2, Int(count)) : nil
  }
}
