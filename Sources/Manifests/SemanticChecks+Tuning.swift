import Models
import Settings

extension SemanticChecks {
  /// Search spaces make sense, every combination of them is a model, and every fit has rows to choose on.
  mutating func tuning() {
    guard let tuning = root.entry("tuning"), tuning.value.isValid else { return }
    let spaces = (root["models"]?.entries ?? []).filter { !($0.value["space"]?.entries.isEmpty ?? true) }
    for model in spaces { check(spaceOf: model) }
    guard case .map = tuning.value.content else {
      if tuning.keyPosition == nil, let model = spaces.first, let position = model.value.entry("space")?.keyPosition {
        errors.append(
          ManifestError(
            at: position, keyPath: KeyPathText("models")[model.key]["space"].text, got: "a space without `tuning`",
            expected: "the key `tuning` at the top, or no space"))
      }
      return
    }
    guard let position = tuning.keyPosition else { return }
    // A space of which no key is known is one mistake, and said.
    let areValid = (root["models"]?.entries ?? []).allSatisfy {
      $0.value.isValid && $0.value["space"]?.isValid ?? true
    }
    if spaces.isEmpty, areValid {
      errors.append(
        ManifestError(
          at: position, keyPath: "tuning", got: "no model with a space", expected: "`space` in the models to be tuned"))
    }
    if tuning.value["search"]?.text == TuningSettings.Search.grid.rawValue {
      for model in spaces { check(gridOf: model, trials: tuning.value["trials"]?.integer) }
    }
    if tuning.value["search"]?.text == TuningSettings.Search.halving.rawValue,
      let trials = tuning.value["trials"], let count = trials.integer, count < Self.fewestHalved
    {
      errors.append(
        ManifestError(
          at: trials.position ?? position, keyPath: KeyPathText("tuning")["trials"].text, got: "\(count)",
          expected: "at least \(Self.fewestHalved) with `search: halving`: the declared setting, "
            + "\(Halving.reduction) drawn ones, and the best of them again"))
    }
    if let bytes = tuning.value["at_most"]?["bytes"], let text = bytes.text, TuningSettings.Limits.bytes(text) == nil {
      errors.append(
        ManifestError(
          at: bytes.position ?? position, keyPath: KeyPathText("tuning")["at_most"]["bytes"].text, got: "\"\(text)\"",
          expected: "a number of bytes, or 20 MB, 512 kB, 1.5 GB"))
    }
    validationRows("which `tuning` chooses on") { _ in true }
  }

  private static let fewestHalved = 2 + Halving.reduction

  // MARK: Spaces

  /// Keys that must agree with each other, whatever the model.
  private static let related = [
    ["text.maximum_tokens"], ["text.tokenizer", "text.vocabulary_file"],
    ["text.tokenizer", "text.vocabulary_size", "text.anonymise"],
  ]

  private mutating func check(spaceOf model: Checked.Entry) {
    guard let space = model.value["space"] else { return }
    let path = KeyPathText("models")[model.key]["space"]
    let before = errors.count
    for dimension in space.entries where dimension.value.isValid {
      if case .map(let ranges) = dimension.value.content {
        check(ranges: ranges, of: dimension, in: model, path[dimension.key])
      } else {
        reportEqual(dimension.value.list, path[dimension.key])
      }
    }
    guard errors.count == before, space.entries.allSatisfy(\.value.isValid) else { return }
    for keys in (model.value.family?.keys.related ?? []) + Self.related { check(keys, together: model, path) }
    effects(of: model)
    if model.value["vectors"]?.text != nil, let position = space.entry("embedding")?.keyPosition {
      errors.append(
        ManifestError(
          at: position, keyPath: path["embedding"].text, got: "widths for vectors of a file",
          expected: "other keys: the file has one width"))
    }
  }

  private mutating func check(
    ranges: [Checked.Entry], of dimension: Checked.Entry, in model: Checked.Entry, _ path: KeyPathText
  ) {
    guard let position = dimension.keyPosition else { return }
    guard ranges.count == 1, let range = ranges.first else {
      errors.append(
        ManifestError(
          at: position, keyPath: path.text, got: ranges.isEmpty ? "an empty map" : "`uniform` beside `log_uniform`",
          expected: "one of uniform, log_uniform"))
      return
    }
    guard range.value.isValid, let low = range.value.list.first, let high = range.value.list.last,
      let from = low.number, let to = high.number
    else { return }
    func report(_ got: String, _ expected: String) {
      errors.append(
        ManifestError(
          at: range.value.position ?? position, keyPath: path[range.key].text, got: got, expected: expected))
    }
    let shown = "[\(SettingValue(low).text), \(SettingValue(high).text)]"
    if from >= to { report(shown, "the smaller number first") }
    if range.key == "log_uniform", from <= 0 { report(shown, "numbers above 0") }
    if let encoder = model.value.family?.kind.encoderKeys, encoder.divided.contains(dimension.key) {
      report("a range", "a list of values: the hidden size is divided by the number of heads")
    }
  }

  private mutating func reportEqual(_ list: [Checked], _ path: KeyPathText) {
    let values = list.map { SettingValue($0) }
    for index in values.indices where values[..<index].contains(values[index]) {
      guard let position = list[index].position else { continue }
      errors.append(
        ManifestError(
          at: position, keyPath: path[index].text, got: "\(values[index].text) a second time",
          expected: "each value once"))
    }
  }

  /// Every combination of what may be tried for these keys, with what is declared for all others, is a valid model.
  private mutating func check(_ keys: [String], together model: Checked.Entry, _ path: KeyPathText) {
    var combinations: [(model: Checked.Entry, chosen: [(key: String, position: SourcePosition)])] = [(model, [])]
    for key in keys {
      guard let dimension = model.value["space"]?.entry(key) else { continue }
      var candidates = dimension.value.list
      if case .map(let ranges) = dimension.value.content { candidates = ranges.flatMap(\.value.list) }
      combinations = combinations.flatMap { combination in
        candidates.map { candidate in
          var changed = combination
          changed.model.value.set(key.split(separator: ".").map(String.init)[...], candidate)
          if let position = candidate.position { changed.chosen.append((key, position)) }
          return changed
        }
      }
    }
    for (model, chosen) in combinations {
      var inner = SemanticChecks(root, paths: paths)
      inner.check(model: model)
      for error in inner.errors {
        // At the value that is wrong beside the others, where it is one of the space's; else at the last.
        let own = chosen.first { choice in
          choice.key.split(separator: ".").reduce(KeyPathText("models")[model.key]) { $0[String($1)] }.text
            == error.keyPath
        }
        guard let place = own ?? chosen.last else { continue }
        errors.append(
          ManifestError(at: place.position, keyPath: path[place.key].text, got: error.got, expected: error.expected))
      }
    }
  }

  private mutating func check(gridOf model: Checked.Entry, trials: Int?) {
    guard let entry = model.value.entry("space"), let position = entry.keyPosition else { return }
    let path = KeyPathText("models")[model.key]["space"]
    var hasRange = false
    for dimension in entry.value.entries {
      guard case .map(let ranges) = dimension.value.content, let range = ranges.first?.value.position else { continue }
      hasRange = true
      errors.append(
        ManifestError(
          at: range, keyPath: path[dimension.key].text, got: "a range with `search: grid`",
          expected: "a list of values"))
    }
    guard !hasRange, let trials, entry.value.entries.allSatisfy(\.value.isValid),
      let grid = SearchSpace(of: model.value).gridCount
    else { return }
    let isBeside = !SearchSpace(of: model.value).gridHasDeclared, count = grid < .max && isBeside ? grid + 1 : grid
    guard count > trials else { return }
    errors.append(
      ManifestError(
        at: position, keyPath: path.text,
        got: "a grid of \(grid) settings" + (isBeside ? " beside the declared one, which is tried first" : ""),
        expected: "at most the \(trials) of tuning.trials"))
  }

  // MARK: Validation rows

  /// Some protocols, by their numbers, must leave validation rows; `purpose` says what they are for. A place that has an
  /// error already is left out.
  mutating func validationRows(_ purpose: String, of isAsked: (Int) -> Bool) {
    func report(_ value: Checked?, _ path: KeyPathText, _ fallback: SourcePosition?) {
      guard let value, let position = value.position ?? fallback,
        !errors.contains(where: { $0.line == position.line && $0.column == position.column })
      else { return }
      errors.append(
        ManifestError(
          at: position, keyPath: path.text, got: SettingValue(value).text,
          expected: "validation rows, \(purpose)"))
    }
    let asked = (root["protocols"]?.list ?? []).enumerated().filter { index, _ in isAsked(index) }
    for (index, item) in asked {
      let path = KeyPathText("protocols")[index]
      if item["validation"]?.text == ProtocolDeclaration.Validation.none.rawValue {
        report(item["validation"], path["validation"], nil)
      } else if item["kind"]?.text == ProtocolDeclaration.Kind.kfold.rawValue,
        item["validation_share"]?.number == 0
      {
        report(item["validation_share"], path["validation_share"], nil)
      }
    }
    let isHoldout = asked.contains { _, item in
      let kind = item["kind"]?.text.flatMap { ProtocolDeclaration.Kind(rawValue: $0) }
      return kind == .holdout
        || (kind == .crossDomain && item["base"]?.text == ProtocolDeclaration.Kind.holdout.rawValue)
    }
    if isHoldout, root["split"]?["validation"]?.number == 0 {
      report(root["split"]?["validation"], KeyPathText("split")["validation"], root.entry("split")?.keyPosition)
    }
  }
}
