import ArgumentParser
import Foundation
import History
import Records
import Tasks

/// `bench history`: what ran, and how its figures went.
struct HistoryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "history", abstract: "Shows the recorded runs and how their figures went.",
    discussion: """
      Every run is recorded. Figures stand side by side only where experiment, machine and all settings that make \
      them are the same. Times are medians of a batch.
      """)

  @OptionGroup var location: HistoryLocation

  @OptionGroup var choice: RunChoice

  @Option(help: "Only this model.")
  var model: String?

  @Option(help: "Only so many of the latest runs.")
  var limit: Int?

  @Flag(help: "Lists the runs instead of their figures.")
  var runs = false

  func validate() throws {
    if let limit, limit < 1 { throw ValidationError("--limit: got \(limit), expected a whole number of at least 1") }
  }

  func run() throws {
    let store = try location.open()
    let filter = choice.filter(limit: limit)
    let found = try Console.badInput { try store.runs(filter) }
    guard !found.isEmpty else {
      Console.line("no run matches")
      return
    }
    Console.line(
      runs ? HistoryListing.runs(found) : HistoryListing.series(found, metric: choice.metric, model: model))
  }
}

/// Which of the recorded runs and figures.
struct RunChoice: ParsableArguments {
  @Option(help: "Only this experiment (a manifest's name).")
  var experiment: String?

  @Option(help: "Only runs on this git branch.")
  var branch: String?

  @Option(help: "Only the machine whose key begins so.")
  var machine: String?

  @Option(help: "The metric to show (default: each experiment's primary one).")
  var metric: String?

  func validate() throws { try Self.check(metric: metric) }

  func filter(limit: Int? = nil) -> RunFilter {
    RunFilter(experiment: experiment, branch: branch, machine: machine, limit: limit)
  }

  /// Refuses a name that no column of scores has.
  static func check(metric: String?) throws {
    guard let metric, ScoreName(column: metric) == nil else { return }
    let names = MetricName.allCases.map(\.rawValue).joined(separator: ", ")
    throw ValidationError("--metric: got \(metric), expected one of \(names)")
  }
}

/// Where the history is.
struct HistoryLocation: ParsableArguments {
  @Option(
    name: .customLong("history"),
    help: ArgumentHelp("The history's file (default: \(HistoryStore.defaultPath)).", valueName: "file"))
  var path: String?

  /// Opens an existing history; exit code 2 where there is none.
  func open() throws -> HistoryStore {
    try Console.badInput { try HistoryStore(path: path ?? HistoryStore.defaultPath, mustExist: true) }
  }

  /// Opens a history to write to, and begins one where there is none; says where a damaged one was put.
  /// - Parameter isSuspect: looks for damage first.
  func openToRecord(isSuspect: Bool = false) throws(HistoryError) -> HistoryStore {
    let store = try HistoryStore(path: path ?? HistoryStore.defaultPath, isSuspect: isSuspect)
    if let aside = store.setAside {
      Console.warning(
        "\(path ?? HistoryStore.defaultPath) was damaged; it is kept as \(aside), and a new history begins")
    }
    return store
  }

  /// After an error that damage met in use: the next night begins a new history.
  func putAsideIfDamaged() { _ = try? openToRecord(isSuspect: true) }

  /// Records a run. A history that cannot be written is no reason to lose the run: it is said, and the number is nil.
  @discardableResult
  func record(_ run: StoredRun) -> Int64? {
    do {
      do { return try openToRecord().record(run) } catch .damaged {
        return try openToRecord(isSuspect: true).record(run)
      }
    } catch {
      Console.warning("\(error); the run's results are written, but it is not in the history")
      return nil
    }
  }
}
