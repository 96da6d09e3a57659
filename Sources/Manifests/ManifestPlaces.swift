import Settings

/// A key of a manifest, for messages about what is found out beyond it: in the data, in their division.
public enum ManifestPlace: Sendable, Hashable, Codable {
  /// A key of a domain, or the domain itself.
  case domain(corpus: String, name: String, key: String?)
  /// A key of a protocol, counted from 0.
  case protocols(Int, key: String)
  /// A key of a model, inner keys one after another.
  case model(String, keys: [String])
}

/// Where the keys of a loaded manifest stand.
public struct ManifestPlaces: Sendable {
  private let root: Checked
  private let domains: DomainPaths
  private let start: SourcePosition

  init(_ root: Checked, domains: DomainPaths, start: SourcePosition) {
    (self.root, self.domains, self.start) = (root, domains, start)
  }

  /// A message at the key; where that is not written, at the nearest key above it that is.
  public func message(_ place: ManifestPlace, got: String, expected: String) -> ManifestError {
    var keys: [String], path: KeyPathText
    switch place {
    case .domain(let corpus, let name, let key):
      keys = ["corpora", corpus, "domains", name]
      path = domains.path(corpus, name)
      if let key {
        keys.append(key)
        path = path[key]
      }
    case .protocols(let index, let key):
      keys = ["protocols", "\(index)", key]
      path = KeyPathText("protocols")[index][key]
    case .model(let name, let inner):
      keys = ["models", name] + inner
      path = inner.reduce(KeyPathText("models")[name]) { $0[$1] }
    }
    return ManifestError(at: position(of: keys), keyPath: path.text, got: got, expected: expected)
  }

  private func position(of keys: [String]) -> SourcePosition {
    var value = root, found = start
    for key in keys {
      if case .list(let list) = value.content {
        guard let index = Int(key), list.indices.contains(index) else { break }
        value = list[index]
        found = value.position ?? found
      } else {
        guard let entry = value.entry(key) else { break }
        value = entry.value
        // A scalar's own place is the better one; a map's or list's is that of its key.
        let isScalar = value.entries.isEmpty && value.list.isEmpty
        found = (isScalar ? value.position ?? entry.keyPosition : entry.keyPosition ?? value.position) ?? found
      }
    }
    return found
  }
}
