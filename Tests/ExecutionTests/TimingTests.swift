import Compute
import Manifests
import Tasks
import Testing

@testable import Measurement

@Suite struct TimingTests {
  @Test("sorted batches hold the same texts as those in arrival order, as many as are timed", arguments: [5, 37, 96])
  func sorted(texts count: Int) {
    var settings = TimingSettings()
    (settings.batch, settings.batches, settings.warmup) = (8, 9, 3)
    let timing = Timing(settings: settings, random: Random(seed: 1, stream: "timing"), cores: 2)
    let texts = (0..<count).map { String(repeating: "a", count: 1 + $0 * 17 % 23) + " \($0)" }
    let batches = timing.makeBatches(texts.map { Input(text: $0) }).map { $0.map { $0.map(\.text) } }
    #expect(batches.map(\.count) == [9, 9] && batches.allSatisfy { $0.allSatisfy { $0.count == 8 } })
    let (arrival, sorted) = (batches[0].flatMap(\.self), batches[1].flatMap(\.self))
    #expect(arrival == (0..<72).map { texts[$0 % count] })
    #expect(arrival.sorted() == sorted.sorted())
    #expect(zip(sorted, sorted.dropFirst()).allSatisfy { $0.utf8.count <= $1.utf8.count })
  }
}
