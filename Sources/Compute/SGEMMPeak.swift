/// What the best sgemm at hand, OpenBLAS's or our panels', reaches on one thread: what a model's speed is held against.
public enum SGEMMPeak {
  /// c `[m, n]` = a `[m, k]` · b `[k, n]`.
  public struct Shape: Sendable, Equatable {
    public var m: Int
    public var n: Int
    public var k: Int

    public init(m: Int, n: Int, k: Int) { (self.m, self.n, self.k) = (m, n, k) }
  }

  /// Products of the sizes that small encoders make.
  public static let shapes = [
    Shape(m: 256, n: 256, k: 256), Shape(m: 512, n: 512, k: 512), Shape(m: 512, n: 1536, k: 384),
    Shape(m: 384, n: 384, k: 1536),
  ]

  /// The best FLOP/s of any of the shapes in any of the runs.
  public static func measure(_ shapes: [Shape] = shapes, runs: Int = 8) -> Double {
    let workspace = Workspace()
    let clock = ContinuousClock()
    var best = 0.0
    for shape in shapes {
      let a = Buffer(count: shape.m * shape.k, in: workspace, zeroed: true)
      let b = Buffer(count: shape.k * shape.n, in: workspace, zeroed: true)
      let c = Buffer(count: shape.m * shape.n, in: workspace, zeroed: true)
      let (left, right) = (BLAS.Matrix(a, stride: shape.k), BLAS.Matrix(b, stride: shape.n))
      let result = BLAS.Matrix(c, stride: shape.n)
      for _ in 0..<runs {
        let times = [
          clock.measure { BLAS.gemm(m: shape.m, n: shape.n, k: shape.k, left, right, into: result) },
          clock.measure {
            PackedMatrix.product(m: shape.m, n: shape.n, k: shape.k, left, right, into: result, in: workspace)
          },
        ]
        for time in times { best = max(best, 2 * Double(shape.m * shape.n * shape.k) / time.seconds) }
      }
    }
    return best
  }
}

extension Duration {
  /// In seconds.
  public var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
