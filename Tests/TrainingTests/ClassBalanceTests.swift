import Compute
import Testing

@testable import Training

@Suite struct ClassBalanceTests {
  private let labels = [0, 0, 0, 0, 0, 0, 2, 2, 2, 3]

  @Test("balanced weights are rows / (classes present × rows of the class)")
  func weights() {
    let expected: [Float] = [10 / 18, 1, 10 / 9, 10 / 3]
    #expect(ClassBalance.weights(.balanced, labels: labels, classes: 4) == expected)
    #expect(ClassBalance.weights(.none, labels: labels, classes: 4) == nil)
  }

  @Test("over-sampling keeps every row and brings each class present to the largest")
  func over() {
    let rows = ClassBalance.rows(.over, labels: labels, classes: 4, random: Random(seed: 1, stream: "s"))
    #expect(Set(rows) == Set(labels.indices))
    for label in [0, 2, 3] { #expect(rows.count { labels[$0] == label } == 6) }
  }

  @Test("under-sampling repeats no row and brings each class present to the smallest")
  func under() {
    let rows = ClassBalance.rows(.under, labels: labels, classes: 4, random: Random(seed: 1, stream: "s"))
    #expect(Set(rows).count == rows.count)
    for label in [0, 2, 3] { #expect(rows.count { labels[$0] == label } == 1) }
  }

  @Test("the same seed draws the same rows, another seed others")
  func seeds() {
    let many = (0..<200).map { $0 < 150 ? 0 : 1 }
    func draw(_ seed: UInt64, _ kind: TrainingSettings.Sampling) -> [Int] {
      ClassBalance.rows(kind, labels: many, classes: 2, random: Random(seed: seed, stream: "s"))
    }
    for kind in [TrainingSettings.Sampling.over, .under] {
      #expect(draw(1, kind) == draw(1, kind))
      #expect(draw(1, kind) != draw(2, kind))
    }
    #expect(draw(1, .none) == Array(0..<200))
  }
}
