import Foundation
import Synchronization

/// Runs independent pieces of work side by side, each on a thread of its own.
enum Jobs {
  /// Calls `body` for every index in `order`, at most `jobs` at a time, and returns the results by index.
  ///
  /// Which thread ran what leaves no trace in the results.
  static func map<Result: Sendable>(
    _ order: [Int], jobs: Int, _ body: @escaping @Sendable (Int) -> Result
  ) -> [Int: Result] {
    let state = Mutex((next: 0, results: [Int: Result]()))
    let work: @Sendable () -> Void = {
      while true {
        let index: Int? = state.withLock {
          guard $0.next < order.count else { return nil }
          $0.next += 1
          return order[$0.next - 1]
        }
        guard let index else { return }
        let result = body(index)
        state.withLock { $0.results[index] = result }
      }
    }
    let workers = min(max(jobs, 1), order.count)
    if workers <= 1 {
      work()
    } else {
      let group = DispatchGroup()
      for _ in 0..<workers {
        group.enter()
        let thread = Thread {
          work()
          group.leave()
        }
        thread.stackSize = 64 << 20
        thread.start()
      }
      group.wait()
    }
    return state.withLock { $0.results }
  }
}
