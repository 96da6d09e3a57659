import Corpora
import Families
import Manifests
import Models
import Statistics
import TestSupport
import Testing

@testable import Analysis
@testable import Execution
@testable import Planning

@Suite struct DesignPowerTests {
  private func manifest(seeds: Int, protocolKind: ProtocolDeclaration.Kind = .holdout) throws -> Manifest {
    var manifest = Small.manifest()
    manifest.models = [
      ModelDeclaration(name: "bert", configuration: .bert(TransformerConfiguration())),
      ModelDeclaration(name: "lstm", configuration: .lstm(RecurrentConfiguration())),
    ]
    var declared = ProtocolDeclaration(kind: protocolKind)
    declared.seeds = seeds
    manifest.protocols = [declared]
    return manifest
  }

  private func power(_ manifest: Manifest, _ deviation: DesignPower.Deviation) throws -> DesignPower.Task {
    let corpora = try manifest.corpora.map { try CorpusReader.read($0, seed: 1) }
    let plan = try Plan(manifest: manifest, corpora: corpora)
    return try #require(DesignPower(manifest, plan: plan, corpora: corpora, deviation: deviation).tasks.first)
  }

  @Test("by the formula, over the settings that are planned")
  func formula() throws {
    let manifest = try manifest(seeds: 4)
    let task = try power(manifest, .points(5))
    let corpora = try manifest.corpora.map { try CorpusReader.read($0, seed: 1) }
    let plan = try Plan(manifest: manifest, corpora: corpora)
    #expect(task.trials == 4 && task.settings == corpora[0].domains.count && task.settings > 1)
    let contrasts = plan.fits.filter { $0.seed == manifest.seed && $0.model == 0 }.map { fit -> Double in
      let split = plan.split(of: fit)
      let known = 10_000 * DesignPower.assumedDisagreement / Double(split.test.count)
      return max(25, known) * (1.0 / 4 + Double(split.test.count) / Double(split.train.count))
    }
    // Equal settings: a mean of m with 3 degrees of freedom each has 3·m. One declared pair has the whole level.
    let count = Double(contrasts.count), variance = contrasts.reduce(0, +) / (count * count)
    let freedom = contrasts.reduce(0, +) * contrasts.reduce(0, +) / contrasts.reduce(0) { $0 + $1 * $1 / 3 }
    let t = StudentT(degreesOfFreedom: freedom)
    let expected = (t.quantile(1 - 0.025 / 2) + t.quantile(DesignPower.power)) * variance.squareRoot()
    expectClose(try #require(task.headline), expected, relative: 1e-9, "headline")
    #expect(try #require(task.setting) > expected)
  }

  @Test("more seeds show smaller differences; two give no words; rows alone are the least")
  func seeds() throws {
    let few = try power(try manifest(seeds: 3), .points(8)), many = try power(try manifest(seeds: 10), .points(8))
    #expect(try #require(many.headline) < (try #require(few.headline)))
    #expect(try power(try manifest(seeds: 2), .points(8)).headline == nil)
    let alone = try power(try manifest(seeds: 10), .rowsAlone)
    #expect(try #require(alone.headline) < (try #require(many.headline)))
  }

  @Test("where no seeds are stated ten are chosen, five where that is much work, and stated ones stay")
  func chosenSeeds() throws {
    func seeds(_ epochs: Int, _ stated: String = "") throws -> [Int?] {
      let text = """
        name: seeds
        corpora: {messages: {task: sentiment, generated: {rows: 60}}}
        protocols: [{kind: holdout\(stated)}, {kind: kfold}]
        models: {lstm: {kind: lstm, hidden: 256, embedding: 256, training: {epochs: \(epochs), early_stopping: none}}}
        """
      var loaded = try ManifestLoader.load(file: "seeds.yaml", text: text, environment: [:], checkFiles: true).get()
      Preflight.chooseSeeds(&loaded)
      return loaded.manifest.protocols.map(\.seeds)
    }
    #expect(try seeds(1) == [10, nil])
    #expect(try seeds(100_000) == [5, nil])
    #expect(try seeds(100_000, ", seeds: 2") == [2, nil])
  }
}
