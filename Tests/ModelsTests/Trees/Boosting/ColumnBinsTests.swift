import Compute
import Testing

@testable import Models

@Suite struct ColumnBinsTests {
  private func bins(_ column: TableColumns.Column, _ change: (inout BoostingSettings) -> Void = { _ in }) -> ColumnBins
  {
    var settings = BoostingSettings()
    settings.minimumBin = 1
    change(&settings)
    var sorter = EntrySort(capacity: column.count)
    return ColumnBins(column, settings: settings, sorter: &sorter)
  }

  @Test("few different numbers have a bin each, what is missing one more, and edges stand between them")
  func few() {
    let found = bins(.numbers([3, -1, .nan, 0, 3, -0.0, .infinity]))
    #expect(found.rows == [2, 0, 4, 1, 2, 1, 3] && found.count == 4 && found.hasMissing && found.total == 5)
    #expect(found.edges == [-0.5, 1.5, 3, .infinity])
    let none = bins(.numbers([.nan, .nan]))
    #expect(none.count == 0 && none.total == 1 && none.rows == [0, 0])
    #expect(bins(.numbers([])).total == 0)
    #expect(bins(.numbers([1, 1])).total == 1)
  }

  @Test("bins of many numbers hold the rows between their edges, in number and in size as asked", arguments: [0, 1, 2])
  func many(seed: Int) {
    var random = Random(seed: UInt64(seed), stream: "bins")
    // A third are 0, as in a column of counts.
    let values = (0..<2_000).map { _ in random.uniform() < 0.33 ? 0 : Float(random.normal()) }
    for (most, least) in [(255, 1), (16, 3), (2, 1), (255, 50)] {
      let found = bins(.numbers(values)) { ($0.bins, $0.minimumBin) = (most, least) }
      #expect(found.count <= most && found.count >= min(most, 2_000 / least) / 2)
      let sizes = (0..<found.count).map { bin in found.rows.count { Int($0) == bin } }
      #expect(sizes.dropLast().allSatisfy { $0 >= least } && sizes.allSatisfy { $0 > 0 })
      for (value, bin) in zip(values, found.rows.map { Int($0) }) {
        let low = bin == 0 ? -.infinity : found.edges[bin - 1]
        #expect(value > low && value <= found.edges[bin])
      }
      // The zeros have a bin that holds few others, and the rest is shared out evenly.
      if most == 16 {
        let others = sizes.sorted().dropLast()
        #expect(others.allSatisfy { $0 < 2 * 1_340 / 14 } && sizes.max() ?? 0 < 850)
      }
    }
  }

  @Test("categories have bins in the order of their codes, and the rarest share the last with what is missing")
  func categories() {
    let found = bins(.categories([7, 3, -1, 3, 1_000_000, 7, 7]))
    #expect(found.codes == [3, 7, 1_000_000] && found.rows == [1, 0, 3, 0, 2, 1, 1] && found.hasMissing)
    let limited = bins(.categories([7, 3, 5, 3, 9, 7, 7])) { $0.bins = 3 }
    #expect(limited.codes == [3, 7] && limited.rows == [1, 0, 2, 0, 2, 1, 1] && limited.hasMissing)
    #expect(!bins(.categories([0, 1, 0])).hasMissing)
  }
}

@Suite struct BoostingLossTests {
  @Test("derivatives are those of the loss, weighted or not", arguments: [0, 2, 4], [false, true])
  func derivatives(classes: Int, isWeighted: Bool) {
    let weights = isWeighted && classes > 0 ? (0..<classes).map { Float($0 + 1) / 2 } : nil
    var random = Random(seed: 3, stream: "loss \(classes)")
    let rows = 7
    let labels = (0..<rows).map { _ in classes == 0 ? 0 : random.below(classes) }
    let loss = BoostingLoss(
      classes == 0 ? .numbers(labels.map { _ in random.normal() }) : .classes(labels, classes: classes),
      classWeights: weights)
    let all = labels.reduce(0) { $0 + Double(weights?[$1] ?? 1) }
    let scores = (0..<rows * loss.scores).map { _ in 2 * random.normal() }
    var gradients = scores, hessians = scores
    loss.derivatives(scores, &gradients, &hessians)
    // The mean of squares is twice what is made small; softmax has its factor.
    let share = classes == 0 ? 0.5 : 1.0, factor = classes > 2 ? Double(classes) / Double(classes - 1) : 1
    let step = 1e-4
    func total(_ place: Int, _ change: Double) -> Double {
      var moved = scores
      moved[place] += change
      return loss.mean(moved) * all * share
    }
    for place in scores.indices {
      let (up, middle, down) = (total(place, step), total(place, 0), total(place, -step))
      #expect(abs((up - down) / (2 * step) - gradients[place]) < 1e-6)
      #expect(abs((up - 2 * middle + down) / (step * step) * factor - hessians[place]) < 1e-5)
    }
  }

  @Test("probabilities of extreme scores are probabilities")
  func extremes() {
    #expect(
      BoostingLoss.answers([800, -800, 0], rows: 3, outputs: 2, isNumber: false) == [0, 1, 1, 0, 0.5, 0.5])
    #expect(BoostingLoss.answers([-900, 900, 0], rows: 1, outputs: 3, isNumber: false) == [0, 1, 0])
    let loss = BoostingLoss(.classes([0, 1], classes: 2))
    #expect(loss.mean([800, -800]) == 800 && loss.mean([-800, 800]) == 0)
    #expect(BoostingLoss(.classes([0, 0], classes: 3)).start.allSatisfy { $0.isFinite })
  }

  @Test(
    "sums of derivatives as integers are close to those of Doubles, and counts are exact", arguments: [1, 100, 70_000])
  func pairs(rows: Int) {
    var random = Random(seed: 4, stream: "pairs \(rows)")
    let gradients = (0..<rows).map { _ in random.normal() * 1e3 }, hessians = (0..<rows).map { _ in random.uniform() }
    var pairs = GradientPairs(rows: rows)
    pairs.take(gradients, hessians, first: 0, stride: 1)
    let sum = pairs.pairs.reduce(SIMD2<Int64>.zero) { $0 &+ $1 }
    #expect(pairs.unit.count(sum) == rows)
    #expect(abs(pairs.unit.gradient(sum) - gradients.reduce(0, +)) < 1e-5 * Double(rows))
    #expect(abs(pairs.unit.hessian(sum) - hessians.reduce(0, +)) < 1e-8 * Double(rows))
  }

  @Test("derivatives without end count as 0")
  func endless() {
    var pairs = GradientPairs(rows: 4)
    pairs.take([.infinity, .nan, 1, -1e308], [1, .infinity, .nan, 0], first: 0, stride: 1)
    #expect(pairs.pairs.map { pairs.unit.count($0) } == [1, 1, 1, 1])
    #expect(pairs.pairs[0][0] == 0 && pairs.pairs[1][0] == 0)
  }
}
