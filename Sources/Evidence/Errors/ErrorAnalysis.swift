import Analysis
import Records
import Statistics
import Tasks

/// Where the models of one setting err, row by row, and in how far they err alike; for tasks of one class a row.
///
/// Only trials that all of the models have count (the same rows, divided the same way), so that every share is one of the
/// same answers. An answer is a row in one of these trials. Intervals are Wilson's at 95 %, with all answers to a row, and
/// to the rows that came as one group, as one group (`GroupedProportion`).
public struct ErrorAnalysis: Sendable {
  public let key: GroupKey
  /// In the manifest's order.
  public let models: [String]
  /// By name, in the order in which trials list them.
  public let classes: [String]
  /// Trials of each model.
  public let trials: Int
  /// The test rows of all trials, each once, in the order in which they appear.
  public let rows: [ErrorRow]
  /// Of each of them its group, the value of the slice column and its novelty; empty where it has none.
  let rowGroups: [Int]
  let rowSlices: [String]
  let rowNovelty: [String]

  /// The row of each answer, its group, and its true class.
  private let places: [Int]
  private let groups: [Int]
  private let labels: [Int]
  /// The class that each model gave, `[models][answers]`.
  private let answers: [[Int]]
  /// The probabilities of these, nil without, and the pass that an answer is part of.
  private let sureness: [[Float?]]
  private let passes: [Int]

  /// nil where the setting has no answers of all these models, or they are no classes.
  package init?(_ group: TrialGroup, models wanted: [String]) {
    let shared = group.trials(sharedBy: wanted)
    var answers = AnswerTable(models: wanted.count)
    for trials in shared { guard answers.append(trials) else { return nil } }
    guard !answers.labels.isEmpty else { return nil }
    (key, models, classes, trials) = (group.key, wanted, answers.classes.names, shared.count)
    (places, groups, labels, self.answers) = (answers.rows, answers.groups, answers.labels, answers.given)
    (sureness, passes) = (answers.sureness, answers.passes)
    (rowGroups, rowSlices, rowNovelty) = (answers.rowGroups, answers.rowSlices, answers.rowNovelty)
    rows = answers.errorRows
  }

  /// A share of some answers.
  public struct Share: Sendable, Equatable {
    public var count: Int
    public var all: Int
    /// nil where the answers are of fewer than two groups.
    public var interval: Interval?

    public var value: Double { Double(count) / Double(max(1, all)) }
  }

  private func share(among chosen: [Int], where holds: (Int) -> Bool) -> Share {
    let flags = chosen.map(holds)
    return Share(
      count: flags.count { $0 }, all: flags.count,
      interval: GroupedProportion(right: flags, groups: chosen.map { groups[$0] })?.wilson())
  }

  private func isRight(_ model: Int, _ answer: Int) -> Bool { answers[model][answer] == labels[answer] }

  /// The share of a model's answers that are right; nil of one that has no part in this.
  public func accuracy(of model: String) -> Double? {
    models.firstIndex(of: model).map { place in
      Double(labels.indices.count { isRight(place, $0) }) / Double(labels.count)
    }
  }

  // MARK: Agreement

  /// In how far models err alike.
  public struct Agreement: Sendable {
    public enum Kind: String, Sendable, CaseIterable {
      case allRight = "all right"
      case allWrong = "all wrong"
      /// `model` and no other.
      case onlyRight = "only right"
      case onlyWrong = "only wrong"
      /// `model`, of the answers in which `other` is wrong.
      case rescues = "right where the other is wrong"
    }
    public var kind: Kind
    public var model: String?
    public var other: String?
    public var share: Share
  }

  public func agreement() -> [Agreement] {
    let all = Array(labels.indices)
    let right = all.map { answer in models.indices.count { isRight($0, answer) } }
    var found = [
      Agreement(kind: .allRight, share: share(among: all) { right[$0] == models.count }),
      Agreement(kind: .allWrong, share: share(among: all) { right[$0] == 0 }),
    ]
    guard models.count > 1 else { return found }
    for (place, model) in models.enumerated() {
      found.append(
        Agreement(
          kind: .onlyRight, model: model, share: share(among: all) { right[$0] == 1 && isRight(place, $0) }))
      // Of two the other one alone is right there.
      guard models.count > 2 else { continue }
      found.append(
        Agreement(
          kind: .onlyWrong, model: model,
          share: share(among: all) { right[$0] == models.count - 1 && !isRight(place, $0) }))
    }
    for (place, model) in models.enumerated() {
      for (second, other) in models.enumerated() where second != place {
        let lost = all.filter { !isRight(second, $0) }
        guard !lost.isEmpty else { continue }
        found.append(
          Agreement(kind: .rescues, model: model, other: other, share: share(among: lost) { isRight(place, $0) }))
      }
    }
    return found
  }

  // MARK: Confusions

  /// One class given for another.
  public struct Confusion: Sendable {
    public var model: String
    public var label: String
    public var answer: String
    /// Of the answers to rows of `label`.
    public var share: Share
    /// Different rows.
    public var rows: Int
  }

  /// Of one model, the most frequent first.
  public func confusions(of model: String) -> [Confusion] {
    guard let place = models.firstIndex(of: model) else { return [] }
    var members: [Int: [Int]] = [:], wrong: [[Int]: Set<Int>] = [:]
    for answer in labels.indices {
      members[labels[answer], default: []].append(answer)
      if !isRight(place, answer) {
        wrong[[labels[answer], answers[place][answer]], default: []].insert(places[answer])
      }
    }
    let found = wrong.map { pair, rows in
      Confusion(
        model: model, label: classes[pair[0]], answer: classes[pair[1]],
        share: share(among: members[pair[0]] ?? []) { answers[place][$0] == pair[1] }, rows: rows.count)
    }
    return found.sorted {
      ($1.share.count, $0.label, $0.answer) < ($0.share.count, $1.label, $1.answer)
    }
  }

  // MARK: What repeats

  /// How often a model errs on the same row again, of rows that are tested more than once.
  public struct Repetition: Sendable {
    public var model: String
    /// Rows that are answered wrong in every trial that tests them, in some, and in none.
    public var always: Int
    public var sometimes: Int
    public var never: Int
    /// Of the wrong answers, those to rows that are answered wrong every time.
    public var repeated: Share
  }

  /// nil where no row is tested more than once, or the model has no part in this.
  public func repetition(of model: String) -> Repetition? {
    guard let place = models.firstIndex(of: model) else { return nil }
    let tested = rows.map { $0.answers[place] }
    let again = tested.filter { $0.tests > 1 }
    guard !again.isEmpty else { return nil }
    let wrong = labels.indices.filter { !isRight(place, $0) && tested[places[$0]].tests > 1 }
    return Repetition(
      model: model, always: again.count { $0.wrong == $0.tests },
      sometimes: again.count { 0 < $0.wrong && $0.wrong < $0.tests },
      never: again.count { $0.wrong == 0 },
      repeated: share(among: wrong) { tested[places[$0]].wrong == tested[places[$0]].tests })
  }

  // MARK: Calibration

  /// nil for a model without probabilities.
  func calibration(of model: String, seed: UInt64) -> ModelCalibration? {
    guard let place = models.firstIndex(of: model) else { return nil }
    let stated = sureness[place].compactMap { $0.map(Double.init) }
    guard stated.count == labels.count else { return nil }
    return ModelCalibration(
      model, confidences: stated, right: labels.indices.map { isRight(place, $0) }, groups: groups, passes: passes,
      seed: seed)
  }

  // MARK: Rows

  /// Rows that a model answers wrong, the surest mistakes first; by the order of rows where it gives no probabilities.
  public func confidentMistakes(of model: String) -> [ErrorRow] {
    guard let place = models.firstIndex(of: model) else { return [] }
    return rows.enumerated().filter { $1.answers[place].wrong > 0 }.sorted { a, b in
      let (first, second) = (a.element.answers[place].confidence ?? 0, b.element.answers[place].confidence ?? 0)
      return first == second ? a.offset < b.offset : first > second
    }.map(\.element)
  }

  /// Rows that one model answers right whenever it is tested, and another one wrong.
  public func won(by model: String, over other: String) -> [ErrorRow] {
    guard let place = models.firstIndex(of: model), let second = models.firstIndex(of: other) else { return [] }
    return rows.filter { $0.answers[place].wrong == 0 && $0.answers[second].wrong == $0.answers[second].tests }
  }
}
