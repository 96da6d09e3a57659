/// How settings are searched: in every fit, on its validation rows, with the same effort for every model.
public struct TuningSettings: Sendable, Equatable {
  public enum Search: String, Sendable, CaseIterable {
    /// Settings drawn at random from the model's space (Bergstra and Bengio 2012).
    case random
    /// Every combination of the values listed, the last key changing fastest.
    case grid
    /// Settings that promise the largest improvement under a Gaussian process (Snoek, Larochelle and Adams 2012).
    case bayesian
    /// Settings drawn at random that train for few epochs, the better of them for more (Jamieson and Talwalkar 2016).
    case halving
  }
  public var search = Search.random
  /// Trials of one model in one fit at most.
  public var trials = 10
  /// Trials that are chosen together, so that they can run side by side: no result depends on how many do.
  public var parallel = 1
  /// Nominal core-seconds that the trials of one model in one fit may cost; no limit where nil.
  public var budget: Double?
  /// Floating-point operations of a nominal core-second, in thousands of millions (GFLOP).
  public var rate = 20.0

  public init() {}

  /// What so many floating-point operations cost, in nominal core-seconds: a count, never a time.
  public func nominalSeconds(flops: Double) -> Double { flops / (rate * 1e9) }
}
