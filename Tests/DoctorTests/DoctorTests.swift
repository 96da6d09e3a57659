import Foundation
import GRDB
import Testing

@testable import Doctor
@testable import History

@Suite struct DoctorTests {
  private let machine: InventedMachine
  init() throws { machine = try InventedMachine() }

  @Test("a machine that is as it should be has nothing against it, every check speaks, and nothing is left behind")
  func fit() throws {
    let findings = machine.findings()
    #expect(findings.allSatisfy { $0.level == .ok && $0.advice == nil }, "\(machine.text)")
    #expect(
      findings.map(\.check) == [
        "blas", "blas threads", "product", "processors", "governor", "turbo", "load", "steal", "memory", "results",
        "disk", "data", "models", "history", "clock",
      ])
    #expect(try FileManager.default.contentsOfDirectory(atPath: machine.path("")).sorted() == ["Data", "Models"])
  }

  @Test("a system that says nothing is no reason to complain")
  func silent() throws {
    try machine.remove("/proc")
    try machine.remove("/sys")
    machine.set { $0.freeBytes = { _ in nil } }
    #expect(machine.complaints().isEmpty, "\(machine.text)")
    #expect(machine.findings().count { $0.found.contains("the system does not say") } >= 6)
  }

  @Test("files that hold anything else are as good as none")
  func broken() throws {
    let paths = [
      "/proc/meminfo", "/proc/stat", "/proc/self/stat", "/proc/self/status", "/proc/loadavg", "/proc/self/cgroup",
      "/sys/devices/system/cpu/online", "/sys/devices/system/cpu/cpufreq/boost", "/sys/fs/cgroup/cpu.max",
    ]
    for text in ["", "\n", ":::\n", "MemAvailable: -\n0::\n)", "0-\n9-3\n", "99999999999999999999 0\n0::/../..\n"] {
      for path in paths { try machine.write(path, text) }
      #expect(machine.complaints().isEmpty, "\(machine.text)")
    }
  }

  @Test("old kernels, kernels chosen by hand, several threads and a wrong product")
  func products() {
    machine.blas.isCoreTooOld = true
    machine.blas.core = "Prescott"
    #expect(machine.text.contains("kernels for Prescott; own kernels for avx2: older than this processor"))
    #expect(machine.text.contains("→ install a newer OpenBLAS"))
    machine.set { $0.environment = ["OPENBLAS_CORETYPE": "Prescott"] }
    #expect(machine.text.hasSuffix("→ unset OPENBLAS_CORETYPE, which chose them"))
    (machine.blas.isCoreTooOld, machine.blas.core, machine.blas.isa) = (false, "Haswell", "avx512")
    machine.set { $0.environment = ["OPENBLAS_CORETYPE": "Haswell"] }
    #expect(machine.text.contains("blas warning: ") && machine.text.contains("this processor has AVX-512 → unset"))
    machine.blas.core = "SkylakeX"
    #expect(machine.complaints().isEmpty)
    machine.blas.threads = 8
    #expect(machine.text.contains("blas threads warning: OpenBLAS computes on 8 threads"))
    machine.blas.threads = 1
    for error in [1e-3, .infinity] {
      machine.blas.largestError = error
      #expect(machine.text.contains("product error: a small matrix product differs from plain loops"))
    }
  }

  @Test("the variables of other programs' threads are said to have no effect")
  func threadVariables() {
    machine.set { $0.environment = ["OPENBLAS_NUM_THREADS": "8", "OMP_NUM_THREADS": "4"] }
    let finding = machine.findings()[1]
    #expect(finding.level == .ok && finding.found.hasSuffix("OPENBLAS_NUM_THREADS=8 OMP_NUM_THREADS=4 has no effect"))
  }

  @Test("the library that is linked multiplies right, on one thread")
  func linked() {
    let facts = BLASFacts.measured()
    #expect(facts.threads == 1 && facts.largestError < 1e-6 && facts.version.contains("."))
  }

  @Test("processors that the process is not bound to, and a control group's share of time")
  func processors() throws {
    try machine.write("/sys/devices/system/cpu/online", "0-7\n")
    #expect(machine.findings()[3].found == "2 processors usable of 8: the process is bound to them")
    try machine.write("/proc/self/cgroup", "0::/a/b\n")
    try machine.write("/sys/fs/cgroup/a/b/cpu.max", "max 100000\n")
    #expect(machine.complaints().isEmpty)
    try machine.write("/sys/fs/cgroup/a/cpu.max", "150000 100000\n")
    #expect(machine.text.contains("a control group allows the time of 1.5 → run with --jobs 1"))
    try machine.write("/proc/self/cgroup", "3:cpu,cpuacct:/x\n1:name=systemd:/\n")
    try machine.write("/sys/fs/cgroup/cpu/x/cpu.cfs_quota_us", "-1\n")
    try machine.write("/sys/fs/cgroup/cpu/x/cpu.cfs_period_us", "100000\n")
    #expect(machine.complaints().isEmpty)
    // In a container the group's own path is not there, and the root's files are its own.
    try machine.write("/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "50000\n")
    try machine.write("/sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n")
    #expect(machine.text.contains("a control group allows the time of 0.5 → run with --jobs 1"))
  }

  @Test("a clock rate that changes: governors of the processors in use, and turbo of either driver")
  func clockRate() throws {
    try machine.write("/sys/devices/system/cpu/cpu1/cpufreq/scaling_governor", "powersave\n")
    try machine.write("/sys/devices/system/cpu/cpu7/cpufreq/scaling_governor", "ondemand\n")
    #expect(machine.text.hasPrefix("governor warning: performance, powersave, not performance"))
    try machine.write("/proc/self/status", "Cpus_allowed_list:\t0\n")
    #expect(machine.complaints().isEmpty)
    try machine.write("/sys/devices/system/cpu/cpufreq/boost", "1\n")
    #expect(machine.text.contains("turbo warning: on") && machine.text.contains("echo 0 | sudo tee /sys/devices/"))
    try machine.write("/sys/devices/system/cpu/intel_pstate/no_turbo", "1\n")
    #expect(machine.complaints().isEmpty)
    try machine.write("/sys/devices/system/cpu/intel_pstate/no_turbo", "0\n")
    #expect(machine.text.contains("intel_pstate/no_turbo") && machine.text.contains("echo 1 | sudo tee"))
  }

  @Test("what other processes use and what a hypervisor takes, over the second that is waited")
  func load() throws {
    try machine.then(busy: 1_150, idle: 9_050, own: 550)
    #expect(machine.text.contains("load warning: other processes use 50.0 % of the processors; load average 0.1"))
    try machine.then(busy: 1_050, idle: 9_100, steal: 50, own: 550)
    #expect(machine.text.contains("steal warning: a hypervisor gives 25.0 % of the processors' time to others"))
  }

  @Test("memory by the system and by control groups of both versions; pages that can be dropped are free")
  func memory() throws {
    try machine.write("/proc/meminfo", "MemAvailable: 524288 kB\n")
    #expect(machine.text == "memory warning: 512.0 MiB free → end others, or run with --jobs 1")
    try machine.write("/proc/meminfo", "MemAvailable: 102400 kB\n")
    #expect(machine.text.hasPrefix("memory error: 100.0 MiB free"))
    try machine.write("/proc/meminfo", "MemAvailable: 8388608 kB\n")
    try machine.write("/proc/self/cgroup", "0::/a\n")
    try machine.write("/sys/fs/cgroup/memory.max", "max\n")
    try machine.write("/sys/fs/cgroup/a/memory.max", "\(2 << 30)\n")
    try machine.write("/sys/fs/cgroup/a/memory.current", "\(1_900 << 20)\n")
    let warning = "memory warning: 148.0 MiB free of the 2.0 GiB that a control group allows → raise the group's limit"
    #expect(machine.text.hasPrefix(warning.replacingOccurrences(of: "warning", with: "error")))
    try machine.write("/sys/fs/cgroup/a/memory.stat", "anon 5\ninactive_file \(1_800 << 20)\n")
    #expect(machine.complaints().isEmpty)
    try machine.write("/proc/self/cgroup", "4:memory:/x\n")
    try machine.write("/sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n")
    #expect(machine.complaints().isEmpty)
    try machine.write("/sys/fs/cgroup/memory/x/memory.limit_in_bytes", "\(600 << 20)\n")
    try machine.write("/sys/fs/cgroup/memory/x/memory.usage_in_bytes", "\(100 << 20)\n")
    #expect(machine.text.hasPrefix("memory warning: 500.0 MiB free of the 600.0 MiB"))
    // What a run may ask for is the tightest limit, whatever is left of it.
    #expect(machine.memory == 600 << 20)
    try machine.remove("/proc/self/cgroup")
    #expect(machine.memory > 600 << 20)
  }

  @Test("room on the disk, and a results folder that is a file or stands in one")
  func storage() throws {
    machine.set { $0.freeBytes = { _ in 500 << 20 } }
    #expect(machine.text.hasPrefix("disk warning: 500.0 MiB free in "))
    machine.set { $0.freeBytes = { _ in 5 << 20 } }
    #expect(machine.text.hasPrefix("disk error: 5.0 MiB free in "))
    machine.set { $0.freeBytes = { _ in 5 << 30 } }
    try Data().write(to: URL(fileURLWithPath: machine.path("file")))
    for path in ["file", "file/below"] {
      let found = machine.complaints(results: machine.path(path))
      #expect(found.count == 1 && found[0].check == "results" && found[0].level == .error)
      #expect(found[0].found == "\(machine.path("file")) is a file, not a folder")
    }
  }

  @Test(
    "a results folder without permission to write", .enabled(if: geteuid() != 0, "the superuser may write everywhere"))
  func noPermission() throws {
    try FileManager.default.createDirectory(
      atPath: machine.path("Results"), withIntermediateDirectories: true, attributes: [.posixPermissions: 0o555])
    #expect(machine.text.hasPrefix("results error: cannot write in ") && machine.text.contains("Permission denied"))
  }

  @Test("folders of data that are not there, empty, or files")
  func inputs() throws {
    let missing = machine.complaints(data: (machine.path("none"), true))
    #expect(
      missing.count == 1 && missing[0].level == .warning && missing[0].found.contains("(BENCH_DATA) is not there"))
    #expect(missing[0].advice == "bench fetch list shows what can be fetched; or correct BENCH_DATA")
    try FileManager.default.createDirectory(atPath: machine.path("empty"), withIntermediateDirectories: true)
    let empty = machine.complaints(data: (machine.path("empty"), false))
    #expect(empty.map(\.level) == [.warning] && empty[0].found.hasSuffix("is empty"))
    try Data().write(to: URL(fileURLWithPath: machine.path("file")))
    let file = machine.complaints(data: (machine.path("file"), false))
    #expect(file.map(\.level) == [.error] && file[0].found.contains("cannot be read"))
  }

  @Test("a history that opens, one that is no history, one that is damaged; each is left as it is")
  func history() throws {
    let store = try HistoryStore(path: machine.history)
    try store.queue.close()
    #expect(machine.complaints().isEmpty)
    #expect(machine.findings().contains { $0.found.hasSuffix("history.sqlite opens; it has no run yet") })
    var bytes = try Data(contentsOf: URL(fileURLWithPath: machine.history))
    for index in bytes.indices.dropFirst(4_096) { bytes[index] = UInt8(truncatingIfNeeded: index &* 31) }
    for (content, advice) in [(bytes, "put back a copy"), (Data("text,label\n".utf8), "choose another file")] {
      try content.write(to: URL(fileURLWithPath: machine.history))
      let found = machine.complaints()
      #expect(found.map(\.check) == ["history"] && found[0].level == .error)
      #expect(found[0].advice?.hasPrefix(advice) == true)
      #expect(try Data(contentsOf: URL(fileURLWithPath: machine.history)) == content)
    }
  }

  @Test("a clock before the newest run")
  func clock() throws {
    let store = try HistoryStore(path: machine.history)
    try store.queue.write { db in
      for (id, start) in [(1, "2027-01-15T08:00:01Z"), (2, "2026-01-02T03:04:05Z")] {
        try db.execute(
          sql: """
            INSERT OR IGNORE INTO machine VALUES (1, 'ab', '{}');
            INSERT INTO run (id, experiment, manifest_version, manifest, primary_metric, margin, machine_id,
              commit_hash, dirty, branch, started_at, elapsed_seconds, folder, warnings)
            VALUES (\(id), 'e', 'v', 'name: e', 'f1_macro', 1, 1, 'c', 0, 'main', '\(start)', 9, NULL, '[]')
            """)
      }
    }
    #expect(machine.complaints().isEmpty)
    machine.set { $0.now = Date(timeIntervalSince1970: 1_799_999_000) }
    #expect(machine.text.hasPrefix("clock warning: 2027-01-15T07:43:20Z, before the start of the newest run"))
    #expect(machine.text.contains("(2027-01-15T08:00:01Z)"))
  }

  @Test("a finding as JSON is one line, whatever is in its texts")
  func json() throws {
    let finding = Finding("disk", "a \"b\"\n\u{1B}")
    #expect(!finding.json.contains("\n"))
    let read = try #require(JSONSerialization.jsonObject(with: Data(finding.json.utf8)) as? [String: Any])
    #expect(read["check"] as? String == "disk" && read["level"] as? String == "ok")
    #expect(read["found"] as? String == finding.found && read["advice"] is NSNull)
  }
}
