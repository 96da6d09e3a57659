/// A manifest file, or one `--set` of the command line, as the user named it.
package final class ManifestSource: Sendable {
  /// As given by the user: `Experiments/quickstart.yaml`, `--set 1`.
  package let name: String
  /// 0 for the manifest itself, then the files it extends, then the overrides: errors are sorted by it.
  package let order: Int
  package let isOverride: Bool
  package let lines: [String]

  package init(name: String, order: Int, text: String, isOverride: Bool = false) {
    (self.name, self.order, self.isOverride) = (name, order, isOverride)
    lines = ManifestSource.split(text)
  }

  /// Whether its lines are a manifest's, which messages may quote: another file may be one of customers' messages.
  package var isQuotable: Bool {
    isOverride || name.lowercased().hasSuffix(".yaml") || name.lowercased().hasSuffix(".yml")
  }

  /// What the resolved manifest prints: no folder, so that nothing of the machine is in it.
  package var lastComponent: String {
    isOverride ? name : String(name.split(separator: "/").last ?? Substring(name))
  }

  /// Lines as YAML breaks them: LF, CRLF, CR.
  private static func split(_ text: String) -> [String] {
    var lines = [String](), current = String.UnicodeScalarView()
    var previous: UnicodeScalar?
    for scalar in text.unicodeScalars {
      if scalar == "\n", previous == "\r" {
        // Second half of CRLF.
      } else if scalar == "\n" || scalar == "\r" {
        lines.append(String(current))
        current = String.UnicodeScalarView()
      } else {
        current.append(scalar)
      }
      previous = scalar
    }
    lines.append(String(current))
    return lines
  }
}

/// A place in a source; line and column count from 1, columns in Unicode scalars.
package struct SourcePosition: Sendable {
  package var source: ManifestSource
  package var line: Int
  package var column: Int

  package init(source: ManifestSource, line: Int, column: Int) {
    (self.source, self.line, self.column) = (source, line, column)
  }

  /// `quickstart.yaml:12`, `--set 1`.
  package var comment: String { source.isOverride ? source.name : "\(source.lastComponent):\(line)" }
}

/// A key path as errors print it and `--set` takes it: `models.bert.layers`, `protocols.0.kind`.
package struct KeyPathText: Sendable {
  package let text: String

  package init(_ text: String = "") { self.text = text }

  package subscript(key: String) -> KeyPathText { KeyPathText(text.isEmpty ? key : "\(text).\(key)") }
  package subscript(index: Int) -> KeyPathText { self["\(index)"] }
}
