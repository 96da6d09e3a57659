import Autograd
import Compute
import Models
import TestSupport
import Testing

@testable import Training

@Suite struct InferenceTests {
  @Test("batch size and company change no label and no probability by more than 1e-5", arguments: Toy.Kind.allCases)
  func batchSize(kind: Toy.Kind) {
    let rows = Toy.noise(61), network = kind.make(), pool = WorkerPool(threads: 2)
    let alone = rows.sequences.flatMap { Inference.probabilities(network, sequences: [$0], pool: pool) }
    for size in [1, 3, 32, 100] {
      let together = Inference.probabilities(network, sequences: rows.sequences, batchSize: size, pool: pool)
      expectClose(together, alone, absolute: 1e-5, "\(kind.rawValue), batches of \(size)")
      for row in rows.labels.indices {
        let place = row * 3..<row * 3 + 3
        #expect(
          together[place].firstIndex(of: together[place].max() ?? .nan)
            == alone[place].firstIndex(of: alone[place].max() ?? .nan))
      }
    }
  }

  @Test("probabilities come in the order of the sequences, each row sums to 1")
  func order() {
    let rows = Toy.noise(50), network = Toy.lstm(), pool = WorkerPool(threads: 2)
    let session = InferenceSession(network, batchSize: 8, pool: pool)
    let straight = session.answers(rows.sequences)
    let turned = session.answers(rows.sequences.reversed())
    for row in 0..<50 {
      let values = Array(straight[row * 3..<row * 3 + 3])
      #expect(abs(values.reduce(0, +) - 1) < 1e-5)
      expectClose(values, Array(turned[(49 - row) * 3..<(49 - row) * 3 + 3]), absolute: 1e-5, "row \(row)")
    }
  }

  @Test("no sequences give no probabilities; an empty sequence gets some")
  func empty() {
    let pool = WorkerPool(threads: 2), network = Toy.bert()
    #expect(Inference.probabilities(network, sequences: [], pool: pool).isEmpty)
    let empty = Inference.probabilities(network, sequences: [[]], pool: pool)
    #expect(empty == Inference.probabilities(network, sequences: [[0]], pool: pool))
  }

  @Test(
    "what is packed of changed weights is packed anew, and what is constant is shared", arguments: Toy.Kind.allCases)
  func packed(kind: Toy.Kind) { checkPacked(kind.make()) }

  private func checkPacked(_ network: some Network) {
    let rows = Toy.noise(20), pool = WorkerPool(threads: 2)
    let session = InferenceSession(network, pool: pool), packed = PackedWeights()
    let before = session.answers(rows.sequences)
    let constant = InferenceSession(network, packedWeights: packed, pool: pool)
    #expect(constant.answers(rows.sequences) == before && packed.byteCount > 0)
    for parameter in network.parameters { Kernels.scale(1.5, parameter.value) }
    let after = session.answers(rows.sequences)
    #expect(after != before)
    // The copies are from before.
    let fresh = InferenceSession(network, packedWeights: PackedWeights(), pool: WorkerPool(threads: 3))
    #expect(fresh.answers(rows.sequences) == after)
    #expect(constant.answers(rows.sequences) != after)
  }

  @Test("packed weights change no probability by more than rounding does", arguments: Toy.Kind.allCases)
  func packedTwin(kind: Toy.Kind) { checkTwin(kind.make()) }

  private func checkTwin(_ network: some Network) {
    let rows = Toy.noise(9)
    let packed = InferenceSession(network, pool: WorkerPool(threads: 1)).answers(rows.sequences)
    let tape = Tape(workspace: network.workspace, mode: .evaluation)
    let logits = network.logits(TokenBatch(rows.sequences, rows: Array(0..<9)), on: tape)
    Kernels.softmaxRows(logits.value, rows: 9, columns: network.classes)
    expectClose(packed, logits.value.array, absolute: 1e-5, "probabilities")
  }

  @Test("a session takes no more memory from call to call")
  func steady() {
    let rows = Toy.noise(64), pool = WorkerPool(threads: 1)
    let session = InferenceSession(Toy.lstm(), pool: pool)
    _ = session.answers(rows.sequences)
    let first = session.peakBytes
    for _ in 0..<3 { _ = session.answers(rows.sequences) }
    #expect(session.peakBytes == first)
  }
}
