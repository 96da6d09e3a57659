import Hashing

extension Split {
  /// SHA-256 over the names in order, in hexadecimal digits.
  public static func hash(of names: [String]) -> String {
    let hasher = SHA256()
    for name in names {
      // The length keeps ["ab", "c"] and ["a", "bc"] apart.
      let bytes = Array(name.utf8)
      hasher.update(data: Array("\(bytes.count):".utf8))
      hasher.update(data: bytes)
    }
    return hexadecimal(hasher.finalize())
  }

  /// One hash over all three parts: equal only where the same rows train, validate and test.
  /// - Parameter name: a row's id, or its key.
  public func hash(of name: (Int) -> String) -> String {
    Self.hash(of: ["train"] + train.map(name) + ["validation"] + validation.map(name) + ["test"] + test.map(name))
  }
}
