import Families
import Settings

/// The floor of every experiment: a `lookup` model where the manifest has none, in every protocol.
///
/// It answers with the label of the same text seen in training, so it says what part of a score memory alone gives.
enum Floor {
  private static var kind: String { ModelFamilies.memory.kind.rawValue }
  private static let origin = "added: the floor of every experiment"

  static func add(to root: inout Checked) {
    let models = root["models"]?.entries ?? []
    guard !models.isEmpty else { return }
    let isDeclared = models.contains { isLookup($0.value) }
    if !isDeclared {
      let name = freeName(among: models.map(\.key))
      root.update("models") { $0.append(name, model) }
    }
    let floors = (root["models"]?.entries ?? []).filter { isLookup($0.value) }.map(\.key)
    root.update("protocols") { protocols in
      guard case .list(var list) = protocols.content else { return }
      for index in list.indices {
        list[index].update("models") { names in
          guard !names.list.isEmpty, !names.texts.contains(where: floors.contains) else { return }
          names.content = .list(names.list + [Checked(.text(floors[0]))])
          names.origin = (names.position.map { $0.comment + "; " } ?? "") + "\(floors[0]) \(origin)"
        }
      }
      protocols.content = .list(list)
    }
  }

  private static func isLookup(_ model: Checked) -> Bool { model["kind"]?.text == kind }

  private static func freeName(among names: [String]) -> String {
    let candidates = [kind, kind + "-floor"] + (2...names.count + 2).map { "\(kind)-floor-\($0)" }
    return candidates.first { !names.contains($0) } ?? kind
  }

  private static var model: Checked {
    var word = Checked(.text(kind))
    word.origin = origin
    let fields = ManifestSchema.models.first { $0.kind == kind }?.section.fields ?? []
    return Checked(
      .map(
        [Checked.Entry(key: "kind", keyPosition: nil, value: word)]
          + fields.compactMap { field in
            guard field.key != "kind", let value = Checker.filledIn(field) else { return nil }
            return Checked.Entry(key: field.key, keyPosition: nil, value: value)
          }))
  }
}
