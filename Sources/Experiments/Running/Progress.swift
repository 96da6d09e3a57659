import Foundation
import Synchronization

/// What long work tells whoever waits: fits done, what trains now, and the time left.
public final class Progress: Sendable {
  public enum Style: Sendable {
    case quiet
    /// One line that is rewritten.
    case terminal(width: Int)
    /// A line every few seconds.
    case lines
  }

  private struct Running {
    var name: String
    var group: String
    var started: Double
    var share: Double
    var loss: Double?
  }

  private struct State {
    var total = 0
    var done = 0
    var groups: [Int: String] = [:]
    var costs: [Int: Double] = [:]
    var running: [Int: Running] = [:]
    /// Group (model and data) → seconds of its finished fits.
    var finished: [String: [Double]] = [:]
    var jobs = 1
    var lastPrint = 0.0
  }

  private let style: Style
  private let state = Mutex(State())

  public init(style: Style) { self.style = style }

  /// For standard error: quiet, a rewritten line on a terminal, lines elsewhere.
  public static func standardError(quiet: Bool) -> Progress {
    if quiet { return Progress(style: .quiet) }
    guard Terminal.isTerminal(STDERR_FILENO) else { return Progress(style: .lines) }
    return Progress(style: .terminal(width: Terminal.width(STDERR_FILENO) ?? 80))
  }

  /// The fits of a run begin; what was said of an earlier run is forgotten.
  ///
  /// - Parameters:
  ///   - groups: what takes about as long as each other, by fit.
  ///   - costs: expected work of each fit, in any unit, for groups of which none has run yet.
  func begin(groups: [Int: String], costs: [Int: Double], jobs: Int) {
    state.withLock {
      $0 = State(total: groups.count, groups: groups, costs: costs, jobs: jobs, lastPrint: $0.lastPrint)
    }
  }

  /// Says what happens now, where it is no fit: reading, timing, writing.
  public func stage(_ text: String) {
    state.withLock { write(text + " …", &$0) }
  }

  /// The same for something that changes often: shown as seldom as a fit's progress.
  func step(_ text: String) {
    state.withLock { if isDue($0) { write(text + " …", &$0) } }
  }

  func started(_ index: Int, name: String) {
    state.withLock {
      $0.running[index] = Running(name: name, group: $0.groups[index] ?? name, started: Self.now, share: 0, loss: nil)
      report(&$0, force: false)
    }
  }

  func update(_ index: Int, share: Double, loss: Double) {
    state.withLock {
      $0.running[index]?.share = share
      $0.running[index]?.loss = loss
      report(&$0, force: false)
    }
  }

  /// A fit that was only read says nothing of how long others take.
  func finished(_ index: Int, isReused: Bool) {
    state.withLock {
      $0.done += 1
      if isReused {
        $0.running[index] = nil
        $0.groups[index] = nil
      } else if let running = $0.running.removeValue(forKey: index) {
        $0.finished[running.group, default: []].append(Self.now - running.started)
      }
      report(&$0, force: $0.done == $0.total)
    }
  }

  /// Ends the rewritten line.
  public func end() {
    if case .terminal = style { StandardStream.error.write("\r\u{1B}[K") }
  }

  private static var now: Double { ProcessInfo.processInfo.systemUptime }

  private func isDue(_ state: State) -> Bool {
    switch style {
    case .quiet: false
    case .terminal: Self.now - state.lastPrint >= 0.2
    case .lines: Self.now - state.lastPrint >= 5
    }
  }

  private func report(_ state: inout State, force: Bool) {
    guard force || isDue(state) else { return }
    var line = "\(state.done)/\(state.total) fits"
    if let left = secondsLeft(state, now: Self.now) { line += " · " + Self.duration(left) + " left" }
    for index in state.running.keys.sorted() {
      let running = state.running[index]!
      line += " · \(running.name) \(Int(running.share * 100)) %"
      if let loss = running.loss { line += " loss " + Self.shown(loss: loss) }
    }
    write(line, &state)
  }

  /// Three decimals, for every number: a loss can be too large for an Int.
  static func shown(loss: Double) -> String {
    let scaled = (loss * 1000).rounded(.towardZero) / 1000
    return String(scaled.isFinite ? scaled : loss)
  }

  /// Finished fits of the same group tell how long a fit takes; a running one tells by its share; where none has
  /// run, the expected work and the seconds that a unit of it took elsewhere.
  private func secondsLeft(_ state: State, now: Double) -> Double? {
    var perGroup: [String: Double] = state.finished.mapValues { $0.reduce(0, +) / Double($0.count) }
    for index in state.running.keys.sorted() {
      let running = state.running[index]!
      if perGroup[running.group] == nil, running.share > 0.05 {
        perGroup[running.group] = (now - running.started) / running.share
      }
    }
    var (seconds, cost) = (0.0, 0.0)
    for index in state.groups.keys.sorted() {
      guard let known = perGroup[state.groups[index]!] else { continue }
      seconds += known
      cost += state.costs[index] ?? 0
    }
    guard cost > 0 else { return nil }
    var left = 0.0
    for index in state.groups.keys.sorted() {
      left += perGroup[state.groups[index]!] ?? seconds / cost * (state.costs[index] ?? 0)
    }
    for group in state.finished.keys.sorted() { left -= state.finished[group]!.reduce(0, +) }
    for index in state.running.keys.sorted() { left -= now - state.running[index]!.started }
    return max(0, left) / Double(state.jobs)
  }

  private func write(_ line: String, _ state: inout State) {
    state.lastPrint = Self.now
    switch style {
    case .quiet: return
    case .terminal(let width):
      StandardStream.error.write("\r\u{1B}[K\(line.prefix(max(20, width - 1)))")
    case .lines:
      StandardStream.error.write(line + "\n")
    }
  }

  static func duration(_ seconds: Double) -> String {
    let whole = Int(seconds.rounded())
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
    return "\(whole / 3600) h \(whole % 3600 / 60) min"
  }
}
