import Foundation
import Hashing
import Testing

@Suite struct SHA256Tests {
  private func text(_ digest: [UInt8]) -> String { digest.map { String(Int($0) + 256, radix: 16).suffix(2) }.joined() }

  @Test("the examples of FIPS 180-4, whole and in pieces")
  func examples() {
    let cases = [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
    ]
    for (input, expected) in cases {
      #expect(text(SHA256.hash(data: Data(input.utf8))) == expected)
      let pieces = SHA256()
      for byte in input.utf8 { pieces.update(data: [byte]) }
      pieces.update(data: [UInt8]())
      #expect(text(pieces.finalize()) == expected)
    }
    let million = SHA256()
    for _ in 0..<1_000 { million.update(data: [UInt8](repeating: 0x61, count: 1_000)) }
    #expect(text(million.finalize()) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }
}
