import Foundation
import Synchronization

@testable import Doctor

/// A machine made of a few files; its folder goes with the object.
final class InventedMachine {
  let folder: URL
  private var source = MachineSource()
  var blas = BLASFacts(
    version: "0.3.29", core: "Haswell", isa: "avx2", isCoreTooOld: false, threads: 1, largestError: 1e-8)

  /// One that has nothing to be said against it.
  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("doctor \(UUID().uuidString) é")
    for name in ["work/Data/corpus", "work/Models/model"] {
      try FileManager.default.createDirectory(
        at: folder.appendingPathComponent(name), withIntermediateDirectories: true)
    }
    source.root = folder.appendingPathComponent("root").path
    (source.environment, source.processors) = ([:], 2)
    source.now = Date(timeIntervalSince1970: 1_800_000_000)
    source.freeBytes = { _ in 100 << 30 }
    source.wait = {}
    try write("/proc/meminfo", "MemTotal: 16777216 kB\nMemAvailable:    8388608 kB\n")
    try write("/proc/loadavg", "0.10 0.20 0.30 1/99 7\n")
    try write("/proc/self/status", "Name:\tbench\nCpus_allowed_list:\t0-1\n")
    try write("/sys/devices/system/cpu/online", "0-1\n")
    for core in 0...1 {
      try write("/sys/devices/system/cpu/cpu\(core)/cpufreq/scaling_governor", "performance\n")
    }
    try write("/sys/devices/system/cpu/cpufreq/boost", "0\n")
    try then(busy: 1_050, idle: 9_150, own: 550)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func write(_ path: String, _ text: String) throws { try Self.write(source.root + path, text) }

  private static func write(_ path: String, _ text: String) throws {
    let url = URL(fileURLWithPath: path)
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }

  func remove(_ path: String) throws { try FileManager.default.removeItem(atPath: source.root + path) }

  /// What the counters stand at after the wait; before it at 1,000, 9,000, 0 and 500.
  func then(busy: Int, idle: Int, steal: Int = 0, own: Int) throws {
    try write("/proc/stat", Self.counters(1_000, 9_000, 0))
    try write("/proc/self/stat", Self.process(500))
    let root = source.root
    source.wait = {
      try? Self.write(root + "/proc/stat", Self.counters(busy, idle, steal))
      try? Self.write(root + "/proc/self/stat", Self.process(own))
    }
  }

  private static func counters(_ busy: Int, _ idle: Int, _ steal: Int) -> String {
    (0...1).map { "cpu\($0) \(busy) 0 0 \(idle) 0 0 0 \(steal) 0 0\n" }.joined()
  }

  /// Two processors' ticks.
  private static func process(_ own: Int) -> String { "17 (x) R 1 2 3 4 5 6 7 8 9 10 \(2 * own) 0 0 0\n" }

  func set(_ change: (inout MachineSource) -> Void) { change(&source) }

  var memory: Int { source.memory }

  func path(_ name: String) -> String { folder.appendingPathComponent("work/\(name)").path }

  var history: String { path("Results/history.sqlite") }

  func findings(results: String? = nil, data: (path: String, isStated: Bool)? = nil) -> [Finding] {
    let places = Doctor.Places(
      results: results ?? path("Results"), history: history, data: data ?? (path("Data"), false),
      models: (path("Models"), false))
    var findings: [Finding] = []
    let worst = Doctor(places, source: source, blas: blas).examine { findings.append($0) }
    assert(worst == findings.map(\.level).max())
    return findings
  }

  /// What is not ok.
  func complaints(results: String? = nil, data: (path: String, isStated: Bool)? = nil) -> [Finding] {
    findings(results: results, data: data).filter { $0.level != .ok }
  }

  var text: String {
    complaints().map { "\($0.check) \($0.level.rawValue): \($0.found) → \($0.advice ?? "?")" }.joined(separator: "\n")
  }
}
