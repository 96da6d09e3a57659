import Foundation
import Testing

@testable import Files

@Suite struct FileSystemTests {
  @Test("a new folder and its new ancestors are made, and every name is flushed in the folder that holds it")
  func makeFolder() throws {
    let root = FileManager.default.temporaryDirectory.appendingPathComponent("bench-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: root) }
    var flushed: [String] = []
    func make(_ path: String) -> String? {
      FileSystem.makeFolder(path) {
        flushed.append($0)
        return nil
      }
    }
    #expect(make(root) == nil && flushed == [(root as NSString).deletingLastPathComponent])
    flushed = []
    #expect(make(root + "/deep/er/run") == nil)
    #expect(flushed == [root, root + "/deep", root + "/deep/er"])
    flushed = []
    #expect(make(root + "/deep/er/run") == nil && flushed.isEmpty)
    try Data().write(to: URL(fileURLWithPath: root + "/file"))
    #expect(make(root + "/file") != nil && make(root + "/file/below") != nil)
    #expect(FileSystem.makeFolder(root + "/other") { _ in "disk on fire" } == "disk on fire")
  }
}
