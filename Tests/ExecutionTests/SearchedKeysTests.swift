import Compute
import Corpora
import Families
import Foundation
import Models
import Settings
import TestSupport
import Testing
import Text
import Training

@testable import Execution
@testable import Files
@testable import Manifests
@testable import Planning
@testable import Storage

/// Walks every key of every model in the schema: a search that may name it changes the fit by it, or it is refused.
@Suite struct SearchedKeysTests {
  /// A way to declare a model, and the keys that its space must refuse; all others have an effect.
  struct Model: Sendable, CustomTestStringConvertible {
    var name: String
    var kind: ModelKind
    /// YAML of its own keys.
    var keys: String
    /// What no search may name, beside what is `neverSearched`.
    var refused: Set<String>

    var testDescription: String { name }
  }

  private static let tokenizerKeys: Set = ["text.tokenizer", "text.vocabulary_size", "text.minimum_frequency"]
  private static let textKeys = Set(
    ["clean", "anonymise", "lowercase", "remove_punctuation", "remove_non_alphanumeric", "remove_stop_words", "stem"]
      .map { "text." + $0 } + ["text.maximum_tokens"]
  ).union(tokenizerKeys)
  private static let tables: Set = ["maximum_positions", "type_vocabulary"]
  private static let sizes: Set = [
    "layers", "hidden", "heads", "intermediate", "layer_norm_epsilon", "maximum_positions", "type_vocabulary",
  ]
  private static let rest: Set = ["dropout", "attention_dropout", "initializer_range"]
  private static let training = """
    training: {epochs: 2, batch_size: 8, early_stopping: none, learning_rate: 0.01, clip_norm: 1}
    text: {vocabulary_size: 90, minimum_frequency: 1, maximum_tokens: 24}
    """

  private static func encoder(_ keys: Set<String>) -> Set<String> { Set(keys.map { "encoder." + $0 }) }

  static let models: [Model] = {
    let bert = "layers: 2\nhidden: 8\nheads: 2\nmaximum_positions: 40\n" + training
    let hybrid = "encoder: {layers: 2, hidden: 8, heads: 2, maximum_positions: 40}\nlstm: {hidden: 6}\n" + training
    let lstm = "embedding: 8\nhidden: 6\n" + training
    return [
      Model(name: "bert", kind: .bert, keys: bert, refused: tables),
      Model(
        name: "bert from a checkpoint", kind: .bert, keys: "pretrained: CHECKPOINT\n" + training,
        refused: sizes.union(tokenizerKeys).union(["text.lowercase"])),
      Model(
        name: "bert, pre-trained here", kind: .bert, keys: "pretrain: {epochs: 1}\n" + bert,
        refused: sizes.union(rest).union(textKeys)),
      Model(name: "hybrid", kind: .bertLSTM, keys: hybrid, refused: encoder(tables)),
      Model(
        name: "hybrid on a checkpoint", kind: .bertLSTM,
        keys: "pretrained: CHECKPOINT\nlstm: {hidden: 6}\n" + training,
        refused: encoder(sizes.union(["initializer_range"])).union(tokenizerKeys).union(["text.lowercase"])),
      Model(name: "lstm", kind: .lstm, keys: lstm, refused: []),
      Model(
        name: "lstm, vectors from a file", kind: .lstm, keys: "vectors: VECTORS\nhidden: 6\n" + training,
        refused: ["embedding"]),
      Model(
        name: "lstm, vectors learned here", kind: .lstm, keys: "pretrain: {epochs: 1}\n" + lstm,
        refused: textKeys.union(["embedding"])),
      Model(
        name: "tfidf", kind: .tfidfLogistic, keys: "iterations: 3\nminimum_documents: 1",
        refused: tokenizerKeys.union(["text.maximum_tokens"])),
      Model(name: "majority", kind: .majority, keys: "", refused: textKeys),
      Model(name: "lookup", kind: .lookup, keys: "", refused: textKeys),
    ]
  }()

  /// Files, names, seeds, a guard against what customers type, and what is the same for all models or done once.
  private static func isNeverSearched(_ key: String) -> Bool {
    [
      "kind", "space", "seed_offset", "pretrained", "display", "keep_head", "vectors", "text.vocabulary_file",
      "text.control_tokens", "inputs", "teacher",
      "training.shots", "training.leak_meter", "training.calibration", "training.thresholds",
      "training.teacher_temperature",
    ].contains(key)
      || key.hasPrefix("pretrain.") || key.hasPrefix("training.early_stopping.")
      || key.hasPrefix("character_ngrams.") || key.hasPrefix("training.augmentation.")
      || key.hasPrefix("training.lora.")
  }

  /// Two values for keys whose default and its neighbour need not differ on a few short texts; of a key below `encoder`
  /// or `lstm` by its last word.
  private static let values: [String: [String]] = [
    "hidden": ["8", "16"], "intermediate": ["8", "24"], "heads": ["2", "4"], "layers": ["1", "2"],
    "maximum_positions": ["40", "60"], "embedding": ["8", "12"], "character_ngrams": ["none", "[2, 3]"],
    "word_ngrams": ["[1, 1]", "[1, 2]"], "maximum_features": ["20", "60"], "iterations": ["1", "3"],
    "text.vocabulary_size": ["60", "90"], "text.maximum_tokens": ["6", "24"], "training.clip_norm": ["none", "0.01"],
    "training.frozen_layers": ["0", "1"], "training.batch_size": ["4", "8"], "training.warmup": ["0", "0.5"],
    "training.accumulation": ["1", "2"],
  ]

  // MARK: The walk

  /// Every single value of a section, inner keys after dots.
  private static func leaves(_ section: Section, below prefix: String = "") -> [(key: String, shape: Shape)] {
    section.fields.flatMap { field -> [(key: String, shape: Shape)] in
      switch field.shape {
      case .section(let inner), .optional(.section(let inner)): leaves(inner, below: prefix + field.key + ".")
      default: [(prefix + field.key, field.shape)]
      }
    }
  }

  private static func pair(_ key: String, _ shape: Shape) -> [String] {
    if let known = values[key] ?? key.split(separator: ".").last.flatMap({ values[String($0)] }) { return known }
    switch shape {
    case .flag: return ["false", "true"]
    case .choice(let words): return Array(words.prefix(2))
    case .integer(let bounds): return ["\(Int(bounds.low))", "\(Int(bounds.low) + 1)"]
    case .number(let bounds):
      let high = min(bounds.high, 1)
      return ["\(bounds.low + (high - bounds.low) * 0.1)", "\(bounds.low + (high - bounds.low) * 0.6)"]
    case .optional(let inner): return ["none"] + pair(key, inner).suffix(1)
    default: return ["a", "b"]
    }
  }

  /// A model's files, and manifests that search one of its keys.
  private final class Bench {
    let model: Model
    let tiny: TinyCheckpoint
    let folder: URL

    init(_ model: Model) throws {
      self.model = model
      tiny = try TinyCheckpoint()
      folder = FileManager.default.temporaryDirectory.appendingPathComponent("keys-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      let vectors = ["refund", "card", "the"].map {
        "\($0) \((0..<8).map { "\(Double($0) / 8)" }.joined(separator: " "))"
      }
      try Data(vectors.joined(separator: "\n").utf8).write(to: folder.appendingPathComponent("vectors.txt"))
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func load(_ key: String, _ values: [String], keys: String? = nil) throws -> Swift.Result<Manifest, ManifestErrors> {
      let own = (keys ?? model.keys)
        .replacingOccurrences(of: "CHECKPOINT", with: "\"\(tiny.folder.path)\"")
        .replacingOccurrences(of: "VECTORS", with: "\"\(folder.appendingPathComponent("vectors.txt").path)\"")
      let lines = ["kind: \(model.kind.rawValue)"] + own.split(separator: "\n").map(String.init)
      let text = """
        name: keys
        corpora: {messages: {task: sentiment, generated: {rows: 60}}}
        protocols: [{kind: holdout}]
        tuning: {search: grid, trials: 3}
        models:
          m:
        \(lines.map { "    " + $0 }.joined(separator: "\n"))
            space: {\(key): [\(values.joined(separator: ", "))]}
        """
      let file = folder.appendingPathComponent("x.yaml")
      try Data(text.utf8).write(to: file)
      return ManifestLoader.load(file: file.path, environment: [:], checkFiles: true).map(\.manifest)
    }
  }

  /// Texts in which every step of preparation finds something: uneven classes, capitals, tags, addresses, long ones.
  private static let rows: FitJob.Rows = {
    let starts = [
      "My card is LOST!", "<b>Where</b> is the refund?", "Paying, paid & pays:", "Write to a.b@mail.example",
    ]
    let ends = [
      "not the card's limit…", "because it was running running late 1234567890", "  thanks", "€ 20 for the cards",
    ]
    let texts = (0..<48).map { "\(starts[$0 % 4]) \(ends[$0 / 4 % 4]) word\($0 % 2 == 0 ? $0 : 7) \(ends[$0 / 3 % 4])" }
    return FitJob.Rows(texts: texts, labels: (0..<48).map { $0 % 8 == 0 ? 2 : $0 % 4 == 1 ? 0 : 1 })
  }()

  /// All that shows of a trial: what the model says, and what it cost.
  private struct Shown: Equatable {
    var probabilities: [Float]
    var flops: Double
  }

  private func fit(_ model: ModelDeclaration, _ trial: [Setting]) throws -> Shown {
    let random = Random(seed: 1, stream: "fit"), rows = Self.rows
    var pretrained: PretrainedWeights?
    if model.pretraining != nil {
      let job = PretrainingPlan.Job(name: "m", key: FitKey(), model: 0, texts: rows.texts, removed: 0)
      pretrained = try PretrainingRun(
        job: job, declaration: model, seed: 1, threads: 1, store: nil, stop: StopRequest(), storedEvery: 0
      ).run { _ in }
    }
    let fitter = Fitter(
      model: model.with(trial), shape: .classification(3), random: random, primary: .f1Macro, start: pretrained?.start)
    let pool = WorkerPool(threads: 1)
    let fitted = try fitter.fit(training: rows, validation: nil, pool: pool) { _ in }
    let classifier = fitted.model.classifier(in: Workspace())
    return Shown(
      probabilities: classifier.answers(classifier.encode(rows.texts), pool: pool), flops: fitted.flops)
  }

  @Test("two values of a key that a space may name give two fits, or the key is refused", arguments: models)
  func walk(model: Model) throws {
    let section = try #require(ManifestSchema.models.first { $0.kind == model.kind.rawValue }?.section)
    let bench = try Bench(model)
    var refused: Set<String> = []
    for (key, shape) in Self.leaves(section) where key != "kind" && !key.hasPrefix("space.") {
      switch try bench.load(key, Self.pair(key, shape)) {
      case .failure(let errors):
        #expect(
          errors.errors.count == 1 && errors.errors[0].keyPath.hasPrefix("models.m.space") && errors.errors[0].line > 0,
          "\(key): \(errors)")
        refused.insert(key)
      case .success(let manifest):
        let declared = manifest.models[0]
        let trials = (0..<2).map { declared.space.combination($0) }
        #expect(declared.space.gridCount == 2, "\(key)")
        #expect(try fit(declared, trials[0]) != fit(declared, trials[1]), "\(key): \(trials.map { $0.map(\.text) })")
      }
    }
    #expect(refused.filter { !Self.isNeverSearched($0) } == model.refused)
  }

  @Test("a key without effect beside what is declared is refused; beside another value it is not")
  func conditions() throws {
    let bert = try Bench(try #require(Self.models.first { $0.name == "bert" }))
    func refusal(_ key: String, _ values: [String], _ declared: String) throws -> String? {
      let keys = "layers: 2\nhidden: 8\nheads: 2\n" + declared
      guard case .failure(let errors) = try bert.load(key, values, keys: keys) else { return nil }
      #expect(errors.errors.map(\.keyPath) == ["models.m.space.\(key)"])
      return errors.errors.first?.got
    }
    let none = "a key that changes nothing here: "
    let decay = none + "all below the top layer is frozen, and the top layer has the full rate"
    for (key, values, declared, reason) in [
      (
        "training.frozen_embeddings", ["true", "false"], "training: {frozen_layers: 1}",
        none + "with training.frozen_layers the embeddings keep their weights"
      ),
      ("training.frozen_embeddings", ["true", "false"], "training: {frozen_layers: 0}", nil),
      ("training.layer_decay", ["0.5", "1"], "training: {frozen_layers: 1}", decay),
      ("training.layer_decay", ["0.5", "1"], "training: {frozen_layers: 2}", decay),
      ("training.layer_decay", ["0.5", "1"], "training: {frozen_embeddings: true}", nil),
      (
        "training.schedule", ["linear", "constant"], "training: {warmup: 1}",
        none + "with a training.warmup of 1 nothing comes after the warm-up"
      ),
      ("training.schedule", ["linear", "constant"], "training: {warmup: 0.9}", nil),
      ("training.warmup", ["0", "0.2"], "training: {schedule: constant}", nil),
      (
        "training.class_weights", ["none", "balanced"], "training: {sampling: under}",
        none + "with training.sampling all classes have the same number of rows"
      ),
      (
        "text.remove_punctuation", ["true", "false"], "text: {remove_non_alphanumeric: true}",
        none + "text.remove_non_alphanumeric removes punctuation too"
      ),
      ("training.frozen_layers", ["0", "3"], "training: {epochs: 1}", "3"),
    ] as [(String, [String], String, String?)] {
      #expect(try refusal(key, values, declared) == reason, "\(key) beside \(declared)")
    }
  }

  @Test("four trials over frozen layers and decay are four fits, and those with frozen layers cost less")
  func frozenAndDecay() throws {
    let bench = try Bench(try #require(Self.models.first { $0.name == "bert" }))
    let declared = try bench.load("training.frozen_layers", ["0", "2"]).get().models[0]
    var shown: [Shown] = []
    for layers in [0, 2] {
      for decay in [0.3, 1] {
        let trial = [
          Setting("training.frozen_layers", .integer(layers)), Setting("training.layer_decay", .number(decay)),
        ]
        shown.append(try fit(declared, trial))
      }
    }
    #expect(shown[0].probabilities != shown[1].probabilities && shown[0].flops == shown[1].flops)
    #expect(shown[2].probabilities != shown[0].probabilities && shown[2].flops < shown[0].flops)
  }
}
