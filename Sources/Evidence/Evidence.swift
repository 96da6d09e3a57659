import Analysis
import Compute
import Manifests
import Records

/// Where the models of one setting err, whether they know it, and on which kinds of rows: all from stored answers, on the
/// same rows for every model.
public struct Evidence: Sendable {
  public let key: GroupKey
  public let errors: ErrorAnalysis
  /// Of each model that gives probabilities.
  public let calibrations: [ModelCalibration]
  public let slices: SliceEvidence
  /// nil with one model, and where the models share no two repetitions.
  public let together: ModelsTogether?
  /// The two models whose rows are set against each other.
  public let pair: (a: String, b: String)?

  init(
    _ errors: ErrorAnalysis, together: ModelsTogether?, pair: (a: String, b: String)?, texts: TestTexts?, seed: UInt64
  ) {
    (key, self.errors, self.together, self.pair) = (errors.key, errors, together, pair)
    var random = Random(seed: seed, stream: "evidence \(key.corpus) \(key.protocolName) \(key.source) \(key.target)")
    let (first, second) = (random.next(), random.next())
    calibrations = errors.models.compactMap { errors.calibration(of: $0, seed: first) }
    let found = texts.map { texts in errors.rows.map { texts.text(of: $0.id, in: errors.key.corpus) } }
    let all = found.map { $0.compactMap(\.self) }.flatMap { $0.count == errors.rows.count ? $0 : nil }
    slices = SliceEvidence(errors, pair: pair, texts: all, seed: second)
  }
}

extension RunResult {
  /// The evidence of each data set under the protocol that decides, for the models that learn.
  ///
  /// - Parameter texts: those of the run's rows; without, slices by text are left out.
  public func evidence(texts: TestTexts?) -> [Evidence] {
    let contrasts = DeclaredContrasts(manifest)
    let pair = contrasts.pairs.first.map { (a: $0.a, b: $0.b) }
    let groups = TrialGroup.all(of: records, manifest: manifest)
    return errorAnalyses(models: contrasts.candidates, corpus: nil, protocolName: nil, crossDomain: false).map {
      errors in
      let together = groups.first { $0.key == errors.key }.flatMap {
        ModelsTogether($0, models: errors.models, settings: manifest.comparisons, pairs: contrasts.pairs)
      }
      return Evidence(errors, together: together, pair: pair, texts: texts, seed: manifest.seed)
    }
  }
}
