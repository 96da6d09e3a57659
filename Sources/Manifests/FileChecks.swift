import Corpora
import Foundation
import Models
import Settings
import Text

/// Files that a manifest names exist and can be used; the data are read whole, as a run needs them.
struct FileChecks {
  private let root: Checked
  private let paths: DomainPaths
  /// Corpora that are wrong in themselves: their files are only looked for.
  private let faulty: Set<String>
  private let reading: (String) -> Void
  private(set) var errors: [ManifestError] = []
  /// What was read without an error.
  private(set) var corpora: [Corpus] = []
  private(set) var unlabelled: Corpus?

  init(
    _ root: Checked, paths: DomainPaths, after earlier: [ManifestError], reading: @escaping (String) -> Void
  ) {
    (self.root, self.paths, self.reading) = (root, paths, reading)
    let names = (root["corpora"]?.entries ?? []).map(\.key)
    faulty = Set(
      names.filter { name in
        let path = KeyPathText("corpora")[name].text
        return earlier.contains { $0.keyPath == path || $0.keyPath.hasPrefix(path + ".") }
      })
  }

  mutating func run() {
    for corpus in root["corpora"]?.entries ?? [] {
      let before = errors.count
      for domain in corpus.value["domains"]?.entries ?? [] {
        let path = paths.path(corpus.key, domain.key)
        for key in ManifestSchema.inputKeys {
          for file in ManifestBuilder.paths(of: domain.value[key]) {
            require(file.value, path: file.label.map { path[key][$0] } ?? path[key])
          }
        }
      }
      if errors.count == before, !faulty.contains(corpus.key) {
        reading(corpus.key)
        let read = read(
          ManifestBuilder.corpus(corpus.key, corpus.value, ManifestBuilder.problem(root)),
          corpus.value["domains"]?.entries ?? [],
          at: corpus.keyPosition
        ) { [paths] in paths.path(corpus.key, $0) }
        if let read { corpora.append(read) }
      }
    }
    readUnlabelled()
    for model in root["models"]?.entries ?? [] {
      if let file = model.value["text"]?["vocabulary_file"] { checkVocabulary(file, of: model) }
      if let file = model.value["vectors"] { require(file, path: KeyPathText("models")[model.key]["vectors"]) }
    }
  }

  private mutating func readUnlabelled() {
    let before = errors.count, path = KeyPathText("unlabelled")
    let sources = root["unlabelled"]?.entries ?? []
    for source in sources {
      for file in ManifestBuilder.paths(of: source.value["files"]) {
        require(file.value, path: path[source.key]["files"])
      }
    }
    guard errors.count == before, sources.allSatisfy(\.value.isValid), let declared = ManifestBuilder.unlabelled(root)
    else { return }
    reading("unlabelled texts")
    unlabelled = read(declared, sources, at: root.entry("unlabelled")?.keyPosition) { path[$0] }
  }

  /// The pieces can be read, and pre-training has one for what it hides.
  private mutating func checkVocabulary(_ file: Checked, of model: Checked.Entry) {
    let path = KeyPathText("models")[model.key]["text"]["vocabulary_file"]
    guard require(file, path: path), let name = file.text, let position = file.position else { return }
    func report(_ got: String, _ expected: String) {
      errors.append(ManifestError(at: position, keyPath: path.text, got: got, expected: expected))
    }
    do throws(TextError) {
      let pieces = try WordPiece(contentsOfFile: name)
      guard let pretrain = model.value["pretrain"], case .map = pretrain.content, pieces.maskID == nil,
        model.value.family?.kind.pretraining == .maskedTokens
      else { return }
      report("no piece [MASK] (`\(name)`)", "one, for what pre-training hides")
    } catch {
      report("\(error)", "a WordPiece vocabulary: a piece on each line, [PAD], [UNK], [CLS] and [SEP] among them")
    }
  }

  /// Whether there is such a file.
  @discardableResult
  private mutating func require(_ file: Checked, path: KeyPathText) -> Bool {
    guard let name = file.text, let position = file.position else { return false }
    let kind = FileKind.of(name)
    if kind == .file, FileManager.default.isReadableFile(atPath: name) { return true }
    let why = kind == .nothing ? "no such file" : kind == .folder ? "a folder" : "a file that cannot be read"
    let declared = file.declared.map { $0 == name ? "" : ", written \($0)" } ?? ""
    errors.append(
      ManifestError(
        at: position, keyPath: path.text, got: "\(why): `\(name)`\(declared)",
        expected: "a file that can be read (relative to the working folder)", missing: kind == .nothing ? name : nil))
    return false
  }

  /// The corpus; nil where there are errors.
  private mutating func read(
    _ declaration: CorpusDeclaration, _ domains: [Checked.Entry], at corpus: SourcePosition?,
    path: (_ domain: String) -> KeyPathText
  ) -> Corpus? {
    let outcome = CorpusReader.outcome(of: declaration, seed: UInt64(clamping: root["seed"]?.integer ?? 1))
    for error in outcome.errors {
      guard let domain = domains.first(where: { $0.key == error.domain }) else { continue }
      let place = place(of: error, in: domain, path: path(domain.key))
      guard let position = place.position ?? corpus else { continue }
      let file = error.file.map { " (`\($0)`\(error.line.map { ", line \($0)" } ?? ""))" } ?? ""
      let column = error.column.map { " `\($0)`" } ?? ""
      let isColumn = error.kind == .missingColumn && error.column != nil
      errors.append(
        ManifestError(
          at: position, keyPath: place.path.text, got: "\(error.found)\(isColumn ? column : "")\(file)",
          expected: error.expected, suggestion: error.suggestion))
    }
    return outcome.errors.isEmpty ? outcome.corpus : nil
  }

  /// The key that names the column; else the file's path; else the domain.
  private func place(
    of error: CorpusError, in domain: Checked.Entry, path: KeyPathText
  ) -> (position: SourcePosition?, path: KeyPathText) {
    let file = error.file.flatMap { name in
      ManifestSchema.inputKeys.lazy.compactMap { key in
        ManifestBuilder.paths(of: domain.value[key]).first { $0.value.text == name }.map { (key, $0.value.position) }
      }.first
    }
    let fallback = file?.1 ?? domain.keyPosition
    if let column = error.column {
      for (index, item) in (domain.value["text"]?.list ?? []).enumerated() where item.text == column {
        let isSingle = domain.value["text"]?.list.count == 1
        return (item.position ?? fallback, isSingle ? path["text"] : path["text"][index])
      }
      for key in ["label", "group", "slice"] where domain.value[key]?.text == column {
        return (domain.value[key]?.position ?? fallback, path[key])
      }
      if let entry = domain.value["drop_where"]?.entry(column) {
        return (entry.keyPosition ?? fallback, path["drop_where"][column])
      }
    }
    return (fallback, file.map { path[$0.0] } ?? path)
  }
}
