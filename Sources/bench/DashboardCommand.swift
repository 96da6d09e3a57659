import ArgumentParser
import Foundation
import History

/// `bench dashboard`: the history as one page.
struct DashboardCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dashboard", abstract: "Writes one HTML page of all series with their steps.",
    discussion: "The page is a single file without scripts that loads nothing from the network.")

  @Option(name: .shortAndLong, help: ArgumentHelp("The page to write.", valueName: "file"))
  var output = "Results/dashboard.html"

  @OptionGroup var choice: RunChoice

  @OptionGroup var location: HistoryLocation

  func run() throws {
    let store = try location.open()
    try Console.badInput {
      let runs = try store.runs(choice.filter())
      let page = Dashboard(runs: runs, judgements: try store.judgements(), metric: choice.metric).html()
      // Where a link points: the atomic write would replace the link.
      let file = URL(fileURLWithPath: output).resolvingSymlinksInPath()
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(page.utf8).write(to: file, options: .atomic)
    }
    Console.line("dashboard: \(output)")
  }
}
