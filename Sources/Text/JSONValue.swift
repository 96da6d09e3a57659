/// A JSON value with ordered keys, so that output never depends on hashing.
public indirect enum JSONValue: Sendable {
  case flag(Bool)
  case integer(Int)
  case number(Double)
  case text(String)
  case list([JSONValue])
  case object([(String, JSONValue)])

  /// Over several lines; objects two spaces further in each.
  public func text(indent: Int = 0) -> String {
    let inner = String(repeating: " ", count: indent + 2), outer = String(repeating: " ", count: indent)
    switch self {
    case .flag(let flag): return "\(flag)"
    case .integer(let integer): return "\(integer)"
    case .number(let number): return number == number.rounded() && abs(number) < 1e15 ? "\(Int(number))" : "\(number)"
    case .text(let text): return JSONText.quoted(text)
    case .list(let list):
      let isShort = list.allSatisfy { if case .object = $0 { false } else { true } }
      if isShort { return "[\(list.map { $0.text(indent: indent) }.joined(separator: ", "))]" }
      return "[\n" + list.map { inner + $0.text(indent: indent + 2) }.joined(separator: ",\n") + "\n\(outer)]"
    case .object(let entries):
      if entries.isEmpty { return "{}" }
      let lines = entries.map { "\(inner)\(JSONText.quoted($0.0)): \($0.1.text(indent: indent + 2))" }
      return "{\n" + lines.joined(separator: ",\n") + "\n\(outer)}"
    }
  }
}
