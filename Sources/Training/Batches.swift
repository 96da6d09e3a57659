import Compute

/// How rows become batches, and a batch its shards. Nothing here depends on the number of threads.
public enum Batches {
  /// Batches whose lengths are looked at together when rows are grouped by length.
  static let poolSize = 50
  /// Parts of a batch that are computed on their own.
  public static let shardCount = 2

  /// One epoch: rows shuffled, cut into pools of 50 batches, sorted by length inside each, cut, batches shuffled.
  ///
  /// Every row stands in exactly one batch; all batches have `size` rows but one. Inside a batch the shortest is first.
  public static func epoch(rows: [Int], lengths: [Int], size: Int, random: Random) -> [[Int]] {
    var random = random
    var order = rows
    random.shuffle(&order)
    var batches = [[Int]]()
    for start in stride(from: 0, to: order.count, by: poolSize * size) {
      let pool = order[start..<min(start + poolSize * size, order.count)]
      batches += cut(sorted(pool.map { $0 }, lengths: lengths), size: size)
    }
    random.shuffle(&batches)
    return batches
  }

  /// All rows sorted by length, cut into batches.
  public static func sorted(lengths: [Int], size: Int) -> [[Int]] {
    cut(sorted(Array(lengths.indices), lengths: lengths), size: size)
  }

  /// Splits a batch, in its order, where the larger part has the fewest tokens; a single row stays whole.
  public static func shards(_ batch: [Int], lengths: [Int]) -> [[Int]] {
    guard batch.count > 1 else { return batch.isEmpty ? [] : [batch] }
    let total = batch.reduce(0) { $0 + lengths[$1] }
    var best = (cut: 1, tokens: Int.max), before = 0
    for cut in 1..<batch.count {
      before += lengths[batch[cut - 1]]
      let larger = max(before, total - before)
      if larger < best.tokens { best = (cut, larger) }
    }
    return [Array(batch[..<best.cut]), Array(batch[best.cut...])]
  }

  /// Splits a batch in two, each of them in two, and so on to at most `count` shards, a power of two.
  public static func shards(_ batch: [Int], lengths: [Int], count: Int) -> [[Int]] {
    let halves = shards(batch, lengths: lengths)
    guard count > 2, halves.count == 2 else { return halves }
    return halves.flatMap { shards($0, lengths: lengths, count: count / 2) }
  }

  /// Equal lengths keep their order.
  private static func sorted(_ rows: [Int], lengths: [Int]) -> [Int] {
    var keys = rows.enumerated().map { (length: lengths[$1], place: $0) }
    keys.sort { $0.length != $1.length ? $0.length < $1.length : $0.place < $1.place }
    return keys.map { rows[$0.place] }
  }

  private static func cut(_ rows: [Int], size: Int) -> [[Int]] {
    stride(from: 0, to: rows.count, by: size).map { Array(rows[$0..<min($0 + size, rows.count)]) }
  }
}
