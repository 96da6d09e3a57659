import Corpora
import Foundation
import TestSupport
import Testing

@testable import Evidence

/// One case of labels.json, which cleanlab wrote.
private struct LabelCase: Decodable {
  var name: String
  var classes: Int
  var labels: [Int]
  var probabilities: [Float]
  var thresholds: [Double]
  var suspects: [Int]

  static func all() throws -> [LabelCase] {
    struct File: Decodable { var cases: [LabelCase] }
    let url = Fixtures.root.appendingPathComponent("evidence/labels.json")
    return try JSONDecoder().decode(File.self, from: Data(contentsOf: url)).cases
  }
}

@Suite("Doubtful labels")
struct LabelTests {
  @Test("suspects are cleanlab's, in its order")
  func suspects() throws {
    let cases = try LabelCase.all()
    #expect(cases.count == 5 && cases.contains { !$0.suspects.isEmpty })
    for item in cases {
      let found = ConfidentLearning(probabilities: item.probabilities, labels: item.labels, classes: item.classes)
      #expect(found.suspects.map(\.row) == item.suspects, "\(item.name)")
      expectClose(
        found.thresholds.compactMap(\.self), item.thresholds, absolute: 1e-9, relative: 1e-9, item.name)
    }
  }

  @Test("a class without rows has no threshold, and nobody is its suspect")
  func absent() {
    let found = ConfidentLearning(
      probabilities: [0.1, 0.9, 0, 0.8, 0.1, 0.1, 0.2, 0.7, 0.1], labels: [0, 0, 1], classes: 3)
    #expect(found.thresholds[2] == nil)
    #expect(found.joint.map { $0[2] } == [0, 0, 0])
    #expect(found.suspects.map(\.row) == [0] && found.suspects.map(\.suggested) == [1])
  }

  private static let corpus = Corpus(
    name: "c", task: "t", classes: ["a", "b", "c"],
    domains: [
      Dataset(
        domain: "d", examples: (0..<200).map { Example(id: "r:\($0)", text: "\($0)", label: $0 % 3) },
        reading: ReadingReport())
    ], isGenerated: false)

  @Test("so many labels are made wrong, each to another class, the same ones for the same seed")
  func planted() {
    for kind in PlantedFlips.Kind.allCases {
      // a is taken for c, b for a; c for nothing.
      let confusion = [[[9, 0, 4], [2, 7, 0], [0, 0, 8]]]
      func flips(_ seed: UInt64) -> PlantedFlips {
        PlantedFlips(
          kind, share: 0.1, in: [Self.corpus], without: [["r:0", "r:7"]], confusion: confusion, seed: seed)
      }
      let found = flips(1)
      #expect(found.rows.count == 20 && found.rows == flips(1).rows && found.rows != flips(2).rows)
      var pairs: Set<[Int]> = []
      let left = Self.corpus.domains[0].examples.filter { !["r:0", "r:7"].contains($0.id) }
      #expect(found.corpora[0].domains[0].examples.map(\.id) == left.map(\.id))
      for (old, new) in zip(left, found.corpora[0].domains[0].examples) {
        #expect((old.label != new.label) == found.rows.contains(old.id))
        if old.label != new.label { pairs.insert([old.label, new.label]) }
      }
      if kind == .confusions { #expect(pairs.isSubset(of: [[0, 2], [1, 0], [2, 0], [2, 1]])) }
      if kind == .uniform { #expect(pairs.count == 6) }
    }
  }
}
