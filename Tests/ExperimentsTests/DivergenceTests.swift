import Testing

@testable import Experiments

@Suite struct DivergenceTests {
  @Test("a network no better than the most frequent class has diverged, and so has one whose loss was not finite")
  func cases() {
    func divergence(_ predicted: [Int], failed: Bool = false, target: String? = nil) -> TrialRecord.Divergence? {
      var record = SampleTrials.trial("a", target: target, labels: [0, 0, 1, 2], predicted: predicted, failed: failed)
      record.kind = .bert
      return record.divergence
    }
    #expect(divergence([0, 0, 0, 0]) == .noBetterThanMajority)
    #expect(divergence([0, 1, 1, 0]) == .noBetterThanMajority)
    #expect(divergence([0, 0, 1, 0]) == nil)
    #expect(divergence([0, 0, 1, 2], failed: true) == .notFinite)
    #expect(divergence([0, 0, 0, 0], target: "elsewhere") == nil)
    #expect(SampleTrials.trial("a", labels: [0, 0, 1, 2], predicted: [0, 0, 0, 0]).divergence == nil)
  }
}
