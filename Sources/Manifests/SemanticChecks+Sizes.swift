import Families
import Settings

extension SemanticChecks {
  /// Trained numbers of a network at most, its vocabulary left out: 32 GB while it trains. The same on every machine, so
  /// that a manifest is valid everywhere or nowhere; a run also asks how much memory there is.
  static let mostParameters = 2e9

  mutating func checkSize(of model: Checked.Entry) {
    guard var declared = ModelDeclaration(model.key, model.value), let position = model.keyPosition else { return }
    let path = KeyPathText("models")[model.key]
    func report(_ count: Double, _ path: KeyPathText, at position: SourcePosition, _ what: String) {
      errors.append(
        ManifestError(
          at: position, keyPath: path.text, got: "\(Int(count / 1e6)) million parameters\(what)",
          expected: "at most \(Int(Self.mostParameters / 1e6)) million, the vocabulary's left out"))
    }
    let space = declared.space
    declared.space = SearchSpace()
    if let count = declared.leastParameters, count > Self.mostParameters {
      return report(count, path, at: position, "")
    }
    declared.space = space
    if !space.isEmpty, let count = declared.leastParameters, count > Self.mostParameters {
      let place = model.value.entry("space")?.keyPosition ?? position
      report(count, path["space"], at: place, " with the largest values of the space")
    }
  }
}
