import Corpora
import Foundation
import Models
import Settings
import Text

/// What no single key can tell: sums, ratios, names that refer to something, files that exist.
///
/// Values that already have an error are left out, so that one mistake is one message.
struct SemanticChecks {
  let root: Checked
  let paths: DomainPaths
  var errors: [ManifestError] = []
  /// What is allowed and likely a mistake.
  var warnings: [ManifestError] = []

  init(_ root: Checked, paths: DomainPaths) { (self.root, self.paths) = (root, paths) }

  mutating func run() {
    split()
    for model in root["models"]?.entries ?? [] {
      check(model: model)
      checkSize(of: model)
      check(pretrainingOf: model)
      idleKeys(of: model)
      warn(ratesOf: model)
    }
    for corpus in root["corpora"]?.entries ?? [] { check(corpus: corpus) }
    for (index, item) in (root["protocols"]?.list ?? []).enumerated() {
      check(protocol: item, path: KeyPathText("protocols")[index])
    }
    protocolsOfOneKind()
    namesOfDomains()
    tuning()
    comparisons()
    refits()
    problem()
    columns()
    uses()
  }

  private mutating func split() {
    guard let entry = root.entry("split"), let position = entry.keyPosition else { return }
    let fractions = ["train", "validation", "test"].compactMap { entry.value[$0] }
    guard fractions.allSatisfy(\.isValid), fractions.count == 3 else { return }
    let sum = fractions.compactMap(\.number).reduce(0, +)
    guard !(abs(sum - 1) <= 1e-9) else { return }
    let shown = (sum * 1e6).rounded() / 1e6
    errors.append(
      ManifestError(
        at: fractions.compactMap(\.position).first ?? position, keyPath: "split",
        got: "fractions that sum to \(shown)", expected: "train + validation + test = 1"))
  }

  mutating func check(model: Checked.Entry) {
    let path = KeyPathText("models")[model.key]
    guard let family = model.value.family else { return }
    if model.value["pretrained"]?.text == nil, let display = model.value["display"], display.text != nil,
      let position = display.position
    {
      errors.append(
        ManifestError(
          at: position, keyPath: path["display"].text, got: "a name for a checkpoint, and no checkpoint",
          expected: "`pretrained` beside it, or nothing"))
    }
    errors += family.mistakes(in: model, at: path)
    if model.value["pretrained"]?.text == nil, let text = model.value["text"], text["tokenizer"]?.text == "wordpiece",
      text["vocabulary_file"]?.text == nil, let size = text["vocabulary_size"]?.integer,
      let position = text["vocabulary_size"]?.position ?? text["anonymise"]?.position ?? model.keyPosition
    {
      let special = TextPipeline.specialPieces(anonymise: text["anonymise"]?.flag ?? false)
      if size <= special {
        errors.append(
          ManifestError(
            at: position, keyPath: path["text"]["vocabulary_size"].text, got: "\(size)",
            expected: "more than the \(special) special tokens"))
      }
    }
    if let file = model.value["text"]?["vocabulary_file"], let position = file.position, file.text != nil,
      model.value["text"]?["tokenizer"]?.text == "words"
    {
      errors.append(
        ManifestError(
          at: position, keyPath: path["text"]["vocabulary_file"].text, got: "a vocabulary file for the tokenizer words",
          expected: "tokenizer: wordpiece, or no file"))
    }
  }

  private mutating func check(corpus: Checked.Entry) {
    let formats = Set((corpus.value["domains"]?.entries ?? []).map { $0.value["format"]?.text })
    for domain in corpus.value["domains"]?.entries ?? [] {
      let domainPath = paths.path(corpus.key, domain.key)
      if let generated = domain.value["generated"] {
        checkTask(generated, of: corpus, domainPath)
      } else if domain.value.isValid {
        checkInputs(domain, domainPath)
        // A key that the corpus states for all domains may be meant for those of another format.
        if formats.count == 1, let format = formats.first ?? nil { checkColumns(domain.value, format, domainPath) }
      }
    }
  }

  private mutating func checkTask(
    _ generated: Checked, of corpus: Checked.Entry, _ path: KeyPathText
  ) {
    guard let task = corpus.value["task"], let word = task.text, let own = generated["task"]?.text, word != own else {
      return
    }
    if let position = generated["task"]?.position {
      errors.append(
        ManifestError(
          at: position, keyPath: path["generated"]["task"].text, got: own,
          expected: "\(word), the task of the corpus"))
    } else if let position = task.position {
      let words = GeneratorSettings.Task.allCases.map(\.rawValue)
      errors.append(
        ManifestError(
          at: position, keyPath: KeyPathText("corpora")[corpus.key]["task"].text,
          got: "the task \(word) with generated messages",
          expected: Shape.choice(words).expectation, suggestion: Spelling.nearest(to: word, among: words)))
    }
  }

  private mutating func checkInputs(_ domain: Checked.Entry, _ path: KeyPathText) {
    guard let position = domain.keyPosition else { return }
    let inputs = ManifestSchema.inputKeys.compactMap { domain.value.entry($0) }
    guard !inputs.isEmpty else {
      errors.append(
        ManifestError(
          at: position, keyPath: path.text, got: "no files",
          expected: "one of \((ManifestSchema.inputKeys + ["generated"]).joined(separator: ", "))"))
      return
    }
    let written = inputs.map(\.key)
    if written.count > 1, let odd = inputs.first(where: { $0.key == "files" || $0.key == "classes" }) {
      errors.append(
        ManifestError(
          at: odd.keyPosition ?? position, keyPath: path[odd.key].text,
          got: "`\(odd.key)` beside \(written.filter { $0 != odd.key }.map { "`\($0)`" }.joined(separator: ", "))",
          expected: "files, or classes, or official parts (train, validation, test)"))
    } else if !written.contains("files"), !written.contains("classes"), !written.contains("train") {
      errors.append(
        ManifestError(
          at: inputs[0].keyPosition ?? position, keyPath: path[inputs[0].key].text,
          got: "`\(inputs[0].key)` without `train`", expected: "the files of the training part too"))
    }
    if let label = domain.value["rare_label"], label.text != nil, domain.value["minimum_rows"]?.integer == nil,
      domain.value["minimum_rows"]?.isValid ?? true
    {
      errors.append(
        ManifestError(
          at: label.position ?? position, keyPath: path["rare_label"].text, got: "`rare_label` without `minimum_rows`",
          expected: "`minimum_rows` beside it, below which a class is rare"))
    }
    checkClassNames(domain.value, path)
    guard let format = domain.value["format"]?.text else { return }
    checkForm(domain.value, format, path)
    for input in inputs where input.value.isValid {
      let hasClasses = if case .map = input.value.content { true } else { false }
      if hasClasses, format != "lines" {
        errors.append(
          ManifestError(
            at: input.keyPosition ?? position, keyPath: path[input.key].text,
            got: "class → file with the format \(format)", expected: "the format lines, or a list of files"))
      } else if !hasClasses, format == "lines", let foreign = Self.foreign(input.value) {
        errors.append(
          ManifestError(
            at: foreign.position ?? input.keyPosition ?? position, keyPath: path[input.key].text,
            got: "\(foreign.file.name): `\(foreign.path)`", expected: "a text file: \(foreign.file.remedy)"))
      } else if !hasClasses, format == "lines" {
        errors.append(
          ManifestError(
            at: input.keyPosition ?? position, keyPath: path[input.key].text,
            got: "files of lines without their classes",
            expected: Self.classesExpected))
      } else if input.key != "classes", ManifestBuilder.isPair(input.value) {
        let texts = input.value["text"]?.list.count ?? 0, labels = input.value["label"]?.list.count ?? 0
        guard texts != labels else { continue }
        errors.append(
          ManifestError(
            at: input.keyPosition ?? position, keyPath: path[input.key].text,
            got: "\(texts) files of texts and \(labels) of labels",
            expected: "a file of labels for each file of texts"))
      }
    }
  }

  /// The first file that is another program's, by its bytes or, where it cannot be read, by the end of its name.
  private static func foreign(_ input: Checked) -> (path: String, position: SourcePosition?, file: ForeignFile)? {
    for path in ManifestBuilder.paths(of: input) {
      guard let name = path.value.text else { continue }
      if let file = ForeignFile(at: name) ?? ForeignFile(named: name) { return (name, path.value.position, file) }
    }
    return nil
  }

  /// No class has an empty name: that stands for a missing label.
  private mutating func checkClassNames(_ domain: Checked, _ path: KeyPathText) {
    func check(_ name: Checked?, _ path: KeyPathText, _ other: String) -> ManifestError? {
      guard let name, let text = name.text, let position = name.position,
        text.unicodeScalars.allSatisfy(\.properties.isWhitespace)
      else { return nil }
      return ManifestError(at: position, keyPath: path.text, got: "an empty name of a class", expected: other)
    }
    let mapped = (domain["label_map"]?.entries ?? []).map {
      check($0.value, path["label_map"][$0.key], "a class, or `drop_labels` with the label to leave its rows out")
    }
    let rare = check(domain["rare_label"], path["rare_label"], "a class, or no such key to leave rare classes out")
    errors += (mapped + [rare]).compactMap { $0 }
  }

  /// Keys that only some formats have, and a delimiter that is one.
  private mutating func checkForm(_ domain: Checked, _ format: String, _ path: KeyPathText) {
    for key in ["delimiter", "header", "quoting"] where format != "csv" && format != "tsv" {
      guard let position = domain[key]?.position else { continue }
      errors.append(
        ManifestError(
          at: position, keyPath: path[key].text, got: "`\(key)` with the format \(format)",
          expected: "the format csv or tsv, or no such key"))
    }
    if let delimiter = domain["delimiter"], let word = delimiter.text, let position = delimiter.position,
      FileSource.delimiterByte(word) == nil
    {
      errors.append(
        ManifestError(
          at: position, keyPath: path["delimiter"].text, got: "\"\(YAMLValue.shortened(word))\"",
          expected: "one ASCII character but a quote, or \(FileSource.delimiterNames)"))
    }
  }

  /// Lines are texts, and CLINC150's pairs are text and intent: other columns there are none. The resolved manifest states
  /// the defaults of all keys.
  private mutating func checkColumns(_ domain: Checked, _ format: String, _ path: KeyPathText) {
    func report(_ key: String, where names: (Checked) -> Bool) {
      guard let entry = domain.entry(key), names(entry.value),
        let position = entry.value.position ?? entry.value.list.first?.position ?? entry.keyPosition
      else { return }
      errors.append(
        ManifestError(
          at: position, keyPath: path[key].text,
          got: "`\(key)` with the format \(format), which has no columns to name",
          expected: "no such key, or a format with columns: csv, tsv, jsonl, conll"))
    }
    guard FileSource.Format(rawValue: format)?.hasColumns == false else { return }
    let standard = FileSource()
    if format == "lines" {
      report("text") { $0.texts != standard.text && !$0.texts.isEmpty }
      report("label") { $0.text != standard.label }
    }
    for key in ["group", "slice"] { report(key) { $0.text != nil } }
    report("columns") { !$0.entries.isEmpty }
    report("drop_where") { !$0.entries.isEmpty }
  }

  private static let classesExpected =
    "a map of class → file, `{text: FILE, label: FILE}` where another file has the labels line by line, or another format: "
    + "csv with `delimiter` (and `header: false`) where a column has them, tsv, jsonl, clinc, conll"

  /// A name must be one of those declared.
  mutating func require(_ name: Checked, among names: [String], what: String, path: String) {
    guard let word = name.text, let position = name.position, !names.contains(word), !names.isEmpty else { return }
    errors.append(
      ManifestError(
        at: position, keyPath: path, got: "`\(word)`", expected: "\(what): \(Shape.choice(names).expectation)",
        suggestion: Spelling.nearest(to: word, among: names)))
  }
}
