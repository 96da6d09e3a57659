import Analysis
import Records
import Tasks

/// The answers of several models to the rows of the same trials, one beside the other.
struct AnswerTable {
  /// Class names; trials may list other classes.
  struct Classes {
    private(set) var names: [String] = []
    private var places: [String: Int] = [:]

    mutating func place(of name: String) -> Int {
      if let place = places[name] { return place }
      places[name] = names.count
      names.append(name)
      return names.count - 1
    }
  }

  private(set) var classes = Classes()
  private(set) var ids: [String] = []
  private var known: [String: Int] = [:]
  /// Of each answer its row, its group and its true class.
  private(set) var rows: [Int] = []
  private(set) var groups: [Int] = []
  private(set) var labels: [Int] = []
  /// Of each answer which pass over the rows it is part of, from 0: one for each seed, or for each repetition of the folds.
  private(set) var passes: [Int] = []
  private var knownPasses: [Pass] = []
  /// Of each row in `ids` its group, the value of the slice column and its novelty; empty where it has none.
  private(set) var rowGroups: [Int] = []
  private(set) var rowSlices: [String] = []
  private(set) var rowNovelty: [String] = []
  /// `[models][answers]`
  private(set) var given: [[Int]]
  /// The probability of the class that was given; nil without.
  private(set) var sureness: [[Float?]]

  private struct Pass: Equatable {
    var seed: UInt64
    var repetition: Int
  }

  init(models: Int) {
    given = Array(repeating: [], count: models)
    sureness = Array(repeating: [], count: models)
  }

  /// Adds one trial of each model; false where they have other rows, or no classes.
  mutating func append(_ trials: [TrialRecord]) -> Bool {
    guard let first = trials.first, first.problem == .classification, !first.labels.isEmpty,
      trials.allSatisfy({ $0.ids == first.ids && $0.predictions.count == first.ids.count })
    else { return false }
    let names = first.classes.map { classes.place(of: $0) }
    // Folds have seeds of their own.
    let pass = Pass(seed: first.fold == nil ? first.seed : 0, repetition: first.repetition)
    let number = knownPasses.firstIndex(of: pass) ?? knownPasses.count
    if number == knownPasses.count { knownPasses.append(pass) }
    for (place, id) in first.ids.enumerated() {
      let row = known[id] ?? ids.count
      if row == ids.count {
        known[id] = row
        ids.append(id)
        // Groups are numbers of rows' own; a row without one is a group of its own.
        rowGroups.append(first.groups.isEmpty ? row : first.groups[place])
        rowSlices.append(first.slices.isEmpty ? "" : first.slices[place])
        rowNovelty.append(first.novelty.isEmpty ? "" : first.novelty[place].rawValue)
      }
      rows.append(row)
      groups.append(rowGroups[row])
      passes.append(number)
      labels.append(names[first.labels[place]])
    }
    for (model, trial) in trials.enumerated() {
      let own = trial.classes.map { classes.place(of: $0) }
      given[model] += trial.predictions.map { own[$0] }
      sureness[model] += Self.sureness(trial)
    }
    return true
  }

  private static func sureness(_ trial: TrialRecord) -> [Float?] {
    let answers =
      trial.answers ?? RowAnswers(trial.probabilities, labels: trial.labels, classes: trial.classes.count)
    return answers.hasProbabilities ? answers.probabilities : answers.predictions.map { _ in nil }
  }

  /// Of each row what the models made of it.
  var errorRows: [ErrorRow] {
    var found = ids.map { ErrorRow(id: $0, label: 0, answers: given.map { _ in ErrorRow.Answers() }) }
    for (answer, row) in rows.enumerated() { found[row].label = labels[answer] }
    for model in given.indices {
      var mistakes = [[Int: Int]](repeating: [:], count: ids.count)
      var sums = [(sum: Double, count: Int)](repeating: (0, 0), count: ids.count)
      for (answer, row) in rows.enumerated() {
        found[row].answers[model].tests += 1
        guard given[model][answer] != labels[answer] else { continue }
        found[row].answers[model].wrong += 1
        mistakes[row][given[model][answer], default: 0] += 1
        if let sure = sureness[model][answer] { sums[row] = (sums[row].sum + Double(sure), sums[row].count + 1) }
      }
      for row in ids.indices {
        found[row].answers[model].mistake = mistakes[row].max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
        if sums[row].count > 0 { found[row].answers[model].confidence = sums[row].sum / Double(sums[row].count) }
      }
    }
    return found
  }
}
