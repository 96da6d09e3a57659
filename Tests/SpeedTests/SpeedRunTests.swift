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

  @Test("every reader is measured, on four sizes of what is hardest for it")
  func readers() {
    let names = ReaderGrowth.all.map(\.name)
    #expect(Set(names).count == names.count)
    let readers = ["csv", "tsv", "jsonl", "clinc", "lines", "vectors", "vocabulary", "tokenizer", "safetensors"]
    for reader in readers + ["manifest", "results"] { #expect(names.contains { $0.hasPrefix(reader + "-") }) }
    #expect(ReaderGrowth.all.allSatisfy { $0.sizes == $0.sizes.sorted() && $0.sizes.count == 4 })
  }

  @Test("every kind of work gives as many samples as rounds, and the operations of its products")
  func samples() throws {
    let texts = try SpeedTexts(checkpoint: nil, file: nil)
    var sizes = TransformerConfiguration()
    (sizes.layers, sizes.hidden, sizes.intermediate) = (1, 8, 16)
    var head = RecurrentConfiguration()
    (head.embedding, head.hidden) = (8, 4)
    let rows: [(SpeedRow.Subject, SpeedRow.Work, SpeedRow.Input)] = [
      (.bert(sizes, vocabulary: 50), .tokenize, .texts), (.bert(sizes, vocabulary: 50), .query, .texts),
      (.bert(sizes, vocabulary: 50), .adamw, .texts), (.lstm(head, vocabulary: 50), .train, .texts),
      (.hybrid(sizes, head, vocabulary: 50), .forward, .tokens(3)),
      (.hybrid(sizes, head, vocabulary: 50), .train, .tokens(3)),
      (.hybrid(sizes, head, vocabulary: 50), .attribute, .tokens(3)),
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
    #expect(found[6].tokens == 16 * 96)
  }

  @Test("a row of another batch has as many sequences, in training too")
  func otherBatch() throws {
    var sizes = RecurrentConfiguration()
    (sizes.embedding, sizes.hidden) = (8, 4)
    let rows = [SpeedRow.Work.forward, .train].map {
      SpeedRow(
        name: "\($0)", subject: .lstm(sizes, vocabulary: 50), work: $0, input: .tokens(3, sequences: 5))
    }
    var found = [SpeedMeasurement]()
    SpeedRun(texts: try SpeedTexts(checkpoint: nil, file: nil), rounds: 1).measure(rows, threads: 1) {
      found.append($0)
    }
    #expect(found.map(\.tokens) == [15, 15])
    #expect(found[0].json(peer: "bench").contains("\"batch\": 5"))
    expectSame(found[1].flops, 3 * found[0].flops)
  }

  @Test("growth changes one size at a time, and its exponent is that of a power law")
  func growth() {
    let growths = Growth.all(encoder: TransformerConfiguration(), vocabulary: 100)
    #expect(growths.count == 12 && Set(growths.map(\.name)).count == 12)
    for growth in growths {
      #expect(growth.rows.map(\.value) == growth.rows.map(\.value).sorted())
      let lengths = Set(growth.rows.map { $0.row.input == .tokens(32) })
      #expect(lengths.contains(true) && (growth.size == .width) == (lengths.count == 1))
      let subjects = growth.rows.map(\.row.subject)
      #expect(subjects.allSatisfy { $0 == subjects[0] } == (growth.size != .width))
    }
    let exponent = Growth.exponent([16.0, 32, 64].map { ($0, 3 * $0 * $0.squareRoot()) })
    #expect(abs((exponent ?? 0) - 1.5) < 1e-12)
    #expect(Growth.exponent([(4, 1)]) == nil)
  }

  @Test("a checkpoint with fewer positions than the texts have tokens is an error that says so")
  func shortCheckpoint() throws {
    let tiny = try TinyCheckpoint()
    #expect {
      try SpeedTexts(checkpoint: tiny.folder.path, file: nil)
    } throws: { "\($0)".contains("max_position_embeddings: got 40, expected at least the 64") }
    try tiny.replace("config.json", "\"max_position_embeddings\": 40", with: "\"max_position_embeddings\": 64")
    #expect(try SpeedTexts(checkpoint: tiny.folder.path, file: nil).encoder.maximumPositions == 64)
  }

  private func expectSame(_ a: Double, _ b: Double) { #expect(abs(a - b) <= 1e-9 * abs(b)) }
}
