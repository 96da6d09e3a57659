import Manifests
import Statistics
import Tasks
import Testing

@testable import Analysis
@testable import Evidence
@testable import Records

@Suite struct ErrorAnalysisTests {
  /// Two seeds of one official split of six rows, classes 0 1 2 0 1 2.
  private static func records() -> [TrialRecord] {
    func trial(_ model: String, _ seed: UInt64, _ predicted: [Int]) -> TrialRecord {
      SampleTrials.trial(model, protocolName: "official", seed: seed, predicted: predicted)
    }
    return [
      trial("a", 1, [0, 1, 2, 0, 0, 0]), trial("a", 2, [0, 1, 2, 1, 0, 0]),
      trial("b", 1, [0, 1, 1, 0, 2, 0]), trial("b", 2, [0, 1, 1, 0, 1, 0]),
    ]
  }

  private static func analysis(_ records: [TrialRecord], _ models: [String] = ["a", "b"]) throws -> ErrorAnalysis {
    let manifest = SampleTrials.manifest(protocols: [.official])
    let group = try #require(TrialGroup.all(of: records, manifest: manifest).first)
    return try #require(ErrorAnalysis(group, models: models))
  }

  @Test("every answer is counted once: right by all, by one, by none, and where another is wrong")
  func agreement() throws {
    let found = try Self.analysis(Self.records())
    #expect(found.trials == 2 && found.rows.count == 6 && found.classes == SampleTrials.classes)
    func share(_ kind: ErrorAnalysis.Agreement.Kind, _ model: String? = nil, _ other: String? = nil) throws -> [Int] {
      let row = try #require(
        found.agreement().first { $0.kind == kind && $0.model == model && $0.other == other })
      return [row.share.count, row.share.all]
    }
    // a: 4 + 3 right, b: 3 + 4 right of 6 each.
    #expect(try share(.allRight) == [5, 12])
    #expect(try share(.allWrong) == [3, 12])
    #expect(try share(.onlyRight, "a") == [2, 12] && share(.onlyRight, "b") == [2, 12])
    #expect(try share(.rescues, "a", "b") == [2, 5] && share(.rescues, "b", "a") == [2, 5])
    #expect(found.agreement().count == 6)
  }

  @Test("of three models each is alone in being right or wrong where it is")
  func three() throws {
    let third = Self.records().filter { $0.model == "a" }.map { record in
      var own = record
      own.facts.model = "c"
      own.outcome = .classification(
        ClassOutcome(
          labels: record.labels, classes: 3, probabilities: [],
          answers: RowAnswers(predictions: [1, 1, 2, 0, 1, 2])))
      return own
    }
    let found = try Self.analysis(Self.records() + third, ["a", "b", "c"]).agreement()
    func count(_ kind: ErrorAnalysis.Agreement.Kind, _ model: String) -> Int? {
      found.first { $0.kind == kind && $0.model == model }?.share.count
    }
    #expect(count(.onlyWrong, "a") == 2 && count(.onlyWrong, "b") == 2 && count(.onlyWrong, "c") == 2)
    #expect(count(.onlyRight, "a") == 0 && count(.onlyRight, "c") == 3)
  }

  @Test("intervals are those of rows, each with all its answers as one group")
  func intervals() throws {
    let found = try Self.analysis(Self.records())
    let right = [true, true, false, true, false, false, true, true, false, false, false, false]
    let expected = try #require(GroupedProportion(right: right, groups: [0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5])).wilson()
    #expect(found.agreement()[0].share.interval == expected)
  }

  @Test("confusions stand by count, with the share of the true class' answers and the different rows")
  func confusions() throws {
    let found = try Self.analysis(Self.records()).confusions(of: "a")
    #expect(found.map { [$0.label, $0.answer] } == [["good", "bad"], ["mixed", "bad"], ["bad", "good"]])
    #expect(found.map { [$0.share.count, $0.share.all, $0.rows] } == [[2, 4, 1], [2, 4, 1], [1, 4, 1]])
    #expect(try Self.analysis(Self.records()).confusions(of: "other").isEmpty)
  }

  @Test("errors that repeat are those of rows that are wrong in every trial")
  func repetition() throws {
    let found = try #require(try Self.analysis(Self.records()).repetition(of: "a"))
    #expect([found.always, found.sometimes, found.never] == [2, 1, 3])
    #expect([found.repeated.count, found.repeated.all] == [4, 5])
    let once = try Self.analysis(Self.records().filter { $0.seed == 1 })
    #expect(once.repetition(of: "a") == nil && once.trials == 1)
  }

  @Test("rows are named by id, with the commonest wrong answer and its mean probability, the surest first")
  func rows() throws {
    var records = Self.records()
    var sure: [Float] = []
    for prediction in [0, 1, 1, 0, 1, 0] { sure += (0..<3).map { $0 == prediction ? 0.98 : 0.01 } }
    records[3].outcome = .classification(
      ClassOutcome(labels: [0, 1, 2, 0, 1, 2], classes: 3, probabilities: sure))
    let found = try Self.analysis(records)
    let surest = found.confidentMistakes(of: "b")
    #expect(surest.map(\.id) == ["file:3", "file:6", "file:5"])
    #expect(surest.map { $0.answers[1].wrong } == [2, 2, 1] && surest.map { $0.answers[1].mistake } == [1, 0, 2])
    #expect(abs((surest[0].answers[1].confidence ?? 0) - 0.89) < 1e-6)
    #expect(abs((surest[2].answers[1].confidence ?? 0) - 0.8) < 1e-6)
    #expect(found.won(by: "a", over: "b").map(\.id) == ["file:3"])
    #expect(found.won(by: "b", over: "a").isEmpty)
  }

  @Test("only trials that all models have count, and classes are told by name")
  func shared() throws {
    var records = Self.records()
    records.remove(at: 3)
    let found = try Self.analysis(records)
    #expect(found.trials == 1)
    // The same trial with its classes listed in another order.
    var turned = records[2]
    turned.classes = ["mixed", "good", "bad"]
    turned.outcome = .classification(
      ClassOutcome(
        labels: [2, 1, 0, 2, 1, 0], classes: 3, probabilities: [],
        answers: RowAnswers(predictions: [2, 1, 1, 2, 0, 2])))
    records[2] = turned
    let other = try Self.analysis(records)
    #expect(
      other.agreement().map { [$0.share.count, $0.share.all] }
        == found.agreement().map { [$0.share.count, $0.share.all] })
    #expect(other.rows.map { $0.answers.map(\.mistake) } == found.rows.map { $0.answers.map(\.mistake) })
    #expect(other.rows.allSatisfy { $0.answers[1].confidence == nil })
  }

  @Test("rows that came as one group are one group")
  func groups() throws {
    var records = Self.records()
    for place in records.indices { records[place].groups = [1, 1, 1, 1, 1, 1] }
    #expect(try Self.analysis(records).agreement().allSatisfy { $0.share.interval == nil })
  }
}
