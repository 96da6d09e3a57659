import Foundation
import TestSupport
import Testing
#if canImport(FoundationXML)
  import FoundationXML
#endif

@testable import Analysis
@testable import Reports

@Suite struct ResultFilesTests {
  private static let result = SyntheticRun.result
  private static let files = ResultFiles(result).all
  private static let folder = Fixtures.root.appendingPathComponent("reports")

  /// Every file but binary and long ones, and the other forms of report.md, which have tests of their own.
  /// `BENCH_UPDATE_SNAPSHOTS=1 swift test` writes them anew: read the difference.
  private static let compared = files.map(\.path).filter { !uncompared.contains($0) && !$0.hasPrefix("tables/") }
  private static let uncompared: Set = [
    "probabilities.f32", "predictions.csv", "predictions.csv.gz", "test-rows.csv.gz", "measured.json", "report.html",
  ]

  @Test("searches that began with the declared model say so, and have regret and optimism")
  func searchCourse() throws {
    var result = Self.result
    func report(_ result: RunResult) throws -> String {
      let file = try #require(ResultFiles(result).all.first { $0.path == "report.md" })
      return String(decoding: file.bytes, as: UTF8.self)
    }
    #expect(try !report(result).contains("Regret"))
    for index in result.tuning.indices { result.tuning[index].trials[0].isDeclared = true }
    let random = try report(result)
    #expect(
      random.contains("of each model, the first as declared, the others drawn at random from its space, were tried"))
    #expect(random.contains("Its settings are those declared."))
    let row = try #require(
      random.split(separator: "\n").first { $0.contains("`lstm`") && $0.contains("| 8.33 | – | – | – |") })
    #expect(row.contains("| 3 |"))
    result.manifest.tuning?.search = .bayesian
    result.manifest.tuning?.parallel = 3
    #expect(try report(result).contains("Gaussian process over the trials before (3 chosen together), were tried"))
  }

  @Test("a run that went on from an earlier one says how many fits its time leaves out")
  func resumed() throws {
    var result = Self.result
    result.reusedFits = 2
    let file = try #require(ResultFiles(result).all.first { $0.path == "report.md" })
    let fits = Set(result.records.map(\.fit)).count
    #expect(String(decoding: file.bytes, as: UTF8.self).contains("Of \(fits) fits 2 were stored by an earlier run"))
  }

  @Test("Each file is that of the snapshot, byte for byte", arguments: compared)
  func snapshot(path: String) throws {
    let bytes = try #require(Self.files.first { $0.path == path }).bytes
    let url = Self.folder.appendingPathComponent(path)
    try Fixtures.record(bytes, to: url, if: "BENCH_UPDATE_SNAPSHOTS")
    let expected = try Array(Data(contentsOf: url))
    guard bytes != expected else { return }
    let got = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    let want = String(decoding: expected, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    let line = zip(got, want).enumerated().first { $0.element.0 != $0.element.1 }?.offset ?? min(got.count, want.count)
    Issue.record(
      "\(path):\(line + 1): got \(line < got.count ? got[line] : "nothing"), expected \(line < want.count ? want[line] : "nothing")"
    )
  }

  @Test("No snapshot is left of a file that is no longer written")
  func noStaleSnapshots() throws {
    let names = try FileManager.default.subpathsOfDirectory(atPath: Self.folder.path).filter { $0.contains(".") }
    #expect(Set(names).subtracting(["terminal-80.txt", "terminal-48.txt", ".gitattributes"]) == Set(Self.compared))
  }

  @Test("The columns are the documented ones")
  func documented() throws {
    let page = Fixtures.root.resolvingSymlinksInPath().deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Documentation/Results.md")
    let text = try String(contentsOf: page, encoding: .utf8)
    for file in Self.files where file.path.hasSuffix(".csv") {
      #expect(text.contains("## \(file.path)"), "Documentation/Results.md has no section for \(file.path)")
      let section = text.components(separatedBy: "\n## ").first { $0.hasPrefix(file.path + "\n") } ?? ""
      let header = String(decoding: file.bytes.prefix { $0 != 13 }, as: UTF8.self)
      for column in header.split(separator: ",") {
        #expect(section.contains("| `\(column)` |"), "Documentation/Results.md: \(file.path): \(column)")
      }
    }
  }

  @Test("What a clock gave changes only its own files, what is named so and the marked part of the report")
  func onlyTheMarkedPart() throws {
    var other = Self.result
    for index in other.timings.indices {
      other.timings[index].samples = other.timings[index].samples.map { $0 * 1.37 }
      other.timings[index].peakBytes += 4_096
      other.timings[index].peakShare = other.timings[index].peakShare.map { $0 / 2 }
    }
    for index in other.records.indices { other.records[index].measured.trainSeconds += 3 }
    for search in other.tuning.indices {
      for trial in other.tuning[search].trials.indices { other.tuning[search].trials[trial].coreSeconds *= 2 }
    }
    other.elapsedSeconds += 10
    other.timingWarnings = []
    (other.machine.cpu, other.machine.load, other.machine.commit) = ("Another CPU", 0.1, "fff")
    let changed = zip(Self.files, ResultFiles(other).all).filter { $0.0 != $0.1 }.map(\.0.path)
    let named = changed.filter { $0.split(separator: "/").last?.hasPrefix("measured-") == true }
    #expect(named.contains { $0.hasSuffix(".svg") } && named.contains { $0.hasSuffix(".tex") })
    #expect(
      Set(changed).subtracting(named) == ["machine.json", "measured.json", "report.md", "report.html", "timing.csv"])
    func unmarked(_ files: [ResultFiles.File], _ name: String) -> [Substring] {
      let text = String(decoding: files.first { $0.path == name }?.bytes ?? [], as: UTF8.self)
      var isMarked = false
      return text.split(separator: "\n", omittingEmptySubsequences: false).filter { line in
        if line == "<!-- measured -->" { isMarked = true }
        defer { if line == "<!-- /measured -->" { isMarked = false } }
        return !isMarked
      }
    }
    for name in ["report.md", "report.html"] {
      #expect(unmarked(Self.files, name) == unmarked(ResultFiles(other).all, name))
      #expect(unmarked(Self.files, name).count > 100)
    }
  }

  @Test("probabilities.f32 reads back in the order of predictions.csv")
  func probabilities() throws {
    let bytes = try #require(Self.files.first { $0.path == "probabilities.f32" }).bytes
    let end = try #require(bytes.firstIndex(of: 10))
    let header = try #require(JSONSerialization.jsonObject(with: Data(bytes[..<end])) as? [String: Any])
    let trials = try #require(header["trials"] as? [[String: Any]])
    let predictions = try #require(Self.files.first { $0.path == "predictions.csv" }).bytes
    let lines = String(decoding: predictions, as: UTF8.self).components(separatedBy: "\r\n").dropFirst().dropLast()
    #expect(header["rows"] as? Int == lines.count)
    var offset = end + 1
    var line = lines.startIndex
    for trial in trials {
      let classes = try #require(trial["classes"] as? [String])
      for _ in 0..<(try #require(trial["rows"] as? Int)) {
        let row = classes.indices.map { index -> Float in
          let start = offset + 4 * index
          return Float(
            bitPattern: (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[start + $1]) << UInt32(8 * $1) })
        }
        offset += 4 * classes.count
        let fields = lines[line]
        #expect(fields.hasPrefix(try #require(trial["trial"] as? String)))
        #expect(fields.contains(",\(try #require(row.max())),"))
        line += 1
      }
    }
    #expect(offset == bytes.count)
    #expect(line == lines.endIndex)
  }

  @Test("Predictions stay out where the manifest says so")
  func withoutPredictions() {
    var result = Self.result
    result.manifest.outputs.predictions = false
    let names = ResultFiles(result).all.map(\.path)
    #expect(!names.contains("predictions.csv") && !names.contains("probabilities.f32"))
  }

  @Test("A run whose trials all failed is reported, failures first")
  func allFailed() {
    var result = Self.result
    for index in result.records.indices {
      result.records[index].status = .failed
      result.records[index].failure = "no memory"
      result.records[index].metrics = [:]
    }
    result.analysis = Analysis(records: result.records, manifest: result.manifest)
    let report = MarkdownRenderer.render(Report(result))
    let headings = report.split(separator: "\n").filter { $0.hasPrefix("## ") }
    #expect(headings.first?.contains("trials failed") == true)
    #expect(report.contains("No trial ended"))
  }

  @Test("Pictures are well-formed XML with a title and a description")
  func pictures() throws {
    let pictures = Self.files.filter { $0.path.hasSuffix(".svg") }
    #expect(pictures.count == 9)
    for picture in pictures {
      let counter = ElementCounter()
      let parser = XMLParser(data: Data(picture.bytes))
      parser.delegate = counter
      #expect(parser.parse(), "\(picture.path): \(parser.parserError.map { "\($0)" } ?? "")")
      #expect(counter.names["title", default: 0] > 0 && counter.names["desc"] == 1 && counter.names["svg"] == 1)
      #expect(counter.names["text", default: 0] > 10)
    }
  }
}

private final class ElementCounter: NSObject, XMLParserDelegate {
  var names: [String: Int] = [:]
  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) { names[name, default: 0] += 1 }
}
