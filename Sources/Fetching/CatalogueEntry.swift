/// Something that `bench fetch` can get: where it is, under what licence, and how it is known to be right.
public struct CatalogueEntry: Sendable {
  public enum Kind: String, Sendable, CaseIterable { case model, corpus }

  public var kind: Kind
  /// Also its folder's name.
  public var name: String
  /// What it is, in a line.
  public var title: String
  /// As its publisher states it, or that none is stated.
  public var licence: String
  /// The language or languages of a corpus' texts; nil of a model.
  public var language: String?
  /// The repository that it is fetched from.
  public var repository: String
  /// The commit of the repository. What has none is no entry: its files would be others one day.
  public var revision: String
  /// How a manifest reads it: an entry of its `corpora:` or `models:`, with `data` or `models` in its `vars:`.
  public var manifest: String
  public var files: [RemoteFile]
  /// A package on PyPI that holds the same files.
  public var package: PythonPackage?
}

/// A file of a catalogue entry.
public struct RemoteFile: Sendable, Equatable {
  /// Below the entry's folder.
  public var path: String
  /// Where it is fetched from: a URL.
  public var address: String
  /// In hexadecimal digits; nil where it is not known: then a person must trust what arrives.
  public var sha256: String?
  /// nil where it is not known.
  public var bytes: Int?
  /// Not every such entry has it: where the server has none, the entry is whole without it.
  public var isOptional = false

  public init(path: String, address: String, sha256: String? = nil, bytes: Int? = nil, isOptional: Bool = false) {
    (self.path, self.address, self.sha256, self.bytes) = (path, address, sha256, bytes)
    self.isOptional = isOptional
  }
}

/// A release on the Python Package Index.
public struct PythonPackage: Sendable, Equatable {
  public var name: String
  public var version: String
  /// The release's wheel, with its bytes and SHA-256.
  public var wheel: RemoteFile
  /// The folder of the wheel that holds an entry's files.
  public var folder: String
}
