import Corpora
import Families
import Manifests
import Models
import Settings
import Statistics
import Tasks

@testable import Analysis
@testable import Records
@testable import Training

/// A small run with everything that a report has to show: generated and read corpora, hold-out with cross-domain,
/// k-fold, an official split, a failed trial, undertrained models, and names that need escaping.
enum SyntheticRun {
  private static let sentiments = ["bad", "good", "mixed, \"both\""]
  private static let intents = ["card_lost", "top|up", "transfer<fee>"]
  private static let domains = ["shop", "telecom"]

  struct Model {
    var name: String
    var configuration: ModelConfiguration
    /// Share of wrong answers on the own domain, and on another one.
    var wrong: Double
    var elsewhere: Double
  }

  static let models = [
    Model(name: "bert", configuration: .bert(TransformerConfiguration()), wrong: 0.22, elsewhere: 0.34),
    Model(name: "lstm", configuration: .lstm(RecurrentConfiguration()), wrong: 0.18, elsewhere: 0.40),
    Model(name: "tfidf", configuration: .tfidfLogistic(TFIDFLogisticConfiguration()), wrong: 0.15, elsewhere: 0.38),
    Model(name: "majority", configuration: .majority, wrong: 0.66, elsewhere: 0.66),
  ]

  static var result: RunResult {
    let manifest = manifest
    let records = records
    return RunResult(
      manifest: manifest, resolvedYAML: "version: 1  # default\nname: synthetic  # synthetic.yaml:2\n",
      records: records,
      models: modelRecords, timings: timings, audits: audits,
      analysis: Analysis(records: records, manifest: manifest), tuning: tuning,
      inputs: [input], timingWarnings: ["the load average was 3.20 on 2 cores"], machine: machine, elapsedSeconds: 247.3
    )
  }

  /// Seven models in four domains by four, three seeds each, and 77 classes in what is shown of them.
  static var large: RunResult {
    var result = result
    let domains = ["apparel", "electronics", "kitchen & dining", "toys"]
    let names = models.map(\.name) + ["bert-mlm", "hybrid_2", "lookup"]
    let seeds = result.records.filter { $0.source == "shop" && $0.protocolName != "kfold" }
    result.records = domains.flatMap { source in
      (1...3).flatMap { seed in
        names.enumerated().flatMap { index, model in
          domains.compactMap { target -> TrialRecord? in
            let isOwn = source == target
            guard
              var record = seeds.first(where: {
                $0.model == models[index % 4].name && $0.seed == UInt64(seed) && ($0.target == "shop") == isOwn
              })
            else { return nil }
            record.fit = "messages/holdout/\(source)/s\(seed)/\(model)"
            record.trial = isOwn ? record.fit : record.fit + ">\(target)"
            (record.source, record.target, record.model) = (source, target, model)
            return record
          }
        }
      }
    }
    result.manifest.corpora[0].domains = domains.map {
      DomainDeclaration(name: $0, source: .generated(GeneratorSettings()))
    }
    result.analysis = Analysis(records: result.records, manifest: result.manifest)
    let classes = (0..<77).map { "class_\($0)_of_what_a_customer_may_want" }
    for index in result.records.indices {
      let record = result.records[index]
      result.records[index].classes = classes
      result.records[index].majority = MajorityState(labels: record.labels, classes: classes.count)
      let probabilities = record.labels.indices.flatMap { row in
        classes.indices.map { $0 < 3 ? record.probabilities[row * 3 + $0] : 0 }
      }
      result.records[index].outcome = .classification(
        ClassOutcome(labels: record.labels, classes: classes.count, probabilities: probabilities))
      result.records[index].confusion = classes.indices.map { row in
        classes.indices.map { $0 == row ? 30 : ($0 * 31 + row * 17 + index % 7) % 41 == 0 ? ($0 + row) % 9 : 0 }
      }
      result.records[index].perClass = classes.enumerated().map {
        TrialRecord.PerClass(name: $1, precision: 0.5, recall: 0.5, f1: Double($0) / 77, support: 40)
      }
    }
    return result
  }

  private static var input: RunResult.Input {
    var input = RunResult.Input(
      declaredPath: "${env:BENCH_DATA:-Data}/banking/train.csv", sha256: String(repeating: "0f", count: 32),
      bytes: 839_073)
    input.origin = RunResult.Origin(
      title: "Banking: questions to a bank", licence: "CC BY 4.0", language: "English",
      repository: "https://example.org/banking", revision: "0123abc")
    return input
  }

  private static var manifest: Manifest {
    let generated = CorpusDeclaration(
      name: "messages", task: "sentiment",
      domains: domains.map { DomainDeclaration(name: $0, source: .generated(GeneratorSettings())) })
    var source = FileSource()
    source.files = [
      FileSource.File(path: "Data/banking/train.csv", declaredPath: "${env:BENCH_DATA:-Data}/banking/train.csv"),
      FileSource.File(path: "more.csv", part: .test),
    ]
    source.slice = "channel"
    var read = CorpusDeclaration(
      name: "banking", task: "intent", domains: [DomainDeclaration(name: "banking", source: .files(source))])
    read.about.labelling = "two clerks | one row each"
    var holdout = ProtocolDeclaration(kind: .holdout)
    (holdout.corpora, holdout.seeds) = (["messages"], 3)
    var crossed = ProtocolDeclaration(kind: .crossDomain)
    (crossed.corpora, crossed.seeds) = (["messages"], 3)
    var folds = ProtocolDeclaration(kind: .kfold)
    (folds.corpora, folds.domains) = (["messages"], ["shop"])
    var official = ProtocolDeclaration(kind: .official)
    (official.corpora, official.seeds) = (["banking"], 2)
    var manifest = Manifest(
      name: "synthetic", corpora: [generated, read], protocols: [holdout, crossed, folds, official],
      models: models.map { ModelDeclaration(name: $0.name, configuration: $0.configuration) })
    manifest.question = "Does a synthetic run show every part of a report?"
    manifest.seed = 7
    var settings = TuningSettings()
    (settings.trials, settings.budget) = (4, 40)
    manifest.tuning = settings
    manifest.models[0].space = SearchSpace([
      .init("hidden", .list([.integer(64), .integer(128)])),
      .init("training.learning_rate", .logUniform(low: 0.0001, high: 0.01, isInteger: false)),
    ])
    manifest.models[1].space = SearchSpace([.init("dropout", .uniform(low: 0, high: 0.5, isInteger: false))])
    manifest.models[1].training.earlyStopping?.patience = 5
    return manifest
  }

  private static var records: [TrialRecord] {
    var records: [TrialRecord] = []
    for source in domains {
      for seed in 1...3 {
        for model in models {
          for target in domains {
            records.append(trial(model, "messages", source: source, target: target, seed: seed, rows: 60))
          }
        }
      }
    }
    for fold in 0..<5 {
      for model in models {
        var record = trial(model, "messages", source: "shop", target: "shop", seed: 1, fold: fold, rows: 48)
        if model.name == "lstm", fold == 3 {
          record.status = .failed
          record.failure = "the loss is not finite (epoch 2, step 14)"
          record.isNotFinite = true
          (record.metrics, record.perClass) = ([:], [])
          (record.ids, record.outcome, record.confusion) = ([], .none(of: .classification(3)), [])
        }
        records.append(record)
      }
    }
    for seed in 1...2 {
      for model in models {
        records.append(trial(model, "banking", source: "banking", target: "banking", seed: seed, rows: 90))
      }
    }
    return records
  }

  /// A search cut by the budget, one of a single trial, and one with a trial that failed.
  private static var tuning: [TuningRecord] {
    (1...3).flatMap { seed in
      models.prefix(2).map { model -> TuningRecord in
        let isLarge = model.name == "bert"
        let costs: [Double] = isLarge ? (seed == 2 ? [9e11] : [3.5e11, 4e11, 1e11]) : [4e10, 6e10, 2e10, 5e10]
        var trials = costs.enumerated().map { index, cost -> TuningRecord.Trial in
          let step = Double(index + seed)
          var trial = TuningRecord.Trial(
            settings: isLarge
              ? [Setting("hidden", .integer(64)), Setting("training.learning_rate", .number(0.001 * step))]
              : [Setting("dropout", .number(0.0625 * step))])
          (trial.score, trial.epochs) = (0.625 + 0.03125 * step, 4)
          (trial.flops, trial.coreSeconds) = (cost, cost / 1.3e10)
          return trial
        }
        if isLarge, seed != 2 { (trials[2].status, trials[2].score, trials[2].epochs) = (.overBudget, nil, nil) }
        if !isLarge, seed == 3 {
          (trials[3].status, trials[3].score, trials[3].epochs) = (.failed, nil, nil)
          trials[3].failure = "the loss is not finite (epoch 2, step 14)"
        }
        trials[trials.lastIndex { $0.score != nil } ?? 0].isChosen = true
        return TuningRecord(
          fit: "messages/holdout/shop/s\(seed)/\(model.name)", task: "sentiment", corpus: "messages",
          protocolName: "holdout", source: "shop", model: model.name, kind: model.configuration.kind,
          seed: UInt64(seed), fold: nil, trials: trials)
      }
    }
  }

  private static func trial(
    _ model: Model, _ corpus: String, source: String, target: String, seed: Int, fold: Int? = nil, rows: Int
  ) -> TrialRecord {
    let isOfficial = corpus == "banking"
    let classes = isOfficial ? intents : sentiments
    let own = fold != nil ? "kfold" : isOfficial ? "official" : "holdout"
    let part = fold.map { "f\($0)" } ?? "s\(seed)"
    let fit = "\(corpus)/\(own)/\(source)/\(part)/\(model.name)"
    var generator = ResamplingGenerator(
      seed: "\(fit)>\(target)".utf8.reduce(1_469) { ($0 &* 1_099_511_628_211) ^ UInt64($1) })
    let labels = (0..<rows).map { $0 * 7 % 10 < 5 ? 0 : $0 % 2 + 1 }
    var probabilities: [Float] = []
    let wrong = source == target ? model.wrong : model.elsewhere
    for label in labels {
      var answer = label
      if generator.below(1_000) < Int(wrong * 1_000) { answer = (label + 1 + generator.below(2)) % 3 }
      if model.name == "majority" { answer = 0 }
      let top = Float(500 + generator.below(450)) / 1_000
      probabilities += (0..<3).map { $0 == answer ? top : (1 - top) / 2 }
    }
    let measured = ClassificationMetrics(labels: labels, probabilities: probabilities, classes: 3)
    var metrics: [String: Double] = [:]
    for name in Problem.classification.metrics { metrics[name.rawValue] = measured.value(name) }
    var facts = TrialFacts(
      trial: source == target ? fit : "\(fit)>\(target)", fit: fit, task: isOfficial ? "intent" : "sentiment",
      corpus: corpus, protocolName: source == target ? own : "cross-domain", source: source, target: target,
      model: model.name, kind: model.configuration.kind, seed: UInt64(seed))
    (facts.fold, facts.repetition) = (fold, seed - 1)
    (facts.trainRows, facts.validationRows, facts.testRows) = (rows * 4, isOfficial ? 0 : rows / 2, rows)
    facts.epochs = model.configuration.kind.isNeural ? 6 + seed : nil
    facts.mayBeUndertrained = model.name == "bert" && seed == 1 && fold == nil
    facts.splitHash = isOfficial ? "5be1" : "\(source)-\(target)-\(part)-0123456789abcdef"
    var record = TrialRecord(facts, classes: classes, problem: .classification)
    record.ids = labels.indices.map { "\(target).csv:\($0 + 1)" }
    record.outcome = .classification(ClassOutcome(labels: labels, classes: 3, probabilities: probabilities))
    record.metrics = metrics
    record.perClass = classes.indices.map {
      TrialRecord.PerClass(
        name: classes[$0], precision: measured.counts.precision($0), recall: measured.counts.recall($0),
        f1: measured.counts.f1($0), support: measured.counts.support[$0])
    }
    record.confusion = measured.confusion
    record.majority = MajorityState(labels: labels, classes: 3)
    record.curve = model.configuration.kind.isNeural ? curve(seed: seed + (fold ?? 0), hasValidation: !isOfficial) : nil
    if isOfficial { record.slices = labels.indices.map { $0 % 9 == 0 ? "" : $0 % 2 == 0 ? "app" : "e|mail" } }
    // A tenth of the test rows is seen, a tenth near; in the official split none is near.
    record.score(
      novelty: labels.indices.map { $0 % 10 == 3 ? .seen : $0 % 10 == 6 && !isOfficial ? .near : .novel },
      primary: .f1Macro)
    return record
  }

  /// A loss that falls and a score that rises, later with a higher seed; the third look finds no value.
  private static func curve(seed: Int, hasValidation: Bool) -> TrainingCurve {
    let epochs = 1...(6 + seed)
    return TrainingCurve(
      losses: epochs.map { 1.25 / Double($0 + seed) },
      validation: !hasValidation
        ? []
        : epochs.map {
          ValidationPoint(
            epoch: $0, step: $0 * 8, loss: 1.5 / Double($0 + 1), primary: $0 == 3 ? nil : 0.75 - 0.5 / Double($0 + seed)
          )
        })
  }

  private static var modelRecords: [ModelRecord] {
    ["messages", "banking"].flatMap { corpus in
      models.map { model in
        let isNeural = model.configuration.kind.isNeural
        return ModelRecord(
          task: corpus == "banking" ? "intent" : "sentiment", corpus: corpus, model: model.name,
          kind: model.configuration.kind,
          description: model.name == "bert" ? "transformer, not pretrained" : model.name,
          parameters: isNeural ? 1_234_567 : model.name == "majority" ? 3 : 45_678,
          bytes: isNeural ? 4_938_268 : 24, flopsPerQuery: isNeural ? 12_345_678 : 0,
          vocabulary: isNeural ? 8_000 : nil, unknownShare: isNeural ? 0.0123 : nil,
          truncatedShare: isNeural ? (model.name == "bert" ? 0.0625 : 0) : nil, medianTokens: isNeural ? 17.5 : nil)
      }
    }
  }

  private static var timings: [TimingRecord] {
    models.flatMap { model -> [TimingRecord] in
      let base = model.configuration.kind.isNeural ? 8.0 : 0.4
      func record(_ work: TimingRecord.Work, _ count: Int, _ scale: Double) -> TimingRecord {
        var record = TimingRecord(
          task: "sentiment", corpus: "messages", model: model.name, kind: model.configuration.kind, work: work,
          threads: 1, batch: 32, tokens: 561.25, order: .arrival,
          samples: (0..<count).map { (base + Double($0 % 13) * 0.03) * scale },
          peakShare: model.configuration.kind.isNeural && work != .train ? 0.4312 : nil,
          peakBytes: model.configuration.kind.isNeural ? 61_234_176 : 0)
        if work == .query, model.name != "bert" {
          record.ratio = TimingRecord.Ratio(
            reference: "bert", value: base / 8, interval: Interval(low: base / 8.2, high: base / 7.9))
        }
        return record
      }
      return [record(.query, 64, 1), record(.forward, 32, 0.9), record(.train, 6, 2_000)]
    }
  }

  private static var audits: [AuditRecord] {
    var audits = counts
    for index in audits.indices {
      (audits[index].texts.medianWords, audits[index].texts.longestWords) = (17, 64)
      audits[index].texts.letters = 30_000
    }
    audits[2].texts.personal = [
      TextProfile.Finding(kind: .email, count: 7, rows: 5), TextProfile.Finding(kind: .card, count: 2, rows: 2),
    ]
    (audits[2].texts.personalRows, audits[2].texts.otherLetters) = (6, 75)
    return audits
  }

  private static var counts: [AuditRecord] {
    domains.map {
      AuditRecord(
        corpus: "messages", domain: $0, classCounts: [("bad", 150), ("good", 80), (sentiments[2], 70)], rows: 300,
        repeats: Audit.Repeats(distinct: 300, distinctNormalised: 300, near: 0), contradictory: 0,
        contradictoryRows: 0,
        overlaps: [
          AuditRecord.Overlap(
            division: "holdout (seed 1)", from: "train", into: "test",
            shared: Audit.Shared(rows: 60, exact: 0, normalised: 0, near: 0, groups: 0))
        ], notes: [])
    } + [
      AuditRecord(
        corpus: "banking", domain: "banking", classCounts: [(intents[0], 220), (intents[1], 120), (intents[2], 110)],
        rows: 450, repeats: Audit.Repeats(distinct: 449, distinctNormalised: 447, near: 12), contradictory: 2,
        contradictoryRows: 5,
        overlaps: [
          AuditRecord.Overlap(
            division: "official parts", from: "train", into: "test",
            shared: Audit.Shared(rows: 90, exact: 1, normalised: 2, near: 4, groups: 0))
        ], notes: ["1 malformed row was left out: train.csv line 17"])
    ]
  }

  private static var machine: MachineFacts {
    var facts = MachineFacts()
    (facts.cpu, facts.cores, facts.memory, facts.os) = ("Example CPU", 2, 8_589_934_592, "Debian GNU/Linux 12")
    (facts.blasVersion, facts.blasCore, facts.kernelISA) = ("0.3.21", "SkylakeX", "avx512")
    (facts.compiler, facts.buildConfiguration) = ("Swift 6.3.1", "debug (-O)")
    (facts.commit, facts.dirty, facts.load) = ("0123abc", false, 3.2)
    return facts
  }
}
