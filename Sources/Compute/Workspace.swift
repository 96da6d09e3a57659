import Synchronization

/// Memory for tensors: hands out aligned blocks and keeps what comes back for the next request.
///
/// After the first step of a training run every request is met from the free lists, so a step calls no
/// allocator. Sizes are rounded up to one of four classes per power of two, and a request takes a free block
/// of up to twice its size, because batches differ in length: after the largest batch others need no more
/// memory. One workspace may serve tapes on several threads.
public final class Workspace: Sendable {
  /// Bytes of floats in buffers that are alive now.
  public var liveBytes: Int { state.withLock { $0.live } }
  /// Largest `liveBytes` since the start or the last `resetPeak()`.
  public var peakBytes: Int { state.withLock { $0.peak } }

  private struct State {
    /// Addresses of free blocks, by size class.
    var free: [[UInt]] = Array(repeating: [], count: 256)
    var live = 0
    var peak = 0

    /// A block of the class or one of the four above it, the smallest there is.
    mutating func recycle(_ index: Int) -> UInt? {
      for index in index...min(index + 4, free.count - 1) {
        if let block = free[index].popLast() { return block }
      }
      return nil
    }
  }
  private let state = Mutex(State())

  public init() {}

  deinit {
    state.withLock { state in
      for block in state.free.joined() {
        UnsafeMutableRawPointer(bitPattern: block - UInt(Self.header))?.deallocate()
      }
    }
  }

  public func resetPeak() { state.withLock { $0.peak = $0.live } }

  /// The smallest class whose blocks hold `count` floats, and that size.
  static func sizeClass(_ count: Int) -> (index: Int, floats: Int) {
    let quarters = max(4, (count + 15) / 16)
    // 2^exponent ≤ quarters − 1 < 2^(exponent + 1): the class is a quarter step above it.
    let exponent = Int.bitWidth - 1 - (quarters - 1).leadingZeroBitCount
    let step = max(1, 1 << (exponent - 2))
    let rounded = (quarters + step - 1) / step * step
    let top = Int.bitWidth - 1 - rounded.leadingZeroBitCount
    return (top * 4 + ((rounded >> (top - 2)) & 3), rounded * 16)
  }

  /// Bytes before each block: its size class, and room for the alignment.
  private static let header = 64

  func take(_ count: Int) -> UnsafeMutablePointer<Float> {
    let (index, floats) = Self.sizeClass(count)
    let recycled = state.withLock { state -> UInt? in
      state.live += count * 4
      state.peak = max(state.peak, state.live)
      return state.recycle(index)
    }
    if let recycled, let block = UnsafeMutableRawPointer(bitPattern: recycled) {
      return block.assumingMemoryBound(to: Float.self)
    }
    let base = UnsafeMutableRawPointer.allocate(byteCount: Self.header + floats * 4, alignment: 64)
    base.storeBytes(of: index, as: Int.self)
    return (base + Self.header).bindMemory(to: Float.self, capacity: floats)
  }

  func give(_ pointer: UnsafeMutablePointer<Float>, _ count: Int) {
    let address = UInt(bitPattern: pointer)
    let index = (UnsafeRawPointer(pointer) - Self.header).load(as: Int.self)
    state.withLock { state in
      state.live -= count * 4
      state.free[index].append(address)
    }
  }
}
