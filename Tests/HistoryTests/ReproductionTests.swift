import Testing

@testable import History

@Suite struct ReproductionTests {
  private func outcomes(_ again: StoredRun, of stored: StoredRun = SyntheticHistory.run()) -> [String: String] {
    let figures = Reproduction(of: stored, again: again).figures
    return Dictionary(uniqueKeysWithValues: figures.map { ($0.key.name, $0.outcome.rawValue) })
  }

  private let f1 = "messages · lstm · f1_macro (holdout, shop)"
  private let loss = "messages · lstm · log_loss (holdout, shop)"

  @Test("the same figures are equal; a mean that moves by the margin is within tolerance, one by more is different")
  func outcomes() {
    #expect(Set(outcomes(SyntheticHistory.run()).values) == ["equal"])
    let close = outcomes(SyntheticHistory.run(shift: 0.008))
    #expect(close[f1] == "within tolerance" && close["messages · tfidf · f1_macro (holdout, shop)"] == "equal")
    // Log loss is no fraction: 1 − 0.82 moves by a twentieth of itself at most.
    #expect(close[loss] == "within tolerance")
    let far = outcomes(SyntheticHistory.run(shift: -0.011))
    #expect(far[f1] == "different" && far[loss] == "different")
  }

  @Test("trials that cancel out are not equal; one that is gone, failed or has other rows is different")
  func trials() throws {
    var again = SyntheticHistory.run()
    again.trials[0].scores["f1_macro"]! += 0.2
    again.trials[2].scores["f1_macro"]! -= 0.2
    let figures = Reproduction(of: SyntheticHistory.run(), again: again).figures
    let figure = try #require(figures.first { $0.key.name == f1 })
    #expect(figure.outcome == .within && abs(figure.largestChange - 0.2) < 1e-9)
    again = SyntheticHistory.run()
    again.trials.remove(at: 0)
    #expect(outcomes(again)[f1] == "different")
    again = SyntheticHistory.run()
    again.trials[0].scores = [:]
    #expect(outcomes(again)[f1] == "different")
    #expect(outcomes(SyntheticHistory.run(splitHash: "beef"))[f1] == "different")
    // What the stored version would have called these rows.
    again = SyntheticHistory.run(splitHash: "beef")
    for index in again.trials.indices { again.trials[index].formerSplitHash = "5be1-\(again.trials[index].seed)" }
    #expect(outcomes(again)[f1] == "equal")
  }

  @Test("the text says what of the machines and the code may be why")
  func reasons() {
    var again = SyntheticHistory.run(shift: -0.05, commit: "89abcdef01234567")
    again.machine.kernelISA = "avx2"
    again.machine.cores = 8
    let text = Reproduction(of: SyntheticHistory.run(), again: again).text()
    #expect(text.hasPrefix("4 figures: 2 equal, 0 within tolerance, 2 different\n"))
    #expect(text.contains("code: commit 01234567 → 89abcdef"))
    #expect(text.contains("what rounds sums and so moves trained networks: kernelISA  → avx2"))
    #expect(text.contains("what moves times alone: cores 2 → 8"))
    let fault = Reproduction(of: SyntheticHistory.run(), again: SyntheticHistory.run(shift: 0.001)).text()
    #expect(fault.contains("what differs is a fault"))
    let same = Reproduction(of: SyntheticHistory.run(), again: SyntheticHistory.run())
    #expect(
      same.text() == """
        4 figures: 4 equal, 0 within tolerance, 0 different

        tolerance: a mean may move by the manifest's margin, 1.00 points; what is no fraction by 5 % of its value

        machine: nothing that moves a figure differs
        """)
    let lines = same.text(all: true).split(separator: "\n")
    #expect(lines.count(where: { $0.hasSuffix(" equal") }) == 4 && same.isReproduced)
  }

  @Test("a trial that failed in one run alone is named, and nothing is reproduced then")
  func endings() {
    var stored = SyntheticHistory.run()
    (stored.trials[0].failure, stored.trials[0].scores) = ("the loss is not finite", [:])
    let reproduction = Reproduction(of: stored, again: SyntheticHistory.run())
    #expect(reproduction.count(.different) == 0 && !reproduction.isReproduced)
    #expect(reproduction.text().contains("failed in one run alone: messages.shop.holdout.s1.lstm"))
    #expect(Reproduction(of: stored, again: stored).isReproduced)
  }
}
