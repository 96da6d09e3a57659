import Synchronization

/// Buffers that encoding works in, one set for each thread that is at it: taken when a text begins, given back when it
/// ends. They hold nothing that changes what a text becomes.
final class ScratchPool<Scratch: Sendable>: Sendable {
  /// More are not kept: they stand for threads, of which there are few.
  private static var most: Int { 64 }

  private let idle = Mutex<[Scratch]>([])

  func take() -> Scratch? { idle.withLock { $0.popLast() } }

  func give(_ scratch: Scratch) {
    idle.withLock { if $0.count < Self.most { $0.append(scratch) } }
  }
}
