import Testing

@testable import Training

@Suite struct ScheduleTests {
  @Test("the warm-up share becomes steps by rounding up, and the highest rate follows it")
  func warmup() {
    var settings = ScheduleSettings()
    settings.warmup = 0.1
    let schedule = Schedule(settings, base: 2, totalSteps: 45)
    #expect(schedule.warmupSteps == 5)
    #expect(schedule.rate(at: 0) == 0)
    #expect(schedule.rate(at: 5) == 2)
    #expect(schedule.rate(at: 45) == 0)
  }

  @Test("without warm-up the constant schedule is the base rate everywhere")
  func constant() {
    let schedule = Schedule(kind: .constant, base: 0.5, warmupSteps: 0, totalSteps: 10)
    #expect((0...10).allSatisfy { schedule.rate(at: $0) == 0.5 })
  }
}
