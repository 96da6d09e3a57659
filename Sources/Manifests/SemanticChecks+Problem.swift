import Corpora
import Families
import Settings
import Tasks
import Text
import Training

extension SemanticChecks {
  /// Models, scores and keys of corpora that go with what is asked of each text.
  mutating func problem() {
    guard root["problem"]?.isValid ?? true else { return }
    let problem = ManifestBuilder.problem(root)
    metric(of: problem)
    for model in root["models"]?.entries ?? [] { check(model, for: problem) }
    for corpus in root["corpora"]?.entries ?? [] {
      for domain in corpus.value["domains"]?.entries ?? [] {
        check(domain, at: paths.path(corpus.key, domain.key), for: problem)
      }
    }
  }

  private mutating func report(_ value: Checked?, _ path: KeyPathText, got: String, expected: String) {
    guard let position = value?.position else { return }
    errors.append(ManifestError(at: position, keyPath: path.text, got: got, expected: expected))
  }

  private mutating func metric(of problem: Problem) {
    let primary = root["comparisons"]?["primary"]
    guard let metric = primary?.text.flatMap({ MetricName(rawValue: $0) }),
      !problem.decidingMetrics.contains(metric)
    else { return }
    report(
      primary, KeyPathText("comparisons")["primary"],
      got: "\(metric.rawValue), which `problem: \(problem.rawValue)` does not have",
      expected: Shape.choice(problem.decidingMetrics.map(\.rawValue)).expectation)
  }

  private mutating func check(_ model: Checked.Entry, for problem: Problem) {
    let path = KeyPathText("models")[model.key]
    if let family = model.value.family, !family.problems.contains(problem) {
      let others = ModelFamilies.names { $0.problems.contains(problem) }
      report(
        model.value["kind"], path["kind"],
        got: "\(family.kind), which is not made for `problem: \(problem.rawValue)`",
        expected: Shape.choice(others).expectation)
    }
    check(model.value["training"], at: path["training"], for: problem)
    check(spaceOf: model, for: problem)
  }

  /// Remedies for classes of unequal size need classes. What stands under the manifest's own `training` is said of the
  /// first model that has it.
  private mutating func check(_ training: Checked?, at path: KeyPathText, for problem: Problem) {
    guard problem != .classification else { return }
    for key in Self.remedies {
      guard let value = training?[key], let text = Self.asked(value), let position = value.position,
        !errors.contains(where: { $0.line == position.line && $0.column == position.column })
      else { continue }
      report(value, path[key], got: "`\(text)` with `problem: \(problem.rawValue)`", expected: "none")
    }
  }

  private static let remedies = [
    "class_weights", "sampling", "shots", "focal_gamma", "logit_adjustment", "calibration", "thresholds",
  ]

  /// What a key asks for; nil where that is nothing.
  private static func asked(_ value: Checked) -> String? {
    if let flag = value.flag { return flag ? "true" : nil }
    if let number = value.number { return number == 0 ? nil : NumberFormat.exact(number) }
    return value.text == "none" ? nil : value.text
  }

  /// Nor may they be searched.
  private mutating func check(spaceOf model: Checked.Entry, for problem: Problem) {
    guard problem != .classification else { return }
    for key in Self.remedies.map({ "training.\($0)" }) {
      guard let entry = model.value["space"]?.entry(key), let position = entry.keyPosition else { continue }
      errors.append(
        ManifestError(
          at: position, keyPath: KeyPathText("models")[model.key]["space"][key].text,
          got: "`\(key)` with `problem: \(problem.rawValue)`", expected: "no such key"))
    }
  }

  private mutating func check(_ domain: Checked.Entry, at path: KeyPathText, for problem: Problem) {
    let missing = domain.value["missing"]?["label"]
    if missing?.text == FileSource.MissingPolicy.keep.rawValue, problem != .multiLabel {
      report(
        missing, path["missing"]["label"], got: "`keep` with `problem: \(problem.rawValue)`",
        expected: "drop, placeholder or error")
    }
    let separator = domain.value["label_separator"]
    if separator?.text?.isEmpty == true {
      report(separator, path["label_separator"], got: "nothing", expected: "what stands between labels")
    } else if let text = separator?.text, text != FileSource().labelSeparator, problem != .multiLabel {
      report(
        separator, path["label_separator"], got: "a separator with `problem: \(problem.rawValue)`",
        expected: "no such key: a row has one label")
    }
    guard problem != .classification else { return }
    if let generated = domain.value["generated"], let position = domain.keyPosition ?? generated.position {
      errors.append(
        ManifestError(
          at: position, keyPath: path["generated"].text,
          got: "the built-in corpus with `problem: \(problem.rawValue)`",
          expected: "files: its messages have one class each"))
    }
    guard problem == .regression else { return }
    for key in ["minimum_rows", "rare_label"]
    where domain.value[key]?.integer != nil || domain.value[key]?.text != nil {
      report(domain.value[key], path[key], got: "`\(key)` with `problem: regression`", expected: "no such key")
    }
  }
}
