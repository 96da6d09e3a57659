import Compute
import Foundation
import Models
import Text

/// A BERT of one layer with known pieces, as a checkpoint's folder; gone with the object.
public final class TinyCheckpoint {
  public let folder: URL
  public static let pieces =
    ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"] + "abcdefghijklmnopqrstuvwxyz".map { "\($0)" }
    + "abcdefghijklmnopqrstuvwxyz".map { "##\($0)" } + ["A", "é", ".", ",", "the"]

  public static var configuration: TransformerConfiguration {
    var sizes = TransformerConfiguration()
    (sizes.layers, sizes.hidden, sizes.heads, sizes.intermediate, sizes.maximumPositions) = (1, 8, 2, 16, 40)
    return sizes
  }

  public init(casing: BertCasing = .uncased) throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("tiny-\(UUID().uuidString)")
    let network = BERTClassifier(
      Self.configuration, vocabulary: Self.pieces.count, classes: 3, random: Random(seed: 5, stream: "tiny"),
      workspace: Workspace())
    try BERTCheckpoint.write(
      BERTCheckpoint.Contents(
        weights: network.snapshot(), configuration: Self.configuration,
        tokenizer: .wordPiece(WordPiece(tokens: Self.pieces, casing: casing)), maximumTokens: 40,
        labels: ["a", "b", "c"]),
      to: folder)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  public func url(_ name: String) -> URL { folder.appendingPathComponent(name) }

  public func replace(_ name: String, _ from: String, with to: String) throws {
    let text = String(decoding: try Data(contentsOf: url(name)), as: UTF8.self)
    precondition(text.contains(from), "\(name) has no \(from)")
    try Data(text.replacingOccurrences(of: from, with: to).utf8).write(to: url(name))
  }
}
