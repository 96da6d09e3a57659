/// What a run is expected to take, before any of it is begun.
extension Runner {
  /// Seconds of a run from nothing on a machine that does nothing else.
  ///
  /// The work of every piece (`ExpectedWork`) at the rate of training, which is a share of that of matrix products.
  /// - Parameter peak: FLOP/s of the machine's matrix products (`SGEMMPeak`), in one thread.
  public func expectedSeconds(peak: Double) -> Double {
    let work = ExpectedWork(self)
    let left = timeLeft(work, order: order(work), keys, nil, hasRefits: true)
    return left.expected(secondsPerOperation: 1 / (Self.shareOfPeak * peak))
  }

  /// Of networks in training, as many side by side as there are processors: the published runs had 26 to 39 GFLOP/s, 35 in
  /// the median, where products alone had 69 to 83.
  private static let shareOfPeak = 0.45
}
