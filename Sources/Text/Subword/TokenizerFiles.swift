import Foundation

/// The files that a tokenizer is read from, by their names: those of a folder, or those that a stored model has kept.
struct TokenizerFiles: Sendable {
  /// Which files make a tokenizer, the first that is there first; those behind it say more where they are there.
  static let kinds = [
    ["tokenizer.json"], ["vocab.json", "merges.txt", "tokenizer_config.json", "config.json"],
    ["sentencepiece.bpe.model"], ["vocab.txt", "tokenizer_config.json"],
  ]

  /// What messages call the folder.
  let place: String
  let contents: [String: Data]

  /// - Throws: `TextError` where the folder has no tokenizer, or a file cannot be read.
  init(folder: URL) throws(TextError) {
    func exists(_ name: String) -> Bool {
      FileManager.default.fileExists(atPath: folder.appendingPathComponent(name).path)
    }
    guard let names = Self.kinds.first(where: { exists($0[0]) }) else {
      throw .vocabulary(
        file: folder.path, line: nil,
        what:
          "has no tokenizer; expected tokenizer.json, vocab.json with merges.txt, sentencepiece.bpe.model or vocab.txt")
    }
    var contents = [String: Data]()
    for name in names where exists(name) {
      let path = folder.appendingPathComponent(name).path
      guard let data = FileManager.default.contents(atPath: path) else {
        throw .vocabulary(file: path, line: nil, what: "cannot be read")
      }
      contents[name] = data
    }
    (place, self.contents) = (folder.path, contents)
  }

  init(stored contents: [String: Data]) { (place, self.contents) = ("tokenizer", contents) }

  func has(_ name: String) -> Bool { contents[name] != nil }

  /// What messages call the file.
  func path(_ name: String) -> String { "\(place)/\(name)" }

  func bytes(_ name: String) throws(TextError) -> [UInt8] {
    guard let data = contents[name] else { throw .vocabulary(file: path(name), line: nil, what: "cannot be read") }
    return [UInt8](data)
  }

  func json(_ name: String) throws(TextError) -> JSONField { try JSONField.parse(bytes(name), file: path(name)) }

  /// The same; nil where the file is not there.
  func optionalJSON(_ name: String) throws(TextError) -> JSONField? { has(name) ? try json(name) : nil }
}
