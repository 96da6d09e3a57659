import Corpora
import Families
import Manifests
import Models
import Settings
import Testing
import Training

@testable import Execution
@testable import Planning
@testable import Records

/// A tuned experiment on the built-in corpus: an LSTM and TF-IDF, two seeds of one domain.
enum Tuned {
  static func manifest() -> Manifest {
    var settings = GeneratorSettings()
    settings.rows = 120
    var holdout = ProtocolDeclaration(kind: .holdout)
    holdout.seeds = 2
    var sizes = RecurrentConfiguration()
    (sizes.embedding, sizes.hidden) = (12, 8)
    var lstm = ModelDeclaration(name: "lstm", configuration: .lstm(sizes))
    lstm.training.epochs = 2
    lstm.text.vocabularySize = 300
    lstm.space = SearchSpace([
      .init("hidden", .list([.integer(4), .integer(8)]), declared: .integer(8)),
      .init(
        "training.learning_rate", .logUniform(low: 0.001, high: 0.1, isInteger: false), declared: .number(0.001)),
    ])
    var words = TFIDFLogisticConfiguration()
    words.characterNGrams = nil
    var tfidf = ModelDeclaration(name: "tfidf", configuration: .tfidfLogistic(words))
    tfidf.space = SearchSpace([.init("c", .list([.number(0.01), .number(10)]), declared: .number(20))])
    var manifest = Manifest(
      name: "tuned",
      corpora: [
        CorpusDeclaration(
          name: "messages", task: "sentiment",
          domains: [DomainDeclaration(name: "ecommerce", source: .generated(settings))])
      ],
      protocols: [holdout], models: [lstm, tfidf])
    var tuning = TuningSettings()
    tuning.trials = 4
    manifest.tuning = tuning
    manifest.timing.enabled = false
    return manifest
  }

  static func runner(_ manifest: Manifest, jobs: Int = 2) throws -> Runner {
    let corpora = try manifest.corpora.map { try CorpusReader.read($0, seed: manifest.seed) }
    return Runner(
      manifest: manifest, corpora: corpora, plan: try Plan(manifest: manifest, corpora: corpora), jobs: jobs)
  }

  /// The same with another search.
  static func manifest(_ search: TuningSettings.Search, trials: Int = 4, parallel: Int = 1) -> Manifest {
    var manifest = manifest()
    var tuning = TuningSettings()
    (tuning.search, tuning.trials, tuning.parallel) = (search, trials, parallel)
    manifest.tuning = tuning
    // A grid has no ranges.
    if search == .halving { manifest.models[0].training.epochs = 3 }
    if search == .grid { manifest.models[0].space.dimensions.removeLast() }
    return manifest
  }

  static func run(_ manifest: Manifest, jobs: Int = 2) throws -> Runner.Outcome {
    try runner(manifest, jobs: jobs).run(progress: Progress(style: .quiet))
  }
}

extension TuningRecord.Trial {
  /// All that must be the same from run to run.
  var bytes: String {
    "\(settings.map(\.text)) \(status) \(failure ?? "") \(score.map { "\($0)" } ?? "") \(flops) \(isChosen)"
  }
}

@Suite struct TuningSearchTests {
  @Test(
    "one job and two jobs give the same trials, the same choice and the same predictions",
    arguments: [(.random, 1), (.random, 3), (.bayesian, 1), (.bayesian, 3), (.grid, 2), (.halving, 2)]
      as [(TuningSettings.Search, Int)])
  func jobs(search: TuningSettings.Search, parallel: Int) throws {
    let manifest = Tuned.manifest(search, trials: 7, parallel: parallel)
    let one = try Tuned.run(manifest, jobs: 1), two = try Tuned.run(manifest, jobs: 2)
    // More jobs than fits: several threads a fit, and where trials are chosen together several of them.
    var wide = try Tuned.runner(manifest, jobs: 12)
    wide.cores = 12
    let many = wide.run(progress: Progress(style: .quiet))
    #expect(one.tuning.count == 4)
    for other in [two, many] {
      #expect(one.tuning.map(\.fit) == other.tuning.map(\.fit))
      #expect(one.tuning.flatMap(\.trials).map(\.bytes) == other.tuning.flatMap(\.trials).map(\.bytes))
      #expect(one.records.map(\.probabilities) == other.records.map(\.probabilities))
    }
    #expect(one.records.allSatisfy { $0.status == .ok })
  }

  @Test("each fit searches for itself, tries nothing twice, and keeps the best on validation")
  func choice() throws {
    let searches = try Tuned.run(Tuned.manifest()).tuning
    for search in searches {
      // The list of TF-IDF has two settings only, and the declared one is none of them.
      #expect(search.trials.count == (search.model == "lstm" ? 4 : 3))
      #expect(search.trials.map { $0.isDeclared == true } == search.trials.indices.map { $0 == 0 })
      for (index, trial) in search.trials.enumerated() {
        #expect(!search.trials[..<index].contains { $0.settings == trial.settings })
        #expect(trial.flops > 0 && trial.score != nil)
      }
      let chosen = search.trials.filter(\.isChosen)
      let best = search.trials.compactMap(\.score).max()
      #expect(chosen.count == 1 && chosen[0].score == best)
      #expect(search.trials.firstIndex { $0.score == best } == search.trials.firstIndex { $0.isChosen })
    }
    #expect(searches[0].trials.map(\.settings) != searches[2].trials.map(\.settings), "another seed, other draws")
  }

  @Test("the fit is the one that a manifest with the chosen settings has")
  func reproducible() throws {
    var manifest = Tuned.manifest()
    manifest.protocols[0].seeds = 1
    let tuned = try Tuned.run(manifest)
    for (index, search) in tuned.tuning.enumerated() {
      let chosen = try #require(search.trials.first { $0.isChosen })
      manifest.models[index] = manifest.models[index].with(chosen.settings)
      manifest.models[index].space = SearchSpace()
    }
    manifest.tuning = nil
    let plain = try Tuned.run(manifest)
    #expect(plain.tuning.isEmpty)
    #expect(plain.records.map(\.probabilities) == tuned.records.map(\.probabilities))
  }

  @Test("test texts leave no trace in a search, validation texts do")
  func scrambled() throws {
    var manifest = Tuned.manifest()
    manifest.protocols[0].seeds = 1
    var runner = try Tuned.runner(manifest)
    func trials(_ runner: Runner) -> [String] {
      runner.plan.fits.flatMap { fit in
        runner.result(of: fit).tuning?.trials.map(\.bytes) ?? []
      }
    }
    let before = trials(runner)
    #expect(before.count == 7)
    for row in runner.plan.split(of: runner.plan.fits[0]).test {
      runner.corpora[0].domains[0].examples[row].text = "scrambled \(row) never seen before"
    }
    #expect(trials(runner) == before)
    for row in runner.plan.split(of: runner.plan.fits[0]).validation {
      runner.corpora[0].domains[0].examples[row].text = "scrambled \(row) never seen before"
    }
    #expect(trials(runner) != before)
  }

  @Test("a trial that fails is counted and never chosen; where all fail the fit fails with the reason")
  func failures() throws {
    var manifest = Tuned.manifest()
    manifest.protocols[0].seeds = 1
    manifest.models.removeLast()
    manifest.models[0].training.clipNorm = nil
    manifest.models[0].space = SearchSpace([
      .init("training.learning_rate", .list([.number(1e38), .number(0.01)]), declared: .number(1e38))
    ])
    let search = try #require(try Tuned.run(manifest).tuning.first)
    #expect(search.trials.map(\.status.rawValue).sorted() == ["failed", "ok"])
    #expect(search.trials.allSatisfy { $0.flops > 0 && $0.isChosen == ($0.status == .ok) })
    manifest.models[0].space = SearchSpace([
      .init("training.learning_rate", .list([.number(1e38)]), declared: .number(1e38))
    ])
    let outcome = try Tuned.run(manifest)
    #expect(outcome.tuning.count == 1)
    #expect(outcome.records[0].status == .failed)
    #expect(outcome.records[0].failure?.contains("no trial of 1 gave a model") == true)
    #expect(outcome.records[0].divergence(on: .f1Macro) == .notFinite)
  }

  @Test("a trial whose probabilities are not finite has failed, though its predicted classes have a score")
  func notFinite() throws {
    var manifest = Tuned.manifest()
    manifest.protocols[0].seeds = 1
    manifest.models.removeLast()
    manifest.models[0].training.clipNorm = nil
    manifest.models[0].training.earlyStopping = nil
    // Finite weights whose logits are not: one step, and a rate that their products overflow with.
    (manifest.models[0].training.epochs, manifest.models[0].training.batchSize) = (1, 4096)
    manifest.models[0].training.schedule.warmup = 0
    manifest.models[0].space = SearchSpace([
      .init("training.learning_rate", .list([.number(1e38), .number(0.01)]), declared: .number(1e38))
    ])
    let search = try #require(try Tuned.run(manifest).tuning.first)
    let wild = try #require(search.trials.first { $0.settings.contains { $0.value == .number(1e38) } })
    #expect(wild.status == .failed && wild.isNotFinite && wild.score == nil && !wild.isChosen)
    #expect(wild.failure?.contains("not finite") == true, "\(wild.failure ?? "")")
    #expect(search.trials.contains { $0.isChosen && $0.status == .ok })
  }

  @Test("where the first trial fails and the budget cuts the second, the reason is the first one's")
  func failedThenCut() {
    var failed = TuningRecord.Trial(settings: []), cut = failed
    (failed.status, failed.failure, failed.isNotFinite) = (.failed, "epoch 1, step 2: the loss is infinite", true)
    cut.status = .overBudget
    let failure = TuningFailure(trials: [failed, cut])
    #expect(
      "\(failure)"
        == "no trial of 2 gave a model; the last before the budget ended the search: epoch 1, step 2: the loss is infinite"
    )
    #expect(failure.last == failed)
  }
}

@Suite struct TuningBudgetTests {
  private func searches(budget: Double?) throws -> [TuningRecord] {
    var manifest = Tuned.manifest()
    manifest.protocols[0].seeds = 1
    manifest.tuning?.budget = budget
    // A rate that makes a core-second of the small models' work.
    manifest.tuning?.rate = 0.01
    return try Tuned.run(manifest).tuning
  }

  @Test("no model spends more than the budget, but for the one trial that each is granted")
  func limit() throws {
    let free = try searches(budget: nil)
    func cost(_ trials: [TuningRecord.Trial]) -> Double { trials.reduce(0) { $0 + $1.flops } / 1e7 }
    let whole = cost(free[0].trials)
    for share in [0.3, 0.6, 0.9] {
      let budget = share * whole
      for (search, unlimited) in zip(try searches(budget: budget), free) {
        #expect(search.completed.count == 1 || cost(search.completed) <= budget, "\(search.model) \(share)")
        // What was completed is what would have been tried anyway.
        let count = search.completed.count
        #expect(search.completed.map(\.settings) == unlimited.trials.prefix(count).map(\.settings))
        #expect(search.completed.map(\.flops) == unlimited.trials.prefix(count).map(\.flops))
        // The next trial would not have fitted in.
        if count < unlimited.trials.count {
          #expect(cost(Array(unlimited.trials.prefix(count + 1))) > budget)
          #expect(search.trials.count <= count + 1)
        }
        #expect(search.trials.allSatisfy { $0.status != .overBudget || (!$0.isChosen && $0.score == nil) })
      }
    }
  }

  @Test("a model whose single trial is beyond the budget has that trial, and no other")
  func single() throws {
    for search in try searches(budget: 1e-6) {
      #expect(search.trials.count == 1 && search.trials[0].isChosen)
    }
  }

  @Test("a trial that the budget cuts spends no more than a step beyond it")
  func cut() throws {
    let free = try searches(budget: nil)[0].trials
    let budget = (free[0].flops + free[1].flops / 2) / 1e7
    let trials = try searches(budget: budget)[0].trials
    #expect(trials.map(\.status) == [.ok, .overBudget])
    #expect(trials[1].flops > free[1].flops / 2 && trials[1].flops < free[1].flops)
  }
}
