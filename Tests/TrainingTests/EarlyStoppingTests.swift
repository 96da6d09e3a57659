import Testing

@testable import Training

@Suite struct EarlyStoppingTests {
  private func verdicts(_ metric: EarlyStoppingSettings.Metric, _ values: [Double?]) -> [EarlyStopping.Verdict] {
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

  @Test("an undefined value is worse than every other, the best of losses and metrics below 0 included")
  func undefined() {
    #expect(verdicts(.primary, [-0.7, nil, -0.6, nil, nil]) == [.improved, .waiting, .improved, .waiting, .stop])
    #expect(verdicts(.loss, [3, nil, 0.5, nil, nil]) == [.improved, .waiting, .improved, .waiting, .stop])
  }

  @Test("before the first value that is defined nothing is kept and nothing ends")
  func undefinedFirst() {
    #expect(verdicts(.primary, [nil, nil, nil, nil, -5]) == [.waiting, .waiting, .waiting, .waiting, .improved])
  }
}
