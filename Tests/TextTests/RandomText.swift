/// Texts made of any Unicode scalars and of fragments that cleaners and tokenizers trip over, the same on every run.
struct RandomText {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// SplitMix64 (Steele, Lea and Flood 2014).
  private mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }

  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

  mutating func scalars(_ count: Int) -> String {
    var view = String.UnicodeScalarView()
    for _ in 0..<count {
      let limits: [UInt32] = [0x80, 0x600, 0x3000, 0x10000, 0x20000, 0x110000]
      let limit = limits[below(limits.count)]
      view.append(Unicode.Scalar(UInt32(truncatingIfNeeded: next()) % limit) ?? " ")
    }
    return String(view)
  }

  mutating func fragments(_ fragments: [String], count: Int) -> String {
    (0..<count).map { _ in below(5) == 0 ? scalars(1) : fragments[below(fragments.count)] }.joined()
  }
}
