import Compute
import Corpora
import Foundation
import Manifests
import Models
import Text
import Training

/// How the time of reading a file grows with its bytes, on what is hardest for its reader.
///
/// Every reader is to be linear: an exponent near 1.
public struct ReaderGrowth: Sendable {
  /// Reader and input: `csv-lost-quotes`.
  public let name: String
  /// Repetitions of the input's unit, ascending.
  public let sizes: [Int]
  private let file: String
  private let make: @Sendable (Int) -> [UInt8]
  /// Reads the file; what it says of the file does not matter here.
  private let read: @Sendable (URL) -> Void

  /// Milliseconds of each size, the fastest of `rounds`, and the file's bytes. The file is made in a folder that goes.
  public func measure(rounds: Int, report: (_ bytes: Int, _ milliseconds: Double) -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("readers-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let url = folder.appendingPathComponent(file), clock = ContinuousClock()
    for size in sizes {
      let data = Data(make(size))
      try data.write(to: url)
      let times = (0..<rounds).map { _ in clock.measure { read(url) }.seconds * 1000 }
      report(data.count, times.min() ?? 0)
    }
  }

  /// Each reader of a corpus, of word vectors, of a checkpoint's files, of manifests and of result folders.
  public static let all: [ReaderGrowth] =
    corpora + models + [
      ReaderGrowth("manifest-aliases", "file.yaml", manifest, { "version: 1\na: [\($0.times("-*a"))]\n" }, manifest),
      ReaderGrowth("manifest-brackets", "file.yaml", manifest, { "version: 1\na: \($0.times("[] "))\n" }, manifest),
      ReaderGrowth("manifest-files", "file.yaml", names, { "version: 1\nfiles: [\($0.times("a.csv,"))]\n" }, manifest),
      ReaderGrowth("results-lost-quotes", "file.csv", rows, { "trial,model\n" + $0.times("a\",\"b\n") }) { file in
        _ = try? CSVTable.records([UInt8](Data(contentsOf: file)), columns: ["trial", "model"])
      },
    ]

  private static let rows = [75_000, 150_000, 300_000, 600_000]
  /// A manifest has at most 256 KiB and 20,000 values.
  private static let manifest = [10_000, 20_000, 40_000, 80_000]
  private static let names = [2_000, 4_000, 8_000, 16_000]

  private init(
    _ name: String, _ file: String, _ sizes: [Int], bytes: @escaping @Sendable (Int) -> [UInt8],
    _ read: @escaping @Sendable (URL) -> Void
  ) {
    (self.name, self.file, self.sizes, make, self.read) = (name, file, sizes, bytes, read)
  }

  private init(
    _ name: String, _ file: String, _ sizes: [Int], _ make: @escaping @Sendable (Int) -> String,
    _ read: @escaping @Sendable (URL) -> Void
  ) {
    self.init(name, file, sizes, bytes: { Array(make($0).utf8) }, read)
  }

  private static func corpus(
    _ name: String, _ format: FileSource.Format, _ make: @escaping @Sendable (Int) -> String
  ) -> ReaderGrowth {
    ReaderGrowth(name, "file.txt", rows, make) { file in
      var source = FileSource()
      source.format = format
      source.files = [.init(path: file.path, label: format == .lines ? "x" : nil)]
      let domain = DomainDeclaration(name: "d", source: .files(source))
      _ = try? CorpusReader.read(CorpusDeclaration(name: "c", task: "t", domains: [domain]), seed: 1)
    }
  }

  private static let corpora = [
    corpus("csv-lost-quotes", .csv) { "text,label\n" + $0.times("hello\",\"yes\n") },
    corpus("csv-doubled-quotes", .csv) { "text,label\n\"" + $0.times("\"\"\"\"") + "\",yes\n" },
    corpus("csv-columns", .csv) { $0.times("lable,") + "x\n" },
    corpus("tsv-text-after-quotes", .tsv) { "text\tlabel\n" + $0.times("\"a\nb\" c\n") },
    corpus("jsonl-open-strings", .jsonl) { $0.times("{\"text\": \"a\n") },
    corpus("jsonl-keys", .jsonl) { "{" + $0.times("\"a\":1,") + "\"text\":\"b\"}\n" },
    corpus("jsonl-escapes", .jsonl) { "{\"text\":\"" + $0.times("\\u00e9") + "\"}\n" },
    corpus("clinc-lines", .clinc) { "{\"train\":[" + $0.times("[\"a\",\"b\"],\n") + "[]" },
    corpus("lines-CR", .lines) { $0.times("hello\r") },
  ]

  private static let models = [
    ReaderGrowth("vectors-one-word", "file.txt", rows, { $0.times("the 1 2 3\n") }, vectors),
    ReaderGrowth("vectors-blanks", "file.txt", rows, { "a 1\n" + $0.times("a b c d e 1\n") }, vectors),
    ReaderGrowth("vocabulary-long-pieces", "file.txt", rows, { $0.times("pieces") }) { file in
      _ = try? WordPiece(contentsOfFile: file.path)
    },
    ReaderGrowth("vocabulary-pieces", "file.txt", rows, { (0..<$0).map { "##\($0)\n" }.joined() }) { file in
      _ = try? WordPiece(contentsOfFile: file.path)
    },
    ReaderGrowth(
      "tokenizer-pieces", "tokenizer.json", rows,
      { count in
        let pieces = special + (special.count..<count).map { "\($0)" }
        let entries = pieces.enumerated().map { "\"\($1)\":\($0)" }
        return "{\"model\":{\"vocab\":{" + entries.joined(separator: ",") + "}}}"
      }
    ) { file in
      _ = try? checkpoint(in: file.deletingLastPathComponent()).tokenizer()
    },
    ReaderGrowth("safetensors-tensors", "file.safetensors", rows, bytes: safetensors) { file in
      _ = try? Safetensors(contentsOf: file)
    },
  ]

  private static func vectors(_ file: URL) { _ = try? WordVectors(contentsOf: file.path) { _ in true } }

  private static func manifest(_ file: URL) {
    _ = ManifestLoader.load(file: file.path, environment: [:], checkFiles: true)
  }

  private static let special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]

  /// A checkpoint of one narrow layer, whose tokenizer is the tokenizer.json that is there: more pieces than the layer
  /// has vectors for, which is said when all of them have been read.
  private static func checkpoint(in folder: URL) throws -> BERTCheckpoint {
    if !FileManager.default.fileExists(atPath: folder.appendingPathComponent("config.json").path) {
      let written = folder.appendingPathComponent("written")
      var sizes = TransformerConfiguration()
      (sizes.layers, sizes.hidden, sizes.heads, sizes.intermediate, sizes.maximumPositions) = (1, 2, 1, 2, 2)
      let network = BERTClassifier(
        sizes, vocabulary: special.count, classes: 2, random: Random(seed: 0, stream: "readers"), workspace: Workspace()
      )
      try BERTCheckpoint.write(
        BERTCheckpoint.Contents(
          weights: network.snapshot(), configuration: sizes,
          tokenizer: .wordPiece(WordPiece(tokens: special, casing: .uncased)), maximumTokens: 2, labels: ["a", "b"]),
        to: written)
      for name in ["tokenizer_config.json", "model.safetensors", "config.json"] {
        let place = folder.appendingPathComponent(name)
        try FileManager.default.moveItem(at: written.appendingPathComponent(name), to: place)
      }
    }
    return try BERTCheckpoint(folder: folder)
  }

  /// A header of so many tensors without elements.
  private static func safetensors(_ count: Int) -> [UInt8] {
    let entries = (0..<count).map { "\"\($0)\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}" }
    let header = "{" + entries.joined(separator: ",") + "}"
    var length = UInt64(header.utf8.count), bytes: [UInt8] = []
    for _ in 0..<8 {
      bytes.append(UInt8(truncatingIfNeeded: length))
      length >>= 8
    }
    return bytes + Array(header.utf8)
  }
}

extension Int {
  fileprivate func times(_ text: String) -> String { String(repeating: text, count: self) }
}
