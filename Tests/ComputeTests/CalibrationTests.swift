import Compute
import Testing

@Suite struct CalibrationTests {
  @Test("the calibration kernel does the very work that recorded times were divided by")
  func fixed() {
    let calibration = Calibration()
    // Another number means other work: then no recorded time can be compared with a new one.
    #expect(calibration.run() == 1_396_795_851_517_913_654)
    #expect(calibration.run() == 1_396_795_851_517_913_654)
  }

  @Test("the processor's clock goes on with work")
  func clock() {
    let start = ProcessorClock.milliseconds
    let calibration = Calibration()
    for _ in 0..<5 { calibration.run() }
    #expect(ProcessorClock.milliseconds > start)
  }
}
