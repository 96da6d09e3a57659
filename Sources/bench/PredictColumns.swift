import ArgumentParser
import Corpora
import Files
import Foundation
import Storage
import Tasks

/// The options of `bench predict` that say where a table or JSON Lines has its texts, and what is added to it.
struct PredictColumns: ParsableArguments {
  @Option(
    name: .customLong("column"),
    help: ArgumentHelp(
      "A column (CSV, TSV) or key (JSON Lines) of the text; several, each with its own --column, are joined by a space.",
      valueName: "name"))
  var names: [String] = []

  @Option(
    help: ArgumentHelp(
      "csv, tsv or jsonl; else by the file's ending, or csv where a table is told of.", valueName: "form"))
  var format: FileSource.Format?

  @Option(help: ArgumentHelp("Between fields: a character, or \(FileSource.delimiterNames).", valueName: "sign"))
  var delimiter: String?

  @Option(help: "How bytes stand for text; utf-16 has a byte order mark.")
  var encoding: FileSource.Encoding?

  @Option(
    name: .customLong("missing"),
    help: ArgumentHelp(
      "What stands in a column that the model reads where there is no value; several with an option each.",
      valueName: "text"))
  var missing: [String] = []

  @Flag(name: .customLong("no-header"), help: "The first line is a row; columns are called 1, 2, …")
  var hasNoHeader = false

  @Flag(name: .customLong("no-quotes"), help: "Quotes stand for themselves and enclose nothing.")
  var hasNoQuotes = false

  @Option(help: ArgumentHelp("Stands before the names that are added.", valueName: "text"))
  var prefix: String?

  @Flag(help: "Adds the probability of every class.")
  var probabilities = false

  var areNamed: Bool { !names.isEmpty }

  /// The options that tables alone have.
  private var ofTables: [(name: String, isGiven: Bool)] {
    [("--delimiter", delimiter != nil), ("--no-header", hasNoHeader), ("--no-quotes", hasNoQuotes)]
  }

  /// Whether the file is a table or JSON Lines: its columns are named, or the model asks for some.
  func areRead(from file: String, by predictor: Predictor) throws -> Bool {
    guard predictor.columns.isEmpty else {
      if predictor.readsText, !areNamed {
        throw ValidationError(
          "\(file): expected --column with the name of its texts, which the model reads beside columns")
      }
      return true
    }
    if !missing.isEmpty {
      throw ValidationError("--missing: got a model that reads no columns, expected one that does")
    }
    if areNamed { return true }
    let others: [(name: String, isGiven: Bool)] = [
      ("--format", format != nil), ("--encoding", encoding != nil), ("--prefix", prefix != nil),
      ("--probabilities", probabilities),
    ]
    if let given = (ofTables + others).first(where: \.isGiven) {
      throw ValidationError("\(given.name): expected --column with it, for a table or JSON Lines")
    }
    if let ending = [".csv", ".tsv", ".jsonl"].first(where: file.lowercased().hasSuffix) {
      throw ValidationError(
        "\(file): got a table or objects by its ending (\(ending)), expected --column with the name of its texts; a text a "
          + "line can be given on standard input")
    }
    return false
  }

  func validate() throws {
    if Set(names).count < names.count { throw ValidationError("--column: expected each column once") }
    if let format, ![.csv, .tsv, .jsonl].contains(format) {
      throw ValidationError("--format: got \(format.rawValue), expected csv, tsv or jsonl")
    }
    if let delimiter, FileSource.delimiterByte(delimiter) == nil {
      throw ValidationError(
        "--delimiter: got other than one character, expected one ASCII character but a quote, or \(FileSource.delimiterNames)"
      )
    }
    if prefix != nil, hasNoHeader { throw ValidationError("--prefix: expected no --no-header, which adds no names") }
  }

  /// Reads the file, labels its rows and writes it; exit code 2 where it cannot be read or has the names already.
  func label(_ file: String, _ predictor: Predictor, to answers: inout AnswerOutput) throws {
    let table = try table(file, predictor.columns)
    let prefix = prefix ?? ""
    let added =
      table.isObjects
      ? predictor.keys(prefix: prefix, allClasses: probabilities)
      : predictor.columns(prefix: prefix, allClasses: probabilities)
    let clashes = table.clashes(with: added)
    guard clashes.isEmpty else {
      Console.errors(clashes.map { "\($0), or --prefix TEXT, which stands before it" })
      throw Exit.badInput
    }
    guard (added + predictor.labels).allSatisfy(table.canHold) else {
      Console.errors([
        "--no-quotes: got a class or column to add with the delimiter or a line's end in it, expected none, or a file with quotes"
      ])
      throw Exit.badInput
    }
    if let header = table.header(adding: added), try !answers.write(header) { return }
    for start in stride(from: 0, to: table.inputs.count, by: Predictor.batch) {
      let rows = start..<min(start + Predictor.batch, table.inputs.count)
      let bytes = zip(rows, predictor.predictions(of: Array(table.inputs[rows]))).flatMap { row, prediction in
        table.isObjects
          ? table.object(row, adding: predictor.members(prediction, prefix: prefix, allClasses: probabilities))
          : table.record(row, adding: predictor.fields(prediction, allClasses: probabilities))
      }
      if try !answers.write(bytes) { return }
    }
  }

  private func table(_ file: String, _ columns: [InputColumn]) throws -> TextTable {
    var source = FileSource()
    (source.columns, source.missingCells) = (columns, missing)
    (source.text, source.delimiter, source.hasHeader) = (names, delimiter, !hasNoHeader)
    source.encoding = encoding ?? .utf8
    source.quoting = hasNoQuotes ? .none : .double
    source.format = try format(of: file)
    let contents = file == "-" ? try Self.standardInput() : nil
    do throws(CorpusErrors) {
      return try TextTable(path: contents == nil ? file : "standard input", contents: contents, as: source)
    } catch {
      Console.errors(error.errors.map { Self.withOptions("\($0)") })
      throw Exit.badInput
    }
  }

  private func format(of file: String) throws -> FileSource.Format {
    let path = file.lowercased()
    let endings: [(String, FileSource.Format)] = [(".csv", .csv), (".tsv", .tsv), (".jsonl", .jsonl)]
    let option = ofTables.first(where: \.isGiven)?.name
    guard let found = format ?? endings.first(where: { path.hasSuffix($0.0) })?.1 ?? (option == nil ? nil : .csv) else {
      let name = file == "-" ? "standard input" : file
      Console.errors(["\(name): got no ending that says its form, expected .csv, .tsv or .jsonl, or --format"])
      throw Exit.badInput
    }
    if found == .jsonl, let option {
      Console.errors(["\(option): got JSON Lines, expected CSV or TSV with it"])
      throw Exit.badInput
    }
    return found
  }

  private static func standardInput() throws -> [UInt8] {
    do { return [UInt8](try FileHandle.standardInput.readToEnd() ?? Data()) } catch {
      Console.errors(["standard input: cannot be read: \(FileSystem.reason(of: error))"])
      throw Exit.badInput
    }
  }

  /// The readers' advice, which names a manifest's keys, with the options that stand for them.
  static func withOptions(_ message: String) -> String {
    message.replacing("`format: lines`", with: "no `--column`, for a text a line")
      .replacing(/`(delimiter|encoding|format): ([^`]*)`/) { "`--\($0.1) \($0.2)`" }
      .replacing("`quoting: none`", with: "`--no-quotes`")
      .replacing("`header: false`", with: "`--no-header`")
      .replacing("`text` and `label` of its names", with: "`--column` of its names")
      .replacing("(`text: 1`, `label: 2`)", with: "(`--column 1`)")
  }
}

extension FileSource.Format: ExpressibleByArgument {
  /// The forms whose rows can be written again with more columns, for the help.
  public static var allValueStrings: [String] { [Self.csv, .tsv, .jsonl].map(\.rawValue) }
}
extension FileSource.Encoding: ExpressibleByArgument {}
