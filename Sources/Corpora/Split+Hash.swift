import Crypto

extension Split {
  /// SHA-256 over the ids in order, in hexadecimal digits.
  public static func hash(of ids: [String]) -> String {
    var hasher = SHA256()
    for id in ids {
      // The length keeps ["ab", "c"] and ["a", "bc"] apart.
      let bytes = Array(id.utf8)
      hasher.update(data: Array("\(bytes.count):".utf8))
      hasher.update(data: bytes)
    }
    return hexadecimal(hasher.finalize())
  }

  /// One hash over all three parts: equal only where the same rows train, validate and test.
  public func hash(of examples: [Example]) -> String {
    Self.hash(
      of: ["train"] + train.map { examples[$0].id } + ["validation"] + validation.map { examples[$0].id } + ["test"]
        + test.map { examples[$0].id })
  }

  /// The hash of the test rows alone: two trials with equal hashes were tested on the same rows in the same order.
  public func testHash(of examples: [Example]) -> String { Self.hash(of: test.map { examples[$0].id }) }
}
