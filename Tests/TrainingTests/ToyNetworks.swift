import Autograd
import Compute
import Models
import Tasks

@testable import Training

/// Small networks and made-up sequences for tests of training.
enum Toy {
  static let vocabulary = 30
  static let classes = 3

  static func bert(dropout: Double = 0, pooling: TransformerConfiguration.Pooling = .cls, seed: UInt64 = 1)
    -> BERTClassifier
  {
    var sizes = TransformerConfiguration()
    (sizes.layers, sizes.hidden, sizes.heads, sizes.intermediate) = (2, 16, 2, 32)
    (sizes.maximumPositions, sizes.dropout, sizes.attentionDropout, sizes.pooling) = (40, dropout, dropout, pooling)
    sizes.initializerRange = 0.1
    return BERTClassifier(
      sizes, vocabulary: vocabulary, classes: classes, random: Random(seed: seed, stream: "bert"),
      workspace: Workspace())
  }

  static func lstmSizes(dropout: Double = 0, pooling: RecurrentConfiguration.Pooling = .max) -> RecurrentConfiguration {
    var sizes = RecurrentConfiguration()
    (sizes.embedding, sizes.hidden, sizes.layers) = (12, 10, 2)
    (sizes.dropout, sizes.pooling) = (dropout, pooling)
    return sizes
  }

  static func lstm(dropout: Double = 0, pooling: RecurrentConfiguration.Pooling = .max, seed: UInt64 = 1)
    -> RecurrentClassifier
  {
    recurrent(.lstm, dropout: dropout, pooling: pooling, seed: seed)
  }

  static func recurrent(
    _ cell: RecurrentCell, dropout: Double = 0, pooling: RecurrentConfiguration.Pooling = .max, seed: UInt64 = 1
  ) -> RecurrentClassifier {
    RecurrentClassifier(
      cell, lstmSizes(dropout: dropout, pooling: pooling), vocabulary: vocabulary, classes: classes,
      random: Random(seed: seed, stream: cell.rawValue), workspace: Workspace())
  }

  static func cnn(dropout: Double = 0, seed: UInt64 = 1) -> ConvolutionalClassifier {
    var sizes = ConvolutionalConfiguration()
    (sizes.embedding, sizes.filters, sizes.windows, sizes.dropout) = (12, 10, [2, 3], dropout)
    return ConvolutionalClassifier(
      sizes, vocabulary: vocabulary, classes: classes, random: Random(seed: seed, stream: "cnn"),
      workspace: Workspace())
  }

  static func hybrid(dropout: Double = 0, seed: UInt64 = 1) -> HybridClassifier {
    var sizes = TransformerConfiguration()
    (sizes.layers, sizes.hidden, sizes.heads, sizes.intermediate) = (1, 16, 2, 32)
    (sizes.maximumPositions, sizes.dropout, sizes.attentionDropout) = (40, dropout, dropout)
    sizes.initializerRange = 0.1
    return HybridClassifier(
      sizes, lstmSizes(dropout: dropout), vocabulary: vocabulary, classes: classes,
      random: Random(seed: seed, stream: "hybrid"), workspace: Workspace())
  }

  /// Every kind, and every way of pooling.
  enum Kind: String, CaseIterable, Sendable {
    case bert, bertMean, lstmLast, lstmMean, lstmMax, lstmAttention, gru, rnn, cnn, hybrid

    func make(dropout: Double = 0, seed: UInt64 = 1) -> any Network {
      switch self {
      case .bert: Toy.bert(dropout: dropout, seed: seed)
      case .bertMean: Toy.bert(dropout: dropout, pooling: .mean, seed: seed)
      case .lstmLast: Toy.lstm(dropout: dropout, pooling: .last, seed: seed)
      case .lstmMean: Toy.lstm(dropout: dropout, pooling: .mean, seed: seed)
      case .lstmMax: Toy.lstm(dropout: dropout, pooling: .max, seed: seed)
      case .lstmAttention: Toy.lstm(dropout: dropout, pooling: .attention, seed: seed)
      case .gru: Toy.recurrent(.gru, dropout: dropout, seed: seed)
      case .rnn: Toy.recurrent(.rnn, dropout: dropout, pooling: .last, seed: seed)
      case .cnn: Toy.cnn(dropout: dropout, seed: seed)
      case .hybrid: Toy.hybrid(dropout: dropout, seed: seed)
      }
    }
  }

  /// Random sequences of 1 to 12 tokens with random labels: nothing to learn but the examples themselves.
  static func noise(_ count: Int, seed: UInt64 = 1) -> LabelledSequences {
    var random = Random(seed: seed, stream: "noise")
    return LabelledSequences(
      sequences: (0..<count).map { _ in (0..<1 + random.below(12)).map { _ in Int32(random.below(vocabulary)) } },
      labels: (0..<count).map { _ in random.below(classes) })
  }

  /// Sequences whose class is the remainder of their first token by the number of classes.
  static func learnable(_ count: Int, seed: UInt64 = 1) -> LabelledSequences {
    var rows = noise(count, seed: seed)
    rows.targets = .classes(rows.sequences.map { Int($0[0]) % classes })
    return rows
  }

  static func accuracy(_ targets: Targets, _ probabilities: [Float]) -> Double {
    let labels = targets.classes
    let right = labels.indices.count { row in
      let values = probabilities[row * classes..<(row + 1) * classes]
      return values.firstIndex(of: values.max() ?? .nan) == row * classes + labels[row]
    }
    return Double(right) / Double(labels.count)
  }

  static func settings(epochs: Int, rate: Double = 5e-3, batch: Int = 8) -> TrainingSettings {
    var settings = TrainingSettings()
    (settings.epochs, settings.batchSize, settings.earlyStopping) = (epochs, batch, nil)
    settings.optimizer.learningRate = rate
    return settings
  }

  static func train(
    _ network: any Network, _ rows: LabelledSequences, validation: LabelledSequences? = nil,
    settings: TrainingSettings, threads: Int = 2, seed: UInt64 = 1, session: TrainingSession = TrainingSession(),
    primary: (Targets, [Float]) -> Double? = Toy.accuracy
  ) throws(TrainingFailure) -> TrainingOutcome {
    try Trainer.train(
      network, training: rows, validation: validation, classes: classes, settings: settings, primary: primary,
      random: Random(seed: seed, stream: "training"), pool: WorkerPool(threads: threads), session: session)
  }
}
