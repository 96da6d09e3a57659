import Corpora
import Families
import Models
import Tasks
import Text
import Training

/// An experiment as declared, checked, with every default filled in.
public struct Manifest: Sendable, Equatable {
  /// The manifest format's version; 1.
  public var version = 1
  /// The experiment's name: the folder under `Results`.
  public var name: String
  /// What the experiment settles, in a sentence.
  public var question = ""
  /// What is asked of each text, in all corpora.
  public var problem = Problem.classification
  /// Every random stream derives from it.
  public var seed: UInt64 = 1
  /// Another number begins all series of figures anew, night by night; it changes none.
  public var series = 1
  public var corpora: [CorpusDeclaration]
  /// Texts without labels, a domain for each source; nil where there are none.
  public var unlabelled: CorpusDeclaration?
  public var split = SplitSettings()
  public var protocols: [ProtocolDeclaration]
  /// In order of declaration.
  public var models: [ModelDeclaration]
  /// Models are fitted with the settings declared where nil.
  public var tuning: TuningSettings?
  public var timing = TimingSettings()
  public var comparisons = ComparisonSettings()
  public var outputs = OutputSettings()

  public init(
    name: String, corpora: [CorpusDeclaration], protocols: [ProtocolDeclaration], models: [ModelDeclaration]
  ) {
    (self.name, self.corpora, self.protocols, self.models) = (name, corpora, protocols, models)
  }

  /// Whether a corpus names a column by whose values results are broken down.
  public var hasSlices: Bool {
    corpora.flatMap(\.domains).contains { domain in
      if case .files(let source) = domain.source { source.slice != nil } else { false }
    }
  }
}

extension Manifest {
  /// Paths of the files of its corpora.
  package var dataPaths: [String] {
    corpora.flatMap(\.domains).flatMap { domain -> [String] in
      if case .files(let source) = domain.source { source.paths.map(\.path) } else { [] }
    }
  }
}

/// One way of dividing rows into training and test, over some corpora.
public struct ProtocolDeclaration: Sendable, Equatable {
  public enum Kind: String, Sendable, CaseIterable { case holdout, kfold, official, crossDomain = "cross-domain" }
  /// Where the validation rows of an official split come from.
  public enum Validation: String, Sendable, CaseIterable {
    /// The official validation file, or 15 % stratified of the training part where none exists.
    case carve
    /// Every model trains on all rows for its stated epochs; nothing stops early.
    case none
  }
  public var kind: Kind
  /// Names of corpora; all where empty.
  public var corpora: [String] = []
  /// Names of domains; all where empty.
  public var domains: [String] = []
  /// Of cross-domain the domains whose rows are trained on; all where empty.
  public var sources: [String] = []
  /// Names of models; all where empty.
  public var models: [String] = []
  /// Repetitions of hold-out, official and cross-domain. nil where the manifest does not say: one until the data are
  /// known (`LoadedManifest.choose(seeds:)`).
  public var seeds: Int?
  /// Folds of k-fold.
  public var folds = 5
  /// Repetitions of k-fold.
  public var repeats = 1
  /// How cross-domain divides each domain: `holdout` or `official`.
  public var base = Kind.holdout
  public var validation = Validation.carve
  /// Share of the training part (k-fold, official) that becomes validation rows.
  public var validationShare = 0.15
  /// Of hold-out and official: beside all rows of the training part, models learn from so many of them.
  public var sizes: [TrainingSize] = []

  public init(kind: Kind) { self.kind = kind }
}

/// Time per batch, from raw text to label (`query`) and from token ids to logits (`forward`).
public struct TimingSettings: Sendable, Equatable {
  public enum Work: String, Sendable, CaseIterable { case query, forward }
  /// `one`: a single thread; `all`: every core.
  public enum Threads: String, Sendable, CaseIterable { case one, all }
  public enum Order: String, Sendable, CaseIterable, Codable { case arrival, sorted, padded }
  public var enabled = true
  /// Texts in a batch.
  public var batch = 32
  /// Timed batches of each model, after the warm-up.
  public var batches = 64
  public var warmup = 3
  public var works: [Work] = [.query, .forward]
  public var threads: [Threads] = [.one, .all]
  public var orders: [Order] = [.arrival, .sorted, .padded]

  public init() {}
}

/// Which models are compared, by which metric and margin, and which protocol decides.
public struct ComparisonSettings: Sendable, Equatable, Codable {
  /// The metric that decides; one of `MetricName.deciding`.
  public var primary = MetricName.f1Macro
  /// The smallest difference that matters, in points.
  public var margin = 1.0
  /// The contrasts (model_a, model_b) that get words. Where empty: the question, which is the first transformer against
  /// the first LSTM, and every other model but the floors against the first of these two.
  public var pairs: [Pair] = []
  /// The protocol whose results get words; the others are sensitivity analyses.
  public var deciding = Deciding.first

  /// `first`: of each corpus the first protocol that divides it.
  public enum Deciding: String, Sendable, CaseIterable, Codable { case first, holdout, kfold, official }

  public struct Pair: Sendable, Equatable, Codable {
    public var a: String
    public var b: String
    public init(a: String, b: String) { (self.a, self.b) = (a, b) }
  }

  public init() {}
}

/// What a run leaves besides its report: predictions, and models that are trained on all rows.
public struct OutputSettings: Sendable, Equatable {
  /// Writes predictions.csv and probabilities.f32.
  public var predictions = true
  /// Which models are trained once more on all rows, when all is evaluated.
  public var refit = Refit.none

  public enum Refit: Sendable, Equatable {
    case none, all
    /// Models by name.
    case models([String])

    public func names(_ model: String) -> Bool {
      switch self {
      case .none: false
      case .all: true
      case .models(let names): names.contains(model)
      }
    }
  }

  public init() {}
}
