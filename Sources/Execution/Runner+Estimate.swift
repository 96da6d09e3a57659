import Families
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
    return left.expected { 1 / ((ModelKind(rawValue: $0.kind)?.family.shareOfPeak ?? 0.5) * peak) }
  }
}
