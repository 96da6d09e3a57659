import Foundation
import Manifests

/// A run's resolved manifest, read without the files that it names, perhaps with other comparisons.
struct PublishedManifest {
  var manifest: Manifest
  /// What stands in the file; with overrides, what stands there but for the parts that they change.
  var text: String
  /// The comparisons that stand in the file.
  var ownComparisons: ComparisonSettings

  struct Failure: Error {
    var description: String
  }

  /// The parts of a manifest that neither training nor testing depends on.
  private static let free = ["comparisons", "question"]

  /// - Parameter bytes: nil where the file cannot be read, which is said elsewhere: the failure is then empty.
  static func read(
    _ bytes: [UInt8]?, name: String, overrides: [String], environment: [String: String]
  ) -> Result<PublishedManifest, Failure> {
    guard let bytes else { return .failure(Failure(description: "")) }
    let refused = overrides.enumerated().compactMap { index, override -> String? in
      let key = override.prefix { $0 != "=" }
      if let first = key.split(separator: ".").first, free.contains(String(first)) { return nil }
      return "--set \(index + 1): \(key): got a key that a run's training or testing depends on, expected one of "
        + "comparisons, or question"
    }
    guard refused.isEmpty else { return .failure(Failure(description: refused.joined(separator: "\n"))) }
    let text = String(decoding: bytes, as: UTF8.self)
    // Where files are is of no matter here, so that a variable which is not set is no error.
    let unset = variables(in: text).filter { environment[$0] == nil }
    let environment = environment.merging(unset.map { ($0, $0) }) { own, _ in own }
    func load(_ overrides: [String]) -> Result<LoadedManifest, Failure> {
      ManifestLoader.load(file: name, text: text, overrides: overrides, environment: environment, checkFiles: false)
        .mapError { Failure(description: $0.description) }
    }
    return load([]).flatMap { own in
      guard !overrides.isEmpty else {
        return .success(
          PublishedManifest(manifest: own.manifest, text: text, ownComparisons: own.manifest.comparisons))
      }
      let parts = Set(overrides.compactMap { $0.prefix { $0 != "=" }.split(separator: ".").first.map(String.init) })
      return load(overrides).map { loaded in
        PublishedManifest(
          manifest: loaded.manifest, text: replaced(parts, of: text, by: loaded.resolved.yaml()),
          ownComparisons: own.manifest.comparisons)
      }
    }
  }

  /// The names in `${env:NAME}`; one with a default needs no value.
  private static func variables(in text: String) -> [String] {
    text.components(separatedBy: "${env:").dropFirst().compactMap { rest in
      let name = rest.prefix { $0 != "}" && $0 != ":" }
      return rest.dropFirst(name.count).hasPrefix("}") ? String(name) : nil
    }
  }

  /// `old` with some of its outermost parts as they are in `new`; lines with an equal value keep their comment.
  private static func replaced(_ names: Set<String>, of old: String, by new: String) -> String {
    let fresh = parts(new)
    var text = ""
    for part in parts(old) {
      guard names.contains(part.name), let other = fresh.first(where: { $0.name == part.name }) else {
        text += part.lines.joined()
        continue
      }
      for line in other.lines {
        let value = ResolvedManifest.parts(ofLine: line[...]).value
        text += part.lines.first { ResolvedManifest.parts(ofLine: $0[...]).value == value } ?? line
      }
    }
    return text
  }

  /// The outermost keys with their lines, line feeds included.
  private static func parts(_ text: String) -> [(name: String, lines: [String])] {
    var parts: [(name: String, lines: [String])] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).map({ String($0) + "\n" }) {
      if parts.isEmpty || !line.hasPrefix(" ") { parts.append((String(line.prefix { $0 != ":" }), [])) }
      parts[parts.count - 1].lines.append(line)
    }
    // The last line feed ends a line and begins none.
    if parts.last?.lines == ["\n"] { parts.removeLast() }
    return parts
  }
}
