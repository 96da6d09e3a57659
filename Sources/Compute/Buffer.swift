/// A block of floats, 64-byte aligned, from a workspace; it returns there when the last reference goes.
@safe public final class Buffer {
  public let count: Int
  /// The floats; for Compute and Autograd only.
  package let pointer: UnsafeMutablePointer<Float>
  package let workspace: Workspace

  /// A buffer of `count` floats; their values are arbitrary unless `zeroed`.
  public init(count: Int, in workspace: Workspace, zeroed: Bool = true) {
    precondition(count >= 0, "Buffer: count \(count) is negative")
    self.count = count
    self.workspace = workspace
    pointer = workspace.take(count)
    if zeroed { pointer.update(repeating: 0, count: count) }
  }

  public convenience init(_ values: [Float], in workspace: Workspace) {
    self.init(count: values.count, in: workspace, zeroed: false)
    copy(from: values)
  }

  deinit { workspace.give(pointer, count) }

  /// A copy of the floats.
  public var array: [Float] { Array(UnsafeBufferPointer(start: pointer, count: count)) }

  public subscript(index: Int) -> Float {
    get {
      precondition(index >= 0 && index < count, "Buffer: index \(index) of \(count)")
      return pointer[index]
    }
    set {
      precondition(index >= 0 && index < count, "Buffer: index \(index) of \(count)")
      pointer[index] = newValue
    }
  }

  public func copy(from values: [Float]) {
    precondition(values.count == count, "Buffer.copy: \(values.count) values into \(count)")
    values.withUnsafeBufferPointer { source in
      if let base = source.baseAddress { pointer.update(from: base, count: count) }
    }
  }

  public func copy(from other: Buffer) {
    precondition(other.count == count, "Buffer.copy: \(other.count) values into \(count)")
    pointer.update(from: other.pointer, count: count)
  }

  /// Copies these elements of another buffer, the first to `start`.
  public func copy(_ range: Range<Int>, of other: Buffer, to start: Int) {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= other.count && start >= 0 && start + range.count <= count,
      "Buffer.copy: \(range) of \(other.count) to \(start) in \(count)")
    (pointer + start).update(from: other.pointer + range.lowerBound, count: range.count)
  }

  public func fill(_ value: Float) { pointer.update(repeating: value, count: count) }
}
