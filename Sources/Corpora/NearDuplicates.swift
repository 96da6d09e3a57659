/// Finds near duplicates: texts whose five-character shingles have a Jaccard coefficient of at least 0.8.
///
/// Candidates are the texts with the same minimum hashes in one of 25 bands of 5 (locality-sensitive hashing; Leskovec,
/// Rajaraman and Ullman 2014, chapter 3): two texts at 0.8 escape with a probability of (1 − 0.8⁵)²⁵ = 5·10⁻⁵, nearer
/// ones with less. Every candidate is then held against the shingles themselves, so nothing is called near that is not.
///
/// - Complexity: memory of about 400 bytes a text, whatever its length; time grows with the texts' length and with the
///   candidates that are not near, of which at most 4,096 a text are looked at; `crowded` texts may have more.
struct NearDuplicates: Sendable {
  static let bands = 25
  static let rows = 5
  /// Candidates of one text that are looked at: the bound on time where thousands of texts are cut from one template.
  static let candidateLimit = 4_096
  /// Of 128 hashes as many differ at most in a candidate worth checking: at a coefficient of 0.8 the share that agrees
  /// is below 75/128 with a probability of 10⁻⁹.
  private static let mostDifferent = 53

  private let texts: [String]
  /// The low byte of each minimum hash, eight in a word, `words` a text.
  private let signatures: [UInt64]
  private static let words = 128 / 8
  /// `[band][text]`: where the text's bucket starts in the band's `members`; −1 where it is alone.
  private let buckets: [[Int32]]
  /// `[band]`: buckets of two or more texts, one after another; the first text of the next one is marked by its bit.
  private let members: [[Int32]]
  /// The texts that have more candidates than are looked at, counted over all bands and texts. One of them that is
  /// called neither seen nor near may be near to a candidate that was not reached.
  let crowded: Set<Int>

  /// `texts` are distinct and normalised.
  init(_ texts: [String]) {
    self.texts = texts
    var signatures: [UInt64] = []
    signatures.reserveCapacity(Self.words * texts.count)
    var keys = [[UInt64]](repeating: [], count: Self.bands)
    for band in keys.indices { keys[band].reserveCapacity(texts.count) }
    for text in texts {
      let hashes = MinHash.shared.signature(Shingles(text))
      func hash(_ index: Int) -> UInt32 { hashes[index / 16][index % 16] }
      for word in 0..<Self.words {
        signatures.append((0..<8).reduce(0) { $0 << 8 | UInt64(hash(8 * word + $1) & 0xFF) })
      }
      for band in 0..<Self.bands {
        var key: UInt64 = 0
        for row in 0..<Self.rows { key = Shingles.mixed(key ^ UInt64(hash(Self.rows * band + row))) }
        keys[band].append(key)
      }
    }
    var buckets: [[Int32]] = [], members: [[Int32]] = []
    var candidates = [Int](repeating: 0, count: texts.count)
    for band in keys.indices {
      let (starts, texts) = Self.buckets(keys[band], counting: &candidates)
      buckets.append(starts)
      members.append(texts)
      keys[band] = []
    }
    (self.signatures, self.buckets, self.members) = (signatures, buckets, members)
    crowded = Set(candidates.indices.filter { candidates[$0] > Self.candidateLimit })
  }

  /// The last member of a bucket carries this bit.
  private static let last: Int32 = .min

  /// The buckets of one band; every text's companions are added to its `candidates`.
  private static func buckets(
    _ keys: [UInt64], counting candidates: inout [Int]
  ) -> (starts: [Int32], members: [Int32]) {
    var order = keys.enumerated().map { (key: $1, text: Int32($0)) }
    order.sort { ($0.key, $0.text) < ($1.key, $1.text) }
    var starts = [Int32](repeating: -1, count: keys.count)
    var members: [Int32] = []
    var first = 0
    while first < order.count {
      var end = first + 1
      while end < order.count, order[end].key == order[first].key { end += 1 }
      if end - first > 1 {
        let start = Int32(members.count)
        for index in first..<end {
          starts[Int(order[index].text)] = start
          candidates[Int(order[index].text)] += end - first - 1
          members.append(index == end - 1 ? order[index].text | last : order[index].text)
        }
      }
      first = end
    }
    return (starts, members)
  }

  /// Whether one of the texts that `isMember` admits is near `text`, itself left out.
  func hasNeighbour(_ text: Int, where isMember: (Int) -> Bool) -> Bool {
    var found = false
    neighbours(of: text, where: isMember) { _ in
      found = true
      return false
    }
    return found
  }

  /// Pairs of places whose texts are near each other, the earlier place first; of equal texts the first stands for all.
  static func pairs(among texts: [String]) -> [(Int, Int)] {
    var places: [Int] = [], known: Set<String> = []
    for (place, text) in texts.enumerated() where known.insert(text).inserted { places.append(place) }
    let near = NearDuplicates(places.map { texts[$0] })
    var pairs: [(Int, Int)] = []
    for text in places.indices {
      near.neighbours(of: text, where: { $0 < text }) { other in
        pairs.append((places[other], places[text]))
        return true
      }
    }
    return pairs
  }

  /// Calls with each of the texts that `isMember` admits and that are near `text`, itself left out, once, until the call
  /// says no.
  private func neighbours(of text: Int, where isMember: (Int) -> Bool, _ take: (Int) -> Bool) {
    var own: Shingles?
    var settled: Set<Int> = []
    var looked = 0
    for band in 0..<Self.bands {
      var position = Int(buckets[band][text])
      guard position >= 0 else { continue }
      while true {
        let entry = members[band][position]
        let other = Int(entry & ~Self.last)
        if other != text, isMember(other) {
          looked += 1
          if agree(text, other), settled.insert(other).inserted {
            let shingles = own ?? Shingles(texts[text])
            own = shingles
            if shingles.isNear(Shingles(texts[other])), !take(other) { return }
          }
          if looked == Self.candidateLimit { return }
        }
        if entry < 0 { break }
        position += 1
      }
    }
  }

  private func agree(_ a: Int, _ b: Int) -> Bool {
    let low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
    var different = 0
    for word in 0..<Self.words {
      let change = signatures[Self.words * a + word] ^ signatures[Self.words * b + word]
      // The top bit of every byte that is not 0.
      different += (((change & low) &+ low | change) & ~low).nonzeroBitCount
    }
    return different <= Self.mostDifferent
  }
}
