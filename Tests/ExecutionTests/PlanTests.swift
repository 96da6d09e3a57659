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

  @Test("parts of the training rows are the same for all models, nested, and of every class, with the same test rows")
  func samples() throws {
    var manifest = Small.manifest()
    manifest.protocols = [manifest.protocols[0]]
    manifest.protocols[0].sizes = [.share(0.1), .rowsAClass(3), .share(0.5)]
    let runner = try Small.runner(manifest, jobs: 1), plan = runner.plan
    // Two domains, two seeds, four sizes, six models.
    #expect(plan.fits.count == 2 * 2 * 4 * 6)
    let labels = runner.corpora[0].domains.map { $0.examples.map(\.label) }
    for own in Dictionary(grouping: plan.fits, by: { [$0.data.domain, Int($0.seed)] }).values {
      let whole = try #require(own.first { $0.data.sample == nil })
      func rows(_ size: TrainingSize?) throws -> [Int] {
        let fits = own.filter { $0.data.sample?.size == size }
        #expect(fits.count == 6)
        for fit in fits { #expect(plan.split(of: fit) == plan.split(of: fits[0])) }
        #expect(plan.split(of: fits[0]).test == plan.split(of: whole).test)
        let split = plan.split(of: fits[0])
        #expect(Set(split.validation).isSubset(of: plan.split(of: whole).validation) && !split.validation.isEmpty)
        return plan.trainingRows(of: fits[0])
      }
      let all = try rows(nil), half = try rows(.share(0.5)), tenth = try rows(.share(0.1)),
        few = try rows(.rowsAClass(3))
      #expect(Set(tenth).isSubset(of: half) && Set(half).isSubset(of: all) && Set(few).isSubset(of: half))
      let classes = labels[whole.data.domain]
      func counts(_ rows: [Int]) -> [Int: Int] { rows.reduce(into: [:]) { $0[classes[$1], default: 0] += 1 } }
      #expect(counts(few).values.allSatisfy { $0 == 3 } && counts(few).count == counts(all).count)
      for (label, count) in counts(half) {
        #expect(count == Int((0.5 * Double(counts(all)[label] ?? 0)).rounded()))
      }
      #expect(tenth == tenth.sorted() && !tenth.isEmpty)
    }
    let seeds = Set(
      plan.fits.filter { $0.data.sample?.size == .share(0.5) && $0.data.domain == 0 }.map { plan.trainingRows(of: $0) })
    #expect(seeds.count == 2)
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
