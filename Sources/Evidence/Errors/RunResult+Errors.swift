import Analysis

extension RunResult {
  /// Where these models err, for each data set on which all of them have answers to the same rows.
  ///
  /// - Parameters:
  ///   - models: their names.
  ///   - corpus: this one alone; all where nil.
  ///   - protocolName: this one alone; of each corpus the one that decides where nil.
  ///   - crossDomain: also of models tested on another domain than they were trained on.
  public func errorAnalyses(
    models: [String], corpus: String?, protocolName: String?, crossDomain: Bool
  ) -> [ErrorAnalysis] {
    let contrasts = DeclaredContrasts(manifest)
    let order = manifest.models.map(\.name).filter(models.contains)
    return TrialGroup.all(of: records, manifest: manifest).compactMap { group in
      let key = group.key
      guard corpus == nil || corpus == key.corpus else { return nil }
      let isChosen =
        key.isOwnDomain
        ? protocolName.map { $0 == key.protocolName } ?? contrasts.isSetting(key) : crossDomain
      return isChosen ? ErrorAnalysis(group, models: order) : nil
    }
  }
}
