import Corpora
import Hashing
import Foundation

/// All that a fit's bytes follow from, by name: equal keys, equal fits.
package struct FitKey: Sendable, Equatable, Codable {
  package struct Part: Sendable, Equatable, Codable {
    /// What a person calls it: `code`, `training rows`, `training.epochs`.
    package var name: String
    /// The value itself where it is short, else its SHA-256.
    package var value: String
  }

  /// In a fixed order.
  package var parts: [Part] = []

  package init() {}

  /// SHA-256 over all parts, in hexadecimal digits.
  package var digest: String { Split.hash(of: parts.flatMap { [$0.name, $0.value] }) }

  package mutating func add(_ name: String, _ value: String) { parts.append(Part(name: name, value: value)) }

  /// Adds every stored property of `value`, at any depth, under its own name: what a later version adds to a setting is
  /// in the key without anybody thinking of it.
  package mutating func add(settings value: Any, under prefix: String = "", except omitted: Set<String> = []) {
    let mirror = Mirror(reflecting: value)
    if mirror.displayStyle == .optional {
      guard let inner = mirror.children.first else { return add(prefix, "none") }
      return add(settings: inner.value, under: prefix, except: omitted)
    }
    // A case without values, a number, a text.
    if mirror.children.isEmpty { return add(prefix, "\(value)") }
    precondition(
      mirror.displayStyle != .dictionary && mirror.displayStyle != .set,
      "\(prefix): its order is not that of its values")
    for (index, child) in mirror.children.enumerated() {
      let label = child.label ?? "\(index)"
      if !omitted.contains(label) { add(settings: child.value, under: prefix.isEmpty ? label : "\(prefix).\(label)") }
    }
  }

  /// Names of the parts that differ, in this key's order; those that only the other has come last.
  package func differences(from other: FitKey) -> [String] {
    let (mine, theirs) = (byName, other.byName)
    return parts.map(\.name).filter { theirs[$0] != mine[$0] } + other.parts.map(\.name).filter { mine[$0] == nil }
  }

  private var byName: [String: String] { Dictionary(parts.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 }) }
}
