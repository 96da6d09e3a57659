import ArgumentParser
import Files
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
    let page = try Console.badInput {
      Dashboard(runs: try store.runs(choice.filter()), judgements: try store.judgements(), metric: choice.metric).html()
    }
    // Where a link points: the file is renamed into its place, which would replace the link.
    let file = URL(fileURLWithPath: output).resolvingSymlinksInPath()
    let folder = file.deletingLastPathComponent().path
    if let reason = FileSystem.makeFolder(folder) ?? FileSystem.save(Array(page.utf8), to: file) {
      Console.errors(["--output: \(output): cannot be written: \(reason)"])
      throw Exit.badInput
    }
    Console.line("dashboard: \(output)")
  }
}
