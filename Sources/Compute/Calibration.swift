import CKernels

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The fixed work that recorded times are divided by, so that a slower night of the machine is no slower model.
///
/// It shares no code with what is measured, and never changes.
public struct Calibration {
  private let scratch: Buffer

  public init() { scratch = Buffer(count: Int(CK_CALIBRATION_FLOATS), in: Workspace(), zeroed: true) }

  /// Does the work once, about a millisecond; the same number every time and everywhere.
  @discardableResult
  public func run() -> UInt64 { ck_calibrate(scratch.pointer) }
}

/// The time that the processor has spent on this process, on all its threads together.
///
/// What other processes take away does not count, so on one thread it is the cost of the work, on a busy machine too.
public enum ProcessorClock {
  /// In milliseconds, from any start.
  public static var milliseconds: Double {
    var time = timespec()
    guard clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) == 0 else { return 0 }
    return Double(time.tv_sec) * 1e3 + Double(time.tv_nsec) * 1e-6
  }
}
