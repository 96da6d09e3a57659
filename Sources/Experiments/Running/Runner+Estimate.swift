import Models

/// What a run is expected to take, before any of it is begun.
extension Runner {
  /// Seconds of a run from nothing on a machine that does nothing else.
  ///
  /// The work of every piece (`ExpectedWork`) at the rate of training, which is a share of that of matrix products.
  /// - Parameter peak: FLOP/s of the machine's matrix products (`SGEMMPeak`), in one thread.
  public func expectedSeconds(peak: Double) -> Double {
    let work = ExpectedWork(self)
    let left = timeLeft(work, order: order(work), keys, nil, hasRefits: true)
    return left.expected { 1 / (Self.shareOfPeak(of: $0.kind) * peak) }
  }

  /// Of trainings, as many side by side as there are processors, by the published runs: long products of a transformer
  /// come nearer to the peak than the steps of an LSTM. What is no network is counted in an LSTM's operations.
  private static func shareOfPeak(of kind: String) -> Double {
    switch ModelKind(rawValue: kind) {
    case .bert, .bertLSTM: 0.62
    default: 0.5
    }
  }
}
