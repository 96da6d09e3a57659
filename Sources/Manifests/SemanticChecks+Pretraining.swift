import Models
import Settings
import Training

extension SemanticChecks {
  /// A pre-training has texts, pieces to hide, and the same weights for every trial of a search.
  mutating func check(pretrainingOf model: Checked.Entry) {
    guard let entry = model.value.entry("pretrain"), case .map = entry.value.content,
      let position = entry.keyPosition ?? entry.value.position
    else { return }
    let path = KeyPathText("models")[model.key]["pretrain"]
    let sources = (root["unlabelled"]?.entries ?? []).map(\.key)
    for (index, name) in (entry.value["unlabelled"]?.list ?? []).enumerated() {
      let isSingle = entry.value["unlabelled"]?.list.count == 1
      let place = isSingle ? path["unlabelled"] : path["unlabelled"][index]
      if sources.isEmpty, let position = name.position {
        errors.append(
          ManifestError(
            at: position, keyPath: place.text, got: "`\(name.text ?? "")`",
            expected: "the key `unlabelled` at the top, with a source of this name"))
      }
      require(name, among: sources, what: "an unlabelled source", path: place.text)
    }
    if let texts = entry.value["texts"], texts.text == PretrainingSettings.Texts.none.rawValue, sources.isEmpty {
      errors.append(
        ManifestError(
          at: texts.position ?? position, keyPath: path["texts"].text, got: "none, and no unlabelled texts",
          expected: "domain, corpus, or the key `unlabelled` at the top"))
    }
    guard let kind = model.value.family?.kind, let method = kind.pretraining else { return }
    if method == .maskedTokens, let tokenizer = model.value["text"]?["tokenizer"], tokenizer.text == "words" {
      errors.append(
        ManifestError(
          at: tokenizer.position ?? position, keyPath: KeyPathText("models")[model.key]["text"]["tokenizer"].text,
          got: "words for a model with `pretrain`", expected: "wordpiece, which has a piece for what is hidden"))
    }
    for dimension in model.value["space"]?.entries ?? []
    where method.isChanged(by: dimension.key, encoder: kind.encoderKeys) {
      guard let position = dimension.keyPosition else { continue }
      errors.append(
        ManifestError(
          at: position, keyPath: KeyPathText("models")[model.key]["space"][dimension.key].text,
          got: "a key of what is pre-trained",
          expected: "keys of the training, of the pooling or of the LSTM: what is pre-trained is so once"))
    }
  }
}
