import Text

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
  /// Training rows that each trial learns from, the same for all, drawn in the classes' shares; the settings that are
  /// chosen then learn from all. All rows where nil.
  public var rows: Int?
  /// What a model may cost that is chosen.
  public var atMost = Limits()

  public init() {}

  /// Largest costs of a model; none where nil.
  public struct Limits: Sendable, Equatable {
    /// Nominal milliseconds of one thread for the answer to one text.
    public var queryMilliseconds: Double?
    /// Of what it needs to answer, its vocabulary included.
    public var bytes: Int?

    public init() {}

    public var areNone: Bool { self == Limits() }

    /// What exceeds them, in words; nil where nothing does.
    ///
    /// - Parameters:
    ///   - flops: floating-point operations of the answer to one text.
    ///   - bytes: of the model.
    ///   - rate: of a nominal core-second, in thousands of millions.
    public func excess(flops: Double, bytes: Int, rate: Double) -> String? {
      let milliseconds = flops / (rate * 1e6)
      if let most = queryMilliseconds, milliseconds > most {
        return "a text takes \(Self.shown(milliseconds)) nominal milliseconds, at most \(Self.shown(most)) are allowed"
      }
      if let most = self.bytes, bytes > most { return "it takes \(bytes) bytes, at most \(most) are allowed" }
      return nil
    }

    private static func shown(_ value: Double) -> String { NumberFormat.exact((value * 1_000).rounded() / 1_000) }

    /// `20 MB`, `512 kB`, `4096`: a number of bytes; nil for other than that. Units are thousands.
    public static func bytes(_ text: String) -> Int? {
      let units = ["": 1, "B": 1, "kB": 1_000, "MB": 1_000_000, "GB": 1_000_000_000]
      let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
      let unit = text.dropFirst(number.count).drop { $0 == " " }
      guard let value = Double(number), let factor = units[String(unit)], value > 0, value < 1e9 else { return nil }
      return Int((value * Double(factor)).rounded())
    }
  }

  /// What so many floating-point operations cost, in nominal core-seconds: a count, never a time.
  public func nominalSeconds(flops: Double) -> Double { flops / (rate * 1e9) }
}
