import Corpora
import Hashing
import Files
import Foundation
import Manifests
import Models

extension RunResult.Input {
  /// The files that a run reads, in the manifest's order, each once: data, then vocabularies, word vectors, checkpoints.
  ///
  /// - Throws: `CheckpointError`, or an error of the file system, where a vocabulary or checkpoint cannot be read.
  public static func inputs(of manifest: Manifest, corpora: [Corpus]) throws -> [RunResult.Input] {
    try inputs(
      of: manifest,
      data: corpora.flatMap(\.domains).flatMap(\.reading.files).map {
        RunResult.Input(declaredPath: $0.declaredPath, sha256: $0.sha256, bytes: $0.bytes)
      })
  }

  /// The same without reading the data as such: files are hashed where they lie.
  public static func inputs(of manifest: Manifest) throws -> [RunResult.Input] {
    let domains = (manifest.corpora + (manifest.unlabelled.map { [$0] } ?? [])).flatMap(\.domains)
    var data: [RunResult.Input] = []
    for domain in domains {
      guard case .files(let source) = domain.source else { continue }
      for file in source.paths {
        let (sha256, bytes) = try FileHash.sha256(of: URL(fileURLWithPath: file.path))
        data.append(RunResult.Input(declaredPath: file.declared, sha256: sha256, bytes: bytes))
      }
    }
    return try inputs(of: manifest, data: data)
  }

  private static func inputs(of manifest: Manifest, data: [RunResult.Input]) throws -> [RunResult.Input] {
    var seen: Set<String> = []
    var inputs = data.filter { seen.insert($0.declaredPath).inserted }
    for model in manifest.models {
      guard let path = model.text.vocabularyFile else { continue }
      let declared = model.declaredVocabularyFile ?? path
      guard seen.insert(declared).inserted else { continue }
      let (sha256, bytes) = try FileHash.sha256(of: URL(fileURLWithPath: path))
      inputs.append(RunResult.Input(declaredPath: declared, sha256: sha256, bytes: bytes))
    }
    for source in manifest.models.compactMap(\.vectors) where seen.insert(source.declaredPath).inserted {
      let (sha256, bytes) = try FileHash.sha256(of: URL(fileURLWithPath: source.path))
      inputs.append(RunResult.Input(declaredPath: source.declaredPath, sha256: sha256, bytes: bytes))
    }
    for source in manifest.models.compactMap(\.pretrained) where seen.insert(source.declaredPath).inserted {
      let checkpoint = try BERTCheckpoint(folder: URL(fileURLWithPath: source.path))
      for file in checkpoint.files {
        let (sha256, bytes) = try FileHash.sha256(of: file)
        inputs.append(
          RunResult.Input(
            declaredPath: "\(source.declaredPath)/\(file.lastPathComponent)", sha256: sha256, bytes: bytes))
      }
    }
    return inputs
  }
}

extension [RunResult.Input] {
  /// Declared path → SHA-256; a checkpoint's folder has that of its tensors (of several files: of their hashes).
  public func hashes(of manifest: Manifest) -> [String: String] {
    var hashes = Dictionary(map { ($0.declaredPath, $0.sha256) }, uniquingKeysWith: { first, _ in first })
    for source in manifest.models.compactMap(\.pretrained) {
      let tensors = filter {
        $0.declaredPath.hasPrefix(source.declaredPath + "/") && $0.declaredPath.hasSuffix(".safetensors")
      }.map(\.sha256)
      hashes[source.declaredPath] =
        tensors.count == 1 ? tensors[0] : hexadecimal(SHA256.hash(data: Data(tensors.joined().utf8)))
    }
    return hashes
  }
}
