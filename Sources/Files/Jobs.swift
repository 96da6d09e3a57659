import Foundation
import Synchronization

/// Runs independent pieces of work side by side, each on a thread of its own.
package enum Jobs {
  /// Calls `body` for every index in `order`, at most `jobs` at a time, and returns the results by index.
  ///
  /// Which thread ran what leaves no trace in the results, and no thread keeps what `body` refers to.
  package static func map<Result: Sendable>(
    _ order: [Int], jobs: Int, _ body: @escaping @Sendable (Int) -> Result
  ) -> [Int: Result] {
    let queue = Queue(order, body)
    let workers = min(max(jobs, 1), order.count)
    if workers <= 1 {
      queue.work()
    } else {
      let group = DispatchGroup()
      for _ in 0..<workers {
        group.enter()
        let thread = Thread {
          queue.work()
          group.leave()
        }
        thread.stackSize = 64 << 20
        thread.start()
      }
      group.wait()
    }
    return queue.end()
  }

  /// What is left to do and what is done. A thread may outlive the call by a moment and holds the queue until then,
  /// so `end` lets go of the body: what that refers to (an output folder's lock, say) is free when `map` returns.
  private final class Queue<Result: Sendable>: Sendable {
    private let order: [Int]
    private let body: Mutex<(@Sendable (Int) -> Result)?>
    private let state = Mutex((next: 0, results: [Int: Result]()))

    init(_ order: [Int], _ body: @escaping @Sendable (Int) -> Result) {
      self.order = order
      self.body = Mutex(body)
    }

    func work() {
      guard let body = body.withLock({ $0 }) else { return }
      while let index = next() {
        let result = body(index)
        state.withLock { $0.results[index] = result }
      }
    }

    func end() -> [Int: Result] {
      body.withLock { $0 = nil }
      return state.withLock { $0.results }
    }

    private func next() -> Int? {
      state.withLock {
        guard $0.next < order.count else { return nil }
        $0.next += 1
        return order[$0.next - 1]
      }
    }
  }
}
