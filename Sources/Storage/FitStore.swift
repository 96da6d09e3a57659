import Corpora
import Hashing
import Families
import Files
import Foundation
import Models
import Planning

/// The stored fits of one output folder, in `DIR.fits/` beside `DIR`: what a run that was ended goes on from.
///
/// A finished fit is two files, `NAME-KEY.model` (a `ModelFile`) and `NAME-KEY.fit` (a `StoredFit`, written last); one
/// that trains may have `NAME-KEY.training` (a `StoredTraining`), one that is searched `NAME-KEY.search` (a
/// `StoredSearch`); an encoder that several fits start from is
/// `NAME-KEY.pretrained` (a `PretrainedWeights`). KEY is the head of the fit's key. Every file is
/// written whole or not at all, and one that is damaged counts as missing.
public struct FitStore: Sendable {
  public let folder: URL
  private let lock: RunLock?

  /// To work on; nobody else can until the process ends.
  ///
  /// `fresh` removes what earlier runs stored.
  public init(beside output: URL, fresh: Bool) throws(StorageError) {
    folder = Self.folder(beside: output)
    if let reason = FileSystem.makeFolder(folder.path) {
      throw .cannotStore(path: FileSystem.shown(folder), reason: reason)
    }
    lock = try RunLock(folder.appendingPathComponent(Self.lockName), for: output.relativePath)
    remove { fresh || $0.hasPrefix(FileSystem.partialPrefix) }
  }

  /// To look at while perhaps another process works on it; changes nothing.
  public init(lookingBeside output: URL) {
    folder = Self.folder(beside: output)
    lock = nil
  }

  /// The folder, for messages.
  public var shownPath: String { FileSystem.shown(folder) }

  private static func folder(beside output: URL) -> URL {
    let output = output.standardizedFileURL
    return output.deletingLastPathComponent().appendingPathComponent(output.lastPathComponent + ".fits")
  }

  private static let lockName = "lock"

  /// Why no fits could be stored beside `output`, in a sentence; nil where they could. Changes nothing.
  public static func obstacle(beside output: URL) -> String? {
    let folder = folder(beside: output), name = folder.lastPathComponent
    if FileSystem.isFolder(folder.path) {
      return FileSystem.isWritable(folder.path)
        ? nil : "no permission to write in \(name) beside it, where fits are stored"
    }
    if FileSystem.isLink(folder.path) {
      let reason = FileSystem.unreachable(folder.path) ?? "a file"
      return "\(name) beside it, where fits are stored, is a symbolic link that leads to no folder (\(reason))"
    }
    return FileManager.default.fileExists(atPath: folder.path)
      ? "\(name) beside it, where fits are stored, is a file" : nil
  }

  // MARK: Finished fits

  /// The fit and its model; nil where they are not there, or not whole.
  package func load(_ fit: String, _ key: FitKey) -> (stored: StoredFit, model: TrainedModel)? {
    guard let stored = finished(fit, key), let model = content(url(fit, key, .model)),
      hexadecimal(SHA256.hash(data: model)) == stored.modelHash,
      let file = try? ModelFile(bytes: model)
    else { return nil }
    return (stored, file.model)
  }

  /// The fit without its model; nil where it is not there, or not whole.
  package func finished(_ fit: String, _ key: FitKey) -> StoredFit? {
    guard let bytes = content(url(fit, key, .fit)), let stored = try? StoredFit(bytes: bytes), stored.key == key else {
      return nil
    }
    return stored
  }

  /// Stores a fit and its model, and removes what its training had stored.
  package func save(
    _ fit: String, _ key: FitKey, model: ModelFile, summary: StoredFit.Summary, predictions: [StoredFit.Prediction]
  ) throws(StorageError) {
    let modelHash = try write(model.draft, to: url(fit, key, .model))
    let stored = StoredFit(key: key, summary: summary, modelHash: modelHash, predictions: predictions)
    try write(stored.draft(outputs: model.model.shape.outputs), to: url(fit, key, .fit))
    for kind in [FileKind.training, .search] { try? FileManager.default.removeItem(at: url(fit, key, kind)) }
  }

  /// Removes everything but these fits and pre-trainings: what no plan asks for any more. Models that were trained on all
  /// rows stay: somebody may use them.
  package func keepOnly(_ fits: [(name: String, key: FitKey)], pretrainings: [(name: String, key: FitKey)]) {
    let files =
      fits.flatMap { [url($0.name, $0.key, .fit), url($0.name, $0.key, .model)] }
      + pretrainings.map { url($0.name, $0.key, .pretrained) }
    let kept = Set(files.map(\.lastPathComponent))
    remove { !kept.contains($0) && !Plan.Refit.isName($0) }
  }

  // MARK: Pre-training

  package func loadPretrained(_ name: String, _ key: FitKey) -> PretrainedWeights? {
    content(url(name, key, .pretrained)).flatMap { try? PretrainedWeights(bytes: $0, key: key) }
  }

  /// Stores a pre-trained encoder, and removes what its training had stored.
  package func save(_ name: String, _ key: FitKey, pretrained: PretrainedWeights) throws(StorageError) {
    try write(pretrained.draft(key: key), to: url(name, key, .pretrained))
    try? FileManager.default.removeItem(at: url(name, key, .training))
  }

  // MARK: Training

  package func loadTraining(_ fit: String, _ key: FitKey) -> StoredTraining? {
    guard let bytes = content(url(fit, key, .training)), let stored = try? StoredTraining(bytes: bytes),
      stored.key == key.digest
    else { return nil }
    return stored
  }

  package func save(_ fit: String, _ key: FitKey, training: StoredTraining) throws(StorageError) {
    try write(training.draft, to: url(fit, key, .training))
  }

  package func loadSearch(_ fit: String, _ key: FitKey) -> StoredSearch? {
    guard let bytes = content(url(fit, key, .search)), let stored = try? StoredSearch(bytes: bytes),
      stored.key == key.digest
    else { return nil }
    return stored
  }

  package func save(_ fit: String, _ key: FitKey, search: StoredSearch) throws(StorageError) {
    try write(search.draft, to: url(fit, key, .search))
  }

  // MARK: What is there

  /// Whether there is a finished fit, whole or not.
  package func has(_ fit: String, _ key: FitKey) -> Bool {
    FileManager.default.fileExists(atPath: url(fit, key, .fit).path)
  }

  /// Where a finished fit's model stands, for messages.
  package func modelPath(_ fit: String, _ key: FitKey) -> String { FileSystem.shown(url(fit, key, .model)) }

  /// What running the fit now would come to.
  package func status(of fit: String, _ key: FitKey) -> FitStatus {
    if let (stored, _) = load(fit, key) { return .stored(stored.predictions.map { "\($0.target) \($0.rows)" }) }
    if let training = loadTraining(fit, key) { return .begun(epochs: training.state.outline.epochs) }
    if let search = loadSearch(fit, key) { return .searched(trials: search.trials.count) }
    let files = [FileKind.fit, .model, .training, .search].map { url(fit, key, $0).path }
    if files.contains(where: FileManager.default.fileExists(atPath:)) { return .damaged }
    let others = names.filter { $0.hasSuffix(".fit") && Self.stem(ofFile: $0) == Self.stem(fit) }
      .compactMap { StoredFit.key(of: folder.appendingPathComponent($0)) }.map { key.differences(from: $0) }
    guard let nearest = others.min(by: { $0.count < $1.count }) else { return .missing }
    return .changed(nearest)
  }

  private enum FileKind: String { case fit, model, training, search, pretrained }

  private func url(_ fit: String, _ key: FitKey, _ kind: FileKind) -> URL {
    folder.appendingPathComponent("\(Self.stem(fit))-\(key.digest.prefix(Self.keyLength)).\(kind.rawValue)")
  }

  private static let keyLength = 16

  /// The fit's name, cut where a file's name could not be as long; the key tells fits apart.
  private static func stem(_ fit: String) -> String { String(decoding: fit.utf8.prefix(200), as: UTF8.self) }

  /// The stem of a file's name that `url` gives; nil for every other name.
  private static func stem(ofFile name: String) -> String? {
    guard let dot = name.lastIndex(of: "."), FileKind(rawValue: String(name[dot...].dropFirst())) != nil,
      let dash = name[..<dot].lastIndex(of: "-")
    else { return nil }
    let key = name[dash..<dot].dropFirst()
    return key.count == keyLength && key.allSatisfy(\.isHexDigit) ? String(name[..<dash]) : nil
  }

  /// What this class has written, sorted; a folder of that name may have been there with other files.
  private var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted().filter {
      $0.hasPrefix(FileSystem.partialPrefix) || Self.stem(ofFile: $0) != nil
    }
  }

  private func remove(where isUnwanted: (String) -> Bool) {
    for name in names where isUnwanted(name) {
      try? FileManager.default.removeItem(at: folder.appendingPathComponent(name))
    }
  }

  private func content(_ url: URL) -> [UInt8]? { (try? Data(contentsOf: url)).map { [UInt8]($0) } }

  /// The SHA-256 of what was written, in hexadecimal digits.
  @discardableResult
  private func write(_ draft: StoredFile.Draft, to url: URL) throws(StorageError) -> String {
    let hash = SHA256()
    let failure = FileSystem.save(to: url) { write in
      draft.eachPiece {
        hash.update(data: $0)
        write($0)
      }
    }
    if let failure { throw .cannotStore(path: FileSystem.shown(url), reason: failure) }
    return hexadecimal(hash.finalize())
  }
}
