import ArgumentParser
import Evidence
import Files
import Foundation
import Manifests
import Reports
import Storage

/// `bench bias MODEL`: whether a kept model treats texts of different groups of people alike.
struct BiasCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bias", abstract: "Tests whether a kept model treats texts about different groups of people alike.",
    discussion: """
      Groups are words in a YAML file (--groups), which fill its templates, or which are looked for in the rows of a table or \
      JSON Lines (--rows): each row is then asked about once for each group, its words swapped, and with --label mistakes are \
      counted on the rows as they are. Or they are a column of the rows (--group), where --unit names the columns in which \
      rows that belong together are equal. Of --class the mean probability, the share of others that get it and the share of \
      its own that do not are compared between groups, with intervals that hold together; within --margin a gap counts as \
      none. Texts and words are never printed. Exit codes: 0 done, whatever the gaps, 2 usage, or data that cannot be read.
      """)

  @Argument(help: ArgumentHelp("A model that a run kept.", valueName: "model"))
  var model: String

  @Option(name: .customLong("class"), help: "The class whose probability and mistakes are looked at.")
  var label: String

  @Option(help: ArgumentHelp("Words of groups (YAML).", valueName: "file"))
  var groups: String?

  @Option(help: ArgumentHelp("A table (.csv, .tsv) or JSON Lines with texts.", valueName: "file"))
  var rows: String?

  @Option(help: "The column or key of their text.")
  var text = "text"

  @Option(name: .customLong("label"), help: "The column or key of their class.")
  var truth: String?

  @Option(help: "The column or key of their group.")
  var group: String?

  @Option(help: "A column or key in which rows that belong together are equal; may be repeated.")
  var unit: [String] = []

  @Option(help: ArgumentHelp("Another model, on the same texts.", valueName: "model"))
  var against: String?

  @Option(help: "Points within which a gap counts as none.")
  var margin = 3.0

  @Option(name: .shortAndLong, help: ArgumentHelp("Writes the gaps into a CSV file.", valueName: "file"))
  var output: String?

  func validate() throws {
    if (groups == nil) == (group == nil) { throw ValidationError("expected --groups or --group, one of the two") }
    if group != nil, rows == nil { throw ValidationError("--group is a column of the file that --rows names") }
    if rows == nil, truth != nil { throw ValidationError("--label is of the file that --rows names") }
    if !unit.isEmpty, group == nil { throw ValidationError("--unit is beside --group") }
    if let group, group == text || group == truth || unit.contains(group) {
      throw ValidationError("--group: got \(group), which is read as something else, expected a column of its own")
    }
    guard margin > 0, margin <= 100 else {
      throw ValidationError("--margin: got \(margin), expected points above 0, 100 at most")
    }
  }

  func run() throws {
    let file = try output.map { path in
      guard path.hasSuffix(".csv") else {
        throw ValidationError("--output: got \(path), expected a file that ends with .csv")
      }
      return try TextPage.outside(
        try OutputFile.url(path, besides: [model] + [against, rows, groups].compactMap(\.self)), path,
        option: "--output", reason: "a run's files are the run's own")
    }
    let paths = [model] + (against.map { [$0] } ?? [])
    let predictors = try zip(["model", "--against"], paths).map { try predictor($1, as: $0) }
    let texts = try self.texts(known: predictors[0].labels)
    let found = zip(KeptModel.names(paths), predictors).map { name, predictor in
      (
        name: name,
        gaps: GroupGaps(
          answers(predictor, texts.compared), groups: texts.names.count, margin: margin / 100,
          models: paths.count, mistakes: texts.found.map { answers(predictor, $0) })
      )
    }
    let listing = GapListing(found, groups: texts.names, label: label)
    Console.line(listing.text)
    if !texts.remark.isEmpty { Console.line(texts.remark) }
    if let file { try Console.badInput { try Data(listing.rows).write(to: file, options: .atomic) } }
  }

  private func predictor(_ path: String, as place: String) throws -> Predictor {
    let predictor = try KeptModel.ofTexts(path)
    var mistake: String?
    if !predictor.labels.contains(label) {
      mistake =
        "--class: got \(label), expected a class of \(path): \(predictor.labels.prefix(10).joined(separator: ", "))"
    } else if !predictor.givesProbabilities {
      mistake = "\(path): got a model without probabilities, expected one that gives them"
    }
    if let mistake {
      Console.errors([mistake])
      throw Exit.badInput
    }
    return predictor
  }

  /// Values of a column that names groups.
  private static let mostGroups = 20

  private struct Texts {
    var names: [String]
    var compared: [GroupedText]
    /// As they are, for mistakes; nil where those that are compared are.
    var found: [GroupedText]?
    var remark = ""
  }

  private func texts(known: [String]) throws -> Texts {
    guard let groups else { return try byColumn(known) }
    let people: PeopleGroups
    switch PeopleGroups.load(file: groups) {
    case .success(let read): people = read
    case .failure(let errors):
      StandardStream.error.write("\(errors)\n")
      throw Exit.badInput
    }
    let words = GroupWords(people)
    guard let rows else {
      guard !people.templates.isEmpty else {
        Console.errors(["\(groups): got no templates, expected some, or --rows with texts"])
        throw Exit.badInput
      }
      return Texts(names: words.names, compared: words.filled(people.templates))
    }
    let read = try TextRows(rows, text: text, label: truth, known: known).rows
    var swapped: [GroupedText] = [], found: [GroupedText] = []
    for (number, row) in read.enumerated() {
      guard let group = words.group(of: row.text) else { continue }
      swapped += words.swapped(row.text, unit: number, label: row.label)
      found.append(GroupedText(text: row.text, group: group, unit: number, label: row.label))
    }
    guard !found.isEmpty else {
      Console.errors(["\(rows): got no row with words of one group"])
      throw Exit.badInput
    }
    return Texts(
      names: words.names, compared: swapped, found: truth == nil ? [] : found,
      remark: "\(found.count) of \(read.count) rows have words of one group; each is asked about once for each group")
  }

  private func byColumn(_ known: [String]) throws -> Texts {
    guard let rows, let group else { return Texts(names: [], compared: []) }
    let read = try TextRows(rows, text: text, label: truth, known: known, columns: [group] + unit).rows
    let named = read.filter { $0.cells[0] != nil }
    let names = Set(named.compactMap { $0.cells[0] }).sorted()
    // A column with many values holds no groups, and might hold what must not be printed.
    guard 2...Self.mostGroups ~= names.count else {
      Console.errors([
        "--group: got \(group), a column of \(names.count) values, expected one of 2 to \(Self.mostGroups) groups"
      ])
      throw Exit.badInput
    }
    var units: [[String?]: Int] = [:], blank = 0
    let texts = named.enumerated().map { number, row in
      // A row that says nothing of its unit is one by itself.
      let isAlone = row.cells.dropFirst().allSatisfy { $0 == nil }
      if isAlone, !unit.isEmpty { blank += 1 }
      let key = isAlone ? [nil, "\(number)"] : Array(row.cells.dropFirst())
      let place = units[key, default: units.count]
      units[key] = place
      return GroupedText(
        text: row.text, group: names.firstIndex(of: row.cells[0] ?? "") ?? 0, unit: place, label: row.label)
    }
    let left = read.count - named.count
    let remarks =
      (left > 0 ? ["\(left) of \(read.count) rows have no group"] : [])
      + (blank > 0 ? ["\(blank) rows have no unit, each is one by itself"] : [])
    return Texts(names: names, compared: texts, remark: remarks.joined(separator: "; "))
  }

  private func answers(_ predictor: Predictor, _ texts: [GroupedText]) -> [GroupGaps.Answer] {
    let place = predictor.labels.firstIndex(of: label) ?? 0
    return zip(texts, predictor.predict(texts.map(\.text))).map { text, prediction in
      GroupGaps.Answer(
        group: text.group, unit: text.unit, word: text.word, probability: Double(prediction.probabilities[place]),
        isGiven: prediction.answer == .label(label), isTrue: text.label.map { $0 == label })
    }
  }
}
