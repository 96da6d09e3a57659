import Foundation
import Synchronization

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A wish to end early: work looks at it often, and ends where it can be continued.
public final class StopRequest: Sendable {
  public enum Reason: Sendable, Equatable {
    /// Ctrl-C or a request of the system, by the signal's number.
    case signal(Int32)
    /// A fit failed, and the first failure is to end the run.
    case failure(fit: String, reason: String)
    /// A finished fit could not be stored.
    case storage(StorageError)
  }

  private struct State {
    var reason: Reason?
    var endsAtOnce = false
  }

  private let state = Mutex(State())

  public init() {}

  public var reason: Reason? { state.withLock { $0.reason } }
  public var isMade: Bool { reason != nil }

  /// The first reason counts.
  public func make(_ reason: Reason) { state.withLock { $0.reason = $0.reason ?? reason } }

  /// From now on a signal ends the process at once: all that can be gone on from is stored. Gives a request made before.
  package func endsAtOnce() -> Reason? {
    state.withLock {
      $0.endsAtOnce = true
      return $0.reason
    }
  }

  /// What a signal comes to.
  public enum Answer: Sendable, Equatable {
    /// Work ends where it can be gone on from.
    case ending
    /// Work was asked to end before, so the process ends now.
    case endedAtOnce
    /// Nothing trains any more, so the process ends now.
    case endedAfterTraining
  }

  package func answer(to number: Int32) -> Answer {
    state.withLock {
      if $0.reason != nil { return .endedAtOnce }
      if $0.endsAtOnce { return .endedAfterTraining }
      $0.reason = .signal(number)
      return .ending
    }
  }

  /// Takes SIGINT and SIGTERM for requests from now on; a second one ends the process at once, which loses no more
  /// than `kill -9` would. `say` is told of each, before the process ends.
  public func listen(say: @escaping @Sendable (Answer) -> Void) {
    for number in [SIGINT, SIGTERM] {
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global(qos: .userInitiated))
      // The handler holds its source, which would end with its last reference.
      source.setEventHandler { [self, source] in
        defer { withExtendedLifetime(source) {} }
        let answer = answer(to: number)
        say(answer)
        // Not `exit`, which would take libraries down under threads that still compute.
        if answer != .ending { _exit(128 + number) }
      }
      source.activate()
    }
  }
}
