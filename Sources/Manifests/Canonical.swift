import Families
import Settings

/// One way to say each thing: inherited settings moved to where they apply, short forms written out.
///
/// Works on unchecked values, so every step leaves alone what has the wrong type: the checker reports it.
enum Canonical {
  static func form(_ root: YAMLValue) -> YAMLValue {
    var result = root
    change("corpora", of: &result) { corpora in
      changeEach(&corpora) { name, position, corpus in corpus = Canonical.corpus(corpus, name: name, at: position) }
    }
    let text = root["text"], training = root["training"]
    change("models", of: &result) { models in
      changeEach(&models) { _, position, model in
        model = Canonical.model(model, text: text, training: training, at: position)
      }
    }
    change("timing", of: &result) { timing in
      guard case .flag = timing.content else { return }
      let enabled = timing
      timing = YAMLValue(
        map: [.init(key: "enabled", keyPosition: timing.position, value: enabled)], position: timing.position)
    }
    for key in ["extends", "vars", "text", "training"] { result.remove(key) }
    return result
  }

  /// The model with the settings that it inherits.
  private static func model(
    _ model: YAMLValue, text: YAMLValue?, training: YAMLValue?, at position: SourcePosition
  ) -> YAMLValue {
    guard model.entries != nil, let word = model["kind"]?.text, let kind = ModelKind(rawValue: word),
      let section = ManifestSchema.models.first(where: { $0.kind == kind.rawValue })?.section
    else { return model }
    var result = model
    for (key, inherited) in [("text", text), ("training", training)] {
      guard var inherited, inherited.entries != nil, let field = section.field(key) else { continue }
      // Of what is trained in epochs is told, others take what they have.
      if key == "training", case .section(let own) = field.shape, own.field("epochs") == nil {
        for entry in inherited.entries ?? [] where own.field(entry.key) == nil { inherited.remove(entry.key) }
      }
      if key == "training" {
        let isTaught = model["teacher"]?.text != nil
        for key in isTaught ? TeacherKeys.ofLabels : ["teacher_temperature"] { inherited.remove(key) }
      }
      if key == "text" {
        let tokenizer = model["text"]?["tokenizer"]?.text ?? inherited["tokenizer"]?.text
        let words = tokenizer.map { $0 == "words" } ?? (kind.encoderKeys == nil)
        // A WordPiece vocabulary is no default for models that read words, nor for a checkpoint that brings its own.
        let isPretrained = model["pretrained"].map { $0.text != "none" } ?? false
        if words || isPretrained { inherited.remove("vocabulary_file") }
        if isPretrained { inherited.remove("tokenizer") }
      }
      if let own = model.entry(key) {
        result.set(key, to: .merged(inherited, under: own.value), keyPosition: own.keyPosition)
      } else {
        result.set(key, to: inherited, keyPosition: position)
      }
    }
    return result
  }

  /// The corpus with `task`, `about` and `domains` only; each domain with the source keys that it inherits.
  private static func corpus(_ corpus: YAMLValue, name: String, at position: SourcePosition) -> YAMLValue {
    guard let entries = corpus.entries else { return corpus }
    let sourceKeys = Set(ManifestSchema.sourceKeys)
    let shared = YAMLValue(map: entries.filter { sourceKeys.contains($0.key) }, position: corpus.position)
    var result = YAMLValue(map: entries.filter { $0.key == "task" || $0.key == "about" }, position: corpus.position)
    if let domains = corpus.entry("domains") {
      var value = domains.value
      changeEach(&value) { _, _, domain in domain = inheriting(domain, from: shared) }
      result.set("domains", to: value, keyPosition: domains.keyPosition)
    } else {
      let domain = corpus.entry("domain")
      let word = domain?.value.text ?? ""
      let only = YAMLValue.Entry(
        key: word.isEmpty ? name : word, keyPosition: domain?.keyPosition ?? position,
        value: own(shared))
      result.set("domains", to: YAMLValue(map: [only], position: corpus.position), keyPosition: position)
    }
    return result
  }

  private static func inheriting(_ domain: YAMLValue, from shared: YAMLValue) -> YAMLValue {
    guard domain.entries != nil else { return domain }
    var base = shared
    let hasFiles = ManifestSchema.inputKeys.contains { domain.entry($0) != nil }
    if hasFiles || domain.entry("generated") != nil {
      for key in ManifestSchema.inputKeys { base.remove(key) }
    }
    if hasFiles { base.remove("generated") }
    return .merged(own(base, generated: domain.entry("generated") != nil), under: domain)
  }

  /// Source keys beside `generated` at the level of a corpus are for its other domains.
  private static func own(_ shared: YAMLValue, generated: Bool = false) -> YAMLValue {
    guard generated || shared.entry("generated") != nil else { return shared }
    var result = shared
    for key in ManifestSchema.sourceKeys where key != "generated" { result.remove(key) }
    return result
  }

  private static func change(_ key: String, of value: inout YAMLValue, _ change: (inout YAMLValue) -> Void) {
    guard let entry = value.entry(key) else { return }
    var inner = entry.value
    change(&inner)
    value.set(key, to: inner, keyPosition: entry.keyPosition)
  }

  private static func changeEach(
    _ value: inout YAMLValue, _ change: (String, SourcePosition, inout YAMLValue) -> Void
  ) {
    guard var entries = value.entries else { return }
    for index in entries.indices { change(entries[index].key, entries[index].keyPosition, &entries[index].value) }
    value.content = .map(entries)
  }
}
