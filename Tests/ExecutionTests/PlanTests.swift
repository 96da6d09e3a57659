import Corpora
import Families
import Manifests
import Models
import Testing

@testable import Planning

@Suite struct PlanTests {
  @Test("protocols that ask for the same training part share the fit")
  func sharing() throws {
    let runner = try Small.runner(Small.manifest(), jobs: 1)
    // Hold-out and cross-domain: 2 domains × 2 seeds × 6 models; 3 folds × 2 models.
    #expect(runner.plan.fits.count == 24 + 6)
    #expect(runner.plan.trialCount == 24 * 2 + 6)
    #expect(Set(runner.plan.fits.flatMap(\.trials).map(\.name)).count == runner.plan.trialCount)
  }

  @Test("a fit tested on its own domain keeps its protocol, on another it is cross-domain")
  func protocolNames() throws {
    let plan = try Small.runner(Small.manifest(), jobs: 1).plan
    for fit in plan.fits {
      for trial in fit.trials {
        #expect(trial.protocolName == (trial.target == fit.data.domain ? fit.protocolKind.rawValue : "cross-domain"))
      }
    }
  }

  @Test("every model gets the same rows, another seed other rows")
  func splits() throws {
    let plan = try Small.runner(Small.manifest(), jobs: 1).plan
    let holdout = plan.fits.filter { $0.protocolKind == .holdout && $0.data.domain == 0 }
    for fit in holdout {
      let first = try #require(holdout.first { $0.seed == fit.seed })
      #expect(plan.split(of: fit) == plan.split(of: first))
    }
    let (one, two) = (holdout[0], try #require(holdout.first { $0.seed != holdout[0].seed }))
    #expect(plan.split(of: one) != plan.split(of: two))
  }

  @Test("too few rows are named with their corpus")
  func shortage() throws {
    var manifest = Small.manifest()
    guard case .generated(var settings) = manifest.corpora[0].domains[0].source else {
      Issue.record("not generated")
      return
    }
    settings.rows = 2
    manifest.corpora[0].domains[0].source = .generated(settings)
    let corpora = try manifest.corpora.map { try CorpusReader.read($0, seed: 1) }
    #expect { try Plan(manifest: manifest, corpora: corpora) } throws: {
      "\($0)".contains("corpora.messages, domain ecommerce, hold-out")
    }
  }

  @Test("corpora and domains whose names join to the same text are different data, and an error; so are trials")
  func joinedNames() throws {
    func corpus(_ name: String, _ domain: String, rows: Int) -> CorpusDeclaration {
      var settings = GeneratorSettings()
      settings.rows = rows
      return CorpusDeclaration(
        name: name, task: "sentiment", domains: [DomainDeclaration(name: domain, source: .generated(settings))])
    }
    var manifest = Manifest(
      name: "dots", corpora: [corpus("a.b", "c", rows: 60), corpus("a", "b.c", rows: 90)],
      protocols: [ProtocolDeclaration(kind: .holdout)],
      models: [ModelDeclaration(name: "lookup", configuration: .lookup)])
    #expect(throws: PlanNameError(name: "a.b.c.holdout.s1.lookup", model: "lookup")) {
      try Small.runner(manifest, jobs: 1)
    }
    manifest.corpora = [corpus("a", "b", rows: 60), corpus("a", "b.holdout.s1.x", rows: 60)]
    manifest.corpora[1].name = "c"
    manifest.models[0].name = "x.holdout.s1.lookup"
    #expect(try Small.runner(manifest, jobs: 1).plan.fits.count == 2)
    manifest.corpora[1].name = "a"
    manifest.models.append(ModelDeclaration(name: "lookup", configuration: .lookup))
    #expect(throws: PlanNameError.self) { try Small.runner(manifest, jobs: 1) }
  }
}
