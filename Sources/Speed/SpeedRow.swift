import Models

/// One kind of work whose time is measured: a model, what is done with it, and on what.
public struct SpeedRow: Sendable, Equatable {
  public enum Subject: Sendable, Equatable {
    /// Encoder with pooler and classifier.
    case bert(TransformerConfiguration, vocabulary: Int)
    case lstm(RecurrentConfiguration, vocabulary: Int)
    /// Encoder, LSTM on its token vectors, classifier.
    case hybrid(TransformerConfiguration, RecurrentConfiguration, vocabulary: Int)
  }

  public enum Work: String, Sendable {
    /// Text in, label out, tokenising included.
    case query
    /// Token ids in, class probabilities out.
    case forward
    /// Forward, backward, clipping, AdamW step.
    case train
    /// Text in, token ids out.
    case tokenize
    /// AdamW's step alone, on gradients that are there.
    case adamw
    /// Integrated gradients of each sequence, on `SpeedRow.points` points.
    case attribute
  }

  public enum Input: Sendable, Equatable {
    /// The texts in their order, at most 64 tokens each.
    case texts
    /// As many random tokens in every one of so many sequences.
    case tokens(Int, sequences: Int = SpeedRow.batch)
  }

  public var name: String
  public var subject: Subject
  public var work: Work
  public var input: Input

  /// Classes of every model: Banking77's.
  static let classes = 77
  /// Sequences in a batch, but for rows that say otherwise.
  public static let batch = 32
  /// Points of integrated gradients; the tokens of a row of that work are those of all copies.
  static let points = 16
  /// Longest sequence of a text, in tokens.
  static let longest = 64

  /// Sequences in a batch of this row.
  public var sequences: Int {
    if case .tokens(_, let sequences) = input { sequences } else { Self.batch }
  }

  var vocabulary: Int {
    switch subject {
    case .bert(_, let vocabulary), .lstm(_, let vocabulary), .hybrid(_, _, let vocabulary): vocabulary
    }
  }
}

extension SpeedRow {
  /// Every row, those of one model side by side.
  ///
  /// bert-, lstm- and hybrid- rows are the peer's (Scripts/peers/torch_speed.py): the encoder has the checkpoint's shape;
  /// the LSTM is Embedding(20000, 128), two bidirectional layers of 256, mean over time; the hybrid's head is one
  /// bidirectional layer of 128. The small- rows are the sizes that most experiments here train.
  public static func all(encoder: TransformerConfiguration, vocabulary: Int) -> [SpeedRow] {
    let wide = RecurrentConfiguration.wide
    var head = wide
    (head.hidden, head.layers) = (128, 1)
    var base = TransformerConfiguration()
    (base.layers, base.hidden, base.heads, base.intermediate) = (12, 768, 12, 3072)
    var smallBERT = TransformerConfiguration()
    (smallBERT.heads, smallBERT.maximumPositions) = (4, 128)
    var smallLSTM = RecurrentConfiguration()
    smallLSTM.layers = 2

    let bert = Subject.bert(encoder, vocabulary: vocabulary)
    let lstm = Subject.lstm(wide, vocabulary: 20_000)
    return [SpeedRow(name: "tokenize", subject: bert, work: .tokenize, input: .texts)]
      + rows("bert", bert, queries: true, [.texts, .tokens(32)])
      + [
        SpeedRow(name: "adamw", subject: bert, work: .adamw, input: .texts),
        SpeedRow(name: "bert-attribute", subject: bert, work: .attribute, input: .texts),
      ]
      + rows("lstm", lstm, queries: true, [.texts, .tokens(32), .tokens(128)])
      + rows("hybrid", .hybrid(encoder, head, vocabulary: vocabulary), queries: true, [.texts, .tokens(32)])
      + rows("bert-base", .bert(base, vocabulary: 30_522), queries: false, [.tokens(32), .tokens(128)])
      + rows("small-bert", .bert(smallBERT, vocabulary: 8_000), queries: false, [.texts])
      + rows("small-lstm", .lstm(smallLSTM, vocabulary: 8_000), queries: false, [.texts])
  }

  static func rows(_ name: String, _ subject: Subject, queries: Bool, _ inputs: [Input]) -> [SpeedRow] {
    let query = queries ? [SpeedRow(name: name + "-query", subject: subject, work: .query, input: .texts)] : []
    return query
      + [Work.forward, .train].flatMap { work in
        inputs.map { input in
          let end = if case .tokens(let length, let sequences) = input { "-\(sequences)x\(length)" } else { "" }
          return SpeedRow(name: "\(name)-\(work.rawValue)\(end)", subject: subject, work: work, input: input)
        }
      }
  }
}

extension RecurrentConfiguration {
  /// The peer's LSTM.
  static var wide: RecurrentConfiguration {
    var wide = RecurrentConfiguration()
    (wide.hidden, wide.layers, wide.dropout, wide.pooling) = (256, 2, 0, .mean)
    return wide
  }
}
