import Fetching
import Manifests
import Settings

/// What to do about files that a manifest names and that are not there: the catalogue may have them.
enum FetchAdvice {
  /// A line for each entry of the catalogue whose folder stands in the path of a missing file, in the catalogue's order.
  static func lines(for errors: [ManifestError]) -> [String] {
    let folders = Set(errors.compactMap(\.missing).flatMap { $0.split(separator: "/") }.map(String.init))
    return Catalogue.entries.filter { folders.contains($0.name) }.map {
      "`bench fetch \($0.kind.rawValue) \($0.name)` gets \($0.name)"
    }
  }
}
