import Corpora
import Families
import Manifests
import Models
import Settings
import Tasks

@testable import Execution
@testable import Planning

extension Runner {
  /// One fit of the plan on its own, on one thread.
  func result(of fit: Plan.Fit) -> FitRun.Result {
    var run = FitRun(runner: self, fit: fit, threads: 1, novelty: noveltyTable)
    for name in manifest.models[fit.model].uses {
      let other = plan.fits.first {
        $0.data == fit.data && $0.seed == fit.seed && manifest.models[$0.model].name == name
      }
      run.others[name] = other.flatMap { result(of: $0).trained }
    }
    return run.run { _, _ in }
  }

  var noveltyTable: NoveltyTable { NoveltyTable(plan: plan, texts: corpora.map { TextIndex($0) }, jobs: 1) }
}

/// A small experiment on the built-in corpus: two domains, all six kinds.
enum Small {
  static func manifest() -> Manifest {
    let domains = [GeneratorSettings.Domain.ecommerce, .telecom].map { domain -> DomainDeclaration in
      var settings = GeneratorSettings()
      settings.domain = domain
      settings.rows = 120
      return DomainDeclaration(name: domain.rawValue, source: .generated(settings))
    }
    var holdout = ProtocolDeclaration(kind: .holdout)
    holdout.seeds = 2
    var crossing = ProtocolDeclaration(kind: .crossDomain)
    crossing.seeds = 2
    var folds = ProtocolDeclaration(kind: .kfold)
    folds.folds = 3
    folds.domains = ["ecommerce"]
    folds.models = ["lookup", "majority"]
    var manifest = Manifest(
      name: "small", corpora: [CorpusDeclaration(name: "messages", task: "sentiment", domains: domains)],
      protocols: [holdout, crossing, folds], models: models())
    manifest.timing.enabled = false
    return manifest
  }

  static func models() -> [ModelDeclaration] {
    var transformer = TransformerConfiguration()
    (transformer.layers, transformer.hidden, transformer.intermediate) = (1, 16, 32)
    var lstm = RecurrentConfiguration()
    (lstm.embedding, lstm.hidden) = (12, 8)
    var tfidf = TFIDFLogisticConfiguration()
    tfidf.characterNGrams = nil
    let kinds: [(String, ModelConfiguration)] = [
      ("bert", .bert(transformer)), ("lstm", .lstm(lstm)), ("hybrid", .bertLSTM(transformer, lstm)),
      ("tfidf", .tfidfLogistic(tfidf)), ("lookup", .lookup), ("majority", .majority),
    ]
    return kinds.map { name, configuration in
      var model = ModelDeclaration(name: name, configuration: configuration)
      model.training.epochs = 2
      model.text.vocabularySize = 300
      model.text.tokenizer = name == "lstm" ? .words : .wordpiece
      return model
    }
  }

  /// One of its models of every kind that is made for the problem, with two epochs where there are such.
  static func models(of problem: Problem) -> [ModelDeclaration] {
    var models = models()
    // Of the kinds that it lacks, as a manifest without other keys has them.
    for kind in ModelFamilies.kinds where !models.contains(where: { $0.configuration.kind == kind }) {
      var declared = Checked(.map([]))
      declared.set(["kind"], Checked(.text(kind.rawValue)))
      if kind == .cascade { declared.set(["stages"], Checked(.list(["tfidf", "lstm"].map { Checked(.text($0)) }))) }
      guard var model = ModelDeclaration(kind.rawValue, declared) else { continue }
      model.training.epochs = 2
      models.append(model)
    }
    models = models.filter { $0.configuration.kind.family.problems.contains(problem) }
    for index in models.indices { models[index].problem = problem }
    return models
  }

  /// Words of which the other tasks ask whether they stand in a message.
  private static let words = ["I", "my", "the"]

  /// The same messages with other targets: which of some words stand in it, as labels, of which some rows have none; or how
  /// many of them, each with its own weight, as a number.
  static func corpus(_ corpus: Corpus, as problem: Problem) -> Corpus {
    guard problem != .classification else { return corpus }
    var corpus = corpus
    corpus.problem = problem
    corpus.classes = problem == .multiLabel ? words : []
    for domain in corpus.domains.indices {
      for row in corpus.domains[domain].examples.indices {
        let found = Set(corpus.domains[domain].examples[row].text.split(separator: " ").map(String.init))
        let labels = words.indices.filter { found.contains(words[$0]) }
        corpus.domains[domain].examples[row].target =
          problem == .multiLabel ? .labels(labels) : .number(labels.reduce(0.5) { $0 + Double($1 + 1) })
      }
    }
    return corpus
  }

  static func runner(_ manifest: Manifest, jobs: Int) throws -> Runner {
    let corpora = try manifest.corpora.map {
      corpus(try CorpusReader.read($0, seed: manifest.seed), as: manifest.problem)
    }
    return Runner(
      manifest: manifest, corpora: corpora, plan: try Plan(manifest: manifest, corpora: corpora), jobs: jobs)
  }
}
