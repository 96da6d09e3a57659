import Foundation
import Testing

@testable import Manifests

@Suite struct YAMLValueTests {
  private func type(_ text: String) -> String {
    switch YAMLValue.resolve(text) {
    case .null: "null"
    case .flag(let flag): "flag \(flag)"
    case .integer(let integer): "integer \(integer)"
    case .number(let number): "number \(number)"
    case .text: "text"
    case .list: "list"
    case .map: "map"
    }
  }

  @Test("Plain scalars have the types of YAML 1.2's core schema")
  func coreSchema() {
    let cases = [
      "": "null", "~": "null", "Null": "null", "nULL": "text", "true": "flag true", "FALSE": "flag false",
      "yes": "text",
      "on": "text", "0": "integer 0", "-7": "integer -7", "+7": "integer 7", "007": "integer 7", "0o17": "integer 15",
      "0x1F": "integer 31", "0xg": "text", "1_000": "text", "1.5": "number 1.5", "1.": "number 1.0", ".5": "number 0.5",
      "-.5e-3": "number -0.0005", "1e3": "number 1000.0", "1e": "text", ".": "text", "-": "text", "+": "text",
      "1:30": "text",
      ".inf": "number inf", "-.INF": "number -inf", ".nan": "number nan", "1 2": "text", "2024-01-01": "text",
      "99999999999999999999": "number 1e+20",
    ]
    for (text, expected) in cases { #expect(type(text) == expected, "\(text)") }
  }
}

@Suite struct ManifestJSONSchemaTests {
  private let schema: [String: Any]
  init() throws {
    schema = try #require(
      JSONSerialization.jsonObject(with: Data(ManifestJSONSchema.text.utf8)) as? [String: Any])
  }

  @Test("It is JSON with a description for every key, closed to unknown keys")
  func shape() throws {
    var objects = 0
    func visit(_ value: Any, path: String) {
      if let list = value as? [Any] { for (index, item) in list.enumerated() { visit(item, path: "\(path)/\(index)") } }
      guard let object = value as? [String: Any] else { return }
      let isOfUsersKeys = object["additionalProperties"] is [String: Any]
      if let properties = object["properties"] as? [String: [String: Any]], object["additionalProperties"] != nil,
        !isOfUsersKeys
      {
        objects += 1
        #expect(object["additionalProperties"] as? Bool == false, "\(path)")
        for (key, property) in properties { #expect(property["description"] is String, "\(path)/\(key)") }
      }
      for (key, item) in object { visit(item, path: "\(path)/\(key)") }
    }
    visit(schema, path: "")
    #expect(schema["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
    #expect(objects > 20)
  }

  @Test("Its top-level keys are those of the format")
  func keys() throws {
    let properties = try #require(schema["properties"] as? [String: Any])
    #expect(properties.keys.sorted() == ManifestSchema.root.fields.map(\.key).sorted())
  }
}
