import Corpora
import Families
import Manifests
import Models

@testable import Execution
@testable import Planning

extension Runner {
  /// One fit of the plan on its own, on one thread.
  func result(of fit: Plan.Fit) -> FitRun.Result {
    FitRun(runner: self, fit: fit, threads: 1, novelty: noveltyTable).run { _, _ in }
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
    var lstm = LSTMConfiguration()
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

  static func runner(_ manifest: Manifest, jobs: Int) throws -> Runner {
    let corpora = try manifest.corpora.map { try CorpusReader.read($0, seed: manifest.seed) }
    return Runner(
      manifest: manifest, corpora: corpora, plan: try Plan(manifest: manifest, corpora: corpora), jobs: jobs)
  }
}
