/// Token sequences one after another, without padding.
public struct TokenBatch: Sendable {
  /// Ids of all sequences, joined.
  public let ids: [Int32]
  /// Where each sequence begins in `ids`, and the end: one more than there are sequences.
  public let offsets: [Int]
  /// Token types (0 first text, 1 second); all 0 where nil.
  public let types: [Int32]?

  public init(ids: [Int32], offsets: [Int], types: [Int32]? = nil) {
    precondition(
      offsets.first == 0 && offsets.last == ids.count && zip(offsets, offsets.dropFirst()).allSatisfy(<),
      "TokenBatch: offsets \(offsets) do not cut \(ids.count) ids into sequences of at least one")
    precondition(types == nil || types?.count == ids.count, "TokenBatch: \(types?.count ?? 0) types, \(ids.count) ids")
    (self.ids, self.offsets, self.types) = (ids, offsets, types)
  }

  /// A sequence without tokens becomes the single id 0, so that every text has a vector.
  public init(_ sequences: [[Int32]]) { self.init(sequences, rows: sequences.indices) }

  /// The sequences at these indices, in the order given.
  public init(_ sequences: [[Int32]], rows: some Collection<Int>) {
    var ids = [Int32](), offsets = [0]
    ids.reserveCapacity(rows.reduce(0) { $0 + max(1, sequences[$1].count) })
    offsets.reserveCapacity(rows.count + 1)
    for row in rows {
      if sequences[row].isEmpty { ids.append(0) } else { ids += sequences[row] }
      offsets.append(ids.count)
    }
    (self.ids, self.offsets, types) = (ids, offsets, nil)
  }

  /// Sequences in the batch.
  public var count: Int { offsets.count - 1 }
  public var lengths: [Int] { zip(offsets, offsets.dropFirst()).map { $1 - $0 } }
  /// The place of each token in its sequence, from 0.
  public var positions: [Int32] {
    var positions = [Int32]()
    positions.reserveCapacity(ids.count)
    for index in 0..<count { positions += 0..<Int32(offsets[index + 1] - offsets[index]) }
    return positions
  }
}
