import Synchronization
import Testing

@testable import Files

@Suite struct JobsTests {
  @Test("every index is worked on once, whatever the number of jobs", arguments: [1, 2, 3, 100])
  func map(jobs: Int) {
    let results = Jobs.map(Array((0..<50).reversed()), jobs: jobs) { $0 * $0 }
    #expect(results.count == 50)
    #expect((0..<50).allSatisfy { results[$0] == $0 * $0 })
  }

  @Test("no work is no work")
  func none() {
    #expect(Jobs.map([], jobs: 4) { $0 }.isEmpty)
  }

  @Test("what the body refers to is free when the work is done, though a thread may not have ended yet")
  func release() {
    final class Counter: Sendable {
      let value = Mutex(0)
    }
    final class Held: Sendable {
      let ended: Counter
      init(_ ended: Counter) { self.ended = ended }
      deinit { ended.value.withLock { $0 += 1 } }
    }
    let ended = Counter()
    for round in 1...2_000 {
      _ = Jobs.map([0, 1], jobs: 2) { [held = Held(ended)] in ObjectIdentifier(held).hashValue ^ $0 }
      #expect(ended.value.withLock { $0 } == round)
    }
  }
}
