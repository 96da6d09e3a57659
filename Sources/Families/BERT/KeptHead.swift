import Models
import Settings

/// A fine-tuned classifier that is evaluated as it is: its classes are those of `id2label` in config.json.
package enum KeptHead {
  static let field = Field(
    "keep_head", .flag,
    "The checkpoint's own classifier answers as it is, its id2label being the corpus' classes; nothing is trained.",
    .absent)

  static func mistakes(in model: Checked.Entry, at path: KeyPathText) -> [ManifestError] {
    guard let key = model.value["keep_head"], key.flag == true, let position = key.position else { return [] }
    func mistake(_ got: String, _ expected: String) -> [ManifestError] {
      [ManifestError(at: position, keyPath: path["keep_head"].text, got: got, expected: expected)]
    }
    if model.value["pretrained"]?.text == nil {
      return mistake("true, and no checkpoint", "`pretrained` beside it, or nothing")
    }
    if case .map? = model.value["pretrain"]?.content {
      return mistake("true, and pre-training", "one of the two: with `keep_head` nothing is trained")
    }
    if let space = model.value["space"], !space.entries.isEmpty {
      return mistake("true, and a search space", "one of the two: with `keep_head` nothing is trained")
    }
    return []
  }

  /// Of each class its place among the checkpoint's; where they are not spelt alike, whatever the case of their letters.
  ///
  /// - Returns: nil where not every class has a place of its own.
  static func places(of classes: [String], among labels: [String]) -> [Int]? {
    func places(_ spelling: (String) -> String) -> [Int]? {
      let spelt = labels.map(spelling)
      guard Set(spelt).count == spelt.count else { return nil }
      let found = classes.compactMap { spelt.firstIndex(of: spelling($0)) }
      return found.count == classes.count && Set(found).count == found.count ? found : nil
    }
    return places { $0 } ?? places { $0.lowercased() }
  }

  /// What is wrong where a corpus' classes are not those of the checkpoint; nil where they are.
  package static func mismatch(_ classes: [String], _ labels: [String]) -> (got: String, expected: String)? {
    if classes.count == labels.count, places(of: classes, among: labels) != nil { return nil }
    func list(_ names: [String]) -> String {
      names.prefix(8).joined(separator: ", ") + (names.count > 8 ? ", … (\(names.count))" : "")
    }
    return (
      "a classifier of \(list(labels)), and a corpus of \(list(classes))",
      "the same classes in id2label of config.json and in the corpus, spelt alike"
    )
  }
}
