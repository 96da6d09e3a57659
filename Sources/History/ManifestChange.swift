import Manifests
import Settings

/// What a resolved manifest says otherwise than another, and which series that touches.
///
/// Two runs belong to one series where no setting that makes its figures differs. A setting counts where one of the two
/// manifests states it otherwise than this version's default. What neither states is the code's choice, whose changes a
/// night is there to judge: so a key that a later version adds begins no series, and neither does a new default.
struct ManifestChange: Sendable {
  struct Difference: Sendable, Equatable {
    var path: [String]
    /// nil on a side that lacks it.
    var before, after: String?
    var name: String { path.joined(separator: ".") }
  }

  private let before, after: Side
  /// All that the two say otherwise, comments aside, in the order of the later one.
  let differences: [Difference]

  /// nil where one of the two is no YAML.
  init?(from old: String, to new: String) {
    guard let before = Side(old), let after = Side(new) else { return nil }
    (self.before, self.after) = (before, after)
    let known = Set(after.settings.map(\.path))
    let paths = after.settings.map(\.path) + before.settings.map(\.path).filter { !known.contains($0) }
    differences = Self.differences(paths, before, after)
  }

  /// The number with which a manifest begins its series on purpose: `series: 2`.
  static func series(of manifest: String) -> Int {
    ResolvedManifest.settings(of: manifest)?.first { $0.path == ["series"] }?.value.flatMap { Int($0) } ?? 1
  }

  /// Whether the two have another number in `series`.
  var beginsOnPurpose: Bool {
    (before.byPath[["series"]]?.value ?? "1") != (after.byPath[["series"]]?.value ?? "1")
  }

  /// Whether the two say the same but for what the experiment is called and asks.
  var isOfNameAlone: Bool {
    differences.contains { $0.path == ["name"] }
      && differences.allSatisfy { ["name", "question"].contains($0.path[0]) }
  }

  /// The settings that make this series' figures and are not as they were.
  func settings(of key: SeriesKey) -> [Difference] {
    let protocols = Self.differences(
      before.protocolPaths(of: key) + after.protocolPaths(of: key), before.withProtocol(of: key),
      after.withProtocol(of: key))
    return differences.filter { isOf(key, $0.path) } + (key.isTime ? [] : protocols)
  }

  /// Why a series is there no more: its model or corpus is gone, its settings are others, or what decides which series
  /// there are. Empty where the manifest does not say it.
  func end(of key: SeriesKey) -> [Difference] {
    if !after.has(["models", key.model]) {
      return [Difference(path: ["models", key.model], before: "there", after: nil)]
    }
    if !after.has(["corpora", key.corpus]) {
      return [Difference(path: ["corpora", key.corpus], before: "there", after: nil)]
    }
    let own = settings(of: key)
    let choice = differences.filter { ["protocols", "timing", "comparisons"].contains($0.path[0]) }
    return own + choice.filter { !own.contains($0) }
  }

  /// Models are known by name: everything below the others' is theirs alone.
  private func isOf(_ key: SeriesKey, _ path: [String]) -> Bool {
    let below = path.dropFirst(2).first
    switch path[0] {
    case "version", "name", "question", "series", "outputs", "protocols": return false
    case "comparisons": return !key.isTime && below == nil && path.last == "primary"
    // The batch is in the series' name, as are threads and order.
    case "timing": return key.isTime && (path.last == "batches" || path.last == "warmup")
    case "tuning": return isTuned(key)
    case "unlabelled": return !key.isTime && isPretrained(key)
    case "corpora":
      let isSlice = path.count == 5 && path[4] == "slice"
      return path.dropFirst().first == key.corpus && below != "about" && !isSlice
    case "models":
      guard path.dropFirst().first == key.model, below != "display" else { return false }
      // How weights were found decides no time of an answer, unless sizes were found by it.
      return !key.isTime || key.isTrainingTime || isTuned(key)
        || !["training", "pretrain", "seed_offset"].contains(below ?? "")
    default: return true
    }
  }

  private func isTuned(_ key: SeriesKey) -> Bool {
    before.has(["models", key.model, "space"]) || after.has(["models", key.model, "space"])
  }

  private func isPretrained(_ key: SeriesKey) -> Bool {
    before.has(["models", key.model, "pretrain"], isMap: true)
      || after.has(["models", key.model, "pretrain"], isMap: true)
  }

  private static func differences(_ paths: [[String]], _ before: Side, _ after: Side) -> [Difference] {
    var seen: Set<[String]> = []
    return paths.compactMap { path in
      let (old, new) = (before.byPath[path], after.byPath[path])
      guard old?.isOwn == true || new?.isOwn == true, seen.insert(path).inserted else { return nil }
      // A map that is filled in as a whole has no value of its own on the other side.
      guard old?.value != new?.value || (old == nil) != (new == nil) else { return nil }
      return Difference(path: path, before: old.map { $0.value ?? "given" }, after: new.map { $0.value ?? "given" })
    }
  }

  /// One of the two manifests.
  private struct Side {
    private(set) var settings: [ResolvedManifest.Setting]
    private(set) var byPath: [[String]: ResolvedManifest.Setting]

    /// Where a file stands decides nothing where its hash is known.
    init?(_ text: String) {
      guard let all = ResolvedManifest.settings(of: text) else { return nil }
      let hashed = Set(all.filter { $0.path.last == "sha256" }.map { Array($0.path.dropLast()) })
      settings = all.filter { !hashed.contains($0.path) }
      byPath = Dictionary(settings.map { ($0.path, $0) }, uniquingKeysWith: { $1 })
    }

    /// Whether the keys lead to anything; `isMap`: to more than a value.
    func has(_ keys: [String], isMap: Bool = false) -> Bool {
      settings.contains { $0.path.starts(with: keys) && (!isMap || $0.path.count > keys.count) }
    }

    /// Protocols are a list, and several may give one series: what they say of it, by their kind.
    func withProtocol(of key: SeriesKey) -> Side {
      var side = self
      for item in protocols(of: key) {
        for (field, setting) in item where !["kind", "base", "corpora", "domains", "sources", "models"].contains(field)
        {
          let path = Self.path(key, field)
          guard var known = side.byPath[path] else {
            side.byPath[path] = setting
            continue
          }
          known.isOwn = known.isOwn || setting.isOwn
          if known.value != setting.value { known.value = "\(known.value ?? "") and \(setting.value ?? "")" }
          side.byPath[path] = known
        }
      }
      return side
    }

    func protocolPaths(of key: SeriesKey) -> [[String]] {
      protocols(of: key).flatMap { $0.map { Self.path(key, $0.field) } }
    }

    private static func path(_ key: SeriesKey, _ field: String) -> [String] {
      ["protocols", key.protocolName ?? "", field]
    }

    /// Cross-domain trials on the source itself are those of its base.
    private func protocols(of key: SeriesKey) -> [[(field: String, setting: ResolvedManifest.Setting)]] {
      guard let name = key.protocolName else { return [] }
      var items: [String: [(field: String, setting: ResolvedManifest.Setting)]] = [:]
      var order: [String] = []
      for setting in settings where setting.path[0] == "protocols" && setting.path.count > 2 {
        if items[setting.path[1]] == nil { order.append(setting.path[1]) }
        items[setting.path[1], default: []].append((setting.path.dropFirst(2).joined(separator: "."), setting))
      }
      return order.compactMap { items[$0] }.filter { item in
        func value(_ field: String) -> String? { item.first { $0.field == field }?.setting.value }
        func names(_ field: String, _ name: String) -> Bool {
          guard let list = value(field), list != "[]" else { return true }
          return list.dropFirst().dropLast().split(separator: ",").contains { $0.drop { $0 == " " } == name }
        }
        let kind = value("kind")
        return (kind == name || (kind == "cross-domain" && value("base") == name))
          && names("corpora", key.corpus) && names("models", key.model)
      }
    }
  }
}

extension ManifestChange.Difference: CustomStringConvertible {
  /// `models.lstm.hidden: 64 → 8`
  var description: String {
    switch (before, after) {
    case (let before?, let after?): "\(name): \(Self.shortened(before)) → \(Self.shortened(after))"
    case ("there", nil): "\(name) is gone"
    case (let before?, nil): "\(name): \(Self.shortened(before)) → nothing"
    case (nil, let after): "\(name): nothing → \(Self.shortened(after ?? ""))"
    }
  }

  /// Hashes by their first digits, as elsewhere.
  private static func shortened(_ value: String) -> String {
    if value.utf8.count == 64, value.allSatisfy(\.isHexDigit) { return String(value.prefix(8)) }
    return value.count > 60 ? value.prefix(60) + "…" : value
  }
}
