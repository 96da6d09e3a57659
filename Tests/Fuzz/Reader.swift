import Compute
import Foundation
import Text

@testable import Corpora
@testable import Fetching
@testable import History
@testable import Manifests
@testable import Models
@testable import Storage

/// The files that bench reads and other programs or people write.
enum Reader: String, CaseIterable {
  case manifest, resolved, csv, encoded, jsonl, json, vocabulary, tokenizer, config, safetensors, vectors, model, fit,
    history, zip

  struct Refusal: Error, CustomStringConvertible {
    let description: String
  }

  /// Makes the folder: with a whole checkpoint where the reader is one of its files.
  func prepare(_ folder: URL) throws {
    guard [.tokenizer, .config, .safetensors].contains(self) else {
      return try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }
    try Seeds.checkpoint(folder)
    if self == .tokenizer { try FileManager.default.removeItem(at: folder.appendingPathComponent("vocab.txt")) }
  }

  /// Reads the bytes as the command would read a file of them; throws what it would say.
  func read(_ bytes: [UInt8], in folder: URL) throws {
    func file(_ name: String) throws -> URL {
      let url = folder.appendingPathComponent(name)
      try Data(bytes).write(to: url)
      return url
    }
    switch self {
    case .manifest:
      let loaded = try ManifestLoader.load(file: file("m.yaml").path, environment: [:], checkFiles: false).get()
      _ = loaded.resolved.yaml()
    case .resolved:
      let text = String(decoding: bytes, as: UTF8.self)
      _ = ManifestVersion.of(resolvedYAML: text)
      guard ResolvedManifest.values(of: text) != nil else { throw Refusal(description: "it is no map of YAML") }
      _ = ResolvedManifest.hashes(of: text)
      _ = ManifestChange(from: "version: 1\nmodels:\n  lstm:\n    kind: lstm\n", to: text)?.differences.map(
        \.description)
    case .csv:
      _ = RawRecords(DelimitedParser(bytes, .init(delimiter: Byte.tab), columns: ["text"]))
      try Self.read(corpus: file("m.csv"), .csv, slice: "channel")
    case .encoded:
      for encoding in FileSource.Encoding.allCases {
        try? Self.read(corpus: file("m.txt"), .csv) {
          ($0.encoding, $0.delimiter, $0.hasHeader, $0.quoting) = (encoding, ";", false, .none)
          ($0.text, $0.label) = (["1"], "2")
        }
        try? Self.read(corpus: file("m.txt"), .lines) { source in
          source.encoding = encoding
          for index in source.files.indices { source.files[index].labels = .init(path: source.files[index].path) }
        }
      }
      try Self.read(corpus: file("m.csv"), .csv)
    case .jsonl:
      try Self.read(corpus: file("m.jsonl"), .jsonl, slice: "channel")
    case .json:
      var scanner = JSONScanner(bytes, in: 0..<bytes.count)
      _ = try? scanner.value()
      try Self.read(corpus: file("m.json"), .clinc)
    case .vocabulary:
      _ = try WordPiece(contentsOfFile: file("vocab.txt").path).encode("Der the quick, brown fox—don't 東京")
    case .tokenizer:
      _ = try file("tokenizer.json")
      _ = try BERTCheckpoint(folder: folder).tokenizer().encode("the quick brown fox")
    case .config:
      _ = try file("config.json")
      try Self.load(folder)
    case .safetensors:
      let tensors = try Safetensors(bytes: bytes)
      for entry in tensors.entries {
        _ = try? tensors.doubles(entry.name)
        _ = try? tensors.integers(entry.name)
        _ = try? tensors.bytes(entry.name)
      }
      _ = try file("model.safetensors")
      try Self.load(folder)
    case .vectors:
      _ = try WordVectors(contentsOf: file("v.txt").path) { $0 != "the" }
    case .model:
      let file = try ModelFile(bytes: Self.sealed(bytes))
      let predictor = Predictor(file, threads: 1)
      for prediction in predictor.predict(["Where is it?", "", "pay the brown fox — 東京"]) {
        _ = predictor.json(prediction)
      }
      _ = try? file.export()
    case .fit:
      let sealed = Self.sealed(bytes)
      if let training = try? StoredTraining(bytes: sealed) {
        _ = training.draft.bytes
      } else {
        _ = try StoredFit(bytes: sealed)
      }
    case .zip:
      let archive = try ZipArchive(file("a.zip"), limits: .init(content: 1 << 24))
      let target = folder.appendingPathComponent("out")
      for entry in archive.entries {
        try archive.extract(entry, to: target)
        let size = (try? FileManager.default.attributesOfItem(atPath: target.path)[.size]) as? Int
        precondition(size == entry.size, "\(entry.size) bytes stated, \(size ?? -1) written")
        try FileManager.default.removeItem(at: target)
      }
    case .history:
      for suffix in ["-journal", "-wal", "-shm"] {
        try? FileManager.default.removeItem(at: folder.appendingPathComponent("h.sqlite\(suffix)"))
      }
      let store = try HistoryStore(path: file("h.sqlite").path, mustExist: true)
      _ = try store.newestStart()
      let runs = try store.runs()
      let page = Dashboard(runs: runs, judgements: try store.judgements(), metric: nil)
      _ = page.html() + HistoryListing.runs(runs) + HistoryListing.series(runs, metric: nil, model: nil)
    }
  }

  /// The bytes with the SHA-256 that a `StoredFile` of them has, so that what lies behind it is tried.
  private static func sealed(_ bytes: [UInt8]) -> [UInt8] {
    guard let place = StoredFile.place(in: bytes) else { return bytes }
    var bytes = bytes
    bytes.replaceSubrange(place, with: StoredFile.sha256(of: bytes, blankAt: place).utf8)
    return bytes
  }

  private static func read(
    corpus file: URL, _ format: FileSource.Format, slice: String? = nil, _ change: (inout FileSource) -> Void = { _ in }
  ) throws {
    var source = FileSource()
    (source.files, source.format, source.slice) = ([FileSource.File(path: file.path)], format, slice)
    (source.cap, source.malformedShare) = (5, 0.5)
    change(&source)
    _ = try CorpusReader.read(
      CorpusDeclaration(
        name: "fuzz", task: "intent", domains: [DomainDeclaration(name: "fuzz", source: .files(source))]), seed: 1)
  }

  private static func load(_ folder: URL) throws {
    let checkpoint = try BERTCheckpoint(folder: folder)
    let network = BERTClassifier(
      checkpoint.configuration, vocabulary: checkpoint.vocabulary, classes: 2, random: Random(seed: 1, stream: "n"),
      workspace: Workspace())
    _ = try checkpoint.load(into: network)
  }
}
