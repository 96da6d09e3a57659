import ArgumentParser
import History

/// `bench compare A B`: what differs between two runs.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare", abstract: "Compares two runs: their settings, machines, scores and times.",
    discussion: """
      A and B are numbers of recorded runs (bench history --runs), commits (their latest runs of each experiment), or \
      folders of results. Trials are paired where the hash of their split is the same; scores on other rows and times \
      of other machines are not compared, and the output says so.
      """)

  @Argument(help: ArgumentHelp("The run to compare with.", valueName: "A"))
  var first: String

  @Argument(help: ArgumentHelp("The run that is compared.", valueName: "B"))
  var second: String

  @Option(help: "The metric to compare (default: A's primary one).")
  var metric: String?

  @OptionGroup var location: HistoryLocation

  func validate() throws { try RunChoice.check(metric: metric) }

  func run() throws {
    let (left, right) = try (
      RunReference(text: first).runs(in: location), RunReference(text: second).runs(in: location)
    )
    // Commits have runs of several experiments: each is compared with its own.
    var pairs = left.compactMap { a in right.first { $0.experiment == a.experiment }.map { (a, $0) } }
    if pairs.isEmpty, left.count == 1, right.count == 1 { pairs = [(left[0], right[0])] }
    guard !pairs.isEmpty else {
      Console.errors(["\(first) and \(second) have no experiment in common"])
      throw Exit.badInput
    }
    let pages = pairs.map { RunComparison($0, $1).text(metric: metric) }
    Console.line(pages.joined(separator: "\n\n\n"))
  }
}
