import Models

extension ManifestBuilder {
  /// The typed search space of a checked one.
  static func space(_ checked: Checked?) -> SearchSpace {
    SearchSpace(
      (checked?.entries ?? []).compactMap { entry in
        guard case .map(let ranges) = entry.value.content else {
          return SearchSpace.Dimension(entry.key, .list(entry.value.list.map { SettingValue($0) }))
        }
        guard let range = ranges.first, let low = range.value.list.first, let high = range.value.list.last,
          let from = low.number, let to = high.number
        else { return nil }
        let isInteger = low.integer != nil
        return SearchSpace.Dimension(
          entry.key,
          range.key == "uniform"
            ? .uniform(low: from, high: to, isInteger: isInteger)
            : .logUniform(low: from, high: to, isInteger: isInteger))
      })
  }
}

extension ModelDeclaration {
  /// The same model with some of its keys changed, as if the manifest had said so.
  ///
  /// A feed-forward layer of 4 × hidden, which is the default, stays 4 × hidden.
  public func with(_ settings: [Setting]) -> ModelDeclaration {
    var changes = Checked(.map([]))
    for setting in settings { changes.set(setting.key.split(separator: ".").map(String.init)[...], setting.value) }
    var model = self
    switch configuration {
    case .bert(let sizes): model.configuration = .bert(Self.resized(sizes, ManifestSchema.bert, changes))
    case .lstm(let sizes): model.configuration = .lstm(ManifestSchema.lstm.value(changes, from: sizes))
    case .bertLSTM(let encoder, let head):
      let none = Checked(.map([]))
      model.configuration = .bertLSTM(
        Self.resized(encoder, ManifestSchema.encoder, changes["encoder"] ?? none),
        ManifestSchema.hybridLSTM.value(changes["lstm"] ?? none, from: head))
    case .tfidfLogistic(let sizes):
      model.configuration = .tfidfLogistic(ManifestSchema.tfidf.value(changes, from: sizes))
    case .majority, .lookup: break
    }
    if let text = changes["text"] {
      model.text = ManifestSchema.textBinding(configuration.kind).value(text, from: model.text)
    }
    if let training = changes["training"] {
      model.training = ManifestSchema.trainingBinding(configuration.kind).value(training, from: model.training)
    }
    return model
  }

  private static func resized(
    _ sizes: TransformerConfiguration, _ binding: Binding<TransformerConfiguration>, _ changes: Checked
  ) -> TransformerConfiguration {
    var result = binding.value(changes, from: sizes)
    if changes["intermediate"] == nil, sizes.intermediate == 4 * sizes.hidden {
      result.intermediate = 4 * result.hidden
    }
    return result
  }
}

extension Checked {
  /// Sets a value below keys, making the maps between.
  mutating func set(_ keys: ArraySlice<String>, _ value: SettingValue) { set(keys, value.checked) }

  mutating func set(_ keys: ArraySlice<String>, _ value: Checked) {
    guard let key = keys.first else {
      self = value
      return
    }
    var entries = self.entries
    let index = entries.firstIndex { $0.key == key } ?? entries.count
    if index == entries.count { entries.append(Entry(key: key, keyPosition: nil, value: Checked(.map([])))) }
    entries[index].value.set(keys.dropFirst(), value)
    content = .map(entries)
  }
}
