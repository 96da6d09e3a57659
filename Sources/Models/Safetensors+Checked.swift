/// Arrays of a stored model, checked as far as one array alone can be.
extension Safetensors {
  /// A list of I32 or I64 values, each inside `bounds`, of one dimension; `count` of them where given.
  ///
  /// - Throws: `CheckpointError` where it is missing, is of another kind or shape, or holds a value outside.
  func indices(_ name: String, in bounds: ClosedRange<Int>, count: Int? = nil) throws(CheckpointError) -> [Int32] {
    let values = try integers(name)
    try expect(name, [count ?? values.count])
    guard bounds.lowerBound >= Int(Int32.min), bounds.upperBound <= Int(Int32.max) else {
      throw .malformed("tensor \(name): values from \(bounds.lowerBound) to \(bounds.upperBound) are too large")
    }
    var indices = [Int32]()
    indices.reserveCapacity(values.count)
    for (place, value) in values.enumerated() {
      guard bounds.contains(value) else {
        throw .malformed(
          "tensor \(name): element \(place) is \(value), expected \(bounds.lowerBound) to \(bounds.upperBound)")
      }
      indices.append(Int32(value))
    }
    return indices
  }

  /// Where each of `count` runs begins among `end` elements, and `end` itself: `count + 1` ascending values from 0.
  ///
  /// - Throws: `CheckpointError` where it is missing or is no such list.
  func starts(_ name: String, count: Int, end: Int) throws(CheckpointError) -> [Int] {
    let values = try integers(name)
    try expect(name, [count + 1])
    guard values.first == 0, values.last == end, zip(values, values.dropFirst()).allSatisfy({ $0 <= $1 }) else {
      throw .malformed("tensor \(name) does not divide \(end) elements")
    }
    return values
  }

  /// A list of numbers of one dimension, all finite or, where `infinite` is set, infinite; `count` of them where given.
  ///
  /// - Throws: `CheckpointError` where it is missing, is of another kind or shape, or holds something else.
  func numbers(_ name: String, infinite: Bool = false, count: Int? = nil) throws(CheckpointError) -> [Float] {
    let values = try floats(name)
    try expect(name, [count ?? values.count])
    guard values.allSatisfy({ infinite ? !$0.isNaN : $0.isFinite }) else {
      throw .malformed("tensor \(name) holds what is not a \(infinite ? "" : "finite ")number")
    }
    return values
  }

  /// Elements of a list of one dimension.
  ///
  /// - Throws: `CheckpointError` where it is missing or has another number of dimensions.
  func count(_ name: String) throws(CheckpointError) -> Int {
    guard let shape = self[name]?.shape else { throw .missing(tensor: name) }
    guard shape.count == 1 else { throw .malformed("tensor \(name) has the shape \(shape), expected one dimension") }
    return shape[0]
  }

  private func expect(_ name: String, _ expected: [Int]) throws(CheckpointError) {
    guard let shape = self[name]?.shape else { throw .missing(tensor: name) }
    guard shape == expected else { throw .shape(tensor: name, got: shape, expected: expected) }
  }
}
