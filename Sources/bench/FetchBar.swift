import Fetching
import Files
import Foundation
import Synchronization

/// A fetch's events on standard error: a line for each file and, on a terminal, a bar while bytes arrive.
final class FetchBar: Sendable {
  private let isQuiet: Bool
  /// In columns; nil where there is no terminal.
  private let width: Int?
  /// What the bar shows, so that it is drawn only when it changes.
  private let shown = Mutex("")

  init(isQuiet: Bool) {
    self.isQuiet = isQuiet
    width = Terminal.isTerminal(STDERR_FILENO) ? Terminal.width(STDERR_FILENO) ?? 80 : nil
  }

  func show(_ event: Fetcher.Event) {
    switch event {
    case .progress(let path, let bytes, let total): bar(path, bytes, of: total)
    case .isThere(let path): line("  \(path): there, and right")
    case .arrived(let path, nil): line("  \(path): fetched")
    // Trusted by the user. Shown whatever else is: it is what later fetches are held against.
    case .arrived(let path, let hash?): line("  \(path): fetched, SHA-256 \(hash), checked from now on", always: true)
    case .left(let path): line("  \(path): not there, and not needed")
    case .replaced(let path): line("  \(path): replaces another that stood there")
    }
  }

  /// - Parameter always: also where only errors are asked for.
  func line(_ text: String, always: Bool = false) {
    end()
    if always || !isQuiet { write(text + "\n") }
  }

  /// Takes the bar away.
  func end() {
    shown.withLock { last in
      if !last.isEmpty { write("\r\u{1B}[K") }
      last = ""
    }
  }

  private func bar(_ path: String, _ bytes: Int, of total: Int?) {
    guard !isQuiet, let width else { return }
    var text = "  \(Self.megabytes(bytes)) MB  \(path)"
    if let total, total > 0 {
      let done = min(20, 20 * bytes / total)
      let bar = String(repeating: "█", count: done) + String(repeating: "░", count: 20 - done)
      text = "  \(bar) \(100 * bytes / total) % of \(Self.megabytes(total)) MB  \(path)"
    }
    text = String(text.prefix(max(20, width - 1)))
    shown.withLock { last in
      guard last != text else { return }
      last = text
      write("\r\u{1B}[K" + text)
    }
  }

  private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }

  /// With one decimal.
  static func megabytes(_ bytes: Int) -> String {
    let tenths = (bytes + 50_000) / 100_000
    return "\(tenths / 10).\(tenths % 10)"
  }
}
