import Foundation
import Testing

@testable import History

@Suite struct NightJudgeTests {
  private typealias Names = SyntheticNights

  private func judge(
    _ history: [Night], _ tonight: [NightMeasurement], settings: NightlySettings = NightlySettings(loss: 2)
  ) -> [String: Judgement] {
    let judge = NightJudge(settings: settings, history: history)
    let suspects = judge.suspects(tonight[0])
    let measured = suspects.isEmpty ? [tonight[0]] : tonight
    let judgements = judge.judge(
      measured, suspects: suspects, number: (history.last?.number ?? 0) + 1, commit: "tonight")
    return Dictionary(uniqueKeysWithValues: judgements.map { ($0.series, $0) })
  }

  @Test("the first night creates the baseline")
  func first() {
    var nights = SyntheticNights(seed: 1)
    let judgements = judge([], [nights.measurement()])
    #expect(judgements.count == 3 && judgements.values.allSatisfy { $0.status == .baseline })
    #expect(NightJudge(settings: NightlySettings(), history: []).isFirst)
  }

  @Test("a night like the others is steady, and equal bits are said to be equal")
  func steady() throws {
    var nights = SyntheticNights(seed: 2)
    let history = nights.nights(20)
    let judgements = judge(history, [nights.measurement()])
    #expect(judgements.values.allSatisfy { $0.status == .steady })
    let fixed = try #require(judgements[Names.fixed])
    #expect(fixed.note == "equal to the last bit" && fixed.worsening == 0)
  }

  @Test("a slowdown of 30 % and a loss of 6 points are regressions of this night and commit")
  func regressions() throws {
    var nights = SyntheticNights(seed: 3)
    let history = nights.nights(20)
    let tonight = (0..<3).map { _ in nights.measurement(loss: 6, slowdown: 30) }
    let judgements = judge(history, tonight)
    for series in [Names.score, Names.time] {
      let judgement = try #require(judgements[series])
      #expect(judgement.status == .regression, "\(judgement)")
      #expect(judgement.sinceNight == 21 && judgement.sinceCommit == "tonight" && judgement.lastGoodCommit == "c20")
      #expect(judgement.measurements == 3 && judgement.nights == 20)
    }
    #expect(judgements[Names.fixed]?.status == .steady)
    let time = try #require(judgements[Names.time]?.worsening)
    #expect(abs(exp(time) - 1.3) < 0.1)
  }

  @Test("what looks worse once and not again is no regression")
  func remeasured() {
    var nights = SyntheticNights(seed: 4)
    let history = nights.nights(20)
    let tonight = [nights.measurement(slowdown: 12)] + (0..<2).map { _ in nights.measurement() }
    let judge = NightJudge(settings: NightlySettings(loss: 2), history: history)
    #expect(judge.suspects(tonight[0]) == [Names.time])
    let judgements = judge.judge(tonight, suspects: [Names.time], number: 21, commit: nil)
    #expect(judgements.allSatisfy { $0.status == .steady }, "\(judgements)")
    // And what looks worse only in the later measurements was never suspected.
    let late = [nights.measurement()] + (0..<2).map { _ in nights.measurement(slowdown: 60) }
    let ended = judge.judge(late, suspects: judge.suspects(late[0]), number: 21, commit: nil)
    #expect(ended.allSatisfy { $0.status == .steady })
  }

  @Test("a regression stays one until it is mended or accepted, and names its first night")
  func persistent() throws {
    var nights = SyntheticNights(seed: 5)
    var history = nights.nights(15)
    for number in 16...18 {
      let judgements = judge(history, (0..<3).map { _ in nights.measurement(slowdown: 40) })
      let time = try #require(judgements[Names.time])
      #expect(time.status == .regression && time.sinceNight == 16, "\(time)")
      #expect(time.nights == 15)
      let regressions = Set(judgements.values.filter { $0.status == .regression }.map(\.series))
      var night = nights.nights(1, from: number, slowdown: 40)[0]
      (night.regressions, night.commit) = (regressions, number == 16 ? "tonight" : "c\(number)")
      history.append(night)
    }
    #expect(judge(history, [nights.measurement()])[Names.time]?.status == .steady)
    history[17].isAccepted = true
    history[17].regressions = []
    let accepted = judge(history, [nights.measurement(slowdown: 40)])
    #expect(accepted[Names.time]?.status == .steady && accepted[Names.time]?.nights == 1)
  }

  @Test("after a gain the baseline is the gain's nights alone")
  func gain() throws {
    var nights = SyntheticNights(seed: 6)
    let history = nights.nights(20, slowdown: 40) + nights.nights(8, from: 21)
    let steady = try #require(judge(history, [nights.measurement()])[Names.time])
    #expect(steady.status == .steady && steady.nights == 8)
    let lost = judge(history, (0..<3).map { _ in nights.measurement(slowdown: 30) })
    #expect(lost[Names.time]?.status == .regression)
    // A gain of less than half of what matters leaves the nights before it.
    (nights.nightNoise, nights.batchNoise) = (0.001, 0.001)
    let small = judge(nights.nights(20, slowdown: 3) + nights.nights(8, from: 21), [nights.measurement()])
    #expect(small[Names.time]?.nights == 28)
    let large = judge(nights.nights(20, slowdown: 6) + nights.nights(8, from: 21), [nights.measurement()])
    #expect(large[Names.time]?.nights == 8)
    let better = judge(nights.nights(20), (0..<3).map { _ in nights.measurement(slowdown: -30) })
    #expect(better[Names.time]?.status == .improvement)
  }

  @Test("a failed trial, and a series that is gone, could not be measured")
  func unmeasured() {
    var nights = SyntheticNights(seed: 7)
    let history = nights.nights(5)
    var tonight = nights.measurement()
    tonight.scores[Names.score] = nil
    tonight.failures[Names.score] = "s3: the loss is not finite"
    tonight.costs = [:]
    let judgements = judge(history, [tonight])
    #expect(judgements[Names.score]?.status == .unmeasured)
    #expect(judgements[Names.score]?.note == "s3: the loss is not finite")
    #expect(judgements[Names.time]?.status == .unmeasured)
    #expect(judgements[Names.fixed]?.status == .steady)
  }

  @Test("a series with other settings than its last settled night has ended, however good it is, until they are back")
  func ended() throws {
    var nights = SyntheticNights(seed: 8)
    var history = nights.nights(5)
    func otherwise(_ night: Night, isSettled: Bool) -> Night {
      var night = night
      night.others = night.measurements.map { $0.with { $0 == Names.score } }
      night.measurements = night.measurements.map { $0.with { $0 != Names.score } }
      (night.changes[Names.score], night.isSettled) = (["models.lstm.hidden: 64 → 8"], isSettled)
      return night
    }
    let changed = history.map { otherwise($0, isSettled: true) }
    let tonight = (0..<3).map { _ in nights.measurement(loss: 6) }
    #expect(NightJudge(settings: NightlySettings(loss: 2), history: changed).lacksBaseline(tonight[0]))
    let ended = try #require(judge(changed, tonight)[Names.score])
    #expect(ended.status == .ended && ended.lastNight == 5 && ended.changes == ["models.lstm.hidden: 64 → 8"])
    #expect(ended.worsening.map { abs($0 - 6) < 1.5 } == true, "\(ended)")
    #expect(judge(changed, tonight)[Names.time]?.status == .steady)
    // The night after has a baseline of the new settings, which nobody has accepted.
    var sixth = nights.nights(1, from: 6, loss: 6)[0]
    sixth.isSettled = false
    #expect(judge(changed + [sixth], tonight)[Names.score]?.lastNight == 5)
    var accepted = sixth
    (accepted.isAccepted, accepted.isSettled) = (true, true)
    #expect(judge(changed + [accepted], tonight)[Names.score]?.status == .steady)
    // Put back: the nights with the old settings are the baseline again.
    history.append(otherwise(sixth, isSettled: false))
    #expect(judge(history, [nights.measurement()])[Names.score]?.status == .steady)
    #expect(judge(history, tonight)[Names.score]?.status == .regression)
  }

  @Test("a series that the manifest has no more has ended; one that came with an end is no loss when it goes with it")
  func gone() throws {
    var nights = SyntheticNights(seed: 9)
    var history = nights.nights(5)
    for index in history.indices {
      history[index].others = history[index].measurements.map { $0.with { $0 == Names.fixed } }
      history[index].measurements = history[index].measurements.map { $0.with { $0 != Names.fixed } }
      history[index].changes[Names.fixed] = ["models.tfidf is gone"]
    }
    let tonight = nights.measurement().with { $0 != Names.fixed }
    let gone = try #require(judge(history, [tonight])[Names.fixed])
    #expect(gone.status == .ended && gone.changes == ["models.tfidf is gone"] && gone.worsening == nil)
    var renamed = Night(number: 6, commit: nil, measurements: [tonight])
    (renamed.isSettled, renamed.changes["new"]) = (false, ["models.new is gone"])
    var other = NightMeasurement(scores: [:], costs: [:])
    other.scores["new"] = .init(trials: ["s1": 80], priorVariance: 1)
    renamed.others = [other]
    #expect(judge(nights.nights(5) + [renamed], [nights.measurement()])["new"] == nil)
    renamed.isSettled = true
    #expect(judge(nights.nights(5) + [renamed], [nights.measurement()])["new"]?.status == .ended)
  }

  @Test("the figures of a run become a night's: points, the higher the better; logarithms of relative costs")
  func figures() throws {
    var run = SyntheticHistory.run()
    run.trials[2].failure = "no memory"
    run.trials[2].scores = [:]
    let measurement = NightMeasurement(run)
    let lstm = try #require(measurement.scores[Names.score])
    #expect(lstm.trials.values.sorted().map { ($0 * 100).rounded() / 100 } == [81, 83])
    #expect(measurement.failures[Names.score] == "messages.shop.holdout.s2.lstm: no memory")
    #expect(measurement.costs[Names.time]?.logarithms == run.timings[0].costs.map { log($0) })
    #expect(measurement.costs.keys.sorted() == [Names.time, "messages · tfidf · query, 1 thread, batch 32"])
    // However long it takes tonight: a series must not come and go with the machine's speed.
    run.timings[1].work = "forward"
    run.timings[0].costs = run.timings[0].costs.map { $0 / 1_000 }
    #expect(NightMeasurement(run).costs.keys.sorted() == [Names.time])
    run.timings[0].kind = "lookup"
    #expect(NightMeasurement(run).costs.isEmpty)
    run.primaryMetric = "log_loss"
    let losses = NightMeasurement(run).scores["messages · lstm · log_loss (holdout, shop)"]
    #expect(losses?.trials.values.allSatisfy { $0 < 0 } == true && losses?.priorVariance == nil)
  }
}
