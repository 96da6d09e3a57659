import ArgumentParser
import Evidence
import Files
import Foundation
import Manifests
import Reports
import Storage
import Tasks

/// `bench check MODEL SUITE`: whether a kept model does what a suite of behaviour tests asks.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Tests what a kept model does with texts of a kind: typos, negation, greetings.",
    discussion: """
      SUITE is a YAML file of tests after CheckList (Ribeiro et al. 2020): texts with a known class (minimum), changes that \
      must not change the answer (invariance), changes that must not make a class likelier, or less likely (direction). \
      Texts come from templates or, with --rows, from a table or JSON Lines of yours; rows that the model was not trained on \
      say most. With --against another model answers the same cases, and failures are compared in pairs. Texts of yours are \
      never printed. Exit codes: 0 every stated rate is kept, 1 one is exceeded, 2 usage, a suite with mistakes, or data \
      that cannot be read.
      """)

  @Argument(help: ArgumentHelp("A model that a run kept.", valueName: "model"))
  var model: String

  @Argument(help: ArgumentHelp("A suite of tests (YAML).", valueName: "suite"))
  var suite: String

  @Option(help: ArgumentHelp("Another model, on the same cases.", valueName: "model"))
  var against: String?

  @Option(help: ArgumentHelp("A table (.csv, .tsv) or JSON Lines with texts to change.", valueName: "file"))
  var rows: String?

  @Option(help: "The column or key of their text.")
  var text = "text"

  @Option(help: "The column or key of their class, so that it is seen which were answered wrong before.")
  var label: String?

  @Option(
    name: .shortAndLong, help: ArgumentHelp("Writes every case, without texts, into a CSV file.", valueName: "file"))
  var output: String?

  func run() throws {
    let file = try output.map { try OutputFile.url($0, besides: [model, self.suite] + (self.rows.map { [$0] } ?? [])) }
    let suite = try read(self.suite)
    let names = [model] + (against.map { [$0] } ?? [])
    let predictors = try names.map(KeptModel.ofTexts)
    let known = predictors[0].labels
    let rows =
      try rows.map { path in
        try TextRows(path, text: text, label: label, known: known).rows.map {
          BehaviourCases.Row(id: $0.id, text: $0.text, label: $0.label)
        }
      } ?? []
    try check(suite, hasRows: self.rows != nil, predictors)
    let tests = suite.tests.filter { !$0.templates.isEmpty || !rows.isEmpty }
    let all = tests.map { BehaviourCases($0, of: suite, rows: rows) }
    let shown = names.count == 1 ? ["failed"] : ["A", "B"]
    let outcomes = all.map { (cases: BehaviourCases) -> BehaviourOutcome in
      let before: [String] = cases.cases.compactMap { $0.before }
      let after: [String] = cases.cases.map { $0.after }
      return BehaviourOutcome(
        cases, models: shown, before: predictors.map { answers($0, before) },
        after: predictors.map { answers($0, after) })
    }
    Console.line(BehaviourListing(outcomes, skipped: suite.tests.count - all.count).text)
    if let file { try Console.badInput { try Data(BehaviourListing.rows(outcomes)).write(to: file, options: .atomic) } }
    if outcomes.contains(where: { outcome in outcome.models.contains(where: outcome.isExceeded) }) {
      throw Exit.notAsDemanded
    }
  }

  private func read(_ path: String) throws -> BehaviourSuite {
    switch SuiteLoader.load(file: path) {
    case .success(let suite): return suite
    case .failure(let errors):
      StandardStream.error.write("\(errors)\n")
      throw Exit.badInput
    }
  }

  /// Classes that a test names are the models', and there is something to test.
  private func check(_ suite: BehaviourSuite, hasRows: Bool, _ predictors: [Predictor]) throws {
    var mistakes: [String] = []
    let known = predictors[0].labels
    if let other = predictors.dropFirst().first, Set(other.labels) != Set(known) {
      mistakes.append(
        "--against: got a model of other classes, expected one of \(known.prefix(5).joined(separator: ", "))")
    }
    let classes = known.prefix(10).joined(separator: ", ") + (known.count > 10 ? ", …" : "")
    var others: [String] = []
    for test in suite.tests where !test.label.isEmpty && !known.contains(test.label) && !others.contains(test.label) {
      others.append(test.label)
      mistakes.append(
        "\(self.suite): tests.\(test.name).label: got `\(test.label)`, expected a class of the model: \(classes)")
    }
    for (predictor, name) in zip(predictors, [model] + (against.map { [$0] } ?? [])) where !predictor.givesProbabilities
    {
      guard let test = suite.tests.first(where: { $0.kind == .direction }) else { continue }
      mistakes.append(
        "\(name): got a model without probabilities, which the direction test `\(test.name)` needs; expected another model, or "
          + "a suite without such tests")
    }
    if !hasRows, suite.tests.allSatisfy(\.templates.isEmpty) {
      mistakes.append("\(self.suite): got tests of rows alone, expected --rows with some")
    }
    guard mistakes.isEmpty else {
      Console.errors(mistakes)
      throw Exit.badInput
    }
  }

  private func answers(_ predictor: Predictor, _ texts: [String]) -> [BehaviourOutcome.Answer] {
    predictor.predict(texts).map { prediction in
      guard case .label(let label) = prediction.answer else { return .init(label: "", probabilities: [:]) }
      return .init(
        label: label,
        probabilities: Dictionary(
          zip(predictor.labels, prediction.probabilities.map(Double.init)), uniquingKeysWith: { first, _ in first }))
    }
  }
}
