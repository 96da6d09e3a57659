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
    return TrialGroup.all(of: records, manifest: manifest).compactMap { group in
      // A protocol may leave models out.
      let models = contrasts.candidates.filter { group.ended[$0] != nil }
      guard contrasts.isSetting(group.key), let errors = ErrorAnalysis(group, models: models) else { return nil }
      return Evidence(
        errors,
        together: ModelsTogether(
          group, models: models, settings: manifest.comparisons, pairs: contrasts.pairs),
        pair: contrasts.pair(among: models), texts: texts, seed: manifest.seed)
    }
  }
}
