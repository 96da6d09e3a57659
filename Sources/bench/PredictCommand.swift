import ArgumentParser
import Corpora
import Files
import Foundation
import Storage
import Tasks
import Text

/// `bench predict`: labels texts with a model that a run kept.
struct Predict: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Labels texts with a model that a run kept.",
    discussion: """
      A run keeps the model of every fit in FOLDER.fits beside its results, as FIT-KEY.model. Each line of the input is \
      a text (UTF-8), and each gives one line of JSON, in the same order: label, its probability, and the probabilities \
      of all classes. A line without anything but white space gives the label null. A model of several labels gives \
      labels, a list, perhaps an empty one, and the probabilities of all labels; one of numbers gives value. Texts are \
      answered as they arrive, \
      up to 32 at a time; no number depends on the other texts or on the number of threads.

      With --column the input is a table (CSV, TSV) or JSON Lines, and comes back in its own form, in UTF-8, with label \
      and probability, or labels, or value, added to every row; several labels have a comma between them. --delimiter, --encoding, --no-header and --no-quotes are the keys of a manifest's \
      corpora. A row that cannot be read is an error before any work. A .csv, .tsv or .jsonl without --column is refused: \
      its lines are no texts.
      """)

  @Argument(help: ArgumentHelp("A model that a run kept.", valueName: "model"))
  var model: String

  @Argument(
    help: ArgumentHelp(
      "A text a line or, with --column, a table or JSON Lines; - is standard input.", valueName: "file"))
  var file = "-"

  @OptionGroup(title: "Columns") var columns: PredictColumns

  @Option(help: ArgumentHelp("Writes to a file, whole or not at all, not to standard output.", valueName: "file"))
  var output: String?

  @Flag(
    name: .customLong("with-text"),
    help: "Gives each text as well, under the key text, without the personal data that a pattern finds.")
  var withText = false

  @Flag(
    inversion: .prefixedNo, help: "With --with-text: <email>, <phone>, <card> and the like stand for personal data.")
  var anonymise = true

  func validate() throws {
    if !anonymise, !withText { throw ValidationError("--no-anonymise: expected --with-text with it") }
    if FileSource.Format(endingOf: file) == .conll {
      throw ValidationError(
        "\(file): got CoNLL's columns by its ending, expected a file with the tokens of each message, joined by blanks, a "
          + "message a line")
    }
    if withText, columns.areNamed { throw ValidationError("--with-text: expected no --column, whose rows keep theirs") }
  }

  func run() throws {
    var answers = try AnswerOutput(output, besides: [model] + (file == "-" ? [] : [file]))
    let predictor = Predictor(try KeptModel.read(model), threads: ProcessInfo.processInfo.activeProcessorCount)
    StandardStream.outlivesReaders()
    if try columns.areRead(from: file, by: predictor) {
      try columns.label(file, predictor, to: &answers)
    } else {
      try labelLines(predictor, to: &answers)
    }
    try answers.finish()
  }

  private func labelLines(_ predictor: Predictor, to answers: inout AnswerOutput) throws {
    var lines = try Console.badInput { try LineStream(path: file) }
    while true {
      let texts = try Console.badInput { try lines.next(Predictor.batch) }
      if texts.isEmpty { return }
      let predictions = predictor.predictions(of: texts.map { Input(text: $0) })
      let text = zip(texts, predictions).map { predictor.json($1, text: withText ? shown($0) : nil) + "\n" }.joined()
      guard try answers.write(Array(text.utf8)) else { return }
    }
  }

  private func shown(_ text: String) -> String { anonymise ? Anonymiser.anonymise(text) : text }
}
