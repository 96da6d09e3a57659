import Foundation
import Text

/// The tensors of a checkpoint: model.safetensors, or the shards that model.safetensors.index.json lists.
public struct CheckpointTensors: Sendable {
  /// One, or the shards in the order of their names.
  public let files: [URL]
  private let contents: [Safetensors]
  private let places: [String: Int]

  /// - Throws: `CheckpointError` where a file is missing or malformed, or the index does not agree with its shards.
  public init(folder: URL) throws(CheckpointError) {
    let single = folder.appendingPathComponent("model.safetensors")
    let index = folder.appendingPathComponent("model.safetensors.index.json")
    if CheckpointFile.exists(single) {
      (files, contents, places) = try Self.open([single], expected: nil)
    } else if CheckpointFile.exists(index) {
      let map = try CheckpointFile.json(index, as: Index.self, what: "an index of shards").weight_map
      let names = Set(map.values).sorted()
      guard !names.isEmpty else { throw .malformed("model.safetensors.index.json lists no tensors") }
      if let odd = names.first(where: { $0.contains("/") || $0.hasPrefix(".") || $0.contains("\0") }) {
        throw .malformed("model.safetensors.index.json: \"\(odd)\" is not the name of a file beside it")
      }
      (files, contents, places) = try Self.open(names.map { folder.appendingPathComponent($0) }, expected: map)
    } else {
      let other = Self.others.first { CheckpointFile.exists(folder.appendingPathComponent($0.name)) }
      throw .unreadable("model.safetensors is missing" + (other.map { "; \($0.name) \($0.what)" } ?? ""))
    }
  }

  /// What folders hold in its place, and how each becomes one that is read.
  private static let others: [(name: String, what: String)] = [
    (
      "pytorch_model.bin",
      "is a pickle, and a pickle is code, which bench does not run; where you trust it, make a model.safetensors of "
        + "it in that folder: python3 -c 'import torch, safetensors.torch as s; "
        + "s.save_file({k: v.clone().contiguous() for k, v in torch.load(\"pytorch_model.bin\", map_location=\"cpu\", "
        + "weights_only=True).items()}, \"model.safetensors\")'"
    ),
    ("pytorch_model.bin.index.json", conversion), ("tf_model.h5", conversion), ("flax_model.msgpack", conversion),
    ("bert_model.ckpt.index", conversion),
    (
      "adapter_model.safetensors",
      "holds the difference to another checkpoint; merge it into that one with PEFT (merge_and_unload) and save it"
    ),
  ]

  private static let conversion =
    "is not read; load the folder with Transformers and save it (save_pretrained), which writes model.safetensors"

  private struct Index: Decodable { var weight_map: [String: String] }

  /// Opens the files and finds the place of each tensor. With `expected`, tensor → file, every tensor must stand in the
  /// file that is said, and no other.
  private static func open(
    _ files: [URL], expected: [String: String]?
  ) throws(CheckpointError) -> ([URL], [Safetensors], [String: Int]) {
    var contents = [Safetensors](), places = [String: Int]()
    for (index, url) in files.enumerated() {
      let file: Safetensors
      do { file = try Safetensors(contentsOf: url) } catch {
        if case .malformed = error, let foreign = Self.foreign(url) {
          throw .malformed("\(url.lastPathComponent): got \(foreign.name), expected safetensors: \(foreign.remedy)")
        }
        throw error.inFile(url.lastPathComponent)
      }
      contents.append(file)
      for entry in file.entries where places.updateValue(index, forKey: entry.name) != nil {
        throw .duplicate(tensor: entry.name)
      }
    }
    for (name, file) in (expected ?? [:]).sorted(by: { $0.key < $1.key }) {
      guard let place = places[name], files[place].lastPathComponent == file else { throw .missing(tensor: name) }
    }
    if let expected, let odd = places.keys.filter({ expected[$0] == nil }).min() { throw .unexpected(tensor: odd) }
    return (files, contents, places)
  }

  /// What stands in a file in place of the tensors, by its first bytes, and what to do; nil for what is not known.
  private static func foreign(_ url: URL) -> (name: String, remedy: String)? {
    guard let handle = try? FileHandle(forReadingFrom: url) else { return nil }
    defer { try? handle.close() }
    guard let head = try? handle.read(upToCount: ForeignFile.headBytes) else { return nil }
    if ForeignFile.isWebPage(head) {
      return ("a web page", "fetch the file again, from where the checkpoint is published")
    }
    guard let known = ForeignFile(head: head) else { return nil }
    let isArchive = head.starts(with: "PK".utf8)
    if !isArchive, ["unpack", "fetch"].contains(where: { known.remedy.hasPrefix($0) }) {
      return (known.name, known.remedy)
    }
    // What makes text of a file makes no checkpoint of it.
    return (
      isArchive ? "a zip archive (PyTorch writes such)" : known.name,
      "load the checkpoint with Transformers and save it (save_pretrained)"
    )
  }

  /// In the order of the files and of their bytes.
  public var names: [String] { contents.flatMap { $0.entries.map(\.name) } }

  public subscript(name: String) -> Safetensors.Entry? { places[name].flatMap { contents[$0][name] } }

  /// In size; sums of larger values overflow, and those of checkpoints are below a hundred.
  private static let largest: Float = 1e9

  /// The values of a tensor, row-major.
  /// - Throws: `CheckpointError` where one is not finite or too large to compute with.
  public func floats(_ name: String) throws(CheckpointError) -> [Float] {
    guard let place = places[name] else { throw .missing(tensor: name) }
    let values = try contents[place].floats(name)
    if let odd = values.first(where: { !($0.magnitude <= Self.largest) }) {
      throw .malformed(
        "\(files[place].lastPathComponent): tensor \(name) holds \(odd.isFinite ? "\(odd)" : "values that are not finite (\(odd))"), "
          + "expected numbers up to 1e9: the file is damaged, or was saved from a training that diverged")
    }
    return values
  }
}
