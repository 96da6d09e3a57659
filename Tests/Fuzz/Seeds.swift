import Compute
import Corpora
import Foundation
import Manifests
import Models
import Text

@testable import Execution
@testable import History
@testable import Planning
@testable import Records
@testable import Storage
@testable import Training

/// Good files to begin with, where the repository has none as small.
enum Seeds {
  /// A folder a reader.
  static func write(to root: URL) throws {
    for reader in Reader.allCases {
      let folder = root.appendingPathComponent(reader.rawValue)
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      for (index, text) in texts(reader).enumerated() {
        try Data(text.utf8).write(to: folder.appendingPathComponent("seed-\(index)"))
      }
    }
    let model = root.appendingPathComponent("checkpoint")
    try checkpoint(model)
    for (reader, name) in [
      (Reader.config, "config.json"), (.safetensors, "model.safetensors"), (.vocabulary, "vocab.txt"),
    ] {
      try FileManager.default.copyItem(
        at: model.appendingPathComponent(name), to: root.appendingPathComponent("\(reader.rawValue)/seed-checkpoint"))
    }
    try FileManager.default.removeItem(at: model)
    try fits(root)
    try HistoryStore(path: root.appendingPathComponent("history/seed-empty").path).queue.close()
    let store = try HistoryStore(path: root.appendingPathComponent("history/seed-runs").path)
    for _ in 0..<2 { try store.record(run) }
    try store.queue.close()
  }

  private static func texts(_ reader: Reader) -> [String] {
    switch reader {
    case .csv:
      [
        "text,label,channel\n\"Where, exactly, is it?\",delivery,mail\r\n\"say \"\"no\"\"\",billing,\nIt\u{2019}s late,delivery,chat\n",
        "\u{FEFF}text\tlabel\tchannel\nhello\ta\tb\n",
      ]
    case .encoded:
      ["Where is it?;delivery\r\npay \"now\";billing\r\n", "\u{0}t\u{0}e\u{0}x\u{0}t\u{0};\u{0}a\u{0}\n", "a\nb\n"]
    case .jsonl:
      [
        "{\"text\": \"Where is it?\", \"label\": \"delivery\", \"channel\": null}\n{\"text\": \"\\u00e9\\ud83d\\ude00\", \"label\": 1.5e3, \"channel\": true, \"more\": [1, {\"a\": []}]}\n"
      ]
    case .json:
      ["{\"train\": [[\"where is it\", \"delivery\"], [\"pay\", \"billing\"]], \"test\": [[\"late\", \"delivery\"]]}"]
    case .tokenizer:
      [
        "{\"added_tokens\": [{\"id\": 0, \"content\": \"[PAD]\"}], \"normalizer\": {\"type\": \"BertNormalizer\", \"lowercase\": true}, \"model\": {\"type\": \"WordPiece\", \"continuing_subword_prefix\": \"##\", \"vocab\": {\(pieces.enumerated().map { "\"\($1)\": \($0)" }.joined(separator: ", "))}}}"
      ]
    case .vectors: ["the 0.1 -2e-3 4\nquick 1 2 3\nNew York 1 2 3\n", "2 3\nthe 0.1 -2e-3 4\nquick 1 2 3\n"]
    case .manifest, .resolved, .vocabulary, .config, .safetensors, .model, .fit, .history, .zip: []
    }
  }

  private static let pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "q", "##u", "##ick", "é"]

  /// A BERT of one layer.
  static func checkpoint(_ folder: URL) throws {
    var sizes = TransformerConfiguration()
    (sizes.layers, sizes.hidden, sizes.heads, sizes.intermediate, sizes.maximumPositions) = (1, 4, 2, 4, 8)
    let network = BERTClassifier(
      sizes, vocabulary: pieces.count, classes: 2, random: Random(seed: 5, stream: "seed"), workspace: Workspace())
    try BERTCheckpoint.write(
      BERTCheckpoint.Contents(
        weights: network.snapshot(), configuration: sizes,
        tokenizer: .wordPiece(WordPiece(tokens: pieces, casing: .uncased)), maximumTokens: 8, labels: ["a", "b"]),
      to: folder)
  }

  /// What a small run stores of each kind of model, and one training that is not done.
  private static func fits(_ root: URL) throws {
    let file = root.appendingPathComponent("small.yaml")
    try Data(manifest.utf8).write(to: file)
    let manifest = try ManifestLoader.load(file: file.path, environment: [:], checkFiles: false).get().manifest
    try FileManager.default.removeItem(at: file)
    let corpora = try manifest.corpora.map { try CorpusReader.read($0, seed: manifest.seed) }
    let output = root.appendingPathComponent("small")
    let store = try FitStore(beside: output, fresh: true)
    let plan = try Plan(manifest: manifest, corpora: corpora)
    let outcome = Runner(manifest: manifest, corpora: corpora, plan: plan, jobs: 1, store: store)
      .run(progress: Progress(style: .quiet))
    precondition(outcome.storedFits == plan.fits.count)
    for file in try FileManager.default.contentsOfDirectory(at: store.folder, includingPropertiesForKeys: nil)
    where ["model", "fit"].contains(file.pathExtension) {
      try FileManager.default.copyItem(
        at: file, to: root.appendingPathComponent("\(file.pathExtension)/seed-\(file.lastPathComponent)"))
    }
    try FileManager.default.removeItem(at: store.folder)
    let state = TrainingState(
      outline: TrainingState.Outline(outcome: TrainingOutcome(), optimizerSteps: 3, stopping: nil),
      tensors: [Safetensors.Tensor("weights.a", [2], .floats([1, -0.0]))])
    try Data(StoredTraining(key: "0f", seconds: 1.5, state: state).draft.bytes)
      .write(to: root.appendingPathComponent("fit/seed-training"))
  }

  private static let manifest = """
    version: 1
    name: small
    corpora:
      messages: {task: category, generated: {rows: 90}}
    protocols: [{kind: holdout, seeds: 1}]
    models:
      majority: {kind: majority}
      tfidf: {kind: tfidf-logistic, word_ngrams: [1, 1], character_ngrams: none}
      lstm: {kind: lstm, embedding: 4, hidden: 4}
      bert: {kind: bert, layers: 1, hidden: 4, heads: 2, intermediate: 4}
      hybrid: {kind: bert-lstm, encoder: {layers: 1, hidden: 4, heads: 2, intermediate: 4}, lstm: {hidden: 4}}
    text: {maximum_tokens: 8, vocabulary_size: 100}
    training: {epochs: 1}
    timing: {enabled: false}
    """

  private static var run: StoredRun {
    var machine = MachineFacts()
    (machine.cpu, machine.cores, machine.commit) = ("Example CPU", 2, "0123abcd")
    var run = StoredRun(
      id: nil, experiment: "small", manifestVersion: "0f", manifest: "version: 1\nname: small\n",
      primaryMetric: "f1_macro", margin: 1, machine: machine, startedAt: Date(timeIntervalSince1970: 1_700_000_000),
      elapsedSeconds: 12.5, folder: "Results/small", warnings: ["busy"])
    run.trials = [
      StoredTrial(
        name: "messages.shop.holdout.s1.lstm", task: "sentiment", corpus: "messages", protocolName: "holdout",
        source: "shop", target: "shop", model: "lstm", kind: "lstm", seed: 1, fold: nil, repetition: 0, splitHash: "5b",
        trainRows: 700, testRows: 150, epochs: 6, failure: nil, scores: ["f1_macro": 0.8, "log_loss": 0.5])
    ]
    run.timings = [
      StoredTiming(
        task: "sentiment", corpus: "messages", model: "lstm", kind: "lstm", work: "query", threads: 1, batch: 32,
        order: "arrival", tokens: 480, samples: [8, 8.5], peakBytes: 4_096, costs: [8, 8.5], calibrations: [1, 1])
    ]
    return run
  }
}
