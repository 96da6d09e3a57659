import Corpora
import Families
import Foundation
import Models
import Settings
import Tasks
import Text
import Training

/// From the checked tree to the typed manifest.
enum ManifestBuilder {
  /// Fills in the defaults that depend on other keys, and adds the floor.
  static func derive(_ root: inout Checked) {
    Floor.add(to: &root)
    root.update("models") { models in
      models.updateEach { _, model in
        model.family?.derive(&model)
      }
    }
    let problem = problem(root)
    root.update("comparisons") {
      $0.insert(
        "primary", Checked(.text(problem.primary.rawValue)),
        order: ManifestSchema.comparisons.section.fields.map(\.key))
    }
    root.update("corpora") { corpora in
      corpora.updateEach { _, corpus in
        let task = corpus["task"]?.text
        corpus.update("domains") { domains in
          domains.updateEach { name, domain in
            domain.update("generated") { fillGenerator(&$0, task: task, domain: name) }
            if domain["generated"] == nil { fillFormat(&domain) }
          }
        }
      }
    }
    root.update("unlabelled") { sources in
      sources.updateEach { name, source in
        source.update("generated") { fillGenerator(&$0, task: nil, domain: name) }
        if source["generated"] == nil { fillFormat(&source) }
      }
    }
  }

  /// What is asked of each text; a wrong value is reported elsewhere.
  static func problem(_ root: Checked) -> Problem {
    root["problem"]?.text.flatMap { Problem(rawValue: $0) } ?? .classification
  }

  private static func fillGenerator(_ generated: inout Checked, task: String?, domain: String) {
    let order = ManifestSchema.generator.section.fields.map(\.key)
    let standard = GeneratorSettings()
    let knownTask = task.flatMap { GeneratorSettings.Task(rawValue: $0) } ?? standard.task
    let knownDomain = GeneratorSettings.Domain(rawValue: domain) ?? standard.domain
    generated.insert("task", Checked(.text(knownTask.rawValue)), order: order)
    generated.insert("domain", Checked(.text(knownDomain.rawValue)), order: order)
  }

  private static func fillFormat(_ domain: inout Checked) {
    let files = self.files(of: domain)
    guard let first = files.first else { return }
    let format: FileSource.Format =
      if first.label != nil || first.labels != nil {
        .lines
      } else {
        // Only tables have these keys.
        FileSource.Format(endingOf: first.path)
          ?? (["delimiter", "header", "quoting"].contains { domain[$0] != nil } ? .csv : .lines)
      }
    let order = ManifestSchema.fileDomain.fields.map(\.key)
    domain.insert("format", Checked(.text(format.rawValue)), order: order)
    let hasColumns = !(domain["columns"]?.entries.isEmpty ?? true)
    domain.insert(
      "text", Checked(.list(hasColumns ? [] : FileSource().text.map { Checked(.text($0)) })), order: order)
  }

  /// The typed manifest of a tree without errors.
  static func manifest(_ root: Checked) -> Manifest {
    var manifest = ManifestSchema.settings.value(root, from: ManifestSchema.head.value(root))
    manifest.corpora = (root["corpora"]?.entries ?? []).map { corpus($0.key, $0.value, problem(root)) }
    manifest.unlabelled = unlabelled(root)
    manifest.protocols = (root["protocols"]?.list ?? []).compactMap { checked in
      let kind = checked["kind"]?.text.flatMap { ProtocolDeclaration.Kind(rawValue: $0) }
      return kind.map { ManifestSchema.protocolBinding($0).value(checked) }
    }
    manifest.models = (root["models"]?.entries ?? []).compactMap { entry in
      var model = ModelDeclaration(entry.key, entry.value)
      model?.problem = manifest.problem
      return model
    }
    return manifest
  }

  /// The unlabelled sources as the domains of one corpus.
  static func unlabelled(_ root: Checked) -> CorpusDeclaration? {
    guard let sources = root["unlabelled"]?.entries, !sources.isEmpty else { return nil }
    var declaration = CorpusDeclaration(name: "unlabelled", task: "", domains: domains(sources))
    for index in declaration.domains.indices {
      guard case .files(var source) = declaration.domains[index].source else { continue }
      source.isLabelled = false
      declaration.domains[index].source = .files(source)
    }
    return declaration
  }

  static func corpus(_ name: String, _ checked: Checked, _ problem: Problem) -> CorpusDeclaration {
    var declaration = CorpusDeclaration(
      name: name, task: checked["task"]?.text ?? "", domains: domains(checked["domains"]?.entries ?? []))
    declaration.problem = problem
    if let about = checked["about"] { declaration.about = ManifestSchema.about.value(about) }
    return declaration
  }

  private static func domains(_ entries: [Checked.Entry]) -> [DomainDeclaration] {
    entries.map { entry in
      if let generated = entry.value["generated"] {
        return DomainDeclaration(name: entry.key, source: .generated(ManifestSchema.generator.value(generated)))
      }
      var source = ManifestSchema.source.value(entry.value)
      source.files = files(of: entry.value)
      return DomainDeclaration(name: entry.key, source: .files(source))
    }
  }

  /// Every file of a domain, in the order of the manifest's keys.
  static func files(of domain: Checked) -> [FileSource.File] {
    let parts: [(String, FileSource.Part)] = [
      ("files", .all), ("classes", .all), ("train", .train), ("validation", .validation), ("test", .test),
    ]
    return parts.flatMap { key, part in
      if let pairs = pairs(of: domain[key], key: key, part) { return pairs }
      return paths(of: domain[key]).map { path in
        FileSource.File(
          path: path.value.text ?? "", declaredPath: path.value.declared, part: part, label: path.label)
      }
    }
  }

  /// The files of texts below one key, each with its file of labels; nil where the key has no parallel files.
  private static func pairs(of value: Checked?, key: String, _ part: FileSource.Part) -> [FileSource.File]? {
    guard key != "classes", let value, isPair(value) else { return nil }
    let labels = value["label"]?.list ?? []
    return (value["text"]?.list ?? []).enumerated().map { index, text in
      var file = FileSource.File(path: text.text ?? "", declaredPath: text.declared, part: part)
      if labels.indices.contains(index) {
        file.labels = .init(path: labels[index].text ?? "", declaredPath: labels[index].declared)
      }
      return file
    }
  }

  /// Whether a map is a pair of parallel files and not class → file.
  static func isPair(_ value: Checked) -> Bool {
    guard case .map(let entries) = value.content else { return false }
    return Set(entries.map(\.key)) == ["text", "label"]
  }

  /// The paths below one key, with the class each belongs to.
  static func paths(of value: Checked?) -> [(value: Checked, label: String?)] {
    guard let value else { return [] }
    if case .map(let entries) = value.content {
      return entries.flatMap { entry in entry.value.list.map { ($0, entry.key) } }.filter { $0.0.text != nil }
    }
    return value.list.filter { $0.text != nil }.map { ($0, nil) }
  }
}
