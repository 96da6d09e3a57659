import Corpora
import Manifests

extension Plan {
  /// A model that is trained once more, on all rows of a domain: for use, and never evaluated.
  public struct Refit: Sendable {
    /// `corpus.domain.refit.model`
    public var name: String
    public var corpus: Int
    public var domain: Int
    public var model: Int
    /// The evaluated fits of the model on the domain, from which it takes its settings; indices into the plan's.
    public var fits: [Int]

    private static let mark = "refit"

    package static func name(_ corpus: String, _ domain: String, _ model: String) -> String {
      [corpus, domain, mark, model].joined(separator: ".")
    }

    /// Whether a stored file may be a refit's model, or what is known of it, by its name.
    package static func isName(_ file: String) -> Bool {
      file.contains(".\(mark).") && (file.hasSuffix(".model") || file.hasSuffix(".fit"))
    }
  }

  /// One of each model and domain that is trained and that `outputs.refit` asks for, as they first stand among the fits.
  package static func refits(_ fits: [Fit], manifest: Manifest, corpora: [Corpus]) -> [Refit] {
    var refits: [Refit] = []
    var known: [[Int]: Int] = [:]
    for (index, fit) in fits.enumerated() {
      let model = manifest.models[fit.model].name, corpus = corpora[fit.data.corpus]
      guard manifest.outputs.refit.names(model) else { continue }
      let place = [fit.data.corpus, fit.data.domain, fit.model]
      if let refit = known[place] {
        refits[refit].fits.append(index)
      } else {
        known[place] = refits.count
        refits.append(
          Refit(
            name: Refit.name(corpus.name, corpus.domains[fit.data.domain].domain, model), corpus: fit.data.corpus,
            domain: fit.data.domain, model: fit.model, fits: [index]))
      }
    }
    return refits
  }

  /// The plan of one refit: a fit on all rows, without trials, of a manifest's only model.
  ///
  /// It has the seed of a first repetition.
  package func alone(_ refit: Refit, of manifest: Manifest, _ divider: inout Divider) -> Plan {
    var plan = self
    let first = fits[refit.fits[0]]
    var data = DataKey(corpus: refit.corpus, domain: refit.domain, division: .all)
    plan.fits = [
      Fit(
        name: refit.name, data: data, model: 0, protocolKind: first.protocolKind, protocolIndex: first.protocolIndex,
        seed: manifest.seed, fold: nil, repetition: 0, usesValidation: false, trials: [])
    ]
    let readsCorpus = manifest.models[refit.model].pretraining?.texts == .corpus
    plan.splits = [:]
    for domain in readsCorpus ? Array(divider.corpora[refit.corpus].domains.indices) : [refit.domain] {
      data.domain = domain
      plan.splits[data] = divider.all(data)
    }
    plan.findClasses(divider.corpora)
    return plan
  }
}
