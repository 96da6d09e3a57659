import Settings

/// The manifest with every value written out, defaults included, and where each came from.
///
/// It is a manifest itself: loading it gives the same `Manifest`. Paths stand as declared, `${env:…}` unexpanded, so
/// nothing of the machine is in it.
public struct ResolvedManifest: Sendable {
  private var root: Checked

  init(_ root: Checked) { self.root = root }

  /// The number of seeds of a protocol that states none.
  mutating func write(seeds: Int, protocol index: Int) {
    var value = Checked(.integer(seeds))
    value.origin = "chosen by the operations that are planned"
    root.update("protocols") { protocols in
      guard case .list(var list) = protocols.content, list.indices.contains(index) else { return }
      list[index].append("seeds", value)
      protocols.content = .list(list)
    }
  }

  /// YAML in a fixed order. `fileHashes` holds the SHA-256 (hexadecimal) of files by declared path; it stands beside.
  public func yaml(fileHashes: [String: String] = [:]) -> String {
    var writer = Writer(hashes: fileHashes)
    writer.write(map: root.entries, indent: 0)
    return writer.text
  }

  private struct Writer {
    let hashes: [String: String]
    var text = ""

    mutating func write(map entries: [Checked.Entry], indent: Int, firstPrefix: String? = nil) {
      for (index, entry) in entries.enumerated() {
        let prefix = index == 0 ? firstPrefix ?? spaces(indent) : spaces(indent)
        write("\(prefix)\(YAMLText.key(entry.key)):", entry.value, indent: indent)
      }
    }

    /// `head` ends with the key's colon.
    private mutating func write(_ head: String, _ value: Checked, indent: Int) {
      switch value.content {
      case .map(let entries) where !entries.isEmpty:
        text += head + "\n"
        write(map: entries, indent: indent + 2)
      case .list(let list) where !list.isEmpty && !isInline(list):
        text += head + "\n"
        for item in list { write(item: item, indent: indent + 2) }
      default:
        text += "\(head) \(inline(value))  # \(comment(value))\n"
      }
    }

    private mutating func write(item: Checked, indent: Int) {
      if case .map(let entries) = item.content, !entries.isEmpty {
        write(map: entries, indent: indent + 2, firstPrefix: spaces(indent) + "- ")
      } else {
        text += "\(spaces(indent))- \(inline(item))  # \(comment(item))\n"
      }
    }

    /// Lists of plain values stand on one line; paths on a line each, with their hash.
    private func isInline(_ list: [Checked]) -> Bool {
      list.allSatisfy { item in
        switch item.content {
        case .map, .list: false
        default: item.declared == nil
        }
      }
    }

    private func inline(_ value: Checked) -> String {
      switch value.content {
      case .none: "none"
      case .flag(let flag): "\(flag)"
      case .integer(let integer): "\(integer)"
      case .number(let number): "\(number)"
      case .text(let text): value.declared.map { YAMLText.scalar($0) } ?? YAMLText.scalar(Interpolation.escaped(text))
      case .list(let list): "[\(list.map { inline($0) }.joined(separator: ", "))]"
      case .map: "{}"
      }
    }

    private func comment(_ value: Checked) -> String {
      let origin = value.origin ?? value.position?.comment ?? "default"
      guard let declared = value.declared, let hash = hashes[declared] else { return origin }
      return "\(origin), sha256 \(hash)"
    }

    private func spaces(_ count: Int) -> String { String(repeating: " ", count: count) }
  }
}

/// Text as a YAML scalar that reads back as the same text.
package enum YAMLText {
  package static func key(_ text: String) -> String { scalar(text, reserved: false) }

  /// The same where a manifest would take `${…}` in it for a variable.
  package static func literal(_ text: String) -> String { scalar(Interpolation.escaped(text)) }

  package static func scalar(_ text: String, reserved: Bool = true) -> String {
    let plain = text.utf8.allSatisfy { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x5f, 0x2d, 0x2e, 0x2f: true
      default: false
      }
    }
    let first = text.utf8.first.map { ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7a } ?? false
    let isWord = ["null", "true", "false", "yes", "no", "on", "off", "none", "y", "n"].contains(text.lowercased())
    return plain && first && !(reserved && isWord) ? text : quoted(text)
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      default:
        let value = scalar.value
        let isPrintable =
          (0x20...0x7e).contains(value) || (0xa0...0xd7ff).contains(value) && value != 0x2028 && value != 0x2029
          || (0xe000...0xfffd).contains(value) && value != 0xfeff
        if isPrintable {
          result.unicodeScalars.append(scalar)
        } else {
          let digits = String(value, radix: 16)
          result += "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
        }
      }
    }
    return result + "\""
  }
}
