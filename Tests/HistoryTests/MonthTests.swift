import Foundation
import Testing
#if canImport(FoundationXML)
  import FoundationXML
#endif

@testable import History

/// A month of nights through the store, the judge, the reports and the page, with two planted regressions.
@Suite struct MonthTests {
  @Test("both regressions are named on their nights, the exit codes are right, and the page shows the steps")
  func month() throws {
    try SyntheticHistory.inFolder { folder in
      let store = try HistoryStore(path: folder.appendingPathComponent("h.sqlite").path)
      var codes: [Int32] = []
      var reports: [NightlyReport] = []
      for night in 1...30 {
        func run(_ roll: Int) -> StoredRun {
          // From night 12 on the LSTM loses 5 points, from night 21 on it is 30 % slower.
          SyntheticHistory.run(
            seeds: 5, shift: night >= 12 ? -0.05 : 0, slowdown: night >= 21 ? 1.3 : 1, noise: UInt64(night * 10 + roll),
            commit: "\(night)0000000000", branch: "main")
        }
        let report = NightlyReport(parts: [try NightRun(store: store).run(measure: run)])
        codes.append(report.exitCode)
        reports.append(report)
      }
      #expect(codes.prefix(11).allSatisfy { $0 == 0 }, "\(codes)")
      #expect(codes.dropFirst(11).allSatisfy { $0 == 3 }, "\(codes)")
      #expect(reports[0].headline == "baseline created")
      let quality = regressions(reports[11])
      #expect(quality.map(\.series) == ["messages · lstm · f1_macro (holdout, shop)"])
      #expect(quality.first?.sinceNight == 12 && quality.first?.sinceCommit == "120000000000")
      #expect(regressions(reports[19]).map(\.sinceNight) == [12])
      let both = regressions(reports[20])
      #expect(both.map(\.sinceNight) == [12, 21])
      #expect(both.last?.series == "messages · lstm · query, 1 thread, batch 32")
      #expect(both.last?.lastGoodCommit == "200000000000")
      let markdown = reports[20].markdown()
      #expect(markdown.hasPrefix("## bench nightly: 2 regressions\n"))
      #expect(markdown.contains("| **worse** | messages · lstm · query, 1 thread, batch 32 | +"))
      #expect(markdown.contains("<summary>2 series no worse than chance allows</summary>"))
      #expect(markdown.contains("night 21, commit 21000000 (before: 20000000)"))
      let xml = reports[20].junit()
      #expect(XMLParser(data: Data(xml.utf8)).parse())
      #expect(xml.contains("tests=\"4\" failures=\"2\" errors=\"0\" skipped=\"0\""))
      let json = try JSONSerialization.jsonObject(with: Data(reports[20].json().utf8)) as? [String: Any]
      #expect(json?["exitCode"] as? Int == 3)
      let page = Dashboard(runs: try store.runs(), judgements: try store.judgements()).html()
      #expect(page.contains("run 12 of 30") && page.contains("run 21 of 30"))
      #expect(page.components(separatedBy: "<svg").count == 5)
      #expect(!page.contains("src=") && !page.contains("<script") && !page.contains("@import"))
      #expect(
        page.components(separatedBy: "http").count == page.components(separatedBy: "http://www.w3.org/2000/svg").count)
    }
  }

  private func regressions(_ report: NightlyReport) -> [Judgement] {
    report.parts.flatMap(\.judgements).filter { $0.status == .regression }
  }

  @Test("a night that never ended and one on another machine are no baseline; another manifest's figures stand apart")
  func separate() throws {
    try SyntheticHistory.inFolder { folder in
      let store = try HistoryStore(path: folder.appendingPathComponent("h.sqlite").path)
      func add(_ run: StoredRun, accepted: Bool = false, ended: Bool = true) throws {
        let number = try store.beginNight(isAccepted: accepted)
        var run = run
        run.night = number
        try store.record(run)
        if ended { try store.endNight(number, judgements: [], series: ManifestChange.series(of: run.manifest)) }
      }
      try add(SyntheticHistory.run())
      try add(SyntheticHistory.run(), ended: false)
      try add(SyntheticHistory.run(manifest: "version: 1\nname: small\nseed: 2\n"))
      try add(SyntheticHistory.run(cpu: "Other CPU"))
      try add(SyntheticHistory.run(), accepted: true)
      try store.record(SyntheticHistory.run())
      try add(SyntheticHistory.run(manifest: "version: 1\nname: small\nseries: 2\n"))
      try add(SyntheticHistory.run(experiment: "other"))
      let nights = try store.nights(before: SyntheticHistory.run())
      #expect(nights.map(\.number) == [1, 3, 5])
      #expect(nights.map(\.isAccepted) == [false, false, true])
      #expect(nights.map { $0.measurements[0].scores.count } == [2, 0, 2])
      #expect(nights.map { $0.others.first?.scores.count } == [nil, 2, nil])
      #expect(nights[1].changes["messages · lstm · f1_macro (holdout, shop)"] == ["seed: 2 → nothing"])
    }
  }

  @Test("nothing worse is said only where most series could have shown it, and never of a first night")
  func telling() {
    func report(_ telling: Int, _ noisy: Int, new: Int = 0) -> NightlyReport {
      func one(_ status: Judgement.Status, line: Double?) -> Judgement {
        var judgement = Judgement("s", isTime: false, status: status, threshold: 1, nights: 3, measurements: 1)
        (judgement.worsening, judgement.line) = (status == .steady ? 0.1 : nil, line)
        return judgement
      }
      let judgements =
        (0..<telling).map { _ in one(.steady, line: 0.8) } + (0..<noisy).map { _ in one(.steady, line: 1.2) }
        + (0..<new).map { _ in one(.baseline, line: nil) }
      return NightlyReport(parts: [.init(experiment: "e", judgements: judgements)])
    }
    #expect(report(3, 0).headline == "nothing worse")
    #expect(report(2, 1, new: 1).headline == "nothing worse, 2 of 4 series could not have shown a change that matters")
    #expect(report(1, 2).headline == "2 of 3 series could not have shown a change that matters")
    #expect(report(0, 0, new: 2).headline == "baseline created")
    #expect(report(1, 2).exitCode == 0)
    let markdown = report(1, 2).markdown()
    #expect(markdown.contains("<summary>2 series could not have shown a change that matters: too noisy"))
    #expect(markdown.contains("<summary>1 series no worse than chance allows"))
    // Equal bits are known to be equal; a series that nothing tells of chance is not.
    var equal = Judgement("s", isTime: false, status: .steady, threshold: 1, nights: 3, measurements: 1)
    #expect(!equal.isTelling)
    equal.worsening = 0
    #expect(equal.isTelling)
  }

  @Test("reports end with 4 where something could not be measured, 3 where something is worse too")
  func exitCodes() {
    func report(_ statuses: [Judgement.Status], failure: String? = nil) -> NightlyReport {
      let judgements = statuses.map {
        Judgement("a <b> | c", isTime: false, status: $0, threshold: 1, nights: 3, measurements: 1)
      }
      return NightlyReport(parts: [.init(experiment: "e & f", judgements: judgements, failure: failure)])
    }
    #expect(report([.steady, .improvement]).exitCode == 0)
    #expect(report([.steady, .unmeasured]).exitCode == 4)
    #expect(report([.steady, .ended]).exitCode == 4)
    #expect(report([.regression, .unmeasured]).exitCode == 3)
    let failed = report([], failure: "disk <full>")
    #expect(failed.exitCode == 4)
    for report in [report([.regression, .unmeasured, .ended, .baseline, .steady]), failed] {
      #expect(XMLParser(data: Data(report.junit().utf8)).parse())
    }
    #expect(report([.regression]).markdown().contains("a \\<b> \\| c"))
  }
}
