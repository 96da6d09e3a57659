import Testing

@testable import Training

@Suite struct EarlyStoppingTests {
  private func verdicts(_ metric: EarlyStoppingSettings.Metric, _ values: [Double]) -> [EarlyStopping.Verdict] {
    var settings = EarlyStoppingSettings()
    (settings.metric, settings.patience) = (metric, 2)
    var stopping = EarlyStopping(settings)
    return values.map { stopping.observe($0) }
  }

  @Test("a higher metric is an improvement, an equal one is not")
  func metric() {
    #expect(verdicts(.primary, [0.1, 0.3, 0.3, 0.2]) == [.improved, .improved, .waiting, .stop])
  }

  @Test("a lower loss is an improvement and gives the patience back")
  func loss() {
    #expect(
      verdicts(.loss, [3, 4, 2, 5, 1, 1, 2]) == [
        .improved, .waiting, .improved, .waiting, .improved, .waiting, .stop,
      ])
  }
}
