import Files
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
    var share: Double
    var loss: Double?
  }

  private struct State {
    var done = 0
    var running: [Int: Running] = [:]
    var timeLeft = TimeLeft()
    /// Of each fit, its place in the order of work.
    var places: [Int: Int] = [:]
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

  /// A run begins; what was said of an earlier one is forgotten.
  ///
  /// - Parameters:
  ///   - order: the fits, as they begin.
  ///   - timeLeft: with the pieces of its fits in the same order.
  package func begin(order: [Int], _ timeLeft: TimeLeft) {
    let places = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, $0) })
    state.withLock { $0 = State(timeLeft: timeLeft, places: places, lastPrint: $0.lastPrint) }
  }

  /// Says what happens now, where it is no fit: reading, timing, writing.
  public func stage(_ text: String) {
    state.withLock { write(text + " …", &$0) }
  }

  /// Says something that stays on the terminal.
  public func note(_ text: String) {
    state.withLock { _ in
      switch style {
      case .quiet: break
      case .terminal: StandardStream.error.write("\r\u{1B}[K" + text + "\n")
      case .lines: StandardStream.error.write(text + "\n")
      }
    }
  }

  /// A piece of work that is no fit: it begins, has come so far, and has ended.
  package func began(_ piece: Int, of stage: TimeLeft.Name) {
    state.withLock { $0.timeLeft.began(piece, of: stage, at: Self.now) }
  }

  /// `text` is shown as seldom as a fit's progress.
  package func reached(_ share: Double, _ piece: Int, of stage: TimeLeft.Name, _ text: String) {
    state.withLock {
      $0.timeLeft.reached(share, piece, of: stage, at: Self.now)
      if isDue($0) { write(text + left($0) + " …", &$0) }
    }
  }

  package func ended(_ piece: Int, of stage: TimeLeft.Name) {
    state.withLock {
      // A pre-training that is stored is only read.
      $0.timeLeft.ended(piece, of: stage, at: Self.now, isRead: !$0.timeLeft.hasBegun(piece, of: stage))
    }
  }

  package func started(_ index: Int, name: String) {
    state.withLock {
      $0.running[index] = Running(name: name, share: 0, loss: nil)
      if let place = $0.places[index] { $0.timeLeft.began(place, of: .fits, at: Self.now) }
      report(&$0, force: false)
    }
  }

  package func update(_ index: Int, share: Double, loss: Double) {
    state.withLock {
      $0.running[index]?.share = share
      $0.running[index]?.loss = loss
      if let place = $0.places[index] { $0.timeLeft.reached(share, place, of: .fits, at: Self.now) }
      report(&$0, force: false)
    }
  }

  /// A fit that was only read says nothing of how long others take.
  package func finished(_ index: Int, isReused: Bool) {
    state.withLock {
      $0.done += 1
      $0.running[index] = nil
      if let place = $0.places[index] { $0.timeLeft.ended(place, of: .fits, at: Self.now, isRead: isReused) }
      report(&$0, force: $0.done == $0.places.count)
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
    var line = "\(state.done)/\(state.places.count) fits" + left(state)
    for index in state.running.keys.sorted() {
      let running = state.running[index]!
      line += " · \(running.name) \(Int(running.share * 100)) %"
      if let loss = running.loss { line += " loss " + Self.shown(loss: loss) }
    }
    write(line, &state)
  }

  /// Three decimals, for every number: a loss can be too large for an Int.
  package static func shown(loss: Double) -> String {
    let scaled = (loss * 1000).rounded(.towardZero) / 1000
    return String(scaled.isFinite ? scaled : loss)
  }

  /// Empty where it is not known.
  private func left(_ state: State) -> String {
    state.timeLeft.seconds(at: Self.now).map { " · " + Self.duration($0) + " left" } ?? ""
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

  package static func duration(_ seconds: Double) -> String {
    let whole = Int(seconds.rounded())
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
    return "\(whole / 3600) h \(whole % 3600 / 60) min"
  }
}
