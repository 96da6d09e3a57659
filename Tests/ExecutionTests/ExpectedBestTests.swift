import TestSupport
import Testing

@testable import Analysis
@testable import Records

@Suite struct ExpectedBestTests {
  private func record(_ scores: [Double?], cut: Bool = false) -> TuningRecord {
    var trials = scores.map { score -> TuningRecord.Trial in
      var trial = TuningRecord.Trial(settings: [])
      (trial.score, trial.flops, trial.status) = (score, 2, score == nil ? .failed : .ok)
      return trial
    }
    if cut { trials[trials.count - 1].status = .overBudget }
    return TuningRecord(
      fit: "", task: "", corpus: "", protocolName: "", source: "", model: "", kind: .lstm, seed: 0, fold: nil,
      trials: trials)
  }

  @Test("failed trials count as the worst, a cut one for nothing, losses are turned round")
  func conventions() {
    func best(_ record: TuningRecord, _ metric: String = "f1_macro") -> ExpectedBest {
      ExpectedBest(record, metric: metric) { $0 * 10 }
    }
    expectClose(best(record([0.5, 0.7, nil])).scores[0], (0.5 + 0.7 + 0.5) / 3, "mean of one draw")
    #expect(best(record([0.5, 0.7, 0.9], cut: true)) == best(record([0.5, 0.7])))
    // Of two draws from 1 and 3 the smaller is 1 in three cases of four.
    expectClose(best(record([3, 1]), "log_loss").scores[1], 1.5, "expected minimum")
    #expect(best(record([nil, nil])).scores.isEmpty)
    #expect(best(record([0.5, 0.7])).cost == 20)
  }

  @Test("the mean over fits goes as far as the shortest search")
  func mean() {
    var (a, b) = (ExpectedBest(mean: []), ExpectedBest(mean: []))
    (a.scores, a.cost) = ([0.2, 0.4, 0.6], 1)
    (b.scores, b.cost) = ([0.4, 0.8], 3)
    let mean = ExpectedBest(mean: [a, b])
    #expect(mean.scores.count == 2 && mean.cost == 2)
    expectClose(mean.scores[0], 0.3, "first")
    expectClose(mean.scores[1], 0.6, "second")
  }
}
