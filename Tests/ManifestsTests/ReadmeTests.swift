import Foundation
import TestSupport
import Testing

@testable import Manifests

@Suite struct ReadmeTests {
  private static let readme = Fixtures.root.deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("README.md")

  /// The text between the first fence that begins with `fence` after `heading`, and the next one.
  private func block(_ fence: String, after heading: String, in text: String) throws -> String {
    let start = try #require(text.range(of: heading))
    let opening = try #require(text.range(of: "\n\(fence)\n", range: start.upperBound..<text.endIndex))
    let closing = try #require(text.range(of: "\n```\n", range: opening.upperBound..<text.endIndex))
    return String(text[opening.upperBound..<closing.lowerBound])
  }

  @Test("The README's manifest is valid, and its sample of mistakes is what the program says of them")
  func sample() throws {
    let text = try String(contentsOf: Self.readme, encoding: .utf8)
    let manifest = try block("```yaml", after: "## What a manifest looks like", in: text) + "\n"
    let sample = try block("```", after: "A mistake is shown with its place", in: text)
    let folder = try ManifestFolder(["my-messages.yaml": manifest])
    _ = try folder.load("my-messages.yaml").get()
    var wrong = manifest
    for (right, mistake) in [("folds: 5", "folds: 1"), ("kind: lstm,", "kind: lsmt,")] {
      #expect(wrong.contains(right))
      wrong = wrong.replacingOccurrences(of: right, with: mistake)
    }
    try folder.write("my-messages.yaml", Data(wrong.utf8))
    guard case .failure(let errors) = folder.load("my-messages.yaml") else {
      Issue.record("no error")
      return
    }
    #expect(errors.description.replacingOccurrences(of: folder.path, with: "") == sample)
  }
}
