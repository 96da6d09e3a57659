import Foundation
import Settings
import TestSupport
import Testing

@testable import Manifests

/// Every kind of mistake has a small manifest in `Tests/Fixtures/manifests/broken` and, beside it, the messages that it
/// must give. With BENCH_RECORD set the messages are written anew: read them before you keep them.
@Suite struct ManifestErrorTests {
  static let folder = Fixtures.root.appendingPathComponent("manifests/broken").path + "/"
  static let names: [String] = {
    let all = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return all.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()
  }()

  private func messages(_ name: String) -> String {
    let result = ManifestLoader.load(
      file: Self.folder + name + ".yaml", environment: [:], checkFiles: name.hasPrefix("data-"))
    guard case .failure(let errors) = result else { return "no error\n" }
    return errors.description.replacingOccurrences(of: Self.folder, with: "") + "\n"
  }

  @Test("There is a broken manifest for every kind of mistake")
  func fixturesExist() { #expect(Self.names.count > 50) }

  @Test("Each mistake gives the message that stands beside it", arguments: names)
  func message(name: String) throws {
    let url = URL(fileURLWithPath: Self.folder + name + ".expected")
    let found = messages(name)
    try Fixtures.record(found.utf8, to: url, if: "BENCH_RECORD")
    #expect(found == (try String(contentsOf: url, encoding: .utf8)), "\(name).expected")
  }

  @Test("Ten different mistakes give ten located messages, sorted by position")
  func tenMistakes() throws {
    let result = ManifestLoader.load(file: Self.folder + "ten-mistakes.yaml", environment: [:], checkFiles: true)
    guard case .failure(let errors) = result else {
      Issue.record("no error")
      return
    }
    #expect(errors.errors.count == 10)
    #expect(errors.errors.allSatisfy { $0.line > 0 && $0.column > 0 && $0.sourceLine != nil })
    let places = errors.errors.map { ($0.line, $0.column) }
    #expect(zip(places, places.dropFirst()).allSatisfy { $0 < $1 })
    #expect(Set(places.map { "\($0)" }).count == 10)
  }

  @Test("The caret stands under the value, also after tabs and in long lines")
  func caret() {
    let source = ManifestSource(name: "x.yaml", order: 0, text: "a:\tb\n" + String(repeating: "x", count: 300) + "!")
    func excerpt(_ line: Int, _ column: Int) -> [String] {
      let error = ManifestError(
        at: SourcePosition(source: source, line: line, column: column), got: "b", expected: "c")
      return error.description.split(separator: "\n").map(String.init)
    }
    #expect(excerpt(1, 4) == ["x.yaml:1:4: got b, expected c", "  a:\tb", "    \t^"])
    let long = excerpt(2, 301)
    #expect(long[1].hasSuffix("x!"))
    #expect(long[1].count == long[2].count)
    #expect(long[1].count < 110)
  }
}
