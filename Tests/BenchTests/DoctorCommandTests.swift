import Foundation
import Testing

@Suite struct DoctorCommandTests {
  @Test("doctor says what it found without colours in a pipe, as lines or as JSON, and leaves no file")
  func text() throws {
    try Command.inFolder { folder in
      let lines = try Command.run(["doctor"], in: folder)
      #expect([0, 2].contains(lines.code) && lines.errors.isEmpty && !lines.output.contains("\u{1B}"))
      #expect(
        lines.output.contains("\nok       history           none yet; the first run begins Results/history.sqlite"))
      #expect(lines.output.contains("blas") && !lines.output.contains("older than this processor"))
      #expect(lines.output.hasSuffix(" warnings\n") || lines.output.hasSuffix(" warning\n"))
      let objects = try Command.run(["doctor", "--json"], in: folder).output.split(separator: "\n").map {
        try #require(JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
      }
      #expect(objects.count >= 15)
      #expect(objects.allSatisfy { Set($0.keys) == ["check", "level", "found", "advice"] })
      // No folder of data is there.
      #expect(objects.contains { $0["check"] as? String == "data" && $0["level"] as? String == "warning" })
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == [".err", ".out"])
    }
  }

  @Test("an error ends doctor with 2 and says what to do")
  func error() throws {
    try Command.inFolder { folder in
      try Command.write("mine", as: "file", in: folder)
      let ending = try Command.run(["doctor", "--output", "file/out", "--history", "file"], in: folder)
      #expect(ending.code == 2)
      #expect(ending.output.contains("error    results"))
      #expect(ending.output.contains("→ choose another place with --output and --history"))
      #expect(ending.output.contains("error    history           file: got a file that is no database"))
      #expect(try String(contentsOf: folder.appendingPathComponent("file"), encoding: .utf8) == "mine")
    }
  }
}
