import Testing

@testable import History

@Suite struct HistoryListingTests {
  private var runs: [StoredRun] {
    let shifts = [0.0, 0.01, -0.02, 0.03]
    return shifts.enumerated().map { index, shift in
      var run = SyntheticHistory.run(shift: shift, slowdown: 1 + Double(index) / 10)
      run.id = Int64(index + 1)
      return run
    }
  }

  @Test("series stand with first, best and last value and a sparkline; times are best when low")
  func series() {
    let lines = HistoryListing.series(runs, metric: nil, model: "lstm").split(separator: "\n").map(String.init)
    #expect(lines.count == 4)
    #expect(lines[0].contains("4 runs") && lines[0].contains("at 01234567"))
    #expect(lines[2] == "messages · lstm · f1_macro (holdout, shop)      4     82.00     85.00    85.00  ▄▅▁█")
    #expect(lines[3] == "messages · lstm · query, 1 thread, batch 32     4  8.160 ms  8.160 ms  10.6 ms  ▁▃▆█")
  }

  @Test("runs of other experiments or machines stand in tables of their own; other settings begin a row of their own")
  func lineages() {
    let all = runs + [SyntheticHistory.run(experiment: "b"), SyntheticHistory.run(cpu: "Other")]
    #expect(HistoryListing.series(all, metric: nil, model: nil).components(separatedBy: "\n\n").count == 3)
    var later = [0.0, 0.01].map { SyntheticHistory.run(shift: $0, manifest: "version: 1\nname: small\nseed: 2\n") }
    for index in later.indices { later[index].id = Int64(index + 5) }
    // The old seed once more: its series goes on.
    var last = runs[0]
    last.id = 7
    let lines = HistoryListing.series(runs + later + [last], metric: nil, model: "lstm").split(separator: "\n")
    #expect(lines.count == 6 && lines[0].contains("7 runs"))
    #expect(lines[2].hasPrefix("messages · lstm · f1_macro (holdout, shop), until run 6 "))
    #expect(
      lines[3].hasPrefix("messages · lstm · f1_macro (holdout, shop)   ") && lines[3].contains("     5     82.00"))
    #expect(HistoryListing.series(runs, metric: "accuracy", model: "nobody").isEmpty)
  }

  @Test("what a night measured again is listed as such, and is no point of a series")
  func nights() {
    var again = SyntheticHistory.run(shift: -0.3)
    (again.id, again.night, again.roll) = (5, 3, 1)
    let table = HistoryListing.runs(runs + [again]).split(separator: "\n")
    #expect(table.last?.contains("3, again") == true)
    #expect(
      HistoryListing.series(runs + [again], metric: nil, model: nil)
        == HistoryListing.series(runs, metric: nil, model: nil))
  }

  @Test("a sparkline shows the latest values, and a flat one where all are equal")
  func sparkline() {
    #expect(Sparkline.text([9, 1, 2, 3], width: 3) == "▁▅█")
    #expect(Sparkline.text([2, 2], width: 5) == "▄▄")
    #expect(Sparkline.text([], width: 5).isEmpty)
    #expect(Sparkline.text([1, .nan, 2], width: 5) == "▁█")
  }
}
