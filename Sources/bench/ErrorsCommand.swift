import Analysis
import ArgumentParser
import Evidence
import Foundation
import Reports
import Tasks

/// `bench errors RUN`: on which rows the models of a stored run err.
struct ErrorsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "errors", abstract: "Shows on which rows the models of a stored run err, and whether they err alike.",
    discussion: """
      RUN is a folder of results; neither the data nor what was trained is needed, and rows are named by their ids alone. \
      Of each data set: answers that all models get right or wrong, one model alone, or one where another fails; rows that \
      a model gets wrong with every seed; classes taken for others; the surest mistakes; and the rows that one model of a \
      pair gets right every time and the other never. Shares have 95 % intervals by rows, or by the groups that rows came \
      in. Exit codes: 0 done, 2 usage, or a folder that cannot be read or whose task has no classes.
      """)

  @Argument(help: ArgumentHelp("The folder of the run.", valueName: "run"))
  var folder: String

  @Option(
    name: .customLong("model"), help: ArgumentHelp("Only this model; may be repeated (default: all but floors)."))
  var models: [String] = []

  @Option(
    help: ArgumentHelp(
      "Two models whose rows are set against each other (default: the question's).", valueName: "model,model"))
  var pair: String?

  @Option(help: "Only this corpus.")
  var corpus: String?

  @Option(name: .customLong("protocol"), help: "Only this protocol (default: the one that decides).")
  var protocolName: String?

  @Flag(help: "Also models tested on another domain than they were trained on.")
  var crossDomain = false

  @Option(help: "Lines of each list.")
  var rows = 10

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Writes every row that a model gets wrong into a CSV file.", valueName: "file"))
  var output: String?

  func validate() throws {
    guard rows >= 1 else { throw ValidationError("--rows: got \(rows), expected a whole number of at least 1") }
  }

  func run() throws {
    let result = try read()
    guard result.manifest.problem == .classification else {
      Console.errors([
        "\(folder): got a run of `problem: \(result.manifest.problem.rawValue)`, expected one of classes"
      ])
      throw Exit.badInput
    }
    let file = try output.map { try OutputFile.url($0, besides: []) }
    let contrasts = DeclaredContrasts(result.manifest)
    let chosen = try chosenModels(contrasts), pair = try chosenPair(contrasts, chosen)
    let analyses = result.errorAnalyses(
      models: chosen, corpus: corpus, protocolName: protocolName, crossDomain: crossDomain)
    guard !analyses.isEmpty else {
      Console.errors(["\(folder): got no answers of all of \(chosen.joined(separator: ", ")) to the same rows"])
      throw Exit.badInput
    }
    let texts = analyses.map { ErrorListing($0, pair: pair, most: rows).text }
    Console.line(texts.joined(separator: "\n\n\n"))
    if let file { try Console.badInput { try Data(ErrorListing.rows(analyses)).write(to: file, options: .atomic) } }
  }

  private func read() throws -> RunResult {
    try PublishedFolder.check(folder)
    return try Console.badInput {
      try PublishedRun(folder: folder, environment: ProcessInfo.processInfo.environment).result
    }
  }

  private func chosenModels(_ contrasts: DeclaredContrasts) throws -> [String] {
    let known = contrasts.candidates + contrasts.floors
    for model in models where !known.contains(model) { try refuse("--model", model, known) }
    return models.isEmpty ? contrasts.candidates : known.filter(models.contains)
  }

  private func chosenPair(_ contrasts: DeclaredContrasts, _ models: [String]) throws -> (a: String, b: String)? {
    guard let pair else { return contrasts.pair(among: models) }
    let names = pair.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard names.count == 2, names[0] != names[1] else {
      throw ValidationError("--pair: got \(pair), expected two models, as `bert,lstm`")
    }
    for name in names where !models.contains(name) { try refuse("--pair", name, models) }
    return (names[0], names[1])
  }

  private func refuse(_ option: String, _ name: String, _ known: [String]) throws {
    Console.errors(["\(option): got `\(name)`, expected a model of the run: \(known.joined(separator: ", "))"])
    throw Exit.badInput
  }
}
