import Families
import Models
import Settings

extension SemanticChecks {
  /// Keys of a model that change nothing beside others of it. What is said for all models does not come so far where it
  /// would be such a key (`Canonical`).
  mutating func idleKeys(of model: Checked.Entry) {
    let path = KeyPathText("models")[model.key], training = model.value["training"]
    func report(_ value: Checked?, _ path: KeyPathText, _ got: String, _ expected: String) {
      guard let value, let position = value.position else { return }
      errors.append(ManifestError(at: position, keyPath: path.text, got: got, expected: expected))
    }
    if let meter = training?["leak_meter"], meter.flag == true, training?["sampling"]?.text == "none" {
      report(
        meter, path["training"]["leak_meter"], "true, without `sampling`",
        "`sampling` beside it, which it measures before the split too, or no such key")
    }
    guard model.value["teacher"]?.text != nil else {
      guard let temperature = training?["teacher_temperature"], temperature.number != nil else { return }
      return report(
        temperature, path["training"]["teacher_temperature"], "a teacher's temperature, and no teacher",
        "`teacher` beside it, or no such key")
    }
    for key in TeacherKeys.ofLabels {
      guard let value = training?[key], value.text ?? "" != "none", value.number ?? 1 != 0 else { continue }
      report(value, path["training"][key], "`\(key)` beside `teacher`", "no such key: \(TeacherKeys.inPlaceOfLabels)")
    }
    if let kept = model.value["keep_head"], kept.flag == true {
      report(kept, path["keep_head"], "true, beside `teacher`", "one of the two: with `keep_head` nothing is trained")
    }
  }

  /// Every key of a search changes the fit: one that changes nothing beside the others would only print what it chose.
  mutating func effects(of model: Checked.Entry) {
    for dimension in model.value["space"]?.entries ?? [] {
      guard let position = dimension.keyPosition, let reason = Candidates(model.value).whyNoEffect(dimension.key) else {
        continue
      }
      errors.append(
        ManifestError(
          at: position, keyPath: KeyPathText("models")[model.key]["space"][dimension.key].text,
          got: "a key that changes nothing here: \(reason)", expected: "keys that change the fit"))
    }
  }
}

/// The values that each key of one model may take in a search.
private struct Candidates {
  private let model: Checked
  private let encoder: EncoderKeys?

  init(_ model: Checked) { (self.model, encoder) = (model, model.family?.kind.encoderKeys) }

  /// Those of the space, of a range its ends; else the declared one.
  private subscript(key: String) -> [Checked] {
    if let dimension = model["space"]?[key] {
      if case .map(let ranges) = dimension.content { return ranges.flatMap(\.value.list) }
      return dimension.list
    }
    return key.split(separator: ".").reduce(model as Checked?) { $0?[String($1)] }.map { [$0] } ?? []
  }

  private func isAlwaysOn(_ key: String) -> Bool { !self[key].isEmpty && self[key].allSatisfy { $0.flag == true } }

  private var isTaught: Bool { model["teacher"]?.text != nil }
  private var cutsNGrams: Bool { FeatureKeys.reads(.ngrams, model) }
  private var readsVectors: Bool { FeatureKeys.reads(.vectors, model) }

  /// nil for a key that has an effect with some values of the others.
  func whyNoEffect(_ key: String) -> String? {
    if model["pretrained"]?.text != nil, let reason = whyFixed(key) { return reason }
    let leastFrozen = self["training.frozen_layers"].compactMap(\.integer).min() ?? 0
    switch key {
    case "training.frozen_embeddings" where leastFrozen > 0:
      return "with training.frozen_layers the embeddings keep their weights"
    case "training.layer_decay":
      let layers = encoder.flatMap { self[$0.name("layers")].compactMap(\.integer).max() }
      guard let layers, leastFrozen >= layers - 1, leastFrozen > 0 || isAlwaysOn("training.frozen_embeddings") else {
        return nil
      }
      return "all below the top layer is frozen, and the top layer has the full rate"
    case "training.frozen_embeddings" where model.hasLowRankChanges: return "with training.lora they keep their weights"
    case _ where isTaught && TeacherKeys.ofLabels.contains { key == "training.\($0)" }:
      return TeacherKeys.inPlaceOfLabels
    case _ where !cutsNGrams && FeatureKeys.ofNGrams.contains(key): return "it reads no n-grams"
    case _ where !cutsNGrams && key.hasPrefix("text.") && !(readsVectors && key == "text.anonymise"):
      return "it reads no n-grams"
    case "training.schedule":
      let isAllWarmup = self["training.warmup"].allSatisfy { $0.number == 1 }
      return isAllWarmup ? "with a training.warmup of 1 nothing comes after the warm-up" : nil
    case "training.class_weights":
      let isResampled = self["training.sampling"].allSatisfy { ["over", "under", "smote"].contains($0.text) }
      return isResampled ? "with training.sampling all classes have the same number of rows" : nil
    case "text.remove_punctuation" where isAlwaysOn("text.remove_non_alphanumeric"):
      return "text.remove_non_alphanumeric removes punctuation too"
    case "text.vocabulary_size", "text.minimum_frequency":
      return model["text"]?["vocabulary_file"]?.text == nil ? nil : "text.vocabulary_file has the vocabulary"
    default: return nil
    }
  }

  /// What a checkpoint brings.
  private func whyFixed(_ key: String) -> String? {
    guard let encoder else { return nil }
    let tokenizer = ["text.tokenizer", "text.vocabulary_size", "text.minimum_frequency"]
    if PretrainedModels.fixed.map(encoder.name).contains(key) { return "the checkpoint has one size" }
    if tokenizer.contains(key) { return "the checkpoint brings its tokenizer" }
    let isOwn = key == encoder.name("initializer_range") && !encoder.hasPooling
    return isOwn ? "the checkpoint has all weights of the encoder" : nil
  }
}
