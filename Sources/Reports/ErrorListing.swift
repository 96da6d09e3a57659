import Analysis
import Evidence
import Statistics
import Text

/// Where models err, as tables that a terminal shows, and the rows as a CSV file. Ids and class names, and no text.
public struct ErrorListing {
  private let analysis: ErrorAnalysis
  private let pair: (a: String, b: String)?
  /// Lines of each list of rows, and of each table of confusions.
  private let most: Int

  /// - Parameters:
  ///   - analysis: of one data set.
  ///   - pair: two of the models whose rows are set against each other; nil where there is one model alone.
  ///   - most: lines of a list at most.
  public init(_ analysis: ErrorAnalysis, pair: (a: String, b: String)?, most: Int) {
    (self.analysis, self.pair, self.most) = (analysis, pair, most)
  }

  /// Without a line feed at the end of the last.
  public var text: String {
    var parts = [[heading], agreement]
    let repetitions = repetitions
    if !repetitions.isEmpty { parts.append(repetitions) }
    for model in analysis.models { parts += [confusions(of: model), confident(model)] }
    if let pair { parts += [won(pair.a, over: pair.b), won(pair.b, over: pair.a)] }
    return parts.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }.joined(separator: "\n\n")
  }

  private var heading: String {
    let key = analysis.key, place = key.isOwnDomain ? key.target : "\(key.source) → \(key.target)"
    let trials = analysis.trials == 1 ? "one trial" : "\(analysis.trials) trials"
    return "\(key.corpus), \(place), \(key.protocolName): \(NumberFormat.grouped(analysis.rows.count)) rows, "
      + "\(trials) of each model"
  }

  private static func percent(_ value: Double) -> String { NumberFormat.fixed(value * 100, 1) }

  /// `12.3`, and `11.0–13.7`.
  private static func cells(_ share: ErrorAnalysis.Share) -> [String] {
    let interval = share.interval.map { "\(percent($0.low))–\(percent($0.high))" } ?? "–"
    return [NumberFormat.grouped(share.count), NumberFormat.grouped(share.all), percent(share.value), interval]
  }

  private static let shareColumns: [(String, TextTable.Alignment)] = [
    ("answers", .right), ("of", .right), ("%", .right), ("95 %", .right),
  ]

  private var agreement: [String] {
    var table = TextTable([("in how far they err alike", .left)] + Self.shareColumns)
    for row in analysis.agreement() {
      let name =
        switch row.kind {
        case .allRight, .allWrong:
          analysis.models.count > 1 ? row.kind.rawValue : row.kind == .allRight ? "right" : "wrong"
        case .onlyRight, .onlyWrong:
          (row.kind == .onlyRight ? "right" : "wrong") + ": \(row.model ?? "") alone"
        case .rescues: "right: \(row.model ?? ""), where \(row.other ?? "") is wrong"
        }
      table.append([name] + Self.cells(row.share))
    }
    return table.lines
  }

  private var repetitions: [String] {
    var table = TextTable([
      ("rows that err again", .left), ("every time", .right), ("at times", .right), ("never", .right),
      ("% of errors", .right), ("95 %", .right),
    ])
    for model in analysis.models {
      guard let found = analysis.repetition(of: model) else { continue }
      let cells = Self.cells(found.repeated)
      table.append(
        [model] + [found.always, found.sometimes, found.never].map { NumberFormat.grouped($0) } + cells.suffix(2))
    }
    return table.isEmpty ? [] : table.lines
  }

  private func confusions(of model: String) -> [String] {
    let found = analysis.confusions(of: model)
    guard !found.isEmpty else { return [] }
    var table = TextTable([("\(model): class", .left), ("taken for", .left)] + Self.shareColumns + [("rows", .right)])
    for row in found.prefix(most) {
      table.append([shown(row.label), shown(row.answer)] + Self.cells(row.share) + [NumberFormat.grouped(row.rows)])
    }
    return table.lines + Self.more(found.count - most)
  }

  private func confident(_ model: String) -> [String] {
    guard let place = analysis.models.firstIndex(of: model) else { return [] }
    let found = analysis.confidentMistakes(of: model)
    guard !found.isEmpty, found.contains(where: { $0.answers[place].confidence != nil }) else { return [] }
    var table = TextTable([
      ("\(model): surest mistakes", .left), ("class", .left), ("answer", .left), ("probability", .right),
      ("wrong", .right),
    ])
    for row in found.prefix(most) {
      let own = row.answers[place]
      table.append([
        row.id, shown(analysis.classes[row.label]), own.mistake.map { shown(analysis.classes[$0]) } ?? "",
        NumberFormat.fixed(own.confidence, 3), "\(own.wrong) of \(own.tests)",
      ])
    }
    return table.lines + Self.more(found.count - most)
  }

  private func won(_ model: String, over other: String) -> [String] {
    guard let place = analysis.models.firstIndex(of: other) else { return [] }
    let found = analysis.won(by: model, over: other)
    var table = TextTable([("\(model) right and \(other) wrong", .left), ("class", .left), ("\(other) says", .left)])
    for row in found.prefix(most) {
      let mistake = row.answers[place].mistake.map { shown(analysis.classes[$0]) } ?? ""
      table.append([row.id, shown(analysis.classes[row.label]), mistake])
    }
    return found.isEmpty
      ? ["\(model) is never right where \(other) is wrong every time"] : table.lines + Self.more(found.count - most)
  }

  private static func more(_ count: Int) -> [String] {
    count > 0 ? ["… and \(NumberFormat.grouped(count)) more"] : []
  }

  /// Names that would break a table are cut.
  private func shown(_ name: String) -> String { name.count > 32 ? name.prefix(31) + "…" : name }

  // MARK: Rows

  /// Of each row that a model answered wrong what every model made of it, as CSV.
  public static func rows(_ analyses: [ErrorAnalysis]) -> [UInt8] {
    var csv = CSVWriter([
      "task", "corpus", "protocol", "source", "target", "id", "label", "model", "tests", "wrong", "answer",
      "probability",
    ])
    for analysis in analyses {
      let key = analysis.key
      for row in analysis.rows where row.answers.contains(where: { $0.wrong > 0 }) {
        for (model, own) in zip(analysis.models, row.answers) {
          csv.append([
            key.task, key.corpus, key.protocolName, key.source, key.target, row.id, analysis.classes[row.label], model,
            "\(own.tests)", "\(own.wrong)", own.mistake.map { analysis.classes[$0] } ?? "",
            NumberFormat.exact(own.confidence),
          ])
        }
      }
    }
    return csv.bytes
  }
}
