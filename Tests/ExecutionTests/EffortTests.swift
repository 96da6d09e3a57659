import Families
import Manifests
import Models
import Settings
import Testing

@testable import Analysis

@Suite struct EffortTests {
  private func warning(_ change: (inout Manifest) -> Void, validationRows: Int = 4) -> String {
    var manifest = SampleTrials.manifest()
    manifest.models[0].configuration = .lstm(RecurrentConfiguration())
    manifest.models[1].configuration = .bert(TransformerConfiguration())
    change(&manifest)
    let records = (0..<2).flatMap { repetition in
      ["a", "b"].map {
        SampleTrials.trial(
          $0, seed: UInt64(repetition), repetition: repetition, validationRows: validationRows,
          splitHash: "\(repetition)")
      }
    }
    let rows = Analysis(records: records, manifest: manifest).comparisons
    #expect(!rows.isEmpty && Set(rows.map(\.warning)).count == 1, "every row of a pair says the same")
    return rows.first?.warning ?? ""
  }

  private let space = SearchSpace([.init("hidden", .list([.integer(4)]))])

  @Test("a verdict on one tuned model and one that is not has a warning")
  func tuned() {
    #expect(warning { _ in } == "")
    #expect(warning { $0.models[0].space = space } == "", "no tuning, no search")
    let one: (inout Manifest) -> Void = {
      $0.tuning = TuningSettings()
      $0.models[0].space = space
    }
    #expect(warning(one) == "unequal effort: only a is tuned")
    #expect(
      warning {
        one(&$0)
        $0.models[1].space = space
      } == "")
    #expect(
      warning {
        one(&$0)
        $0.models[1].configuration = .lookup
      } == "", "a floor has nothing to tune")
  }

  @Test("a verdict on models that stop early differently has a warning, where they stop early at all")
  func stopping() {
    let change: (inout Manifest) -> Void = {
      $0.models[0].training.earlyStopping?.patience = 7
      $0.models[1].training.earlyStopping?.metric = .loss
      $0.models[1].training.earlyStopping?.evaluationsPerEpoch = 2
    }
    #expect(
      warning(change)
        == "unequal effort: early stopping differs: metric loss against primary, patience 3 against 7, "
        + "evaluations per epoch 2 against 1"
    )
    #expect(warning(change, validationRows: 0) == "")
    #expect(warning { $0.models[1].training.earlyStopping = nil } == "unequal effort: only a stops early")
    #expect(
      warning {
        $0.models[1].training.earlyStopping = nil
        $0.models[1].configuration = .tfidfLogistic(TFIDFLogisticConfiguration())
      } == "", "there is nothing to stop")
  }
}
