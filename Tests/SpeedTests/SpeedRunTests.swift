import Compute
import Models
import TestSupport
import Testing

@testable import Speed

@Suite struct SpeedRunTests {
  @Test("the peer's rows are there, by its names")
  func names() {
    let names = SpeedRow.all(encoder: TransformerConfiguration(), vocabulary: 100).map(\.name)
    for model in ["bert", "lstm", "hybrid"] {
      for work in ["query", "forward", "forward-32x32", "train", "train-32x32"] {
        #expect(names.contains("\(model)-\(work)"))
      }
    }
    #expect(Set(names).count == names.count)
  }

  @Test("every kind of work gives as many samples as rounds, and the operations of its products")
  func samples() throws {
    let texts = try SpeedTexts(checkpoint: nil, file: nil)
    var sizes = TransformerConfiguration()
    (sizes.layers, sizes.hidden, sizes.intermediate) = (1, 8, 16)
    var head = LSTMConfiguration()
    (head.embedding, head.hidden) = (8, 4)
    let rows: [(SpeedRow.Subject, SpeedRow.Work, SpeedRow.Input)] = [
      (.bert(sizes, vocabulary: 50), .tokenize, .texts), (.bert(sizes, vocabulary: 50), .query, .texts),
      (.bert(sizes, vocabulary: 50), .adamw, .texts), (.lstm(head, vocabulary: 50), .train, .texts),
      (.hybrid(sizes, head, vocabulary: 50), .forward, .tokens(3)),
      (.hybrid(sizes, head, vocabulary: 50), .train, .tokens(3)),
    ]
    var found = [SpeedMeasurement]()
    SpeedRun(texts: texts, rounds: 2).measure(
      rows.map { SpeedRow(name: "\($0.1)", subject: $0.0, work: $0.1, input: $0.2) }, threads: 2
    ) { found.append($0) }
    #expect(found.map(\.row.work) == rows.map(\.1))
    #expect(found.allSatisfy { $0.samples.count == 2 && $0.median > 0 && $0.minimum <= $0.median })
    #expect(found[0].flopsPerSecond == nil && found[2].flopsPerSecond == nil)
    #expect(found[4].tokens == 96)
    // Training is three passes of the same products.
    expectSame(found[5].flops, 3 * found[4].flops)
  }

  @Test("a checkpoint with fewer positions than the texts have tokens is an error that says so")
  func shortCheckpoint() throws {
    let tiny = try TinyCheckpoint()
    #expect {
      try SpeedTexts(checkpoint: tiny.folder.path, file: nil)
    } throws: { "\($0)".contains("max_position_embeddings: got 40, expected at least the 64") }
    try tiny.replace("config.json", "\"max_position_embeddings\" : 40", with: "\"max_position_embeddings\" : 64")
    #expect(try SpeedTexts(checkpoint: tiny.folder.path, file: nil).encoder.maximumPositions == 64)
  }

  private func expectSame(_ a: Double, _ b: Double) { #expect(abs(a - b) <= 1e-9 * abs(b)) }
}
