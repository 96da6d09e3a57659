import ArgumentParser
import Files
import Foundation
import Reports

/// `bench report RUN`: makes a published run's report again, from its folder alone.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Makes the report of a stored run again, or by another metric, margin or pairs.",
    discussion: """
      RUN is a folder of results. Report, cards, figures and tables are made anew from its predictions, run.json, \
      measured.json, machine.json and manifest.resolved.yaml: neither the data nor what was trained is needed, and \
      nothing is trained. Without --output they replace those in RUN. With the settings that the run had, the files are those of the run to the byte. Numbers that \
      need the probabilities of all classes (areas under the curve, Brier scores) are the run's own; where the run did \
      not compute one, the report says so. Exit codes: 0 done, 2 usage, or a folder that cannot be read or written.
      """)

  @Argument(help: ArgumentHelp("The folder of the run.", valueName: "run"))
  var folder: String

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "Replaces a value of comparisons, e.g. comparisons.margin=2 or comparisons.pairs=[[bert,lstm],[lstm,tfidf]], or the question. May be repeated.",
      valueName: "key.path=value"))
  var overrides: [String] = []

  @Option(
    name: .shortAndLong, help: ArgumentHelp("Where the files go (default: into the run's folder).", valueName: "folder")
  )
  var output: String?

  @Flag(name: .shortAndLong, help: "No summary.")
  var quiet = false

  func run() throws {
    try PublishedFolder.check(folder)
    let target = try Console.badInput { try OutputFolder.url(output ?? folder, experiment: "") }
    let run: PublishedRun
    do {
      run = try PublishedRun(
        folder: folder, overrides: overrides, environment: ProcessInfo.processInfo.environment)
    } catch {
      StandardStream.error.write("\(error)\n")
      throw Exit.badInput
    }
    try Console.badInput { try run.write(to: target) }
    if !quiet {
      Console.line(
        TerminalSummary.render(run.result, reportPath: target.relativePath + "/report.md", style: .standardOutput))
    }
  }
}
