import Testing

@testable import Measurement

@Suite struct TimingConditionsTests {
  /// user nice system idle iowait irq softirq steal guest guest_nice, and this process's user and system ticks.
  private func conditions(
    busy: Int, idle: Int, steal: Int = 0, own: Int, governor: String? = nil, load: String = "0.10 0.20 0.30 1/99 7"
  ) -> TimingConditions {
    let files = [
      "/proc/stat": "cpu  \(busy) 0 0 \(idle) 0 0 0 \(steal) 0 0\ncpu0 1 2 3 4 5 6 7 8 9 10\n",
      "/proc/self/stat": "17 (a (strange) name) R 1 2 3 4 5 6 7 8 9 10 \(own) 0 0 0 20 0 1 0 5 6\n",
      "/proc/loadavg": load + "\n",
    ]
    return TimingConditions(cores: 2) { path in
      path.hasSuffix("scaling_governor") ? governor.map { $0 + "\n" } : files[path]
    }
  }

  private func warnings(_ end: TimingConditions, peaks: (Double, Double)? = nil) -> [String] {
    let start = conditions(busy: 5_000, idle: 90_000, own: 4_000).snapshot()
    return end.warnings(from: start, to: end.snapshot(), peaks: peaks)
  }

  @Test("a machine that ran nothing else is fit, however busy this process was before and meanwhile")
  func fit() {
    #expect(warnings(conditions(busy: 5_620, idle: 90_400, own: 4_600, governor: "performance")).isEmpty)
    #expect(warnings(conditions(busy: 6_000, idle: 90_000, own: 5_000, load: "9.0 9.0 9.0 3/9 1")).isEmpty)
  }

  @Test("what other processes used is load")
  func load() {
    let lines = warnings(conditions(busy: 5_800, idle: 90_200, own: 4_600))
    #expect(lines == ["load: other processes used 20.0 % of the processors (5.0 % allowed)"])
  }

  @Test("stolen time, a governor that scales, and a peak that moved are said, all together")
  func others() {
    let lines = warnings(
      conditions(busy: 5_600, idle: 90_350, steal: 50, own: 4_600, governor: "powersave"), peaks: (100e9, 80e9))
    #expect(
      lines == [
        "CPU steal: the hypervisor gave 5.0 % of the processors' time to others (1.0 % allowed)",
        "frequency scaling: the processors' governor is powersave, not performance",
        "changing speed: the matrix product's peak went from 100.0 to 80.0 GFLOP/s (10.0 % allowed)",
      ])
    #expect(warnings(conditions(busy: 5_600, idle: 90_400, own: 4_600), peaks: (100e9, 95e9)).isEmpty)
  }

  @Test("only the processors that this process may use count")
  func affinity() {
    func machine(_ other: Int, _ own: Int) -> TimingConditions {
      let files = [
        "/proc/self/status": "Name:\tbench\nCpus_allowed:\t4\nCpus_allowed_list:\t1-2,5\n",
        "/proc/stat":
          "cpu  999999 0 0 1 0 0 0 0 0 0\ncpu0 \(other) 0 0 0 0 0 0 0 0 0\ncpu1 \(own) 0 0 100000 0 0 0 0 0 0\n"
          + "cpu2 0 0 0 \(100_000 + own) 0 0 0 0 0 0\ncpu5 0 0 0 100 0 0 0 0 0 0\n",
        "/proc/self/stat": "17 (x) R 1 2 3 4 5 6 7 8 9 10 \(own) 0 0 0 20 0 1 0 5 6\n",
        "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor": "powersave\n",
        "/sys/devices/system/cpu/cpu5/cpufreq/scaling_governor": "ondemand\n",
      ]
      return TimingConditions(cores: 3) { files[$0] }
    }
    let lines = machine(0, 0).warnings(from: machine(0, 0).snapshot(), to: machine(90_000, 1_000).snapshot())
    #expect(lines == ["frequency scaling: the processors' governor is ondemand, not performance"])
  }

  @Test("without the counters the load average speaks, and without any file nothing does")
  func missing() {
    let average = TimingConditions(cores: 2) { $0 == "/proc/loadavg" ? "3.25 1 1 1/1 1" : nil }
    #expect(
      average.warnings(from: average.snapshot(), to: average.snapshot()) == [
        "load: 3.3 processes were runnable on 2 processors in the minute before"
      ])
    let nothing = TimingConditions(cores: 2) { _ in nil }
    #expect(nothing.warnings(from: nothing.snapshot(), to: nothing.snapshot()).isEmpty)
    let broken = TimingConditions(cores: 2) { _ in "cpu  x\n" }
    #expect(broken.warnings(from: broken.snapshot(), to: broken.snapshot()).allSatisfy { $0.hasPrefix("frequency") })
  }
}
