/// A manifest file, or one `--set` of the command line, as the user named it.
final class ManifestSource: Sendable {
  /// As given by the user: `Experiments/quickstart.yaml`, `--set 1`.
  let name: String
  /// 0 for the manifest itself, then the files it extends, then the overrides: errors are sorted by it.
  let order: Int
  let isOverride: Bool
  let lines: [String]

  init(name: String, order: Int, text: String, isOverride: Bool = false) {
    (self.name, self.order, self.isOverride) = (name, order, isOverride)
    lines = ManifestSource.split(text)
  }

  /// Whether its lines are a manifest's, which messages may quote: another file may be one of customers' messages.
  var isQuotable: Bool { isOverride || name.lowercased().hasSuffix(".yaml") || name.lowercased().hasSuffix(".yml") }

  /// What the resolved manifest prints: no folder, so that nothing of the machine is in it.
  var lastComponent: String {
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
struct SourcePosition: Sendable {
  var source: ManifestSource
  var line: Int
  var column: Int

  /// `quickstart.yaml:12`, `--set 1`.
  var comment: String { source.isOverride ? source.name : "\(source.lastComponent):\(line)" }
}
