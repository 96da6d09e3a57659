import Compute
import Foundation
import Models
import Settings
import Tasks
import TestSupport
import Testing
import Text
import Training

@testable import Families

/// Kinds that answer from weights of n-grams without being linear.
@Suite struct FeatureStateTests {
  private static let texts = [
    "my card is late", "the card never came", "where is the card", "a fee I do not know", "what is this fee",
    "the fee is too high", "close the account now", "please close my account",
  ]
  private static let labels = [0, 0, 0, 1, 1, 1, 2, 2]
  private static let kinds = ["nearest-neighbours", "decision-tree", "random-forest"]

  private func model(_ kind: String, _ keys: [String: Checked] = [:]) throws -> ModelDeclaration {
    var declared = Checked(.map([]))
    declared.set(["kind"], Checked(.text(kind)))
    declared.set(["minimum_documents"], Checked(.integer(1)))
    for (key, value) in keys.sorted(by: { $0.key < $1.key }) { declared.set([key], value) }
    return try #require(ModelDeclaration("m", declared))
  }

  private func fitted(
    _ model: ModelDeclaration, _ targets: Targets, _ shape: TaskShape, threads: Int = 2
  ) throws -> Fitted {
    let fitter = Fitter(
      model: model, shape: shape, random: Random(seed: 1, stream: "fit"), primary: .accuracy)
    return try fitter.fit(
      training: .init(texts: Self.texts, targets: targets), validation: nil, pool: WorkerPool(threads: threads)
    ) { _ in }
  }

  private func answers(_ model: TrainedModel, _ texts: [String]) -> [Float] {
    let classifier = model.classifier(in: Workspace())
    return classifier.answers(classifier.encode(texts), pool: WorkerPool(threads: 2))
  }

  @Test("classes are learned from n-grams, by probabilities that sum to one, whatever the threads", arguments: kinds)
  func classes(kind: String) throws {
    let model = try model(kind, kind == "random-forest" ? ["trees": Checked(.integer(40))] : [:])
    let shape = TaskShape.classification(3)
    let one = try fitted(model, .classes(Self.labels), shape, threads: 1)
    let found = answers(one.model, Self.texts + ["is the card late", "nothing known"])
    #expect(Array(mostProbable(found, classes: 3).prefix(9)) == Self.labels + [0])
    for row in stride(from: 0, to: found.count, by: 3) {
      let sum = found[row] + found[row + 1] + found[row + 2]
      #expect(abs(sum - 1) < 1e-5)
    }
    let three = try fitted(model, .classes(Self.labels), shape, threads: 3)
    #expect(answers(three.model, Self.texts) == answers(one.model, Self.texts))
    #expect(one.model.classifier(in: Workspace()).parameterCount > 0)
  }

  @Test("numbers are learned from n-grams", arguments: kinds)
  func numbers(kind: String) throws {
    let model = try model(kind, kind == "random-forest" ? ["trees": Checked(.integer(40))] : [:])
    let numbers = Self.labels.map { Double(4 - $0) }
    let found = answers(
      try fitted(model, .numbers(numbers), TaskShape(.regression, classes: 0)).model, Self.texts)
    #expect(found.count == numbers.count)
    for (answer, number) in zip(found, numbers) { #expect(abs(Double(answer) - number) < 0.8) }
  }

  @Test("neighbours answer as the model of their features does, which scikit-learn's numbers hold")
  func neighbours() throws {
    let model = try model("nearest-neighbours", ["neighbours": Checked(.integer(3))])
    let found = answers(
      try fitted(model, .classes(Self.labels), TaskShape.classification(3)).model, ["the fee"])
    var sizes = NearestNeighboursConfiguration()
    sizes.minimumDocuments = 1
    let rows = try FeatureRows(Self.texts, targets: .classes(Self.labels), configuration: sizes, text: model.text)
    let own = NearestNeighbours(
      rows: rows.features, labels: Self.labels, classes: 3, settings: .init(neighbours: 3, weights: .distance))
    #expect(found == own.predict(rows.encoder.features([Input(text: "the fee")]), pool: WorkerPool(threads: 1)))
  }

  @Test("a tree's depth and leaves are those that the manifest states")
  func tree() throws {
    let shape = TaskShape.classification(3)
    let stump = try fitted(
      try model("decision-tree", ["maximum_depth": Checked(.integer(1))]), .classes(Self.labels), shape)
    let state = try #require(stump.model.state as? FeatureState<DecisionTree>)
    #expect(state.model.nodes.count == 3)
    let wide = try fitted(
      try model("decision-tree", ["minimum_leaf": Checked(.integer(5))]), .classes(Self.labels), shape)
    #expect(try #require(wide.model.state as? FeatureState<DecisionTree>).model.nodes.count == 1)
  }

  @Test("what no n-gram is known of is answered by the training part's shares", arguments: kinds)
  func emptyVocabulary(kind: String) throws {
    let model = try model(kind, ["minimum_documents": Checked(.integer(9))])
    let fitted = try fitted(model, .classes(Self.labels), .classification(3))
    let found = answers(fitted.model, ["my card"])
    #expect(abs(found.reduce(0, +) - 1) < 1e-5)
    #expect(mostProbable(found, classes: 3) == [0])
  }

  @Test("growing trees counts as effort, more of it where there are more")
  func effort() throws {
    func flops(_ trees: Int) throws -> Double {
      let model = try model("random-forest", ["trees": Checked(.integer(trees))])
      return try fitted(model, .classes(Self.labels), .classification(3)).flops
    }
    let (few, many) = try (flops(10), flops(100))
    #expect(few > 100 && many > 5 * few)
  }
}
