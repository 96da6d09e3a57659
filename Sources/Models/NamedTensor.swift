/// A tensor with its name: what a checkpoint holds.
public struct NamedTensor: Sendable, Equatable {
  public var name: String
  public var shape: [Int]
  /// Row-major, as many as the shape says.
  public var values: [Float]

  public init(name: String, shape: [Int], values: [Float]) {
    precondition(shape.reduce(1, *) == values.count, "tensor \(name): \(values.count) values for the shape \(shape)")
    (self.name, self.shape, self.values) = (name, shape, values)
  }
}

/// All weights of a network as plain values, in its order: goes between threads, is stored, is loaded again.
public struct WeightSnapshot: Sendable, Equatable {
  public var tensors: [NamedTensor]

  public init(_ tensors: [NamedTensor]) { self.tensors = tensors }
}
