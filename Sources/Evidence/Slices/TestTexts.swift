import Analysis
import Corpora
import Files
import Foundation
import Manifests
import Records

/// The texts of a stored run's rows, read again from its data: by id, for each domain.
public struct TestTexts: Sendable {
  /// By corpus, then by id.
  private var texts: [String: [String: String]] = [:]

  public init() {}

  /// Reads the data that the run's manifest names.
  ///
  /// Errors: every file that cannot be read or whose bytes are not the run's, all at once.
  public init(of result: RunResult) throws(TestTextsError) {
    var mistakes: [String] = []
    let known = Dictionary(result.inputs.map { ($0.declaredPath, $0.sha256) }, uniquingKeysWith: { first, _ in first })
    for declaration in result.manifest.corpora {
      let (corpus, errors) = CorpusReader.outcome(of: declaration, seed: result.manifest.seed)
      mistakes += errors.map { "\($0)" }
      for domain in corpus.domains {
        for file in domain.reading.files {
          if let expected = known[file.declaredPath], expected != file.sha256 {
            mistakes.append(
              "\(file.declaredPath): got data with the hash \(file.sha256.prefix(12))…, expected the run's, "
                + "\(expected.prefix(12))…")
          }
        }
        for example in domain.examples { texts[corpus.name, default: [:]][example.id] = example.text }
      }
    }
    guard mistakes.isEmpty else { throw TestTextsError(reasons: mistakes) }
  }

  /// nil where the corpus has no such row.
  public func text(of id: String, in corpus: String) -> String? { texts[corpus]?[id] }

  public var isEmpty: Bool { texts.isEmpty }
}

/// Why the texts of a run's rows cannot be had.
public struct TestTextsError: Error, CustomStringConvertible {
  public var reasons: [String]
  public var description: String { reasons.joined(separator: "\nerror: ") }
}
