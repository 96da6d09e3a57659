import Analysis
import ArgumentParser
import Evidence
import Files
import Foundation
import Reports
import Tasks
import Text

/// `bench evidence RUN`: where the models of a stored run err, whether they know it, and on which rows.
struct EvidenceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evidence",
    abstract: "Shows where the models of a stored run err, whether they know it, and on which kinds of rows.",
    discussion: """
      RUN is a folder of results. Into it go evidence.html and, in evidence/, its pictures and tables: in how far the \
      models err alike, whether the probability that they state is the share in which they are right, what is wrong where \
      only the surest answers are given, and slices: rows with a trait, a word, a length, a class on which a model errs \
      more, or two models differ otherwise, than elsewhere. Slices by text need the run's data, which are read again from \
      where its manifest has them; nothing is trained. Rows are named by their ids. With --with-text one more page has the \
      texts of the rows that it lists, anonymised, in a file outside of RUN. Exit codes: 0 done, 2 usage, other data than \
      the run's, or a folder that cannot be read or written.
      """)

  @Argument(help: ArgumentHelp("The folder of the run.", valueName: "run"))
  var folder: String

  @Option(help: ArgumentHelp("Writes the page with texts into this file, outside of RUN.", valueName: "file"))
  var withText: String?

  @Flag(help: "Texts are not anonymised in that file.")
  var asWritten = false

  @Flag(help: "Does not read the data: no slices by text.")
  var withoutData = false

  @Flag(name: .shortAndLong, help: "No summary.")
  var quiet = false

  func validate() throws {
    if asWritten, withText == nil { throw ValidationError("--as-written is of the file that --with-text names") }
    if withoutData, withText != nil {
      throw ValidationError("--with-text needs the data, --without-data leaves them out")
    }
  }

  func run() throws {
    try PublishedFolder.check(folder)
    let target = try Console.badInput { try OutputFolder.url(folder, experiment: "") }
    _ = try withText.map { try TextPage.url($0, option: "--with-text", besides: []) }
    let result = try Console.badInput {
      try PublishedRun(folder: folder, environment: ProcessInfo.processInfo.environment).result
    }
    guard result.manifest.problem == .classification else {
      Console.errors([
        "\(folder): got a run of `problem: \(result.manifest.problem.rawValue)`, expected one of classes"
      ])
      throw Exit.badInput
    }
    let page = try withText.map {
      try TextPage.url($0, option: "--with-text", besides: result.manifest.dataPaths)
    }
    let texts = try self.texts(of: result)
    let evidence = result.evidence(texts: texts)
    guard !evidence.isEmpty else {
      Console.errors(["\(folder): got no answers of all models to the same rows"])
      throw Exit.badInput
    }
    let files = EvidenceFiles(result, evidence)
    try Console.badInput { try files.write(into: target) }
    if let page, let texts {
      let isRaw = asWritten
      let bytes = files.page { id, corpus in
        texts.text(of: id, in: corpus).map { isRaw ? $0 : Anonymiser.anonymise($0) }
      }
      try Console.badInput { try Data(bytes).write(to: page, options: .atomic) }
    }
    guard !quiet else { return }
    for line in files.summary { Console.line(line) }
    Console.line("")
    Console.line(target.relativePath + "/evidence.html")
  }

  /// nil where they are not asked for.
  private func texts(of result: RunResult) throws -> TestTexts? {
    guard !withoutData else { return nil }
    do { return try TestTexts(of: result) } catch {
      Console.errors(error.reasons)
      Console.warning("with --without-data the page is made without slices by text")
      throw Exit.badInput
    }
  }
}
