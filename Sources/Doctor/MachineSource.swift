import Foundation
import Measurement

/// What the checks ask of a machine: this one, or one that a test invents.
public struct MachineSource: Sendable {
  /// The folder that stands for `/` in paths of /proc and /sys.
  public var root = "/"
  public var environment = ProcessInfo.processInfo.environment
  /// Processors that the process may use.
  public var processors = ProcessInfo.processInfo.activeProcessorCount
  public var now = Date()
  /// Lets time pass between two readings of the counters.
  public var wait: @Sendable () -> Void = { Thread.sleep(forTimeInterval: 1) }
  /// Bytes that this user may still write into a folder; nil where the system does not say.
  public var freeBytes: @Sendable (_ folder: String) -> Int? = {
    let attributes = try? FileManager.default.attributesOfFileSystem(forPath: $0)
    return (attributes?[.systemFreeSize] as? NSNumber)?.intValue
  }

  public init() {}

  /// Bytes of main memory that this process may use: the machine's, or what its tightest control group allows.
  public var memory: Int {
    let machine = Int(clamping: ProcessInfo.processInfo.physicalMemory)
    return min(ControlGroups(read: read).memoryLimit ?? machine, machine)
  }

  /// The text of a file of /proc or /sys, or nil.
  func read(_ path: String) -> String? { TimingConditions.system((root == "/" ? "" : root) + path) }

  var conditions: TimingConditions { TimingConditions(cores: processors, read: read) }
}
