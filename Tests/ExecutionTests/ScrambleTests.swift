import Compute
import Corpora
import Families
import Foundation
import Manifests
import Models
import Testing
import Training

@testable import Execution
@testable import Planning
@testable import Storage

/// Nothing sees the test: texts are exchanged after splitting, and every trained byte is compared.
@Suite struct ScrambleTests {
  /// Two domains of generated messages, all six kinds, every way of dividing, with what is fitted inside a fold switched
  /// on: vocabularies, WordPiece, IDF, class weights, sampling.
  private func runner(epochs: Int = 2, stopping: Bool = true, official: Bool = false) throws -> Runner {
    let domains = [GeneratorSettings.Domain.ecommerce, .telecom].map { domain -> DomainDeclaration in
      var settings = GeneratorSettings()
      (settings.domain, settings.rows) = (domain, 90)
      return DomainDeclaration(name: domain.rawValue, source: .generated(settings))
    }
    var folds = ProtocolDeclaration(kind: .kfold)
    (folds.folds, folds.domains) = (2, ["telecom"])
    var crossing = ProtocolDeclaration(kind: .crossDomain)
    crossing.base = official ? .official : .holdout
    var manifest = Manifest(
      name: "scramble", corpora: [CorpusDeclaration(name: "messages", task: "sentiment", domains: domains)],
      protocols: official
        ? [ProtocolDeclaration(kind: .official), crossing] : [ProtocolDeclaration(kind: .holdout), crossing, folds],
      models: models(epochs: epochs, stopping: stopping))
    manifest.timing.enabled = false
    var corpora = try manifest.corpora.map { try CorpusReader.read($0, seed: manifest.seed) }
    if official {
      // The first domain has validation rows of its own; the second one's are carved from its training part.
      let parts: [[FileSource.Part]] = [[.train, .train, .train, .validation, .test], [.train, .train, .test]]
      for (domain, parts) in parts.enumerated() {
        for row in corpora[0].domains[domain].examples.indices {
          corpora[0].domains[domain].examples[row].part = parts[row % parts.count]
        }
      }
    }
    return Runner(manifest: manifest, corpora: corpora, plan: try Plan(manifest: manifest, corpora: corpora), jobs: 1)
  }

  private func models(epochs: Int, stopping: Bool) -> [ModelDeclaration] {
    var transformer = TransformerConfiguration()
    (transformer.layers, transformer.hidden, transformer.intermediate) = (1, 8, 16)
    var lstm = RecurrentConfiguration()
    (lstm.embedding, lstm.hidden) = (8, 6)
    let kinds: [(String, ModelConfiguration)] = [
      ("bert", .bert(transformer)), ("lstm", .lstm(lstm)), ("hybrid", .bertLSTM(transformer, lstm)),
      ("tfidf", .tfidfLogistic(TFIDFLogisticConfiguration())), ("lookup", .lookup), ("majority", .majority),
    ]
    return kinds.map { name, configuration in
      var model = ModelDeclaration(name: name, configuration: configuration)
      model.training.epochs = epochs
      if !stopping { model.training.earlyStopping = nil }
      model.training.classWeights = .balanced
      model.training.sampling = name == "lstm" ? .over : .none
      model.text.vocabularySize = 200
      model.text.tokenizer = name == "lstm" ? .words : .wordpiece
      return model
    }
  }

  /// Everything that each fit has learnt, by the fit's name.
  private func trained(_ runner: Runner) throws -> [String: [UInt8]] {
    var found: [String: [UInt8]] = [:]
    for fit in runner.plan.fits {
      let model = try #require(runner.result(of: fit).trained, "\(fit.name)")
      found[fit.name] = ModelFile(model: model, labels: runner.corpora[fit.data.corpus].classes).bytes
    }
    return found
  }

  private enum Part { case train, validation, test }

  /// Exchanges the texts of one part of every division; what another fit trains on stays.
  private func scramble(_ part: Part, of data: Plan.DataKey, in runner: Runner) -> Runner {
    var copy = runner
    let split = runner.plan.splits[data]!
    let rows =
      switch part {
      case .train: split.train
      case .validation: split.validation
      case .test: split.test
      }
    for row in rows {
      copy.corpora[data.corpus].domains[data.domain].examples[row].text = "qwertz \(row) zebra quagga never met before"
    }
    return copy
  }

  private func only(_ data: Plan.DataKey, _ runner: Runner) -> Runner {
    var copy = runner
    copy.plan.fits = runner.plan.fits.filter { $0.data == data }
    return copy
  }

  private func divisions(_ runner: Runner) -> [Plan.DataKey] {
    runner.plan.fits.reduce(into: []) { keys, fit in if !keys.contains(fit.data) { keys.append(fit.data) } }
  }

  @Test(
    "Test texts leave no trace in any trained byte: hold-out, folds, official and across domains, all kinds of model",
    arguments: [false, true])
  func test(official: Bool) throws {
    let runner = try runner(official: official)
    let all = divisions(runner)
    #expect(all.count == (official ? 2 : 4))
    for data in all {
      let own = only(data, runner)
      #expect(own.plan.fits.count == 6)
      var scrambled = scramble(.test, of: data, in: own)
      // Across domains every row of the other domain is a test row's neighbour: none of them may be seen.
      if case .kfold = data.division {
        #expect(!official)
      } else {
        let other = 1 - data.domain
        for row in scrambled.corpora[0].domains[other].examples.indices {
          scrambled.corpora[0].domains[other].examples[row].text = "another domain \(row)"
        }
      }
      #expect(try trained(own) == trained(scrambled), "\(data)")
    }
  }

  @Test("With fixed epochs validation texts leave no trace either", arguments: [false, true])
  func validation(official: Bool) throws {
    let runner = try runner(stopping: false, official: official)
    for data in divisions(runner) {
      let own = only(data, runner)
      #expect(!runner.plan.splits[data]!.validation.isEmpty)
      let scrambled = scramble(.test, of: data, in: scramble(.validation, of: data, in: own))
      #expect(try trained(own) == trained(scrambled), "\(data)")
    }
  }

  @Test("The guard switched off: fits that are handed test rows are all found out, but for those that read no text")
  func guardOff() throws {
    let runner = try runner(stopping: false)
    let data = try #require(divisions(runner).first)
    var leaky = only(data, runner)
    let split = leaky.plan.splits[data]!
    leaky.plan.splits[data]!.train = split.train + split.test
    let before = try trained(leaky)
    let after = try trained(scramble(.test, of: data, in: leaky))
    for fit in leaky.plan.fits {
      let model = leaky.manifest.models[fit.model].name
      #expect((before[fit.name] == after[fit.name]) == (model == "majority"), "\(fit.name)")
    }
  }

  @Test("A search finds the same settings and the same bytes, whatever the test texts; not so for the validation texts")
  func tuned() throws {
    let runner = try Tuned.runner(Tuned.manifest())
    for data in divisions(runner) {
      let own = only(data, runner)
      let before = try trained(own)
      #expect(before.count == 2)
      #expect(try trained(scramble(.test, of: data, in: own)) == before, "\(data)")
      #expect(try trained(scramble(.validation, of: data, in: own)) != before, "\(data)")
    }
  }

  @Test("Where validation decides when to stop, its texts do leave a trace")
  func stopping() throws {
    let runner = try runner(epochs: 6)
    let data = try #require(divisions(runner).first)
    let own = only(data, runner)
    #expect(try trained(own) != trained(scramble(.validation, of: data, in: own)))
  }
}
