import Settings
import Text

/// The manifest format as a JSON Schema (draft 2020-12), for editors to complete and check from.
public enum ManifestJSONSchema {
  public static let text: String = document.text() + "\n"

  /// Where another value is wanted, a variable may stand.
  private static let variable = JSONValue.object([("$ref", .text("#/$defs/variable"))])

  private static let document: JSONValue = {
    let needed = ManifestSchema.root.fields.filter(\.isRequired).map { JSONValue.text($0.key) }
    func eachNeeds(_ keyword: String, _ key: String) -> JSONValue {
      .object([(keyword, .object([("required", .list([.text(key)]))]))])
    }
    var entries: [(String, JSONValue)] = [
      ("$schema", .text("https://json-schema.org/draft/2020-12/schema")),
      ("title", .text("bench manifest, version 1")),
    ]
    entries += object(ManifestSchema.root)
    entries += [
      // A manifest that extends another may leave out what the other holds.
      ("if", .object([("required", .list([.text("extends")]))])),
      ("then", .object([])),
      (
        "else",
        .object([
          ("required", .list(needed)),
          (
            "properties",
            .object([
              ("corpora", eachNeeds("additionalProperties", "task")),
              ("protocols", eachNeeds("items", "kind")),
              ("models", eachNeeds("additionalProperties", "kind")),
            ])
          ),
        ])
      ),
      (
        "$defs",
        .object([
          (
            "variable",
            .object([
              ("description", .text("A variable: ${name}, ${env:NAME}, ${env:NAME:-default}.")),
              ("type", .text("string")), ("pattern", .text("\\$\\{")),
            ])
          )
        ])
      ),
    ]
    return .object(entries)
  }()

  private static func object(_ section: Section) -> [(String, JSONValue)] {
    [
      ("type", .text("object")), ("properties", .object(section.fields.map { ($0.key, property($0)) })),
      ("additionalProperties", .flag(false)),
    ]
  }

  private static func property(_ field: Field) -> JSONValue {
    var entries: [(String, JSONValue)] = [("description", .text(field.doc))]
    switch field.fallback {
    case .value(let content): if let value = defaultValue(content, field.shape) { entries.append(("default", value)) }
    case .derived(let how): entries[0].1 = .text("\(field.doc) Default: \(how).")
    case .required, .absent: break
    }
    return .object(entries + keywords(field.shape))
  }

  private static func defaultValue(_ content: Checked.Content, _ shape: Shape) -> JSONValue? {
    switch content {
    case .none: return .text("none")
    case .flag(let flag): return .flag(flag)
    case .integer(let integer): return .integer(integer)
    case .number(let number): return .number(number)
    case .text(let text): return .text(text)
    case .list(let list): return .list(list.compactMap { defaultValue($0.content, .any) })
    case .map: return nil
    }
  }

  private static func keywords(_ shape: Shape) -> [(String, JSONValue)] {
    switch shape {
    case .flag: return orVariable([("type", .text("boolean"))])
    case .integer(let bounds): return orVariable([("type", .text("integer"))] + limits(bounds))
    case .number(let bounds): return orVariable([("type", .text("number"))] + limits(bounds))
    case .text, .path, .name: return [("type", .text("string"))]
    case .column: return anyOf([[("type", .text("string"))], [("type", .text("integer")), ("minimum", .integer(1))]])
    case .choice(let words): return orVariable([("enum", .list(words.map { .text($0) }))])
    case .list(let item, let count, let single):
      var entries: [(String, JSONValue)] = [("type", .text("array")), ("items", .object(keywords(item)))]
      if count.lowerBound > 0 { entries.append(("minItems", .integer(count.lowerBound))) }
      if count.upperBound < Int.max { entries.append(("maxItems", .integer(count.upperBound))) }
      return single ? anyOf([keywords(item), entries]) : orVariable(entries)
    case .table(let item, _, let minimum):
      return [("type", .text("object")), ("additionalProperties", .object(keywords(item)))]
        + (minimum > 0 ? [("minProperties", .integer(minimum))] : [])
    case .section(let section): return object(section)
    case .variants(let variants): return [("type", .text("object"))] + choices(variants)
    case .either(_, let first, let second):
      return object(Section(second.title, first.withoutDefaults.fields + second.withoutDefaults.fields))
    case .union(let shapes): return anyOf(shapes.map(keywords))
    case .optional(let inner): return anyOf([[("const", .text("none"))], keywords(inner)])
    case .any: return []
    }
  }

  private static func choices(_ variants: [Shape.Variant]) -> [(String, JSONValue)] {
    let kinds = JSONValue.list(variants.map { .text($0.kind) })
    return [
      ("properties", .object([("kind", .object([("enum", kinds)]))])),
      (
        "allOf",
        .list(
          variants.map { variant in
            .object([
              (
                "if",
                .object([
                  ("properties", .object([("kind", .object([("const", .text(variant.kind))]))])),
                  ("required", .list([.text("kind")])),
                ])
              ),
              ("then", .object(object(variant.section))),
            ])
          })
      ),
    ]
  }

  private static func limits(_ bounds: Bounds) -> [(String, JSONValue)] {
    var entries = [(String, JSONValue)]()
    if bounds.low.isFinite {
      entries.append((bounds.excludesLow ? "exclusiveMinimum" : "minimum", .number(bounds.low)))
    }
    if bounds.high.isFinite {
      entries.append((bounds.excludesHigh ? "exclusiveMaximum" : "maximum", .number(bounds.high)))
    }
    return entries
  }

  private static func orVariable(_ entries: [(String, JSONValue)]) -> [(String, JSONValue)] {
    [("anyOf", .list([.object(entries), variable]))]
  }

  private static func anyOf(_ shapes: [[(String, JSONValue)]]) -> [(String, JSONValue)] {
    [("anyOf", .list(shapes.map { .object($0) }))]
  }
}
