import Families
import Manifests

extension Plan {
  /// Of each fit the fits of other models on the same rows that it asks, in the order in which its model names them.
  ///
  /// A manifest without errors has a fit for each, and none asks itself, however far away.
  package func uses(_ manifest: Manifest) -> [[Int]] {
    let names = Dictionary(uniqueKeysWithValues: manifest.models.enumerated().map { ($1.name, $0) })
    return fits.map { fit in
      manifest.models[fit.model].uses.compactMap { name in
        fits.firstIndex { $0.model == names[name] && $0.data == fit.data && $0.seed == fit.seed }
      }
    }
  }

  /// Fits in the order of `order`, those that ask others behind all that they ask.
  package static func waves(_ order: [Int], uses: [[Int]]) -> [[Int]] {
    var depths = [Int?](repeating: nil, count: uses.count)
    func depth(_ fit: Int) -> Int {
      if let known = depths[fit] { return known }
      let found = uses[fit].map { depth($0) + 1 }.max() ?? 0
      depths[fit] = found
      return found
    }
    let deepest = order.map(depth).max() ?? 0
    return (0...deepest).map { wave in order.filter { depth($0) == wave } }
  }
}
