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

@Suite struct SearchCourseTests {
  private func record(_ scores: [Double?], chosen: Int) -> TuningRecord {
    var trials = scores.map { score -> TuningRecord.Trial in
      var trial = TuningRecord.Trial(settings: [])
      (trial.score, trial.status) = (score, score == nil ? .failed : .ok)
      return trial
    }
    trials[chosen].isChosen = true
    return TuningRecord(
      fit: "", task: "", corpus: "", protocolName: "", source: "", model: "", kind: .lstm, seed: 0, fold: nil,
      trials: trials)
  }

  @Test("regret falls to 0 at the best trial; optimism is validation less test, turned round where lower is better")
  func conventions() {
    let course = SearchCourse(record([nil, 0.5, 0.25, 0.75, 0.6], chosen: 3), metric: .f1Macro, fresh: 0.5)
    #expect(course.regrets == [0.5, 0.25, 0.25, 0, 0] && course.optimism == 0.25)
    let loss = SearchCourse(record([3, 1, 2], chosen: 1), metric: .logLoss, fresh: 1.5)
    #expect(loss.regrets == [2, 0, 0] && loss.optimism == 0.5)
    let none = SearchCourse(record([nil], chosen: 0), metric: .f1Macro, fresh: 0.5)
    #expect(none.regrets.isEmpty && none.optimism == nil)
  }

  @Test("a cut trial counts for nothing, and the mean goes as far as the shortest search")
  func mean() {
    var cut = record([0.5, 0.75, 0.9], chosen: 1)
    (cut.trials[2].status, cut.trials[2].score) = (.overBudget, nil)
    let first = SearchCourse(cut, metric: .f1Macro, fresh: 0.5)
    #expect(first.regrets == [0.25, 0])
    let other = SearchCourse(record([0.25, 0.25, 1], chosen: 2), metric: .f1Macro, fresh: nil)
    let mean = SearchCourse(mean: [first, other])
    #expect(mean.regrets == [0.5, 0.375] && mean.optimism == 0.25)
  }
}
