import Foundation
import Measurement
import Records

extension Doctor {
  /// How many processors there are, and how many of them a run may use.
  func processors() -> [Finding] {
    let usable = source.conditions.allowed?.count ?? source.processors
    let online = source.read("/sys/devices/system/cpu/online").flatMap { TimingConditions.numbers($0[...]) }
    var found = Self.count(usable, "processor") + " usable"
    if let online, online.count > usable { found += " of \(online.count): the process is bound to them" }
    guard let quota = ControlGroups(read: source.read).processors, quota < Double(usable) else {
      return [Finding("processors", found)]
    }
    let jobs = max(1, Int(quota))
    return [
      Finding(
        "processors", .warning, "\(found), but a control group allows the time of \((quota * 100).rounded() / 100)",
        advice: "run with --jobs \(jobs); times on more threads are unfit for comparison")
    ]
  }

  /// Whether the processors' clock may change while something is measured.
  func clockRate() -> [Finding] {
    let governors = source.conditions.governors
    let names = governors.joined(separator: ", ")
    var findings: [Finding] = []
    if governors.isEmpty {
      findings.append(Finding("governor", "the system does not say, as in most virtual machines"))
    } else if governors == ["performance"] {
      findings.append(Finding("governor", names))
    } else {
      findings.append(
        Finding(
          "governor", .warning, "\(names), not performance: times depend on what ran before",
          advice: "sudo cpupower frequency-set --governor performance"))
    }
    if let file = turbo {
      findings.append(
        file.isOn
          ? Finding(
            "turbo", .warning, "on: the clock depends on heat and on the other processors",
            advice: "for times to compare over days: echo \(file.off) | sudo tee \(file.path)")
          : Finding("turbo", "off"))
    } else {
      findings.append(Finding("turbo", "the system does not say"))
    }
    return findings
  }

  /// Intel's driver has a file that says no; the others one that says yes.
  private var turbo: (path: String, isOn: Bool, off: String)? {
    let files = [
      ("/sys/devices/system/cpu/intel_pstate/no_turbo", "0", "1"), ("/sys/devices/system/cpu/cpufreq/boost", "1", "0"),
    ]
    for (path, on, off) in files {
      guard let value = source.read(path)?.trimmingCharacters(in: .whitespacesAndNewlines) else { continue }
      if value == on || value == off { return (path, value == on, off) }
    }
    return nil
  }

  /// What others take of the processors, over about a second.
  func load() -> [Finding] {
    let conditions = source.conditions
    let start = conditions.snapshot()
    source.wait()
    let shares = conditions.shares(from: start, to: conditions.snapshot())
    return [load(shares?.others, average: start.load), steal(shares?.steal)]
  }

  private func load(_ others: Double?, average: Double?) -> Finding {
    let minute = average.map { "; load average \($0) over a minute" } ?? ""
    guard let others else {
      return Finding("load", "the system does not say what other processes use\(minute)")
    }
    let found = "other processes use \(Self.percent(max(0, others))) of the processors\(minute)"
    return others > TrialRecord.Measured.largestLoad
      ? Finding(
        "load", .warning, found,
        advice: "end them before times are measured (\(Self.percent(TrialRecord.Measured.largestLoad)) allowed)")
      : Finding("load", found)
  }

  private func steal(_ share: Double?) -> Finding {
    guard let share else { return Finding("steal", "the system does not say") }
    let found = "a hypervisor gives \(Self.percent(max(0, share))) of the processors' time to others"
    return share > TimingConditions.largestSteal
      ? Finding(
        "steal", .warning, found,
        advice: "measure times at another hour or on a machine of your own "
          + "(\(Self.percent(TimingConditions.largestSteal)) allowed)")
      : Finding("steal", found)
  }
}
