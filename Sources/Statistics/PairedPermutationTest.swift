/// The paired permutation test (approximate randomisation): were the two models interchangeable, swapping their
/// outcomes on any example would change nothing (Noreen 1989; Yeh 2000).
public struct PairedPermutationTest: Sendable, Equatable {
  /// The statistic as observed.
  public let statistic: Double
  /// Two-sided: the share of arrangements whose statistic is at least as far from 0; (r + 1)/(R + 1) where sampled.
  public let p: Double
  /// All 2^n arrangements were counted.
  public let isExact: Bool

  /// Every arrangement for up to 12 examples, `samples` random ones beyond.
  ///
  /// `statistic(swapped)` is the difference A − B with A's and B's outcomes exchanged where `swapped` is true.
  /// nil without examples or samples, or where a statistic is not finite.
  public init?(examples: Int, samples: Int = 10_000, seed: UInt64, statistic: (_ swapped: [Bool]) -> Double) {
    guard examples > 0, samples > 0 else { return nil }
    var swapped = [Bool](repeating: false, count: examples)
    let observed = statistic(swapped)
    guard observed.isFinite else { return nil }
    // Sums in another order may differ in their last bits; equals count as extreme.
    let threshold = abs(observed) * (1 - 1e-12)
    var extreme = 0
    isExact = examples <= 12
    let count = isExact ? 1 << examples : samples
    var generator = ResamplingGenerator(seed: seed)
    for arrangement in 0..<count {
      var bits: UInt64 = 0
      for index in 0..<examples {
        if isExact {
          swapped[index] = (arrangement >> index) & 1 == 1
        } else {
          if index % 64 == 0 { bits = generator.next() }
          swapped[index] = bits & 1 == 1
          bits >>= 1
        }
      }
      let value = statistic(swapped)
      guard value.isFinite else { return nil }
      if abs(value) >= threshold { extreme += 1 }
    }
    self.statistic = observed
    p = isExact ? Double(extreme) / Double(count) : Double(extreme + 1) / Double(count + 1)
  }

  /// The same for the mean of paired differences, whose signs are flipped.
  public init?(_ differences: [Double], samples: Int = 10_000, seed: UInt64) {
    self.init(examples: differences.count, samples: samples, seed: seed) { swapped in
      var sum = 0.0
      for index in swapped.indices { sum += swapped[index] ? -differences[index] : differences[index] }
      return sum / Double(differences.count)
    }
  }
}
