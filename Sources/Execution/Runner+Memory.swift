import Corpora
import Families
import Foundation
import Manifests
import Models
import Text

/// What training takes of main memory at least, before anything is trained.
extension Runner {
  /// What is wrong where the fits that train side by side cannot all be in `memory` bytes: every model of which one fit
  /// alone is too large, or else how many fits would go.
  public func memoryErrors(for memory: Double) -> [String] {
    func gigabytes(_ bytes: Double) -> String { "\((bytes / 1e8).rounded() / 10) GB" }
    let bytes = manifest.models.indices.map { leastBytes(ofModel: $0) }
    let expected = "expected at most the memory there is, \(gigabytes(memory))"
    let alone = bytes.indices.filter { bytes[$0] > memory }.map { index in
      let model = manifest.models[index]
      let tuned = model.space.isEmpty ? "" : " with the largest values of its space"
      return "models.\(model.name): got a network that takes \(gigabytes(bytes[index]))\(tuned) to train, \(expected)"
    }
    guard alone.isEmpty else { return alone }
    // The largest train side by side, since they begin first.
    let fits = plan.fits.flatMap { fit in
      Array(repeating: bytes[fit.model], count: trainingsSideBySide(of: manifest.models[fit.model]))
    }.sorted(by: >)
    let sums = fits.prefix(jobs).reduce(into: [Double]()) { $0.append(($0.last ?? 0) + $1) }
    guard let all = sums.last, all > memory, let largest = bytes.indices.max(by: { bytes[$0] < bytes[$1] }) else {
      return []
    }
    return [
      "--jobs: got \(jobs), and the largest fits side by side, up to \(gigabytes(bytes[largest])) each "
        + "(models.\(manifest.models[largest].name)), take \(gigabytes(all)) to train, \(expected); "
        + "--jobs \(sums.count { $0 <= memory }) fits"
    ]
  }

  /// Trials of a search that one fit may train at once.
  private func trainingsSideBySide(of model: ModelDeclaration) -> Int {
    guard let tuning = manifest.tuning, !model.space.isEmpty else { return 1 }
    return min(tuning.parallel, threadsPerFit)
  }

  /// Bytes of one training of a model: weights, gradients, AdamW's moments, and what a batch leaves for its backward
  /// pass. 0 where it is no network. At least that, so that nothing is refused that would go: a vocabulary that follows
  /// from texts counts as one token, a batch of unknown size as none.
  package func leastBytes(ofModel index: Int) -> Double {
    let model = manifest.models[index]
    guard let weights = model.leastParameters(vocabulary: vocabulary(of: model)) else {
      // An encoder that makes vectors stands there as values and as a network.
      return 2 * 4 * (encoderParameters(of: model) ?? 0)
    }
    let fits = plan.fits.filter { $0.model == index }
    var batch = 0.0
    if model.space.isEmpty, let rows = fits.map({ plan.trainingRows(of: $0).count }).min() {
      let tokens =
        Set(fits.map { [$0.data.corpus, $0.data.domain] }).map { leastTokens($0[0], $0[1], model) }.min() ?? 0
      batch = tokens * Double(min(rows, model.training.batchSize)) / Double(model.training.accumulation)
    }
    // Of an encoder that stays as it is there are no gradients and moments.
    let bytes = model.training.fineTuning.lora == nil ? ModelDeclaration.bytesPerParameter : 4
    return weights * bytes + 4 * batch * model.configuration.leastActivations
  }

  /// Of the checkpoint's encoder; nil without one.
  private func encoderParameters(of model: ModelDeclaration) -> Double? {
    guard let checkpoint = try? model.pretrained?.checkpoint() else { return nil }
    return checkpoint.configuration.parameterCount(vocabulary: Double(checkpoint.vocabulary))
  }

  /// The pieces of a vocabulary that stands in a file; 1 of one that follows from texts, or cannot be read.
  private func vocabulary(of model: ModelDeclaration) -> Int {
    if let source = model.pretrained {
      return (try? BERTCheckpoint(folder: URL(fileURLWithPath: source.path)).vocabulary) ?? 1
    }
    return model.text.vocabularyFile.flatMap { try? WordPiece(contentsOfFile: $0).count } ?? 1
  }

  /// Tokens of a domain's mean row: half of its words, since preparation may leave some out.
  private func leastTokens(_ corpus: Int, _ domain: Int, _ model: ModelDeclaration) -> Double {
    let examples = corpora[corpus].domains[domain].examples
    let space = UInt8(ascii: " ")
    let words = examples.reduce(0) { sum, example in
      sum + min(1 + example.text.utf8.count { $0 == space }, model.text.maximumTokens)
    }
    return max(1, Double(words) / Double(max(1, examples.count)) / 2)
  }
}
