import Compute

/// A seeded sample of rows that keeps the shares of the strata.
package enum StratifiedSample {
  /// Positions of `count` of the given strata's members, sorted. Each stratum has its share by largest remainder, and
  /// at least one row as long as there are no more strata than rows wanted.
  package static func positions(of strata: [Int], count: Int, random: Random) -> [Int] {
    guard count < strata.count else { return Array(strata.indices) }
    let strataCount = (strata.max() ?? -1) + 1
    var members = [[Int]](repeating: [], count: strataCount)
    for (position, stratum) in strata.enumerated() { members[stratum].append(position) }
    let quotas = quotas(of: members.map(\.count), count: count)
    var chosen: [Int] = []
    for stratum in members.indices {
      var pool = members[stratum]
      var stream = random.stream("stratum \(stratum)")
      stream.shuffle(&pool)
      chosen += pool.prefix(quotas[stratum])
    }
    return chosen.sorted()
  }

  /// `count` divided in proportion to `sizes`, none above its size (Hamilton's method).
  static func quotas(of sizes: [Int], count: Int) -> [Int] {
    let total = sizes.reduce(0, +)
    guard count < total else { return sizes }
    var quotas = sizes.map { $0 * count / total }
    let remainders = sizes.map { $0 * count % total }
    let order = sizes.indices.sorted { (remainders[$0], $1) > (remainders[$1], $0) }
    for index in order.prefix(count - quotas.reduce(0, +)) { quotas[index] += 1 }
    let present = sizes.indices.filter { sizes[$0] > 0 }
    guard count >= present.count else { return quotas }
    for index in present where quotas[index] == 0 {
      guard let largest = present.max(by: { (quotas[$0], $1) < (quotas[$1], $0) }) else { break }
      quotas[largest] -= 1
      quotas[index] += 1
    }
    return quotas
  }
}
