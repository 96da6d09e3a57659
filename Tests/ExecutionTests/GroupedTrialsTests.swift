import Corpora
import Manifests
import Statistics
import Tasks
import Testing

@testable import Analysis
@testable import Execution
@testable import Planning
@testable import Records

/// Test rows that come in groups.
@Suite struct GroupedTrialsTests {
  /// 24 groups of 5 rows; a model is right on all rows of a group or on none, so that a group says no more than a row.
  private static func trial(_ model: String, wrong: Set<Int>, protocolName: String = "official", grouped: Bool)
    -> TrialRecord
  {
    let labels = (0..<120).map { $0 % 3 }
    let predicted = labels.indices.map { wrong.contains($0 / 5) ? (labels[$0] + 1) % 3 : labels[$0] }
    var trial = SampleTrials.trial(model, protocolName: protocolName, labels: labels, predicted: predicted)
    if grouped { trial.groups = labels.indices.map { $0 / 5 } }
    return trial
  }

  private static func analysis(grouped: Bool) -> Analysis {
    Analysis(
      records: [
        trial("a", wrong: [3, 8, 14], grouped: grouped),
        trial("b", wrong: [3, 5, 9, 14, 17, 19, 21], grouped: grouped),
      ], manifest: SampleTrials.manifest(primary: .accuracy, protocols: [.official]))
  }

  @Test("the bootstrap, McNemar's test and Wilson's interval take the group for the unit")
  func unit() throws {
    let (rows, groups) = (Self.analysis(grouped: false), Self.analysis(grouped: true))
    func interval(_ analysis: Analysis, _ test: ComparisonRow.Test) throws -> (low: Double, high: Double, p: Double) {
      let row = try #require(analysis.comparisons.first { $0.test == test && $0.metric == "accuracy" })
      return (try #require(row.low), try #require(row.high), try #require(row.p))
    }
    for test in [ComparisonRow.Test.bootstrap, .mcnemar] {
      let (plain, wide) = (try interval(rows, test), try interval(groups, test))
      // Rows that repeat each other five times: the interval of a fifth of them is about √5 as wide.
      let ratio = (wide.high - wide.low) / (plain.high - plain.low)
      #expect((1.8...2.7).contains(ratio), "\(test): \(ratio)")
      #expect(wide.p > plain.p, "\(test)")
    }
    // Five groups tell the models apart, one for a, five for b less one of a's own: d = 5, 5, 5, 5, 5, −5.
    let exact = try #require(groups.comparisons.first { $0.test == .mcnemar })
    #expect(exact.p == 14.0 / 64 && exact.statistic == 5 && exact.n == 120)
    func accuracy(_ analysis: Analysis) throws -> Double {
      let row = try #require(analysis.summary.first { $0.metric == "accuracy" && $0.model == "a" })
      #expect(row.mean == 0.875)
      return try #require(row.high) - #require(row.low)
    }
    let (plain, wide) = (try accuracy(rows), try accuracy(groups))
    #expect((1.8...2.7).contains(wide / plain), "\(wide / plain)")
  }

  @Test("trials of one group have no interval over rows")
  func oneGroup() throws {
    var records = [Self.trial("a", wrong: [3], grouped: true), Self.trial("b", wrong: [3, 5], grouped: true)]
    for index in records.indices { records[index].groups = [Int](repeating: 0, count: 120) }
    let analysis = Analysis(
      records: records, manifest: SampleTrials.manifest(primary: .accuracy, protocols: [.official]))
    let row = try #require(analysis.comparisons.first { $0.role == .primary })
    #expect(row.low == nil && row.p == nil)
    #expect(analysis.comparisons.first { $0.role == .headline }?.verdict == .none("all test rows are of one group"))
    #expect(!analysis.comparisons.contains { $0.test == .mcnemar })
    #expect(analysis.summary.filter { $0.metric == "accuracy" }.allSatisfy { $0.low == nil })
  }

  @Test("the part of a trial keeps the groups of its rows")
  func part() throws {
    var trial = Self.trial("a", wrong: [], grouped: true)
    trial.score(novelty: (0..<120).map { $0 % 2 == 0 ? .novel : .seen }, primary: .f1Macro)
    let part = try #require(trial.part(.novel))
    #expect(part.groups == stride(from: 0, to: 120, by: 2).map { $0 / 5 })
  }

  @Test("a run numbers the groups of its domains; without groups it has none")
  func run() throws {
    var manifest = Small.manifest()
    manifest.models.removeAll { $0.name != "majority" }
    var runner = try Small.runner(manifest, jobs: 1)
    let plain = runner.run(progress: Progress(style: .quiet)).records
    #expect(plain.allSatisfy { $0.groups.isEmpty })
    for row in runner.corpora[0].domains[0].examples.indices where row % 7 > 0 {
      runner.corpora[0].domains[0].examples[row].group = "customer \(row / 4)"
    }
    runner.plan = try Plan(manifest: manifest, corpora: runner.corpora)
    let records = runner.run(progress: Progress(style: .quiet)).records
    let names = Dictionary(
      uniqueKeysWithValues: runner.corpora[0].domains[0].examples.map { ($0.id, $0.group ?? $0.id) })
    #expect(records.contains { $0.protocolName == "kfold" } && records.contains { $0.protocolName == "cross-domain" })
    var known: [String: Int] = [:]
    for record in records {
      guard record.target == "ecommerce" else {
        #expect(record.groups.isEmpty)
        continue
      }
      // One number for one name, in every part, and no two names with one number.
      for (id, group) in zip(record.ids, record.groups) {
        let name = try #require(names[id])
        #expect(known[name] ?? group == group)
        known[name] = group
      }
      #expect(record.groups.count == record.testRows)
    }
    #expect(Set(known.values).count == known.count && known.count > 20)
  }
}
