import Compute
import Foundation
import TestSupport
import Testing

@testable import Models

/// Integrated gradients of each architecture against Captum's (Tests/Fixtures/attribution/captum.json, by
/// Scripts/fixtures/attribution.py).
@Suite struct CaptumTests {
  private struct Fixture: Decodable {
    struct Text: Decodable {
      var ids: [Int32]
      var output: Int
      var score: Double
      var start: Double
      var values: [Double]
    }
    var points: Int
    var kinds: [String: [Text]]
  }

  @Test("shares of tokens are Captum's to 1e-4 of the largest", arguments: ArchitectureTests.kinds)
  func values(name: String) throws {
    let file = Fixtures.root.appendingPathComponent("attribution/captum.json")
    let fixture = try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: file))
    let workspace = Workspace()
    let network = try ArchitectureTests.network(BERTCheckpoint(folder: ArchitectureTests.folder(name)), in: workspace)
    var method = IntegratedGradients(network)
    (method.fewestNodes, method.mostNodes) = (fixture.points, fixture.points)
    for text in try #require(fixture.kinds[name]) {
      let found = method(text.ids, output: text.output, in: workspace)
      let largest = text.values.map(abs).max() ?? 0
      expectClose(found.values, text.values, absolute: 1e-4 * largest, "\(name): \(text.ids)")
      expectClose([found.start, found.score], [text.start, text.score], absolute: 1e-5, "logits")
    }
  }
}
