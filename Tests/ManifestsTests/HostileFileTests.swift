import Foundation
import Settings
import Testing

@testable import Manifests

/// Whatever the bytes, the answer is a message that names the file.
@Suite struct HostileFileTests {
  private let folder: ManifestFolder
  init() throws { folder = try ManifestFolder() }

  /// The messages for a file of these bytes.
  private func errors(_ bytes: some Sequence<UInt8>, name: String = "hostile.yaml") throws -> [ManifestError] {
    try folder.write(name, Data(bytes))
    let result = folder.load(name)
    guard case .failure(let errors) = result else { return [] }
    #expect(errors.errors.allSatisfy { $0.description.contains(name) })
    return errors.errors
  }

  private func only(_ text: String) throws -> ManifestError {
    let found = try errors(text.utf8)
    return try #require(found.count == 1 ? found.first : nil, "\(found.count) errors, expected one")
  }

  @Test("A file of data named as a manifest is refused without a line of it")
  func data() throws {
    for name in ["messages.csv", "messages.TSV", "messages.jsonl"] {
      let found = try errors("text,label\nmy card was stolen,card: [\n".utf8, name: name)
      #expect(found.count == 1 && found[0].got.hasPrefix("a file of data (.") && found[0].sourceLine == nil)
    }
  }

  @Test("20,000 levels of nesting are refused, in flow and in block style")
  func deepNesting() throws {
    let deep = 20_000
    #expect(try only(String(repeating: "[", count: deep)).got.contains("levels of nesting"))
    #expect(try only("a: " + String(repeating: "{b: ", count: deep)).got.contains("levels of nesting"))
    #expect(try only(String(repeating: "- ", count: deep) + "a").got.contains("levels of nesting"))
    #expect(try only("a: " + String(repeating: "[", count: deep) + String(repeating: "]", count: deep)).line == 1)
    let block = (0..<500).map { String(repeating: " ", count: $0) + "a:\n" }.joined()
    #expect(try only(block + String(repeating: " ", count: 500) + "b").got.contains("levels of nesting"))
    #expect(try !errors(String(repeating: "? ", count: deep).utf8).isEmpty)
  }

  @Test("An alias bomb is refused before it expands")
  func aliasBomb() throws {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
    for level in 1..<10 {
      let item = "*a\(level - 1)"
      text += "a\(level): &a\(level) [\(Array(repeating: item, count: 9).joined(separator: ", "))]\n"
    }
    #expect(try only(text).got.contains("aliases expanded"))
    #expect(try only(text + "b: [" + String(repeating: "*a1, ", count: 30) + "]\n").got.contains("aliases (`*name`)"))
    #expect(try only(text + "*a9 : 1\n").got.contains("key that is no plain word"))
    #expect(try only(text + "? [*a9, *a9]\n: 1\n").got.contains("key that is no plain word"))
    #expect(try only(text + "? - *a9\n: 1\n").got.contains("key that is no plain word"))
    #expect(try only(text + "{*a8: 1}: 1\n").got.contains("key that is no plain word"))
  }

  @Test("Variables that grow without limit, or run in a long chain, are refused")
  func variableBomb() throws {
    let letters = "abcdefghijklmnopqrst".map { String($0) }
    var lines = "vars:\n  \(letters[0]): 0123456789\n"
    for (one, next) in zip(letters, letters.dropFirst()) { lines += "  \(next): \"${\(one)}${\(one)}${\(one)}\"\n" }
    let text = lines + "name: \"x${t}\"\n"
    #expect(try errors(text.utf8).contains { $0.got.contains("64 KiB") })
    var trees = "vars:\n  v0: [1, 2]\n"
    for level in 1..<40 { trees += "  v\(level): [\"${v\(level - 1)}\", \"${v\(level - 1)}\"]\n" }
    #expect(try errors((trees + "name: ${v39}\n").utf8).contains { $0.got.contains("too many values") })
    var chain = "vars:\n"
    for level in 0..<5_000 { chain += "  v\(level): ${v\(level + 1)}\n" }
    #expect(try errors((chain + "name: ${v0}\n").utf8).contains { $0.got.contains("chain of more than 64") })
  }

  @Test("Binary noise, NUL bytes, broken UTF-8 and an empty file each get one message")
  func noise() throws {
    var state: UInt64 = 1
    let noise = (0..<5_000).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(truncatingIfNeeded: state >> 33)
    }
    #expect(try errors(noise).map(\.got) == ["bytes that are not UTF-8"])
    #expect(try only("name: a\u{0}b\n").got == "the control character U+0000")
    #expect(try only("name: \"a\\0b\"\n").got.contains("control character"))
    #expect(try errors([0x6e, 0x3a, 0x20, 0xc3, 0x28]).map(\.got) == ["bytes that are not UTF-8"])
    #expect(try only("").got == "an empty file")
    #expect(try only("\u{feff}").got == "an empty file")
    #expect(try only("\n\n  \n").got == "an empty file")
    #expect(try errors(Data(repeating: 0x61, count: 300_000)).map(\.got) == ["more than 256 KiB"])
  }

  @Test("Every truncation and many single-byte changes of a good manifest are read or refused, never trapped on")
  func mutations() throws {
    let good = Array(
      """
      name: tiny
      vars: {rows: &r 60, text: "a\\u00e9 ${rows}"}
      corpora: {m: {task: sentiment, domains: {telecom: {generated: {rows: "${rows}", seed: *r}}}}}
      protocols:
        - kind: holdout
          domains: ['telecom']
      models: {a: {kind: lookup}, b: {kind: bert, heads: 2}}
      question: >
        Which one?
      """.utf8)
    for end in stride(from: 0, to: good.count, by: 5) { _ = try errors(good[..<end]) }
    let odd: [UInt8] = [
      0, 9, 10, 0x22, 0x27, 0x24, 0x26, 0x2a, 0x3a, 0x5b, 0x7d, 0x7b, 0x21, 0x25, 0x40, 0x60, 0x7c, 0xff,
    ]
    for index in stride(from: 0, to: good.count, by: 13) {
      for byte in odd {
        var changed = good
        changed[index] = byte
        _ = try errors(changed)
      }
    }
  }

  @Test("A folder and a missing file are named as given")
  func noFile() {
    func message(_ file: String) -> String {
      guard case .failure(let errors) = ManifestLoader.load(file: file, environment: [:], checkFiles: false) else {
        return ""
      }
      return errors.description
    }
    #expect(message("nowhere/x.yaml") == "nowhere/x.yaml: got no such file, expected a manifest (YAML)")
    #expect(message("/") == "/: got a folder, expected a manifest (YAML)")
  }
}
