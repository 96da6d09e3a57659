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
