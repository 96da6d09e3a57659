import Analysis
import Corpora
import Deflate
import Records
import Tasks
import Text

/// `test-rows.csv.gz` and `predictions.csv.gz`: what was predicted for each test row of each trial that ended.
///
/// What all models share of a test part stands once: a part is a list of rows with their labels, groups, slices and
/// novelty. A trial is one record, with a list of numbers for each column: half the bytes of a record a row, once packed.
/// Probabilities have the fewest digits that read back as the same Float32, so that log loss and calibration
/// error come out again to the last bit. Where a row has several labels a prediction is their places with `+` between them,
/// `-` for none; where it has a number, the number; neither has probabilities.
struct PredictionTables {
  static let rowsFile = "test-rows.csv.gz"
  static let predictionsFile = "predictions.csv.gz"
  static let rowColumns = ["part", "row", "example_id", "label", "novelty", "group", "slice"]
  /// Behind these: the number of a text's words, and its traits (`TextTrait.code`).
  static let formColumns = ["words", "traits"]
  static let predictionColumns = ["trial", "part", "predicted", "probability", "label_probability"]
  /// In place of a probability of the label: the row is predicted right, so it is that of the prediction.
  static let same = "="

  let files: [ResultFiles.File]

  init(_ records: [TrialRecord]) {
    var rows = CSVWriter(Self.rowColumns + Self.formColumns)
    var predictions = CSVWriter(Self.predictionColumns)
    var parts: [Part: Int] = [:]
    for record in records where record.status == .ok {
      let part = Part(classes: record.classes, rows: PublishedRows(record))
      // A trial without test rows has no part.
      let number = record.rows == 0 ? 0 : parts[part] ?? parts.count + 1
      if number > parts.count {
        parts[part] = number
        Self.append(part, number, to: &rows)
      }
      predictions.append([record.trial, "\(number)"] + Self.columns(record.outcome))
    }
    files = [
      ResultFiles.File(path: Self.rowsFile, bytes: Gzip.compress(rows.bytes)),
      ResultFiles.File(path: Self.predictionsFile, bytes: Gzip.compress(predictions.bytes)),
    ]
  }

  /// Predictions, their probabilities, and those of the true classes.
  private static func columns(_ outcome: Outcome) -> [String] {
    switch outcome {
    case .classification(let own):
      let answers = own.answers ?? RowAnswers(own.probabilities, labels: own.labels, classes: own.classes)
      return [
        answers.predictions.map(String.init).joined(separator: " "),
        answers.probabilities.map(NumberFormat.exact).joined(separator: " "),
        (answers.hasProbabilities ? Array(own.labels.indices) : []).map {
          answers.predictions[$0] == own.labels[$0] ? same : NumberFormat.exact(answers.ofLabels[$0])
        }.joined(separator: " "),
      ]
    case .multiLabel(let own):
      let sets = own.answers.map { $0.isEmpty ? noLabel : $0.map(String.init).joined(separator: "+") }
      return [sets.joined(separator: " "), "", ""]
    case .regression(let own): return [own.answers.map(NumberFormat.exact).joined(separator: " "), "", ""]
    }
  }

  /// In place of a row's labels: it has none.
  static let noLabel = "-"

  private struct Part: Hashable {
    var classes: [String]
    var rows: PublishedRows
  }

  private static func append(_ part: Part, _ number: Int, to csv: inout CSVWriter) {
    let rows = part.rows
    for row in rows.ids.indices {
      csv.append([
        "\(number)", "\(row + 1)", rows.ids[row], TargetText.text(rows.targets[row], part.classes),
        rows.novelty.isEmpty ? "" : rows.novelty[row].rawValue, rows.groups.isEmpty ? "" : "\(rows.groups[row])",
        rows.slices.isEmpty ? "" : rows.slices[row], rows.forms.isEmpty ? "" : "\(rows.forms[row].words)",
        rows.forms.isEmpty ? "" : rows.forms[row].code,
      ])
    }
  }
}

/// The same files, read.
struct PredictionTablesReader {
  /// One test part; labels are names.
  private struct Part {
    var ids: [String] = []
    var labels: [String] = []
    var novelty: [Novelty] = []
    var groups: [Int] = []
    var slices: [String] = []
    var forms: [TextForm] = []
  }
  private let parts: [Part]
  private let predictions: [[String]]
  /// The next of `predictions` that no trial has taken.
  private var next = 0

  init(rows: [UInt8], predictions: [UInt8]) throws(PublishedRunError) {
    parts = try Self.parts(
      Self.table(
        PredictionTables.rowsFile, rows, PredictionTables.rowColumns, optional: PredictionTables.formColumns))
    self.predictions = try Self.table(
      PredictionTables.predictionsFile, predictions, PredictionTables.predictionColumns)
  }

  private static func table(
    _ file: String, _ bytes: [UInt8], _ columns: [String], optional: [String] = []
  ) throws(PublishedRunError) -> [[String]] {
    let content: [UInt8]
    do { content = try Gzip.decompress(bytes) } catch {
      throw PublishedRunError(file, (error as? DeflateError)?.reason ?? "\(error)")
    }
    let first = content.prefix { $0 != UInt8(ascii: "\r") && $0 != UInt8(ascii: "\n") }
    let header = String(decoding: first, as: UTF8.self).split(separator: ",")
    let found = columns + optional.filter { header.contains(Substring($0)) }
    do { return try CSVTable.records(content, columns: found) } catch { throw PublishedRunError(file, error.reason) }
  }

  private static func parts(_ records: [[String]]) throws(PublishedRunError) -> [Part] {
    var parts: [Part] = []
    for (index, fields) in records.enumerated() {
      let columns = PredictionTables.rowColumns + PredictionTables.formColumns
      func wrong(_ column: Int, _ expected: String) -> PublishedRunError {
        .field(PredictionTables.rowsFile, index, columns[column], fields[column], expected)
      }
      if fields[0] == "\(parts.count + 1)" { parts.append(Part()) }
      guard fields[0] == "\(parts.count)" else { throw wrong(0, "the part \(parts.count) or \(parts.count + 1)") }
      var part = parts[parts.count - 1]
      // Not copied while it grows.
      parts[parts.count - 1] = Part()
      guard fields[1] == "\(part.ids.count + 1)" else { throw wrong(1, "\(part.ids.count + 1)") }
      part.ids.append(fields[2])
      part.labels.append(fields[3])
      if !fields[4].isEmpty {
        guard let novelty = Novelty(rawValue: fields[4]) else { throw wrong(4, "seen, near, novel or nothing") }
        part.novelty.append(novelty)
      }
      guard part.novelty.isEmpty || part.novelty.count == part.ids.count else {
        throw wrong(4, "a value in all rows of a part or in none")
      }
      if !fields[5].isEmpty {
        guard let group = Int(fields[5]) else { throw wrong(5, "a whole number or nothing") }
        part.groups.append(group)
      }
      guard part.groups.isEmpty || part.groups.count == part.ids.count else {
        throw wrong(5, "a value in all rows of a part or in none")
      }
      part.slices.append(fields[6])
      if fields.count == columns.count, !fields[7].isEmpty {
        guard let words = Int(fields[7]), words >= 0 else { throw wrong(7, "a number of words, or nothing") }
        guard let form = TextForm(words: words, code: fields[8]) else { throw wrong(8, "traits of a text") }
        part.forms.append(form)
      }
      guard part.forms.isEmpty || part.forms.count == part.ids.count else {
        throw wrong(7, "a value in all rows of a part or in none")
      }
      parts[parts.count - 1] = part
    }
    for index in parts.indices where parts[index].slices.allSatisfy(\.isEmpty) { parts[index].slices = [] }
    return parts
  }

  /// The rows of the next trial that ended, and what was answered, as places among `classes`.
  mutating func take(
    _ trial: PublishedTrial, _ problem: Problem, classes: [String]
  ) throws(PublishedRunError) -> (rows: PublishedRows, outcome: Outcome) {
    let file = PredictionTables.predictionsFile
    guard next < predictions.count else {
      throw PublishedRunError(file, "it ends before the trial \(trial.trial)")
    }
    let fields = predictions[next], record = next
    next += 1
    func wrong(_ column: Int, _ found: String, _ expected: String) -> PublishedRunError {
      .field(file, record, PredictionTables.predictionColumns[column], found, expected)
    }
    guard fields[0] == trial.trial else { throw wrong(0, fields[0], "\(trial.trial) (run.json)") }
    let (number, rows) = try self.rows(of: trial, problem, part: fields[1], classes: classes) { wrong(1, $0, $1) }
    let lists = fields[2...].map { $0.split(separator: " ") }
    // Of a model that gives none both lists of probabilities are blank.
    let hasProbabilities = !(lists[1].isEmpty && lists[2].isEmpty)
    for (index, list) in lists.enumerated()
    where list.count != rows.ids.count && (index == 0 || hasProbabilities) {
      throw wrong(index + 2, "\(list.count) values", "\(rows.ids.count), one for each row of part \(number)")
    }
    func wrongValue(_ row: Int, _ column: Int, _ expected: String) -> PublishedRunError {
      wrong(column + 2, String(lists[column][row]), "\(expected) (row \(row + 1))")
    }
    switch rows.targets {
    case .classes(let labels):
      let answers = try answers(lists, labels, classes, hasProbabilities: hasProbabilities, wrongValue)
      return (
        rows,
        .classification(ClassOutcome(labels: labels, classes: classes.count, probabilities: [], answers: answers))
      )
    case .labels(let sets):
      var answers: [[Int]] = []
      for (row, text) in lists[0].enumerated() {
        let places = text == PredictionTables.noLabel ? [] : text.split(separator: "+").map { Int($0) ?? -1 }
        guard places.allSatisfy(classes.indices.contains), zip(places, places.dropFirst()).allSatisfy(<) else {
          throw wrongValue(row, 0, "ascending places of labels, from 0 to \(classes.count - 1), or -")
        }
        answers.append(places)
      }
      return (rows, .multiLabel(LabelOutcome(targets: sets, answers: answers, labels: classes.count)))
    case .numbers(let numbers):
      var answers: [Float] = []
      for (row, text) in lists[0].enumerated() {
        guard let number = Float(text), number.isFinite else { throw wrongValue(row, 0, "a number") }
        answers.append(number)
      }
      return (rows, .regression(NumberOutcome(targets: numbers, answers: answers)))
    }
  }

  private func answers(
    _ lists: [[Substring]], _ labels: [Int], _ classes: [String], hasProbabilities: Bool,
    _ wrongValue: (_ row: Int, _ column: Int, _ expected: String) -> PublishedRunError
  ) throws(PublishedRunError) -> RowAnswers {
    var predicted: [Int] = [], probabilities: [Float] = [], ofLabels: [Float] = []
    for (row, label) in labels.enumerated() {
      guard let answer = Int(lists[0][row]), classes.indices.contains(answer) else {
        throw wrongValue(row, 0, "the place of a class, from 0 to \(classes.count - 1)")
      }
      predicted.append(answer)
      guard hasProbabilities else { continue }
      guard let top = Self.probability(lists[1][row]) else { throw wrongValue(row, 1, "a number from 0 to 1") }
      let isSame = lists[2][row] == PredictionTables.same
      guard isSame == (answer == label) else {
        throw wrongValue(row, 2, isSame ? "a number, as the prediction is wrong" : "=, as the prediction is right")
      }
      guard let own = isSame ? top : Self.probability(lists[2][row]), own <= top else {
        throw wrongValue(row, 2, "a number from 0 to \(lists[1][row])")
      }
      probabilities.append(top)
      ofLabels.append(own)
    }
    return RowAnswers(predictions: predicted, probabilities: probabilities, ofLabels: ofLabels)
  }

  /// Rounded sums of a softmax may lie above 1 by some units of the last place.
  private static func probability(_ text: Substring) -> Float? {
    Float(text).flatMap { (0...1.001).contains($0) ? $0 : nil }
  }

  private func rows(
    of trial: PublishedTrial, _ problem: Problem, part text: String, classes: [String],
    wrong: (_ found: String, _ expected: String) -> PublishedRunError
  ) throws(PublishedRunError) -> (part: Int, rows: PublishedRows) {
    guard let number = Int(text), parts.indices.contains(number - 1) || number == 0 && trial.testRows == 0 else {
      throw wrong(text, "a part of \(PredictionTables.rowsFile)")
    }
    let part = number == 0 ? Part() : parts[number - 1]
    guard part.ids.count == trial.testRows else {
      throw wrong(
        text, "a part of \(trial.testRows) rows, as run.json says of the trial, and not of \(part.ids.count)")
    }
    let places = Dictionary(classes.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    var targets: [Target] = []
    for (row, label) in part.labels.enumerated() {
      guard let target = TargetText.target(label, problem, places) else {
        throw PublishedRunError(
          PredictionTables.rowsFile,
          "part \(number), row \(row + 1): its label is "
            + (problem == .regression ? "no number" : "no class of \(trial.trial) (run.json)"))
      }
      targets.append(target)
    }
    return (
      number,
      PublishedRows(
        ids: part.ids, targets: Targets(targets, of: problem), novelty: part.novelty, groups: part.groups,
        slices: part.slices, forms: part.forms)
    )
  }

  /// Fails where trials are left that run.json does not have.
  func end() throws(PublishedRunError) {
    guard next == predictions.count else {
      throw .field(
        PredictionTables.predictionsFile, next, "trial", predictions[next][0], "nothing: run.json has no such trial")
    }
  }
}
