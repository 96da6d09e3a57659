import ArgumentParser
import Compute
import Evidence
import Execution
import Files
import Foundation
import Models
import Reports
import Storage
import Text

/// `bench explain MODEL`: what each word of a text adds to a kept model's answer.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain", abstract: "Shows what each word of a text adds to a kept model's answer.",
    discussion: """
      Of networks the scores are divided by integrated gradients from word vectors of zeros, of linear models by their \
      weights, of trees by Shapley values against an empty message. TEXT is shown in the terminal, word by word. With --rows \
      the texts come from a table or JSON Lines: their words are on the page that --output names, and the terminal says \
      whether the answers hang on the words that add most (comprehensiveness and sufficiency against words at random; \
      DeYoung et al. 2020), of two models with --against in pairs. Exit codes: 0 done, 2 usage, a model that cannot be \
      explained, or data that cannot be read.
      """)

  @Argument(help: ArgumentHelp("A model that a run kept.", valueName: "model"))
  var model: String

  @Argument(help: ArgumentHelp("Texts, each an argument of its own.", valueName: "text"))
  var texts: [String] = []

  @Option(help: ArgumentHelp("Another model, on the same texts.", valueName: "model"))
  var against: String?

  @Option(help: ArgumentHelp("A table (.csv, .tsv) or JSON Lines with texts.", valueName: "file"))
  var rows: String?

  @Option(help: "The column or key of their text.")
  var text = "text"

  @Option(help: "The column or key of their class, shown beside the answers.")
  var label: String?

  @Option(help: "So many rows at most, drawn from all of them.")
  var most = 200

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Writes a page with the texts, their words shaded, into this file.", valueName: "file"))
  var output: String?

  @Flag(help: "Texts are not anonymised on that page.")
  var asWritten = false

  @Flag(name: .shortAndLong, help: "No progress.")
  var quiet = false

  func validate() throws {
    if texts.isEmpty == (rows == nil) { throw ValidationError("expected texts, or --rows with a file of them") }
    if rows == nil, label != nil { throw ValidationError("--label is of the file that --rows names") }
    if asWritten, output == nil { throw ValidationError("--as-written is of the page that --output names") }
    guard most >= 1 else { throw ValidationError("--most: got \(most), expected a whole number of at least 1") }
  }

  func run() throws {
    let page = try output.map {
      try TextPage.url($0, option: "--output", besides: [model] + [against, rows].compactMap(\.self))
    }
    let names = [model] + (against.map { [$0] } ?? [])
    let predictors = try names.map(predictor)
    let (asked, labels) = try read(known: predictors[0].labels)
    if let against, Set(predictors[1].labels) != Set(predictors[0].labels) {
      Console.errors(["--against: got \(against), a model of other classes, expected one of the first model's"])
      throw Exit.badInput
    }
    // Lines for whoever waits at a terminal, and none for a log.
    let progress = Execution.Progress.standardError(quiet: quiet || !Terminal.isTerminal(STDERR_FILENO))
    let meter = Meter(progress, steps: names.count * asked.count * (rows == nil ? 1 : 2))
    let explained = ExplainedTexts(
      labels,
      zip(KeptModel.names(names), predictors).map { explain($1, name: $0, asked, meter) })
    progress.end()
    Console.line(rows == nil ? explained.words : explained.summary)
    guard let page else { return }
    let isRaw = asWritten
    let bytes = explained.page { isRaw ? $0.all : TextPage.anonymous($0) }
    try Console.badInput { try Data(bytes).write(to: page, options: .atomic) }
  }

  private func predictor(_ path: String) throws -> Predictor {
    let predictor = try KeptModel.ofTexts(path)
    guard predictor.attributionMethod != nil else {
      Console.errors([
        "\(path): got a model whose answer is not divided among words, expected a network, a linear model, trees or fastText "
          + "over the text itself (neighbours, lookups, cascades and models over sentence vectors are not)"
      ])
      throw Exit.badInput
    }
    return predictor
  }

  private func read(known: [String]) throws -> (texts: [TextRuns], about: [ExplainedTexts.Text]) {
    guard let rows else {
      let runs = texts.map { TextRuns($0) }
      if let empty = runs.firstIndex(where: { $0.count == 0 }) {
        throw ValidationError("text \(empty + 1): got white space alone, expected words")
      }
      return (runs, runs.indices.map { ExplainedTexts.Text(id: "text \($0 + 1)", label: nil) })
    }
    let all = try TextRows(rows, text: text, label: label, known: known).rows
    // Files are often sorted by class.
    var order = Array(all.indices), random = Random(seed: 1, stream: "rows to explain")
    random.shuffle(&order)
    let runs = order.prefix(most).sorted().map { (row: all[$0], runs: TextRuns(all[$0].text)) }
      .filter { $0.runs.count > 0 }
    if all.count > most { Console.line("\(most) of \(all.count) rows, drawn by chance") }
    guard !runs.isEmpty else {
      Console.errors(["\(rows): got no row with words"])
      throw Exit.badInput
    }
    return (runs.map(\.runs), runs.map { ExplainedTexts.Text(id: $0.row.id, label: $0.row.label) })
  }

  /// Texts explained and taken apart, and the time left.
  private final class Meter {
    private let progress: Execution.Progress
    private let steps: Int
    private let start = ContinuousClock.now
    private var done = 0

    init(_ progress: Execution.Progress, steps: Int) { (self.progress, self.steps) = (progress, steps) }

    func advance(_ what: String, by count: Int) {
      done += count
      let seconds = Double((ContinuousClock.now - start).components.seconds)
      let left = Execution.Progress.duration(seconds * Double(steps - done) / Double(max(1, done)))
      progress.stage("\(what): \(done * 100 / max(1, steps)) % · \(left) left")
    }
  }

  private func explain(
    _ predictor: Predictor, name: String, _ asked: [TextRuns], _ meter: Meter
  ) -> ExplainedTexts.Model {
    let predictions = predictor.predict(asked.map(\.text))
    let answers = predictions.map { prediction -> String in
      guard case .label(let label) = prediction.answer else { return "" }
      return label
    }
    let places = Dictionary(zip(predictor.labels, predictor.labels.indices), uniquingKeysWith: { first, _ in first })
    let classes = answers.map { places[$0] ?? 0 }
    let found = stride(from: 0, to: asked.count, by: 8).flatMap { first in
      let part = first..<min(first + 8, asked.count)
      let own = predictor.attributions(asked[part].map(\.text), outputs: Array(classes[part]))
      meter.advance("\(name), words", by: part.count)
      return own
    }
    return ExplainedTexts.Model(
      name: name, method: predictor.attributionMethod ?? .weights, answers: answers,
      probabilities: predictions.map(\.probability), attributions: found,
      faithfulness: rows == nil || !predictor.givesProbabilities
        ? nil : faithfulness(predictor, asked, classes, found) { meter.advance("\(name), words taken away", by: 1) })
  }

  private func faithfulness(
    _ predictor: Predictor, _ asked: [TextRuns], _ classes: [Int], _ found: [WordAttribution], _ ended: () -> Void
  ) -> Faithfulness? {
    let own = asked.indices.filter { asked[$0].count > 1 }
    guard !own.isEmpty else { return nil }
    return Faithfulness(
      own.map { asked[$0] }, rankings: own.map { found[$0].ranking }, classes: own.map { classes[$0] },
      random: Random(seed: 1, stream: "words at random")
    ) { texts, classes in
      // The whole texts are asked about at once, before one after another is taken apart.
      if texts.count != own.count { ended() }
      return zip(predictor.predict(texts), classes).map { Double($0.probabilities[$1]) }
    }
  }
}
