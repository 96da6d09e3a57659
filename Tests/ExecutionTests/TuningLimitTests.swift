import Compute
import Families
import Manifests
import Models
import Records
import Settings
import Tasks
import Testing
import Training

@testable import Execution

/// `tuning.at_most`: what costs too much is not trained.
@Suite struct TuningLimitTests {
  private static let texts = (0..<24).map {
    $0 % 2 == 0 ? "the card number \($0) is late" : "a fee of \($0) is too high"
  }
  private static let rows = FitJob.Rows(texts: texts, labels: (0..<24).map { $0 % 2 })

  private func search(
    _ configuration: ModelConfiguration, _ key: String, _ values: [SettingValue],
    rows: Int? = nil, _ limits: (inout TuningSettings.Limits) -> Void = { _ in }
  ) throws -> TuningSearch.Outcome {
    var model = ModelDeclaration(name: "m", configuration: configuration)
    model.training.epochs = 1
    model.space = SearchSpace([SearchSpace.Dimension(key, .list(values), declared: values[0])])
    var settings = TuningSettings()
    (settings.search, settings.trials, settings.rows) = (.grid, 10, rows)
    limits(&settings.atMost)
    let fitter = Fitter(
      model: model, shape: .classification(2), random: Random(seed: 1, stream: "fit"), primary: .accuracy)
    return try TuningSearch(settings: settings, fitter: fitter).run(
      training: Self.rows, validation: Self.rows, pool: WorkerPool(threads: 1)
    ) { _, _ in }
  }

  private static let lstm = ModelConfiguration.lstm(RecurrentConfiguration())

  @Test("a network that would be too large costs nothing and is not chosen")
  func bytes() throws {
    let outcome = try search(Self.lstm, "hidden", [.integer(4), .integer(400)]) { $0.bytes = 200_000 }
    let large = outcome.trials.filter { $0.settings == [Setting("hidden", .integer(400))] }
    #expect(!large.isEmpty && large.allSatisfy { $0.status == .tooCostly && $0.flops == 0 && $0.score == nil })
    #expect(large.first?.failure?.hasSuffix("bytes, at most 200000 are allowed") == true)
    let chosen = try #require(outcome.chosen)
    #expect(chosen.status == .ok && chosen.settings.first { $0.key == "hidden" }?.value == .integer(4))
  }

  @Test("time is counted in operations, and where all costs too much there is no model")
  func time() throws {
    let outcome = try search(Self.lstm, "hidden", [.integer(4), .integer(8)]) { $0.queryMilliseconds = 1e-6 }
    #expect(outcome.fitted == nil && outcome.trials.allSatisfy { $0.status == .tooCostly && $0.flops == 0 })
    let message = TuningFailure(trials: outcome.trials).description
    #expect(message.contains("nominal milliseconds, at most"), "\(message)")
  }

  @Test("a model that has a size only when it has learned is judged then")
  func learned() throws {
    let outcome = try search(
      .tfidfLogistic(TFIDFLogisticConfiguration()), "minimum_documents", [.integer(1), .integer(6)]
    ) { $0.bytes = 4_000 }
    func statuses(_ count: Int) -> [TuningRecord.Trial.Status] {
      outcome.trials.filter { $0.settings == [Setting("minimum_documents", .integer(count))] }.map(\.status)
    }
    #expect(statuses(1).contains(.tooCostly) && statuses(6).contains(.ok), "\(outcome.trials)")
    #expect(outcome.trials.allSatisfy { $0.flops > 0 })
  }

  @Test("sizes are numbers with or without a unit")
  func units() {
    for (text, bytes) in [("4096", 4096), ("20 MB", 20_000_000), ("1.5GB", 1_500_000_000), ("512 kB", 512_000)] {
      #expect(TuningSettings.Limits.bytes(text) == bytes)
    }
    for text in ["", "MB", "20 mb", "20 TB", "-1", "0", "1e9"] {
      #expect(TuningSettings.Limits.bytes(text) == nil, "\(text)")
    }
  }

  @Test("trials learn from a part of the rows, and what is chosen from all")
  func rowsOfTrials() throws {
    let tfidf = ModelConfiguration.tfidfLogistic(TFIDFLogisticConfiguration())
    let whole = try search(tfidf, "c", [.number(1), .number(10)])
    let part = try search(tfidf, "c", [.number(1), .number(10)], rows: 12)
    #expect(zip(part.trials, whole.trials).allSatisfy { $0.flops < $1.flops })
    #expect(part.coreSeconds != nil && whole.coreSeconds == nil)
    let chosen = try #require(part.chosen), fitted = try #require(part.fitted)
    var model = ModelDeclaration(name: "m", configuration: tfidf)
    model.training.epochs = 1
    let fitter = Fitter(
      model: model.with(chosen.settings), shape: .classification(2), random: Random(seed: 1, stream: "fit"),
      primary: .accuracy)
    let direct = try fitter.fit(training: Self.rows, validation: Self.rows, pool: WorkerPool(threads: 1)) { _ in }
    func answers(_ fitted: Fitted) -> [Float] {
      let classifier = fitted.model.classifier(in: Workspace())
      return classifier.answers(classifier.encode(Self.texts), pool: WorkerPool(threads: 1))
    }
    #expect(answers(fitted) == answers(direct))
  }
}
