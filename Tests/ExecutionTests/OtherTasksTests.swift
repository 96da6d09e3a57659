import Compute
import Families
import Manifests
import Models
import Tasks
import Testing

@testable import Analysis
@testable import Execution
@testable import Records

/// Runs in which a row has several labels, or a number.
@Suite struct OtherTasksTests {
  private static func manifest(_ problem: Problem) -> Manifest {
    var manifest = Small.manifest()
    (manifest.problem, manifest.comparisons.primary) = (problem, problem.primary)
    manifest.models = Small.models(of: problem)
    manifest.protocols[2].models = ["lookup"]
    return manifest
  }

  @Test(
    "every kind of model that is made for a task is fitted, tested and compared",
    arguments: [Problem.multiLabel, .regression])
  func whole(problem: Problem) throws {
    let manifest = Self.manifest(problem)
    let outcome = try Small.runner(manifest, jobs: 2).run(progress: Progress(style: .quiet))
    #expect(
      Set(outcome.records.map(\.kind.rawValue)).count == ModelFamilies.names { $0.problems.contains(problem) }.count)
    for record in outcome.records {
      #expect(record.status == .ok, "\(record.trial): \(record.failure ?? "")")
      #expect(record.problem == problem && record.rows == record.testRows && record.rows > 0)
      #expect(record.classes.count == (problem == .regression ? 0 : 3), "\(record.classes)")
      let scores = Set(record.metrics.keys.compactMap { MetricName(rawValue: $0) })
      #expect(scores.isSubset(of: problem.metrics) && scores.contains(problem.primary))
      #expect(record.perClass.count == record.classes.count && record.confusion.isEmpty && record.labels.isEmpty)
    }
    let analysis = Analysis(records: outcome.records, manifest: manifest)
    let compared = Set(analysis.comparisons.compactMap { ScoreName(column: $0.metric)?.metric })
    #expect(compared == Set(problem.compared))
    let primary = analysis.comparisons.filter { $0.metric == problem.primary.rawValue && $0.contrast != nil }
    #expect(!primary.isEmpty && !analysis.transfers.isEmpty)
  }

  @Test(
    "a linear model is better than the floors, by the score that decides", arguments: [Problem.multiLabel, .regression])
  func learns(problem: Problem) throws {
    var manifest = Self.manifest(problem)
    manifest.protocols = [.init(kind: .holdout)]
    manifest.models = manifest.models.filter { ["tfidf", "tfidf-ridge", "majority"].contains($0.name) }
    let outcome = try Small.runner(manifest, jobs: 1).run(progress: Progress(style: .quiet))
    for record in outcome.records where record.kind != .majority {
      let floor = try #require(
        outcome.records.first { $0.kind == .majority && $0.seed == record.seed && $0.target == record.target })
      let (own, other) = (record.metrics[problem.primary.rawValue], floor.metrics[problem.primary.rawValue])
      #expect(try #require(own) > (try #require(other)) + 0.05, "\(record.trial)")
    }
  }

  @Test("no bit depends on the number of jobs or threads", arguments: [Problem.multiLabel, .regression])
  func jobs(problem: Problem) throws {
    var manifest = Self.manifest(problem)
    manifest.protocols = [manifest.protocols[1]]
    manifest.protocols[0].seeds = 1
    let runs = try [1, 3].map { try Small.runner(manifest, jobs: $0).run(progress: Progress(style: .quiet)).records }
    #expect(runs[0].map(\.trial) == runs[1].map(\.trial))
    for (one, three) in zip(runs[0], runs[1]) {
      #expect(one.outcome == three.outcome && one.metrics == three.metrics, "\(one.trial)")
    }
  }

  @Test("the threshold of several labels is the one that scores best on validation rows; one half without any")
  func threshold() throws {
    let texts = (0..<60).map {
      "message \($0) about \($0 % 3 == 0 ? "a parcel" : "a bill")\($0 % 6 == 0 ? " and a refund" : "")"
    }
    let sets = (0..<60).map { ($0 % 3 == 0 ? [0] : []) + ($0 % 6 == 0 ? [1] : []) }
    // So held back that no label is probable.
    var model = try #require(Small.models(of: .multiLabel).first { $0.name == "tfidf" })
    var family = try #require(model.configuration.family as? TFIDFLogisticFamily)
    family.sizes.c = 0.01
    model.configuration = ModelConfiguration(family)
    let fitter = Fitter(
      model: model, shape: TaskShape(.multiLabel, classes: 2), random: Random(seed: 1, stream: "fit"), primary: .f1Micro
    )
    let rows = FitJob.Rows(texts: Array(texts[..<40]), targets: .labels(Array(sets[..<40])))
    let held = FitJob.Rows(texts: Array(texts[40...]), targets: .labels(Array(sets[40...])))
    let pool = WorkerPool(threads: 1)
    let plain = try fitter.fit(training: rows, validation: nil, pool: pool) { _ in }
    #expect(plain.model.threshold == LabelThreshold.usual)
    let fitted = try fitter.fit(training: rows, validation: held, pool: pool) { _ in }
    let classifier = fitted.model.classifier(in: Workspace())
    let probabilities = classifier.answers(classifier.encode(held.texts), pool: pool)
    func score(_ threshold: Float) -> Double {
      let outcome = LabelOutcome(
        targets: Array(sets[40...]), probabilities: probabilities, labels: 2, threshold: threshold)
      return outcome.scores.value(.f1Micro) ?? 0
    }
    #expect(fitted.model.threshold != LabelThreshold.usual)
    #expect((1...99).allSatisfy { score(Float($0) / 100) <= score(fitted.model.threshold) + 0.05 })
    #expect(score(fitted.model.threshold) > score(LabelThreshold.usual))
  }
}
