/// All that `bench fetch` knows, by kind and in the order in which it is listed.
public enum Catalogue {
  public static let entries = models + corpora

  public static func entry(_ kind: CatalogueEntry.Kind, _ name: String) -> CatalogueEntry? {
    entries.first { $0.kind == kind && $0.name == name }
  }

  public static func names(_ kind: CatalogueEntry.Kind) -> [String] {
    entries.filter { $0.kind == kind }.map(\.name)
  }
}
