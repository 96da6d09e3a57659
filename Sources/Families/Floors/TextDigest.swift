import Hashing

/// A text known again without being kept: the first 128 bits of the SHA-256 of its UTF-8.
///
/// Two of a million different texts share one with a probability of 10⁻²⁷. It hides a text from a reader's eye, not
/// from somebody who guesses texts and hashes them.
public struct TextDigest: Sendable, Hashable, Comparable {
  static let byteCount = 16

  private let high: UInt64
  private let low: UInt64

  public init(_ text: String) {
    self.init(bytes: Array(SHA256.hash(data: Array(text.utf8))).prefix(Self.byteCount))
  }

  /// From `byteCount` stored bytes.
  init(bytes: some Collection<UInt8>) {
    precondition(bytes.count == Self.byteCount, "TextDigest: \(bytes.count) bytes")
    high = bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    low = bytes.dropFirst(8).reduce(0) { $0 << 8 | UInt64($1) }
  }

  var bytes: [UInt8] {
    [high, low].flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * $0)) } }
  }

  public static func < (a: TextDigest, b: TextDigest) -> Bool { (a.high, a.low) < (b.high, b.low) }
}
