import Corpora
import Families
import Foundation
import Manifests
import Models
import Planning
import Settings
import Tasks
import Text
import Training

/// What would end a fit and follows from the manifest and the data alone: found before any work.
public enum Preflight {
  /// The plan, or every error of the division at its place.
  public static func plan(_ loaded: LoadedManifest) -> Result<Plan, ManifestErrors> {
    do {
      return .success(try Plan(manifest: loaded.manifest, corpora: loaded.corpora))
    } catch let errors as PlanErrors {
      return .failure(ManifestErrors(errors.errors.map { located($0, loaded) }))
    } catch let error as PlanNameError {
      return .failure(
        ManifestErrors([
          loaded.places.message(.model(error.model, keys: []), got: error.found, expected: error.expected)
        ]))
    } catch {
      preconditionFailure("Plan throws PlanErrors and PlanNameError: \(error)")
    }
  }

  /// Ten seeds where the manifest states none, five where ten would be much work: fewer can hardly decide. By counted
  /// operations, so that it is the same on every machine.
  public static func chooseSeeds(_ loaded: inout LoadedManifest) {
    guard loaded.manifest.protocols.contains(where: { $0.kind != .kfold && $0.seeds == nil }) else { return }
    var attempt = loaded
    attempt.choose(seeds: usualSeeds)
    // What cannot be divided is said where the plan is made.
    guard case .success(let plan) = plan(attempt) else {
      loaded.choose(seeds: usualSeeds)
      return
    }
    let work = ExpectedWork(
      Runner(
        manifest: attempt.manifest, corpora: loaded.corpora, unlabelled: loaded.unlabelled, plan: plan, jobs: 1))
    let operations = plan.fits.indices.reduce(0.0) { sum, index in
      let fit = work.fit(index)
      return sum + fit.operations * fit.likely
    }
    loaded.choose(seeds: operations <= muchWork ? usualSeeds : fewSeeds)
  }

  package static let usualSeeds = 10
  package static let fewSeeds = 5
  /// Floating-point operations of about half an hour on two cores.
  package static let muchWork = 1e14

  private static func located(_ error: PlanError, _ loaded: LoadedManifest) -> ManifestError {
    let place: ManifestPlace =
      switch error.division {
      case .kfold: .protocols(error.protocolIndex, key: "folds")
      case .holdout, .official, .all: .protocols(error.protocolIndex, key: "kind")
      }
    let domain = error.corpus == error.domain ? error.corpus : "\(error.corpus), \(error.domain)"
    return loaded.places.message(
      place, got: "\(error.reason.found) in \(domain) (\(error.what))", expected: error.reason.expected)
  }

  /// What no fit could be made of: searches without rows to choose on, pre-training without texts, a classifier of other
  /// classes.
  public static func errors(_ loaded: LoadedManifest, plan: Plan) -> [ManifestError] {
    validationRows(loaded, plan) + pretrainingTexts(loaded, plan) + keptHeads(loaded)
  }

  /// A classifier that is taken as it is answers with its own classes.
  private static func keptHeads(_ loaded: LoadedManifest) -> [ManifestError] {
    loaded.manifest.models.filter(\.keepsHead).compactMap { model in
      guard let labels = try? model.pretrained?.checkpoint().labels() else { return nil }
      for corpus in loaded.corpora {
        let place = ManifestPlace.model(model.name, keys: ["keep_head"])
        guard corpus.problem == .classification else {
          return loaded.places.message(
            place, got: "`problem: \(corpus.problem.rawValue)`", expected: "classification, or a head that is trained")
        }
        if let mistake = KeptHead.mismatch(corpus.classes, labels) {
          return loaded.places.message(place, got: "\(mistake.got) (\(corpus.name))", expected: mistake.expected)
        }
      }
      return nil
    }
  }

  /// A search needs rows to choose on, and a metric that has a value there.
  private static func validationRows(_ loaded: LoadedManifest, _ plan: Plan) -> [ManifestError] {
    guard loaded.manifest.tuning != nil else { return [] }
    var seen: Set<[Int]> = []
    return plan.fits.compactMap { fit in
      guard !loaded.manifest.models[fit.model].space.isEmpty, let lack = lack(of: fit, loaded, plan),
        seen.insert([fit.data.corpus, fit.data.domain, fit.protocolIndex]).inserted
      else { return nil }
      return loaded.places.message(.protocols(fit.protocolIndex, key: "kind"), got: lack.got, expected: lack.expected)
    }
  }

  private static func lack(
    of fit: Plan.Fit, _ loaded: LoadedManifest, _ plan: Plan
  ) -> (got: String, expected: String)? {
    let corpus = loaded.corpora[fit.data.corpus], domain = corpus.domains[fit.data.domain]
    let place = "\(corpus.name), \(domain.domain)"
    let rows = plan.validationRows(of: fit)
    if rows.isEmpty {
      return (
        "no validation rows in \(place), of \(plan.split(of: fit).train.count) training rows (\(fit.name))",
        "at least one, which `tuning` chooses on: more rows, or a larger validation share"
      )
    }
    let primary = loaded.manifest.comparisons.primary
    let classes = plan.classes(of: fit), shape = TaskShape(corpus.problem, classes: classes.count)
    let targets = corpus.targets(rows.map { domain.examples[$0] }, among: classes)
    // Whether there is a value follows from the targets alone, so that any answers will do.
    guard targets.score(targets.outputs(of: shape), of: shape, by: primary) == nil else { return nil }
    guard corpus.problem == .classification else {
      return (
        "\(rows.count) validation rows in \(place) (\(fit.name)), on which `\(primary.rawValue)` has no value",
        "validation rows that differ, which `tuning` chooses on, or another `comparisons.primary`"
      )
    }
    let kinds = Set(targets.classes).count
    return (
      "\(rows.count) validation rows of \(kinds) class\(kinds == 1 ? "" : "es") in \(place) (\(fit.name)), on which "
        + "`\(primary.rawValue)` has no value",
      "validation rows of at least two classes, which `tuning` chooses on, or another `comparisons.primary`"
    )
  }

  private static func pretrainingTexts(_ loaded: LoadedManifest, _ plan: Plan) -> [ManifestError] {
    let jobs = PretrainingPlan(
      manifest: loaded.manifest, corpora: loaded.corpora, unlabelled: loaded.unlabelled, plan: plan
    ) { model in
      var key = FitKey()
      key.add("model", model.name)
      return key
    }.jobs
    var seen: Set<Int> = []
    return jobs.compactMap { job in
      let model = loaded.manifest.models[job.model]
      guard !hasWords(job.texts, model), seen.insert(job.model).inserted else { return nil }
      let removed = job.removed > 0 ? ", \(job.removed) of validation and test rows left out" : ""
      return loaded.places.message(
        .model(model.name, keys: ["pretrain"]),
        got: "\(job.texts.isEmpty ? "no texts" : "\(job.texts.count) texts without words to learn from") "
          + "to pre-train on (\(job.name)\(removed))",
        expected: model.configuration.kind.pretraining == .wordVectors
          ? "texts with two words of the vocabulary side by side" : "texts with a piece of the vocabulary")
    }
  }

  /// Whether pre-training finds anything in the texts. More texts only make a vocabulary fuller, so the first are asked
  /// before all are.
  private static func hasWords(_ texts: [String], _ model: ModelDeclaration) -> Bool {
    var count = min(1_000, texts.count)
    while count > 0 {
      let head = Array(texts.prefix(count))
      if let pipeline = try? pipeline(model, head) {
        let special = pipeline.specialIDs
        let least = model.configuration.kind.pretraining?.leastTokens ?? 1
        if head.contains(where: { pipeline.encode($0).ids.count { !special.contains($0) } >= least }) { return true }
      }
      if count == texts.count { return false }
      count = min(count * 8, texts.count)
    }
    return false
  }

  private static func pipeline(_ model: ModelDeclaration, _ texts: [String]) throws -> TextPipeline {
    guard let source = model.pretrained else { return try TextPipeline.fit(model.text, texts: texts) }
    let checkpoint = try source.checkpoint()
    return try checkpoint.pipeline(model.text)
  }
}
