import Foundation

/// A fixed number of threads that run numbered pieces of one job.
///
/// Callers cut a job the same way whatever the number of threads, and each piece writes its own results, so
/// results do not depend on it. With one thread everything runs inline, in order. This is the one place
/// that lets a non-Sendable closure cross threads: `run` returns only after every piece has ended.
public final class WorkerPool: @unchecked Sendable {
  public let threads: Int
  private let crew: Crew

  /// What the threads share; they hold this and not the pool, so the pool's end can end them.
  private final class Crew: @unchecked Sendable {
    let condition = NSCondition()
    // All of these only under `condition`.
    var body: ((Int) -> Void)?
    var next = 0
    var count = 0
    var unfinished = 0
    var closed = false

    /// Takes pieces of the current job until there are none; called and left with the lock held.
    func takePieces() {
      while let body, next < count {
        let piece = next
        next += 1
        condition.unlock()
        body(piece)
        condition.lock()
        unfinished -= 1
        if unfinished == 0 { condition.broadcast() }
      }
    }

    func work() {
      condition.lock()
      while !closed {
        takePieces()
        if !closed { condition.wait() }
      }
      condition.unlock()
    }
  }

  /// A pool of `threads` threads, the caller of `run` included.
  public init(threads: Int) {
    precondition(threads >= 1, "WorkerPool: \(threads) threads")
    self.threads = threads
    crew = Crew()
    for _ in 1..<threads {
      let thread = Thread { [crew] in crew.work() }
      thread.stackSize = 8 << 20
      thread.start()
    }
  }

  deinit { shutdown() }

  /// Ends the threads; `run` works on, inline.
  public func shutdown() {
    crew.condition.lock()
    crew.closed = true
    crew.condition.broadcast()
    crew.condition.unlock()
  }

  /// Runs body(0), …, body(count − 1) and returns when all have ended.
  ///
  /// A call from within a piece, or while another caller uses the pool, runs inline.
  public func run(_ count: Int, _ body: (Int) -> Void) {
    if threads == 1 || count <= 1 {
      for piece in 0..<count { body(piece) }
      return
    }
    withoutActuallyEscaping(body) { body in
      crew.condition.lock()
      if crew.body != nil || crew.closed {
        crew.condition.unlock()
        for piece in 0..<count { body(piece) }
        return
      }
      crew.body = body
      (crew.next, crew.count, crew.unfinished) = (0, count, count)
      crew.condition.broadcast()
      crew.takePieces()
      while crew.unfinished > 0 { crew.condition.wait() }
      crew.body = nil
      crew.condition.unlock()
    }
  }
}
