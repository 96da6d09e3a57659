import Compute
import Foundation
import TestSupport
import Testing
import Text

@testable import Models

@Suite struct CheckpointMutationTests {
  private static let files = [
    "model.safetensors", "config.json", "vocab.txt", "tokenizer_config.json", "tokenizer.json",
  ]
  private static let kinds = 6

  /// A file with one kind of damage: flipped bits, a cut, another length in front, a longer number, deep nesting, a hole.
  private func damaged(_ bytes: [UInt8], kind: Int, _ random: inout Random) -> [UInt8] {
    var bytes = bytes
    // The header of a safetensors file is where most can go wrong.
    let end = random.below(2) == 0 ? min(bytes.count, 2_000) : bytes.count
    switch kind {
    case 0:
      for _ in 0...random.below(4) { bytes[random.below(end)] ^= UInt8(1 << random.below(8)) }
    case 1: bytes.removeLast(1 + random.below(bytes.count))
    case 2: bytes[random.below(min(8, bytes.count))] = UInt8(random.below(256))
    case 3:
      // A number becomes a longer one.
      let digits = bytes[..<end].indices.filter { (0x30...0x39).contains(bytes[$0]) }
      if !digits.isEmpty {
        let more = [UInt8](repeating: 0x39, count: 1 + random.below(22))
        bytes.insert(contentsOf: more, at: digits[random.below(digits.count)])
      }
    case 4: bytes.insert(contentsOf: [UInt8](repeating: 0x5B, count: 1 + random.below(50_000)), at: random.below(end))
    default:
      let start = random.below(end), length = 1 + random.below(40)
      bytes.removeSubrange(start..<min(start + length, bytes.count))
    }
    return bytes
  }

  @Test("200 damaged files: each a clear error, or a load where the damage leaves a valid file")
  func damage() throws {
    var errors = 0, loads = 0
    for seed in 0..<200 {
      var random = Random(seed: UInt64(seed), stream: "damage")
      let tiny = try TinyCheckpoint(), name = Self.files[seed % Self.files.count]
      if name == "tokenizer.json" {
        let pieces = TinyCheckpoint.pieces.enumerated().map { "\"\($1)\": \($0)" }.joined(separator: ", ")
        try Data("{\"model\": {\"type\": \"WordPiece\", \"vocab\": {\(pieces)}}}".utf8).write(to: tiny.url(name))
        try FileManager.default.removeItem(at: tiny.url("vocab.txt"))
      }
      // Every kind of damage to every file.
      let kind = seed / Self.files.count % Self.kinds
      let bytes = damaged([UInt8](try Data(contentsOf: tiny.url(name))), kind: kind, &random)
      try Data(bytes).write(to: tiny.url(name))
      do {
        let checkpoint = try BERTCheckpoint(folder: tiny.folder), tokenizer = try checkpoint.wordPiece()
        let workspace = Workspace()
        let network = BERTClassifier(
          checkpoint.configuration, vocabulary: tokenizer.count, classes: 2, random: Random(seed: 1, stream: "n"),
          workspace: workspace)
        _ = try checkpoint.load(into: network)
        _ = tokenizer.encode("the quick brown fox")
        // What the sizes ask for is what the file has, but for the new classifier and alignment.
        let size = try Data(contentsOf: tiny.url("model.safetensors")).count
        #expect(workspace.peakBytes < 2 * size, "\(name), seed \(seed): \(workspace.peakBytes) bytes")
        loads += 1
      } catch {
        #expect("\(error)".utf8.count > 10, "\(name), seed \(seed): \(error)")
        errors += 1
      }
    }
    // Both outcomes must occur, or the test shows nothing.
    #expect(errors > 100 && loads > 20, "\(errors) errors, \(loads) loads")
  }

  @Test(
    "a size that is enlarged in config.json is an error before memory is taken",
    arguments: [
      "hidden_size", "num_hidden_layers", "intermediate_size", "vocab_size", "max_position_embeddings",
      "type_vocab_size",
    ])
  func enlarged(key: String) throws {
    for size in ["16777216", "9223372036854775807", "99999999999999999999", "1e300", "-1"] {
      let tiny = try TinyCheckpoint()
      var read = try #require(
        JSONSerialization.jsonObject(with: Data(contentsOf: tiny.url("config.json"))) as? [String: Any])
      let old = try #require(read.removeValue(forKey: key) as? Int)
      try tiny.replace("config.json", "\"\(key)\": \(old)", with: "\"\(key)\": \(size)")
      #expect(throws: CheckpointError.self, "\(key) \(size)") { try BERTCheckpoint(folder: tiny.folder) }
    }
  }
}
