import Compute
import Synchronization
import Testing

@Suite("WorkerPool")
struct WorkerPoolTests {
  @Test("every piece runs once, and the results are the same", arguments: [1, 2, 3])
  func pieces(threads: Int) {
    let pool = WorkerPool(threads: threads)
    let workspaces = (0..<50).map { _ in Workspace() }
    for count in [0, 1, 2, 3, 50] {
      let sums = (0..<count).map { Buffer(count: 1, in: workspaces[$0]) }
      for _ in 0..<20 {
        pool.run(count) { piece in
          var random = Random(seed: 1, stream: "\(piece)")
          sums[piece][0] += random.float()
        }
      }
      let expected = (0..<count).map { piece -> Float in
        var random = Random(seed: 1, stream: "\(piece)")
        let value = random.float()
        return (0..<20).reduce(Float(0)) { sum, _ in sum + value }
      }
      #expect(sums.map { $0[0] } == expected)
    }
  }

  @Test("one thread runs the pieces in order, inline")
  func inline() {
    var seen: [Int] = []
    WorkerPool(threads: 1).run(5) { seen.append($0) }
    #expect(seen == [0, 1, 2, 3, 4])
  }

  @Test("a call from within a piece runs inline", arguments: [1, 2, 3])
  func nested(threads: Int) {
    let pool = WorkerPool(threads: threads)
    let total = Mutex(0)
    pool.run(4) { outer in
      pool.run(3) { inner in total.withLock { $0 += outer * 3 + inner } }
    }
    #expect(total.withLock { $0 } == 66)
  }

  @Test("results stand in the order of the pieces", arguments: [1, 2, 3])
  func map(threads: Int) {
    let pool = WorkerPool(threads: threads)
    #expect(pool.map(0) { [$0] }.isEmpty)
    #expect(pool.map(40) { [$0, $0 * $0] } == (0..<40).map { [$0, $0 * $0] })
  }

  @Test("parts hold everything once, and only the last is shorter")
  func parts() {
    #expect(WorkerPool.parts(0, of: 3).isEmpty)
    #expect(WorkerPool.parts(7, of: 3) == [0..<3, 3..<6, 6..<7])
    #expect(WorkerPool.parts(6, of: 3) == [0..<3, 3..<6])
  }

  @Test("after shutdown the pieces still run")
  func shutdown() {
    let pool = WorkerPool(threads: 2)
    pool.shutdown()
    let total = Mutex(0)
    pool.run(10) { piece in total.withLock { $0 += piece } }
    #expect(total.withLock { $0 } == 45)
  }

  @Test("two callers share a pool")
  func callers() async {
    let pool = WorkerPool(threads: 2)
    let totals = await withTaskGroup(of: Int.self) { group in
      for _ in 0..<4 {
        group.addTask {
          let total = Mutex(0)
          for _ in 0..<50 { pool.run(4) { piece in total.withLock { $0 += piece } } }
          return total.withLock { $0 }
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(totals == [300, 300, 300, 300])
  }
}
