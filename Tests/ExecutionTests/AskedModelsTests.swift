import Compute
import Corpora
import Files
import Foundation
import Manifests
import Models
import Records
import Settings
import Storage
import Tasks
import Testing
import Training

@testable import Execution
@testable import Families
@testable import Planning

/// Models that learn from another one, or ask it.
@Suite struct AskedModelsTests {
  private static func manifest() throws -> Manifest {
    var manifest = Small.manifest()
    manifest.protocols = [.init(kind: .holdout)]
    manifest.protocols[0].domains = ["ecommerce"]
    var models = Small.models().filter { ["tfidf", "lstm", "lookup"].contains($0.name) }
    for index in models.indices where models[index].name == "lstm" { models[index].training.epochs = 6 }
    var student = try #require(models.first { $0.name == "lstm" })
    (student.name, student.teacher) = ("student", "tfidf")
    student.training.augmentation = AugmentationSettings()
    student.training.augmentation?.copies = 2
    var declared = Checked(.map([]))
    declared.set(["kind"], Checked(.text("cascade")))
    declared.set(["stages"], Checked(.list(["student", "tfidf"].map { Checked(.text($0)) })))
    // The cascade stands before what it asks, and the student before its teacher.
    manifest.models = [try #require(ModelDeclaration("cascade", declared)), student] + models
    return manifest
  }

  private func outcome(_ manifest: Manifest, jobs: Int, store: FitStore? = nil) throws -> Runner.Outcome {
    var runner = try Small.runner(manifest, jobs: jobs)
    runner.store = store
    return runner.run(progress: Progress(style: .quiet))
  }

  private func answers(_ outcome: Runner.Outcome) -> [String: [Float]] {
    Dictionary(uniqueKeysWithValues: outcome.records.map { ($0.model, $0.probabilities) })
  }

  @Test(
    "what asks others comes after them, with the same bytes for any jobs, with a store and without, and stored again")
  func sameBytes() throws {
    let manifest = try Self.manifest(), one = try outcome(manifest, jobs: 1)
    #expect(one.records.allSatisfy { $0.status == .ok }, "\(one.records.map { $0.failure ?? "" })")
    let three = try outcome(manifest, jobs: 3)
    #expect(answers(three) == answers(one))
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("asked-\(UUID())")
    defer { try? FileManager.default.removeItem(at: folder) }
    let first = try outcome(
      manifest, jobs: 2, store: FitStore(beside: folder.appendingPathComponent("run"), fresh: false))
    let again = try outcome(
      manifest, jobs: 2, store: FitStore(beside: folder.appendingPathComponent("run"), fresh: false))
    #expect(answers(first) == answers(one) && answers(again) == answers(one))
    #expect(again.reusedFits == manifest.models.count)
    let coverages = [one, again].map { $0.records.first { $0.model == "cascade" }?.coverage }
    #expect(coverages[0] != nil && coverages[0] == coverages[1])
  }

  @Test("a student's key follows from its teacher's")
  func keys() throws {
    var manifest = try Self.manifest()
    func key(_ name: String) throws -> String {
      let runner = try Small.runner(manifest, jobs: 1)
      let index = try #require(runner.plan.fits.firstIndex { manifest.models[$0.model].name == name })
      return runner.keys.keys[index].digest
    }
    let before = try ["student", "cascade", "lstm"].map(key)
    let teacher = try #require(manifest.models.firstIndex { $0.name == "tfidf" })
    manifest.models[teacher].training.classWeights = .balanced
    let after = try ["student", "cascade", "lstm"].map(key)
    #expect(before[0] != after[0] && before[1] != after[1] && before[2] == after[2])
  }

  @Test("a student comes to its teacher's scores")
  func taught() throws {
    var manifest = try Self.manifest()
    manifest.models.removeAll { $0.name == "cascade" }
    let student = try #require(manifest.models.firstIndex { $0.name == "student" })
    manifest.models[student].training.augmentation = nil
    for index in manifest.models.indices where manifest.models[index].configuration.kind == .lstm {
      var sizes = RecurrentConfiguration()
      (sizes.embedding, sizes.hidden, sizes.dropout) = (32, 32, 0)
      manifest.models[index].configuration = .lstm(sizes)
      manifest.models[index].training.epochs = 100
      manifest.models[index].training.earlyStopping = nil
      manifest.models[index].training.optimizer.learningRate = 0.01
    }
    let runner = try Small.runner(manifest, jobs: 1)
    let fits = runner.plan.fits
    func classifier(_ name: String) throws -> any TextClassifier {
      let fit = try #require(fits.first { manifest.models[$0.model].name == name })
      return try #require(runner.result(of: fit).trained).classifier(in: Workspace())
    }
    let texts = runner.plan.trainingRows(of: fits[0]).map { runner.corpora[0].domains[0].examples[$0].text }
    let found = try ["tfidf", "student", "lstm"].map { name in
      let model = try classifier(name)
      return Fitter.scores(
        model.answers(model.encode(texts), pool: WorkerPool(threads: 1)), classes: runner.corpora[0].classes.count)
    }
    func apart(_ scores: [Float]) -> Float {
      zip(scores, found[0]).reduce(0) { $0 + abs($1.0 - $1.1) } / Float(scores.count)
    }
    // The same network that learned labels is further away.
    #expect(apart(found[1]) < 0.5 * apart(found[2]), "\(apart(found[1])), \(apart(found[2]))")
  }

  @Test("what asks a model that has failed fails, and says why")
  func failure() throws {
    var manifest = try Self.manifest()
    let teacher = try #require(manifest.models.firstIndex { $0.name == "tfidf" })
    let broken = VectorSource(path: "/no/such/file", declaredPath: "no/such/file")
    var lstm = try #require(manifest.models.first { $0.name == "lstm" })
    (lstm.name, lstm.vectors) = ("tfidf", broken)
    manifest.models[teacher] = lstm
    let outcome = try outcome(manifest, jobs: 2)
    let failures = outcome.records.filter { $0.status == .failed }
    #expect(Set(failures.map(\.model)) == ["tfidf", "student", "cascade"])
    #expect(failures.first { $0.model == "student" }?.failure?.contains("`tfidf`, its teacher") == true)
  }

  @Test("a cascade answers as its second model where the first is not sure, and not otherwise")
  func cascade() {
    let first: [Float] = [0.9, 0.1, 0.6, 0.4, 0.2, 0.8, 0.45, 0.55],
      second: [Float] = [0.8, 0.2, 0.1, 0.9, 0.3, 0.7, 0.9, 0.1]
    func lowest(_ loss: Double) -> Float {
      CascadeThreshold(
        first, second, labels: [0, 1, 1, 0], shape: .classification(2), primary: .accuracy
      ).lowest(loss: loss)
    }
    #expect(lowest(0) == 0.8 && lowest(0.25) == 0.6 && lowest(0.5) == 0.55)
    // Nothing that the first is sure of is right.
    #expect(
      CascadeThreshold(
        [0.9, 0.1, 0.8, 0.2], [0.1, 0.9, 0.2, 0.8], labels: [1, 1], shape: .classification(2), primary: .accuracy
      ).lowest(loss: 0) > 1)
  }
}
