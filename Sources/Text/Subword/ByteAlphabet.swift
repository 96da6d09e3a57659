/// The letters that stand for bytes in the vocabulary of a byte-level tokenizer (GPT-2's `bytes_to_unicode`): a printable
/// sign of Latin 1 for itself, each other byte in turn for U+0100 and on.
enum ByteAlphabet {
  private static let spellings: [[UInt8]] = {
    var next: UInt32 = 0x100
    return (0...UInt8.max).map { byte in
      var spelling = [UInt8]()
      switch byte {
      case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF: ScalarClass.append(UInt32(byte), to: &spelling)
      default:
        ScalarClass.append(next, to: &spelling)
        next += 1
      }
      return spelling
    }
  }()

  static func spelling(of byte: UInt8) -> [UInt8] { spellings[Int(byte)] }

  /// What SentencePiece calls a byte: `<0x0A>`.
  static func code(of byte: UInt8) -> String {
    let digits = String(byte, radix: 16, uppercase: true)
    return "<0x\(digits.count == 1 ? "0" : "")\(digits)>"
  }
}
