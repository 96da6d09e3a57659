import Compute
import Foundation
import TestSupport
import Testing

@Suite("Random")
struct RandomTests {
  @Test("the same seed and label give the same numbers; another seed or label others")
  func streams() {
    func draw(_ random: Random) -> [UInt64] {
      var random = random
      return (0..<100).map { _ in random.next() }
    }
    #expect(draw(Random(seed: 1, stream: "a")) == draw(Random(seed: 1, stream: "a")))
    let streams = [
      Random(seed: 1, stream: "a"), Random(seed: 2, stream: "a"), Random(seed: 1, stream: "b"),
      Random(seed: 1, stream: ""), Random(seed: 1, stream: "a").stream("a"), Random(seed: 1, stream: "a").stream(""),
    ]
    #expect(Set(streams.flatMap(draw)).count == 600)
  }

  @Test("a child stream does not depend on how much its parent drew")
  func children() {
    let fresh = Random(seed: 7, stream: "parent")
    var used = fresh
    for _ in 0..<13 { _ = used.normal() }
    #expect(used.stream("child") == fresh.stream("child"))
    #expect(used.stream("child") != fresh.stream("other"))
    #expect(used != fresh)
  }

  @Test("it survives encoding in the middle of a pair of normals")
  func codable() throws {
    var random = Random(seed: 3, stream: "s")
    _ = random.normal()
    var copy = try JSONDecoder().decode(Random.self, from: JSONEncoder().encode(random))
    #expect((0..<20).map { _ in copy.normal() } == (0..<20).map { _ in random.normal() })
    #expect(copy.stream("x") == random.stream("x"))
  }

  @Test("the generator is xoshiro256**: its first numbers from the published recurrence")
  func recurrence() throws {
    // The state is read from the coded form and the recurrence written out anew.
    let random = Random(seed: 9, stream: "state")
    let fields = try #require(JSONSerialization.jsonObject(with: JSONEncoder().encode(random)) as? [String: Any])
    var s = try ["s0", "s1", "s2", "s3"].map { try #require(fields[$0] as? NSNumber).uint64Value }
    var drawn = random
    for _ in 0..<50 {
      let product = s[1] &* 5
      let expected = ((product << 7) | (product >> 57)) &* 9
      let t = s[1] << 17
      s[2] ^= s[0]
      s[3] ^= s[1]
      s[1] ^= s[2]
      s[0] ^= s[3]
      s[2] ^= t
      s[3] = (s[3] << 45) | (s[3] >> 19)
      #expect(drawn.next() == expected)
    }
  }

  @Test("uniform and float stay in [0, 1) with mean 1/2 and variance 1/12")
  func uniform() {
    var random = Random(seed: 4, stream: "u")
    for draw in [{ random.uniform() }, { Double(random.float()) }] {
      let values = (0..<50_000).map { _ in draw() }
      #expect(values.allSatisfy { $0 >= 0 && $0 < 1 })
      let mean = values.reduce(0, +) / 50_000
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 50_000
      #expect(abs(mean - 0.5) < 5 * (1.0 / 12 / 50_000).squareRoot())
      // The variance of the squared deviation of a uniform is 1/180.
      #expect(abs(variance - 1.0 / 12) < 5 * (1.0 / 180 / 50_000).squareRoot())
    }
  }

  @Test("normal has the moments 0, 1, 0, 3")
  func normal() {
    var random = Random(seed: 5, stream: "n")
    let n = 100_000.0
    let values = (0..<100_000).map { _ in random.normal() }
    func moment(_ power: Int) -> Double { values.reduce(0) { $0 + pow($1, Double(power)) } / n }
    // Variances of the sample moments of a standard normal: 1, 2, 15, 96.
    #expect(abs(moment(1)) < 5 * (1 / n).squareRoot())
    #expect(abs(moment(2) - 1) < 5 * (2 / n).squareRoot())
    #expect(abs(moment(3)) < 5 * (15 / n).squareRoot())
    #expect(abs(moment(4) - 3) < 5 * (96 / n).squareRoot())
  }

  @Test("below is unbiased, also for bounds that divide no power of two", arguments: [1, 2, 3, 7, 10])
  func below(bound: Int) {
    var random = Random(seed: 6, stream: "b")
    var counts = [Int](repeating: 0, count: bound)
    for _ in 0..<30_000 { counts[random.below(bound)] += 1 }
    let share = 1 / Double(bound), deviation = (30_000 * share * (1 - share)).squareRoot()
    for count in counts { #expect(abs(Double(count) - 30_000 * share) <= 5 * deviation) }
  }

  @Test("below reaches the halves of a bound beyond 2^62 equally")
  func belowHuge() {
    var random = Random(seed: 6, stream: "huge")
    let bound = Int.max / 4 * 3
    let low = (0..<10_000).filter { _ in random.below(bound) < bound / 2 }.count
    #expect(abs(Double(low) - 5_000) < 5 * 50)
  }

  @Test("shuffle is a permutation, and every order of three is equally frequent")
  func shuffle() {
    var random = Random(seed: 8, stream: "s")
    for count in [0, 1, 2, 100] {
      var array = Array(0..<count)
      random.shuffle(&array)
      #expect(array.sorted() == Array(0..<count))
    }
    var seen: [[Int]: Int] = [:]
    for _ in 0..<12_000 {
      var array = [0, 1, 2]
      random.shuffle(&array)
      seen[array, default: 0] += 1
    }
    #expect(seen.count == 6)
    for count in seen.values { #expect(abs(Double(count) - 2_000) < 5 * (2_000.0 * 5 / 6).squareRoot()) }
  }
}
