import Analysis

/// All that `bench fetch` knows, by kind and in the order in which it is listed.
public enum Catalogue {
  public static let entries = models + corpora

  public static func entry(_ kind: CatalogueEntry.Kind, _ name: String) -> CatalogueEntry? {
    entries.first { $0.kind == kind && $0.name == name }
  }

  public static func names(_ kind: CatalogueEntry.Kind) -> [String] {
    entries.filter { $0.kind == kind }.map(\.name)
  }

  /// The file with what is known of where such bytes were published, by their hash alone: its name and place say nothing.
  public static func identified(_ input: RunResult.Input) -> RunResult.Input {
    var input = input
    let entry = entries.first { $0.files.contains { $0.sha256 == input.sha256 } }
    input.origin = entry.map {
      RunResult.Origin(
        title: $0.title, licence: $0.licence, language: $0.language, repository: $0.repository, revision: $0.revision)
    }
    return input
  }
}
