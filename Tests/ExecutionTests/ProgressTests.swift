import Testing

@testable import Execution

@Suite struct ProgressTests {
  @Test(
    "durations are short and plain",
    arguments: [(0.4, "0 s"), (59.4, "59 s"), (61, "1 min 1 s"), (3_600, "1 h 0 min"), (9_000, "2 h 30 min")])
  func duration(seconds: Double, text: String) {
    #expect(Progress.duration(seconds) == text)
  }
}
