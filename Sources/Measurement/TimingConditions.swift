import Foundation
import Records

/// Whether the machine was fit for timing: what else ran, what a hypervisor took, and whether the clock may change.
///
/// Read when timing begins and when it ends. What this process used itself is no load, so that the training just before
/// does not count as one, as it would in a load average.
public struct TimingConditions: Sendable {
  /// Share of the usable processors' time that a hypervisor may give to others.
  public static let largestSteal = 0.01
  /// Change of the matrix product's peak rate from beginning to end.
  package static let largestDrift = 0.10

  /// The text of a file of /proc or /sys, or nil.
  public typealias Reader = @Sendable (_ path: String) -> String?
  public static let system: Reader = { try? String(contentsOfFile: $0, encoding: .utf8) }

  /// Processors that this process may use.
  package var cores: Int
  package var read: Reader

  public init(cores: Int, read: @escaping Reader = system) { (self.cores, self.read) = (cores, read) }

  /// What the counters stood at.
  public struct Snapshot: Sendable {
    /// Of the processors that this process may use, in ticks since the start: at work, stolen, and in all.
    fileprivate var busy, steal, total: Double?
    /// Of this process, in the same ticks.
    fileprivate var own: Double?
    /// Mean number of runnable processes over one minute.
    public fileprivate(set) var load: Double?
  }

  public func snapshot() -> Snapshot {
    var snapshot = Snapshot()
    snapshot.load = read("/proc/loadavg")?.split(separator: " ").first.flatMap { Double($0) }
    // user nice system idle iowait irq softirq steal …; guests' time stands in user and nice already (proc(5)).
    let lines = (read("/proc/stat") ?? "").split(separator: "\n").map { $0.split(separator: " ") }
    let names = allowed.map { Set($0.map { "cpu\($0)" }) } ?? ["cpu"]
    for line in lines where line.first.map({ names.contains(String($0)) }) == true {
      let ticks = line.dropFirst().compactMap { Double($0) }
      guard ticks.count >= 8 else { continue }
      snapshot.busy = (snapshot.busy ?? 0) + ticks[0] + ticks[1] + ticks[2] + ticks[5] + ticks[6]
      snapshot.steal = (snapshot.steal ?? 0) + ticks[7]
      snapshot.total = (snapshot.total ?? 0) + ticks[..<8].reduce(0, +)
    }
    // The process's name, in parentheses, may hold anything; fields count from behind it: state is the 3rd.
    if let text = read("/proc/self/stat"), let end = text.lastIndex(of: ")") {
      let fields = text[text.index(after: end)...].split(separator: " ")
      if fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) {
        snapshot.own = user + system
      }
    }
    return snapshot
  }

  /// Shares of the usable processors' time between two moments: what other processes used, and what a hypervisor gave
  /// away. Nil where the counters do not say.
  public func shares(from start: Snapshot, to end: Snapshot) -> (others: Double?, steal: Double?)? {
    guard let total = difference(start.total, end.total), total > 0 else { return nil }
    var others: Double?
    if let busy = difference(start.busy, end.busy), let own = difference(start.own, end.own) {
      others = (busy - own) / total
    }
    return (others, difference(start.steal, end.steal).map { $0 / total })
  }

  /// What makes the times between two moments unfit for comparison; none where nothing does.
  ///
  /// `peaks` are the matrix product's rates at both moments, in FLOP/s.
  package func warnings(from start: Snapshot, to end: Snapshot, peaks: (Double, Double)? = nil) -> [String] {
    var lines: [String] = []
    if let shares = shares(from: start, to: end) {
      if let others = shares.others, others > TrialRecord.Measured.largestLoad {
        lines.append(
          "load: other processes used \(percent(others)) of the processors (\(percent(TrialRecord.Measured.largestLoad)) allowed)"
        )
      }
      if let steal = shares.steal, steal > Self.largestSteal {
        lines.append(
          "CPU steal: the hypervisor gave \(percent(steal)) of the processors' time to others (\(percent(Self.largestSteal)) allowed)"
        )
      }
    } else if let load = start.load, load > Double(cores) {
      lines.append("load: \(decimal(load)) processes were runnable on \(cores) processors in the minute before")
    }
    let governors = governors.filter { $0 != "performance" }
    if !governors.isEmpty {
      lines.append(
        "frequency scaling: the processors' governor is \(governors.joined(separator: ", ")), not performance")
    }
    if let peaks, min(peaks.0, peaks.1) > 0 {
      let drift = peaks.1 / peaks.0 - 1
      if abs(drift) > Self.largestDrift {
        lines.append(
          "changing speed: the matrix product's peak went from \(decimal(peaks.0 / 1e9)) to \(decimal(peaks.1 / 1e9)) GFLOP/s (\(percent(Self.largestDrift)) allowed)"
        )
      }
    }
    return lines
  }

  /// The different governors of the processors that this process may use; none where the system does not say.
  public var governors: [String] { Set((allowed ?? Array(0..<max(1, cores))).compactMap(governor)).sorted() }

  /// Numbers of the processors that this process may use; nil where the system does not say.
  public var allowed: [Int]? {
    let key = "Cpus_allowed_list:"
    let line = read("/proc/self/status")?.split(separator: "\n").first { $0.hasPrefix(key) }
    return line.flatMap { Self.numbers($0.dropFirst(key.count)) }
  }

  /// The numbers of a list such as `0-3,8`; nil where it is none.
  public static func numbers(_ list: Substring) -> [Int]? {
    var numbers: [Int] = []
    for part in list.split(separator: ",") {
      let ends = part.trimmingCharacters(in: .whitespacesAndNewlines).split(separator: "-").compactMap { Int($0) }
      guard let low = ends.first, let high = ends.last, low <= high, 0...high ~= low, high < 1 << 16 else {
        return nil
      }
      numbers += low...high
    }
    return numbers.isEmpty ? nil : numbers
  }

  private func governor(_ core: Int) -> String? {
    read("/sys/devices/system/cpu/cpu\(core)/cpufreq/scaling_governor")?
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }

  private func difference(_ start: Double?, _ end: Double?) -> Double? {
    guard let start, let end else { return nil }
    return end - start
  }

  private func percent(_ share: Double) -> String { "\(decimal(share * 100)) %" }
  private func decimal(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }
}
