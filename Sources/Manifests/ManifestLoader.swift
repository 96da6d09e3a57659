import Corpora
import Foundation
import Models
import Settings

/// A manifest, read and checked, with where each value came from.
public struct LoadedManifest: Sendable {
  public var manifest: Manifest
  public var resolved: ResolvedManifest
  /// What is allowed and likely a mistake.
  public var warnings: [ManifestError] = []
  /// The data, read whole, in the manifest's order; none where files are left out.
  public var corpora: [Corpus] = []
  /// A domain for each source of unlabelled texts; nil where there are none.
  public var unlabelled: Corpus?
  /// For messages about what the data show.
  public let places: ManifestPlaces

  /// Gives the protocols that state no number of seeds so many, here and in what is written out.
  public mutating func choose(seeds: Int) {
    for index in manifest.protocols.indices
    where manifest.protocols[index].kind != .kfold && manifest.protocols[index].seeds == nil {
      manifest.protocols[index].seeds = seeds
      resolved.write(seeds: seeds, protocol: index)
    }
  }
}

/// Reads manifests: the only way from a file to a `Manifest`.
public enum ManifestLoader {
  private static let longestChain = 16

  /// Reads `file` and what it extends, applies `overrides` (`key.path=value`), and checks everything.
  ///
  /// With `checkFiles` all files must exist, and the data are read whole; `reading` is told of each corpus before. Errors
  /// are all reported together, sorted by position, but for one that makes a file unreadable as YAML.
  ///
  /// `text` is what stands in `file`, where that has been read already; `file` is then only a name.
  public static func load(
    file: String, text: String? = nil, overrides: [String] = [], environment: [String: String], checkFiles: Bool,
    reading: @escaping (String) -> Void = { _ in }
  ) -> Result<LoadedManifest, ManifestErrors> {
    var errors = [ManifestError]()
    var root: YAMLValue
    do {
      root = try chain(file, text: text, environment: environment)
    } catch { return .failure(ManifestErrors([error])) }

    for (index, argument) in overrides.enumerated() {
      do {
        root = try Override(argument, number: index + 1).apply(to: root)
      } catch { errors.append(error) }
    }

    let vars = root.entry("vars")
    var interpolation = Interpolation(vars: vars?.value, environment: environment)
    root.remove("vars")
    root = interpolation.expand(root, path: KeyPathText())
    errors += interpolation.errors

    // As written, for mistakes at the place where they stand; then in one form, for values and what was inherited.
    var written = root
    if let vars { written.set("vars", to: vars.value, keyPosition: vars.keyPosition) }
    var checker = Checker()
    _ = checker.check(written, .section(ManifestSchema.root), path: KeyPathText(), place: root.position)
    errors += ShortForms.errors(in: root)
    var tree = checker.check(
      Canonical.form(root), .section(ManifestSchema.root), path: KeyPathText(), place: root.position)
    errors += checker.errors
    var variants = [String: EncoderVariant]()
    errors += PretrainedModels.resolve(&tree, readsFiles: checkFiles, variants: &variants)
    errors += VectorFiles.resolve(&tree, readsFiles: checkFiles)
    ManifestBuilder.derive(&tree)
    let paths = DomainPaths(root)
    var semantics = SemanticChecks(tree, paths: paths)
    semantics.run()
    errors += semantics.errors
    var files: FileChecks?
    if checkFiles {
      files = FileChecks(tree, paths: paths, after: errors, reading: reading)
      files?.run()
      errors += files?.errors ?? []
    }
    guard errors.isEmpty else { return .failure(ManifestErrors(ManifestError.ordered(errors))) }
    var manifest = ManifestBuilder.manifest(tree)
    for (index, model) in manifest.models.enumerated() {
      if let variant = variants[model.name] { manifest.models[index].configuration.adopt(variant) }
    }
    return .success(
      LoadedManifest(
        manifest: manifest, resolved: ResolvedManifest(tree),
        warnings: ManifestError.ordered(semantics.warnings), corpora: files?.corpora ?? [],
        unlabelled: files?.unlabelled, places: ManifestPlaces(tree, domains: paths, start: root.position)))
  }

  /// The file merged over those that it extends.
  private static func chain(
    _ file: String, text: String?, environment: [String: String]
  ) throws(ManifestError) -> YAMLValue {
    var values = [YAMLValue]()
    var names = [String](), identities = [String]()
    var name = file
    var link: SourcePosition?
    while true {
      let identity = URL(fileURLWithPath: name).resolvingSymlinksInPath().path
      if let link, identities.contains(identity) {
        throw ManifestError(
          at: link, keyPath: "extends", got: "a circle: \((names + [name]).joined(separator: " → "))",
          expected: "files that do not extend each other")
      }
      if let link, names.count == longestChain {
        throw ManifestError(
          at: link, keyPath: "extends", got: "a chain of more than \(longestChain) files", expected: "a shorter chain")
      }
      let value = try document(name, text: names.isEmpty ? text : nil, order: names.count, link: link)
      names.append(name)
      identities.append(identity)
      values.append(value)
      guard let base = value.entry("extends") else { break }
      var interpolation = Interpolation(vars: nil, environment: environment)
      let expanded = interpolation.expand(base.value, path: KeyPathText("extends"))
      if let error = interpolation.errors.first { throw error }
      guard case .text(let path) = expanded.content, !path.isEmpty else {
        throw ManifestError(
          at: base.value.position, keyPath: "extends", got: base.value.description, expected: "the path of a manifest")
      }
      link = base.value.position
      name = path.hasPrefix("/") ? path : folder(of: name) + path
    }
    var merged = values[values.count - 1]
    for value in values.dropLast().reversed() { merged = .merged(merged, under: value) }
    return merged
  }

  private static func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
  }

  private static func document(
    _ name: String, text known: String?, order: Int, link: SourcePosition?
  ) throws(ManifestError) -> YAMLValue {
    let text: String
    do {
      text = if let known { known } else { try YAMLReader.text(of: name, name: name, order: order) }
    } catch {
      guard let link else { throw error }
      throw ManifestError(at: link, keyPath: "extends", got: "`\(name)`: \(error.got)", expected: error.expected)
    }
    let source = ManifestSource(name: name, order: order, text: text)
    let value = try YAMLReader.read(text, source: source)
    guard value.entries != nil else {
      throw ManifestError(
        at: value.position, got: source.isQuotable ? value.description : "no map",
        expected: "a manifest: a map with the keys name, corpora, protocols, models")
    }
    return value
  }
}
