/// Which elements dropout keeps (Srivastava et al. 2014), decided by a hash of key and element, so that the
/// same mask can be asked for again and depends on no order of evaluation.
public struct Dropout: Sendable {
  public let key: UInt64
  /// An element is dropped where its 32 hash bits are below this.
  package let threshold: UInt32
  /// 1/(1 − probability), the factor of kept elements.
  package let keep: Float

  /// Keeps everything.
  public static let none = Dropout(probability: 0, key: 0)

  public init(probability: Float, key: UInt64) {
    precondition(probability >= 0 && probability < 1, "Dropout: probability \(probability) is outside 0 ..< 1")
    self.key = key
    threshold = UInt32(min(Double(probability) * 0x1p32, 0x1p32 - 1))
    keep = 1 / (1 - probability)
  }

  public var isActive: Bool { threshold > 0 }
}
