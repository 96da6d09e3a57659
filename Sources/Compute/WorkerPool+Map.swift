extension WorkerPool {
  /// [body(0), …, body(count − 1)], each made by one thread; their order does not depend on the threads.
  public func map<Result: Sendable>(_ count: Int, _ body: (Int) -> Result) -> [Result] {
    precondition(count >= 0, "WorkerPool.map: \(count) pieces")
    var results = [Result?](repeating: nil, count: count)
    results.withUnsafeMutableBufferPointer { results in
      // Every piece writes its own place, and `run` waits for all of them.
      nonisolated(unsafe) let places = results
      run(count) { piece in places[piece] = body(piece) }
    }
    return results.map { result in
      guard let result else { preconditionFailure("WorkerPool.map: a piece did not run") }
      return result
    }
  }

  /// The parts of `0 ..< count` that hold `size` each, the last one what remains: the same whatever the threads.
  public static func parts(_ count: Int, of size: Int) -> [Range<Int>] {
    precondition(count >= 0 && size > 0, "WorkerPool.parts: \(count) in parts of \(size)")
    return stride(from: 0, to: count, by: size).map { $0..<min($0 + size, count) }
  }
}
