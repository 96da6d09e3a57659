import ArgumentParser
import Evidence
import Foundation
import Manifests
import Reports

/// `bench advise`: which model to use, by stored runs.
struct AdviseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "advise", abstract: "Says which model to use for your rows, by stored runs on rows like them.",
    discussion: """
      Every folder of results below --results is read; nothing is trained. Settings count the more the nearer their training \
      rows, classes and words of a text are to yours, and rows of one file count once. The answer has the accuracy to expect, \
      with the range in which that of other rows like these would lie, and the probability that the model comes within a \
      point of the best. Where fewer than three sources are like yours the answer is that nobody knows. Below it stands how \
      good such advice is: each source is left out and asked about. Exit codes: 0 done, 2 usage, or folders that cannot be \
      read.
      """)

  @Option(help: "Rows to train on.")
  var rows: Int

  @Option(help: "Classes to tell apart.")
  var classes: Int

  @Option(help: "Words of a text in the middle.")
  var words: Int?

  @Option(help: ArgumentHelp("Milliseconds that the answer to one text may take.", valueName: "ms"))
  var queryMs: Double?

  @Option(help: ArgumentHelp("Size that a model may have: 50MB, 512kB.", valueName: "size"))
  var bytes: String?

  @Option(help: ArgumentHelp("Core-hours that a training may take.", valueName: "hours"))
  var coreHours: Double?

  @Option(help: ArgumentHelp("A folder of results, or of folders of them.", valueName: "folder"))
  var results = "Results"

  func validate() throws {
    guard rows > 0, classes > 1, words ?? 1 > 0 else {
      throw ValidationError("expected a row or more, two classes or more, and a word or more")
    }
    guard queryMs ?? 1 > 0, coreHours ?? 1 > 0 else { throw ValidationError("limits are above 0") }
    if let bytes, TuningSettings.Limits.bytes(bytes) == nil {
      throw ValidationError("--bytes: got \(bytes), expected a size as 50MB, 512kB or a number")
    }
  }

  func run() throws {
    let folders = try self.folders()
    var settings: [StoredSetting] = []
    for folder in folders {
      let result = try Console.badInput {
        try PublishedRun(folder: folder, environment: ProcessInfo.processInfo.environment, isAnalysed: false).result
      }
      settings += StoredSetting.all(of: result, run: URL(fileURLWithPath: folder).lastPathComponent)
    }
    var question = Advice.Question(rows: Double(rows), classes: Double(classes), words: words.map(Double.init))
    (question.queryMilliseconds, question.coreHours) = (queryMs, coreHours)
    question.bytes = bytes.flatMap { TuningSettings.Limits.bytes($0) }.map(Double.init)
    let listing = AdviceListing(
      Advice(question, from: settings), Advice.judged(settings, limits: question))
    for line in listing.lines { Console.line(line) }
  }

  /// The folder itself, or those in it, by name.
  private func folders() throws -> [String] {
    if OutputFolder.isRun(results) { return [results] }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: results))?.sorted() ?? []
    let found = names.map { "\(results)/\($0)" }.filter(OutputFolder.isRun)
    guard !found.isEmpty else {
      Console.errors(["--results: \(results): got no folder of results, expected one, or a folder of such"])
      throw Exit.badInput
    }
    return found
  }
}
