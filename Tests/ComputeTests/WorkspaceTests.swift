import TestSupport
import Testing

@testable import Compute

@Suite("Workspace and Buffer")
struct WorkspaceTests {
  @Test("live and peak bytes follow the buffers that are alive")
  func bytes() {
    let workspace = Workspace()
    do {
      let a = Buffer(count: 100, in: workspace)
      #expect(workspace.liveBytes == 400)
      do {
        let b = Buffer([1, 2, 3], in: workspace)
        #expect(workspace.liveBytes == 412 && b.count == 3)
      }
      #expect(workspace.liveBytes == 400 && workspace.peakBytes == 412)
      workspace.resetPeak()
      #expect(workspace.peakBytes == 400 && a.count == 100)
    }
    #expect(workspace.liveBytes == 0)
  }

  @Test("a returned block is used again for a size of its class, cleared when asked")
  func reuse() {
    let workspace = Workspace()
    func block(_ count: Int, fill: Float) -> UInt {
      let buffer = Buffer(count: count, in: workspace)
      #expect(buffer.array.allSatisfy { $0 == 0 })
      buffer.fill(fill)
      return UInt(bitPattern: buffer.pointer)
    }
    let first = block(1000, fill: 1)
    #expect(block(1001, fill: 2) == first)
    #expect(block(3000, fill: 3) != first)
  }

  @Test("a smaller request takes a free block of up to twice its size, and that block stays one of its own size")
  func smaller() {
    let workspace = Workspace()
    func block(_ count: Int) -> UInt { UInt(bitPattern: Buffer(count: count, in: workspace).pointer) }
    let large = block(16_384)
    #expect(block(8_500) == large && block(16_384) == large)
    #expect(block(4_000) != large)
    // Of several the smallest.
    let both = [Buffer(count: 16_384, in: workspace), Buffer(count: 12_000, in: workspace)]
    let (first, second) = (UInt(bitPattern: both[0].pointer), UInt(bitPattern: both[1].pointer))
    withExtendedLifetime(both) {}
    #expect(first == large && second != large)
  }

  @Test("after the largest batch, shorter ones of any length need no more blocks")
  func lengths() {
    let workspace = Workspace()
    var random = Random(seed: 1, stream: "lengths")
    /// The buffers of a step over so many tokens, as layers of different widths make them.
    func step(_ tokens: Int) -> Set<UInt> {
      let buffers = [64, 192, 64, 256, 64].map { Buffer(count: tokens * $0, in: workspace, zeroed: false) }
      return Set(buffers.map { UInt(bitPattern: $0.pointer) })
    }
    let blocks = step(400)
    for _ in 0..<200 { #expect(step(200 + Int(random.next() % 201)).isSubset(of: blocks)) }
  }

  @Test("a size class holds its count, wastes at most a quarter and is the same for its whole size")
  func classes() {
    for count in Array(0...2000) + [65_535, 65_536, 65_537, 1 << 24, (1 << 24) + 1] {
      let (index, floats) = Workspace.sizeClass(count)
      #expect(floats >= count && floats % 16 == 0)
      #expect(floats <= max(64, (count + 15) / 16 * 16 * 5 / 4))
      #expect(Workspace.sizeClass(floats) == (index, floats))
      let (next, more) = Workspace.sizeClass(floats + 1)
      #expect(next > index && more > floats)
    }
  }

  @Test("buffers are 64-byte aligned, whatever their size", arguments: NaiveTwin.sizes)
  func aligned(count: Int) {
    let workspace = Workspace()
    let buffers = (0..<4).map { _ in Buffer(count: count, in: workspace) }
    for buffer in buffers { #expect(UInt(bitPattern: buffer.pointer) % 64 == 0) }
    let values = NaiveTwin.values(count, "v")
    buffers[0].copy(from: values)
    buffers[1].copy(from: buffers[0])
    #expect(buffers[1].array == values)
    for (index, value) in values.enumerated() { #expect(buffers[1][index] == value) }
  }
}
