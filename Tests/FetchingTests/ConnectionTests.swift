import Foundation
import Measurement
import TestSupport
import Testing

/// Messages of customers stay on the machine: nothing but `bench fetch` can open a connection.
@Suite struct ConnectionTests {
  private static let sources = Fixtures.root.deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Sources")

  /// Source files that hold one of the words, below Sources.
  private func files(with words: [String]) throws -> Set<String> {
    let paths = try FileManager.default.subpathsOfDirectory(atPath: Self.sources.path)
      .filter { ["swift", "c", "h"].contains(URL(fileURLWithPath: $0).pathExtension) }
    #expect(paths.count > 300)
    return try Set(
      paths.filter { path in
        let text = try String(contentsOf: Self.sources.appendingPathComponent(path), encoding: .utf8)
        return words.contains { text.contains($0) }
      })
  }

  @Test("Only the target Fetching names what a connection needs, and only bench imports it")
  func connections() throws {
    let network = try files(with: [
      "URLSession", "URLRequest", "FoundationNetworking", "import Network", "NWConnection", "CFSocket", "getaddrinfo",
      "socket(", "sys/socket",
    ])
    #expect(
      network.contains("Fetching/Receiver.swift") && network.allSatisfy { $0.hasPrefix("Fetching/") }, "\(network)")
    let importers = try files(with: ["import Fetching"])
    #expect(!importers.isEmpty && importers.allSatisfy { $0.hasPrefix("bench/") }, "\(importers)")
  }

  @Test("Other programs are started for one thing alone: git for the commit")
  func programs() throws {
    #expect(
      try files(with: ["Process()", "posix_spawn", "popen("])
        == ["Measurement/Machine.swift"])
  }
}
