import Corpora
import Families
import Foundation
import Manifests
import Models
import Planning
import Training

/// How many operations the pieces of a run are expected to take, before any is begun: for the order of work and the time
/// left, and for no result.
///
/// Floating-point operations of networks, from their sizes and the lengths of the texts. What has no network is given
/// as many as a network does in the time that it takes, by the times of the published runs.
package struct ExpectedWork {
  private let manifest: Manifest
  private let corpora: [Corpus]
  private let unlabelled: Corpus?
  private let plan: Plan
  private let cores: Int
  /// The texts of each domain of each corpus.
  private let texts: [[Texts]]
  /// Encoders that make vectors for models which are no networks, by the model's name.
  private let encoders: [String: TransformerConfiguration]

  package init(_ runner: Runner) {
    (manifest, corpora, unlabelled) = (runner.manifest, runner.corpora, runner.unlabelled)
    (plan, cores) = (runner.plan, runner.cores)
    texts = runner.corpora.map { $0.domains.map { Texts($0.examples.map(\.text)) } }
    encoders = Dictionary(
      uniqueKeysWithValues: runner.manifest.models.compactMap { model in
        guard !model.configuration.kind.isNeural else { return nil }
        return (try? model.pretrained?.checkpoint()).map { (model.name, $0.configuration) }
      })
  }

  /// How long some texts are.
  private struct Texts {
    /// Of each, in bytes.
    var lengths: [Int]

    init(_ texts: [String]) { lengths = texts.map(\.utf8.count) }

    var bytes: Double { lengths.isEmpty ? 0 : Double(lengths.reduce(0, +)) / Double(lengths.count) }

    /// In the mean, marks of begin and end included; what is longer than `most` is cut.
    func tokens(most: Int) -> Double {
      let sum = lengths.reduce(0.0) { $0 + min(Double($1) / 4.5 + 2, Double(most)) }
      return lengths.isEmpty ? 0 : sum / Double(lengths.count)
    }
  }

  package func fit(_ index: Int) -> TimeLeft.Piece {
    let fit = plan.fits[index], model = manifest.models[fit.model]
    var piece = training(
      of: model, rows: plan.trainingRows(of: fit).count,
      watching: fit.usesValidation ? plan.validationRows(of: fit).count : nil, corpus: fit.data.corpus,
      domain: fit.data.domain)
    if !model.space.isEmpty, let tuning = manifest.tuning {
      // Its trials are shares of it; the budget cuts the last of them.
      let one = piece.operations * piece.likely
      piece.operations = one * tuning.mostTrainings(of: model)
      let budget = tuning.budget.map { max($0 * tuning.rate * 1e9, one) } ?? .infinity
      piece.likely = min(1, piece.operations > 0 ? budget / piece.operations : 1)
    }
    // Whenever training ends, all test rows are answered.
    let tests = fit.trials.reduce(0.0) { sum, trial in
      sum + Double(plan.testRows(of: trial, in: fit).count)
        * work(model, texts[fit.data.corpus][trial.target], corpora[fit.data.corpus].shape.outputs).answer
    }
    piece.operations += tests / max(piece.likely, 0.01)
    return piece
  }

  /// Of as many epochs as its fits are likely to take.
  package func refit(_ refit: Plan.Refit) -> TimeLeft.Piece {
    var piece = training(
      of: manifest.models[refit.model], rows: corpora[refit.corpus].domains[refit.domain].examples.count,
      watching: plan.fits[refit.fits[0]].usesValidation ? 0 : nil, corpus: refit.corpus, domain: refit.domain)
    (piece.operations, piece.likely) = (piece.operations * piece.likely, 1)
    return piece
  }

  /// - Parameter validation: rows by which it may stop early; nil where it does not.
  private func training(
    of model: ModelDeclaration, rows: Int, watching validation: Int?, corpus: Int, domain: Int
  ) -> TimeLeft.Piece {
    let work = work(model, texts[corpus][domain], corpora[corpus].shape.outputs)
    var piece = TimeLeft.Piece(
      model: model.name, kind: model.configuration.kind.rawValue,
      operations: Double(rows) * work.training)
    if model.configuration.kind.isNeural, let validation, let stopping = model.training.earlyStopping {
      let looks = Double(model.training.epochs * stopping.evaluationsPerEpoch * validation)
      piece.operations += looks * work.answer
      piece.likely = Self.likelyShare(epochs: model.training.epochs, stopping)
    }
    return piece
  }

  package func pretraining(_ job: PretrainingPlan.Job) -> TimeLeft.Piece {
    pretraining(job.model, Texts(job.texts))
  }

  /// On all texts of the domain or the corpus and the unlabelled ones; nothing where an earlier refit reads the same.
  package func pretraining(of refit: Plan.Refit) -> TimeLeft.Piece {
    let first = plan.refits.first { $0.model == refit.model && $0.corpus == refit.corpus }
    guard let settings = manifest.models[refit.model].pretraining,
      settings.texts == .domain || first?.domain == refit.domain
    else { return pretraining(refit.model, Texts([])) }
    var read = Texts([])
    for (domain, own) in texts[refit.corpus].enumerated()
    where settings.texts == .corpus || settings.texts == .domain && domain == refit.domain {
      read.lengths += own.lengths
    }
    for source in unlabelled?.domains ?? []
    where settings.unlabelled.isEmpty || settings.unlabelled.contains(source.domain) {
      read.lengths += Texts(source.examples.map(\.text)).lengths
    }
    return pretraining(refit.model, read)
  }

  private func pretraining(_ index: Int, _ texts: Texts) -> TimeLeft.Piece {
    let model = manifest.models[index], settings = model.pretraining ?? PretrainingSettings()
    let tokens = texts.tokens(most: model.text.maximumTokens)
    let sequences = Double(texts.lengths.count * settings.epochs)
    var each = 0.0
    if let encoder = model.configuration.encoder {
      let (hidden, vocabulary) = (Double(encoder.hidden), Double(model.text.vocabularySize))
      each = 3 * (encoder.operations(tokens: tokens) + 2 * settings.maskShare * tokens * hidden * (hidden + vocabulary))
    } else if let width = model.configuration.wordVectorWidth {
      // Scattered reads: an operation takes several times as long as one of a matrix product.
      let words = Double(settings.skipGram.window * (settings.skipGram.negatives + 1))
      each = 4 * 6 * tokens * words * Double(width)
    }
    return TimeLeft.Piece(
      model: model.name + " pretraining", kind: model.configuration.kind.rawValue, operations: sequences * each)
  }

  /// All batches of all models on the texts of a corpus.
  package func timing(corpus: Int) -> TimeLeft.Piece {
    let settings = manifest.timing
    let own = plan.fits.first { $0.data.corpus == corpus }.map { texts[corpus][$0.data.domain] } ?? Texts([])
    let used = Set(plan.fits.filter { $0.data.corpus == corpus }.map(\.model))
    var operations = 0.0
    for threads in settings.threads {
      let beside = threads == .one ? 1 : Double(max(1, cores))
      for order in settings.orders {
        for index in used.sorted() where order != .padded || manifest.models[index].configuration.kind.isNeural {
          let one = work(manifest.models[index], own, corpora[corpus].shape.outputs).answer
          // Padding about doubles a batch.
          let batch = Double(settings.batch) * one * (order == .padded ? 2 : 1) / beside
          operations += Double(settings.works.count) * (batch + Self.calibration)
        }
      }
    }
    return TimeLeft.Piece(
      model: "timing", kind: "timing",
      operations: settings.enabled ? Double(settings.warmup + settings.batches) * operations : 0)
  }

  /// A millisecond, at the rate of a network.
  private static let calibration = 3e7

  /// Between the first and the last epoch at which it can stop, nearer to the last: where patience allows an end after
  /// 16, 20, 36 and 50 % of the epochs, the published runs went on for 75, 59, 87 and 95 % on average.
  private static func likelyShare(epochs: Int, _ settings: EarlyStoppingSettings) -> Double {
    let first = Double(settings.patience) / Double(max(1, settings.evaluationsPerEpoch)) + 1
    return min(1, pow(first / Double(max(1, epochs)), 0.2))
  }

  private func work(_ model: ModelDeclaration, _ texts: Texts, _ classes: Int) -> ModelWork {
    let lengths = TextLengths(bytes: texts.bytes, tokens: texts.tokens(most: model.text.maximumTokens))
    var work = model.configuration.family.work(of: lengths, classes: classes, training: model.training)
    if let encoder = encoders[model.name] {
      let vector = encoder.operations(tokens: lengths.tokens)
      (work.training, work.answer) = (work.training + vector, work.answer + vector)
    }
    return work
  }
}
