import Corpora
import Hashing
import Families
import Files
import Foundation
import Manifests
import Models

/// The keys of all fits of a plan, and the hashes of the rows that they are tested on.
package struct FitKeys: Sendable {
  /// In the plan's order.
  package let keys: [FitKey]
  package let pretraining: PretrainingPlan
  /// Test rows of each division of each domain.
  private let testRows: [Plan.DataKey: String]

  /// - Parameter code: `CodeVersion.executable`.
  package init(manifest: Manifest, corpora: [Corpus], unlabelled: Corpus? = nil, plan: Plan, code: String) {
    var parts: [Plan.DataKey: (train: String, validation: String, test: String)] = [:]
    for (data, split) in plan.splits {
      let examples = corpora[data.corpus].domains[data.domain].examples
      parts[data] = (
        Self.hash(split.train, of: examples), Self.hash(split.validation, of: examples),
        Self.hash(split.test, of: examples)
      )
    }
    testRows = parts.mapValues(\.test)
    var base = FitKey()
    base.add("code", code)
    base.add("libraries", CodeVersion.libraries)
    var files = FileHashes()
    pretraining = PretrainingPlan(manifest: manifest, corpora: corpora, unlabelled: unlabelled, plan: plan) { model in
      var key = base
      key.add(settings: model.text, under: "text", except: ["vocabularyFile"])
      // What the classifier reads is no part of what is pre-trained.
      key.add(settings: model.configuration.encoder as Any, under: "encoder", except: ["pooling"])
      if let width = model.configuration.wordVectorWidth { key.add("embedding", "\(width)") }
      key.add(settings: model.pretraining as Any, under: "pretrain", except: ["texts", "unlabelled"])
      for (name, file) in model.filesRead { key.add("content of \(name)", files.sha256(of: file)) }
      return key
    }
    var common = base
    common.add(settings: manifest, except: Self.withoutEffect)
    common.add("primary metric", manifest.comparisons.primary.rawValue)
    let models = manifest.models.map { model in
      var key = common
      key.add("kind", model.configuration.kind.rawValue)
      key.add(settings: model, except: ["pretrained", "vectors", "declaredVocabularyFile"])
      if !model.space.isEmpty { key.add(settings: manifest.tuning as Any, under: "tuning") }
      for (name, file) in model.filesRead { key.add("content of \(name)", files.sha256(of: file)) }
      return key
    }
    let own = plan.fits.enumerated().map { [pretraining] index, fit in
      let rows = parts[fit.data]!
      var key = models[fit.model]
      key.add("fit", fit.name)
      key.add("seed", "\(fit.seed)")
      if let job = pretraining.jobOfFit[index] { key.add("pre-training", pretraining.jobs[job].key.digest) }
      let names = corpora[fit.data.corpus].classes
      key.add("classes", Split.hash(of: plan.classes(of: fit).map { names[$0] }))
      let columns = corpora[fit.data.corpus].columns
      if !columns.isEmpty { key.add("columns", "\(columns.map { [$0.name, $0.kind.rawValue] })") }
      key.add("training rows", rows.train)
      key.add("validation rows", fit.usesValidation ? rows.validation : "not used")
      return key
    }
    let uses = plan.uses(manifest)
    var whole = own
    for index in Plan.waves(Array(own.indices), uses: uses).joined() {
      for other in uses[index] {
        whole[index].add("`\(manifest.models[plan.fits[other].model].name)`", whole[other].digest)
      }
    }
    keys = whole
  }

  /// Hash of the rows that a trial is tested on.
  package func testRows(of trial: Plan.Trial, in fit: Plan.Fit) -> String {
    var data = fit.data
    data.domain = trial.target
    return testRows[data]!
  }

  /// Parts of a manifest that change no fit, or are in its key by what they come to: rows, the model and its tuning.
  /// All others are in the key, so that a setting that is added one day makes fits run again rather than be taken for
  /// the same.
  private static let withoutEffect: Set = [
    "name", "question", "seed", "series", "corpora", "unlabelled", "split", "protocols", "models", "tuning", "timing",
    "comparisons", "outputs",
  ]

  /// Over id, class, text and cells of the rows in their order.
  private static func hash(_ rows: [Int], of examples: [Example]) -> String {
    let hasher = SHA256()
    for row in rows {
      let example = examples[row]
      // The lengths keep ("ab", "c") and ("a", "bc") apart.
      for text in [example.id, example.target.key, example.text] + example.cells.map({ "\($0)" }) {
        hasher.update(data: Array("\(text.utf8.count):".utf8))
        hasher.update(data: Array(text.utf8))
      }
    }
    return hexadecimal(hasher.finalize())
  }
}

/// Hashes of files that several models may read, each made once.
private struct FileHashes {
  private var known: [URL: String] = [:]

  /// `unreadable` where the file cannot be read: the fit fails, and a failed fit is never stored.
  mutating func sha256(of file: URL) -> String {
    if let hash = known[file] { return hash }
    let hash = (try? FileHash.sha256(of: file).sha256) ?? "unreadable"
    known[file] = hash
    return hash
  }
}

extension ModelDeclaration {
  /// Files whose content the fit depends on, by what a person calls them; where a checkpoint stands is no part of it.
  fileprivate var filesRead: [(name: String, file: URL)] {
    var files = text.vocabularyFile.map { [(name: $0, file: URL(fileURLWithPath: $0))] } ?? []
    if let vectors { files.append((name: "the word vectors", file: URL(fileURLWithPath: vectors.path))) }
    if let pretrained {
      let folder = URL(fileURLWithPath: pretrained.path)
      // What cannot be opened still marks the model as one with a checkpoint.
      let read = (try? BERTCheckpoint(folder: folder).files) ?? [folder]
      files += read.map { (name: "the checkpoint's \($0.lastPathComponent)", file: $0) }
    }
    return files
  }
}
