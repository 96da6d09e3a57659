import Corpora
import Foundation

/// Files that a manifest names exist and can be read.
struct FileChecks {
  private let root: Checked
  private let paths: DomainPaths
  private(set) var errors: [ManifestError] = []

  init(_ root: Checked, paths: DomainPaths) { (self.root, self.paths) = (root, paths) }

  mutating func run() {
    for corpus in root["corpora"]?.entries ?? [] {
      for domain in corpus.value["domains"]?.entries ?? [] {
        let path = paths.path(corpus.key, domain.key)
        for key in ManifestSchema.inputKeys {
          for file in ManifestBuilder.paths(of: domain.value[key]) {
            require(file.value, path: file.label.map { path[key][$0] } ?? path[key])
          }
        }
      }
    }
    for model in root["models"]?.entries ?? [] {
      if let file = model.value["text"]?["vocabulary_file"] {
        require(file, path: KeyPathText("models")[model.key]["text"]["vocabulary_file"])
      }
    }
  }

  private mutating func require(_ file: Checked, path: KeyPathText) {
    guard let name = file.text, let position = file.position else { return }
    let kind = FileKind.of(name)
    if kind == .file, FileManager.default.isReadableFile(atPath: name) { return }
    let why = kind == .nothing ? "no such file" : kind == .folder ? "a folder" : "a file that cannot be read"
    let declared = file.declared.map { $0 == name ? "" : ", written \($0)" } ?? ""
    errors.append(
      ManifestError(
        at: position, keyPath: path.text, got: "\(why): `\(name)`\(declared)",
        expected: "a file that can be read (relative to the working folder)"))
  }
}
