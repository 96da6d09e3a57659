import Corpora
import Hashing
import Families
import Foundation
import Manifests
import Text
import Training

/// The pre-trainings that a plan's fits need: fits that would pre-train on the same texts with the same settings share
/// one.
package struct PretrainingPlan: Sendable {
  /// One pre-training.
  package struct Job: Sendable {
    /// `corpus.model.pretraining`, for files and messages; the key tells jobs apart.
    package var name: String
    package var key: FitKey
    /// Index into the manifest's models.
    package var model: Int
    /// What is read, in order.
    package var texts: [String]
    /// Unlabelled texts that were left out, because they are validation or test texts of some fit.
    package var removed: Int
  }

  package private(set) var jobs: [Job] = []
  /// Of each fit, in the plan's order: its job; nil where it has none.
  package private(set) var jobOfFit: [Int?]

  /// - Parameters:
  ///   - unlabelled: one domain for each source; nil where the manifest has none.
  ///   - start: what a model's key begins with: all but the texts and the seed.
  package init(
    manifest: Manifest, corpora: [Corpus], unlabelled: Corpus?, plan: Plan, start: (ModelDeclaration) -> FitKey
  ) {
    jobOfFit = plan.fits.map { _ in nil }
    guard manifest.models.contains(where: { $0.pretraining != nil }) else { return }
    let reader = PretrainingTexts(corpora: corpora, unlabelled: unlabelled, plan: plan)
    let starts = manifest.models.map { $0.pretraining == nil ? FitKey() : start($0) }
    var known: [String: Int] = [:]
    for (index, fit) in plan.fits.enumerated() {
      guard let settings = manifest.models[fit.model].pretraining else { continue }
      let texts = reader.texts(for: fit, settings)
      var key = starts[fit.model]
      // Not the fit's seed: seeds that read the same texts start from the same encoder, as those of a checkpoint do.
      key.add("seed", "\(manifest.seed &+ manifest.models[fit.model].seedOffset)")
      key.add("texts to pre-train on", Self.hash(texts.all))
      if known[key.digest] == nil {
        known[key.digest] = jobs.count
        jobs.append(
          Job(
            name: "\(corpora[fit.data.corpus].name).\(manifest.models[fit.model].name).pretraining", key: key,
            model: fit.model, texts: texts.all, removed: texts.removed))
      }
      jobOfFit[index] = known[key.digest]
    }
  }

  private static func hash(_ texts: [String]) -> String {
    let hasher = SHA256()
    for text in texts {
      // The length keeps ("ab", "c") and ("a", "bc") apart.
      hasher.update(data: Array("\(text.utf8.count):".utf8))
      hasher.update(data: Array(text.utf8))
    }
    return hexadecimal(hasher.finalize())
  }
}

/// Finds the texts that a fit's encoder may be pre-trained on: none that any choice or test is made on.
///
/// - Training texts are those of the fit's own division, less every text that is a validation or test text of the same
///   division in any domain that the fit is trained or tested on.
/// - Unlabelled texts lose every text that is a validation or test text of any fold, seed and domain of the plan.
///
/// Texts are the same where their normalised forms are.
private struct PretrainingTexts {
  private let corpora: [Corpus]
  private let plan: Plan
  /// Normalised text of each example, by corpus and domain.
  private let forms: [[[String]]]
  private let sources: [(name: String, texts: [String], removed: Int)]

  init(corpora: [Corpus], unlabelled: Corpus?, plan: Plan) {
    (self.corpora, self.plan) = (corpora, plan)
    let forms = corpora.map { $0.domains.map { $0.examples.map { normalised($0.text) } } }
    self.forms = forms
    var judged = Set<String>()
    for (data, split) in plan.splits {
      for row in split.validation + split.test { judged.insert(forms[data.corpus][data.domain][row]) }
    }
    sources = (unlabelled?.domains ?? []).map { source in
      let texts = source.examples.map(\.text).filter { !judged.contains(normalised($0)) }
      return (source.domain, texts, source.examples.count - texts.count)
    }
  }

  func texts(for fit: Plan.Fit, _ settings: PretrainingSettings) -> (all: [String], removed: Int) {
    var texts = [String](), removed = 0
    if settings.texts != .none {
      let read = settings.texts == .corpus ? Array(corpora[fit.data.corpus].domains.indices) : [fit.data.domain]
      var judged = Set<String>()
      for domain in Set(fit.trials.map(\.target) + read + [fit.data.domain]) {
        let split = self.split(fit, domain)
        for row in split.validation + split.test { judged.insert(forms[fit.data.corpus][domain][row]) }
      }
      for domain in read {
        texts += split(fit, domain).train.filter { !judged.contains(forms[fit.data.corpus][domain][$0]) }
          .map { corpora[fit.data.corpus].domains[domain].examples[$0].text }
      }
    }
    for source in sources where settings.unlabelled.isEmpty || settings.unlabelled.contains(source.name) {
      texts += source.texts
      removed += source.removed
    }
    return (texts, removed)
  }

  private func split(_ fit: Plan.Fit, _ domain: Int) -> Split {
    var data = fit.data
    data.domain = domain
    return plan.splits[data]!
  }
}
