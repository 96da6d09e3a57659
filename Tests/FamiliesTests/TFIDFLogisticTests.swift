import Compute
import Foundation
import TestSupport
import Testing
import Text

@testable import Families
@testable import Models

@Suite("TF-IDF and logistic regression") struct TFIDFLogisticTests {
  static func state(
    _ fixture: LinearTextFixture, _ configuration: TFIDFLogisticConfiguration, threads: Int = 1,
    classWeights: [Float]? = nil, tolerance: Double = 1e-4
  ) throws -> TFIDFLogisticState {
    try TFIDFLogisticState(
      fitting: fixture.train, labels: fixture.labels, classes: 3, configuration: configuration,
      text: LinearTextFixture.plain,
      classWeights: classWeights, tolerance: tolerance, pool: WorkerPool(threads: threads))
  }

  @Test(
    "features, TF-IDF values and probabilities equal scikit-learn's", arguments: try LinearTextFixture.load().cases)
  func reference(reference: LinearTextFixture.Case) throws {
    let fixture = try LinearTextFixture.load()
    let name = "tfidf-logistic.json, \(reference.name)"
    let state = try Self.state(fixture, reference.configuration, tolerance: 2e-7)
    let classifier = LinearTextClassifier(state.linear)
    #expect(
      (0..<state.linear.encoder.vectorizer.count).map { state.linear.encoder.vectorizer.feature($0) }
        == reference.features)
    let encoded = classifier.encode(fixture.test)
    guard case .features(let rows) = encoded else {
      Issue.record("\(name): encoded as \(encoded.form)")
      return
    }
    for (row, expected) in reference.test_rows.enumerated() {
      let range = rows.offsets[row]..<rows.offsets[row + 1]
      expectClose(rows.indices[range].map { Double($0) }, expected[0], absolute: 0, "\(name): columns of text \(row)")
      expectClose(rows.values[range], expected[1], absolute: 1e-6, "\(name): values of text \(row)")
    }
    let probabilities = classifier.answers(encoded, pool: WorkerPool(threads: 1))
    expectClose(probabilities, reference.probabilities.flatMap { $0 }, absolute: 5e-6, "\(name): probabilities")
  }

  @Test(
    "with balanced class weights probabilities equal scikit-learn's",
    arguments: try LinearTextFixture.load().balanced)
  func balanced(reference: LinearTextFixture.Balanced) throws {
    let fixture = try LinearTextFixture.load()
    let configuration = try #require(fixture.cases.first { $0.name == reference.name }).configuration
    let labels = reference.rows.map { fixture.labels[$0] }, classes = (labels.max() ?? 0) + 1
    // rows / (classes × rows of the class)
    let weights = (0..<classes).map { label in
      Float(labels.count) / Float(classes * labels.count { $0 == label })
    }
    func probabilities(_ weights: [Float]?) throws -> [Float] {
      let state = try TFIDFLogisticState(
        fitting: reference.rows.map { fixture.train[$0] }, labels: labels, classes: classes,
        configuration: configuration, text: LinearTextFixture.plain, classWeights: weights, tolerance: 2e-7,
        pool: WorkerPool(threads: 1))
      let classifier = LinearTextClassifier(state.linear)
      return classifier.answers(classifier.encode(fixture.test), pool: WorkerPool(threads: 1))
    }
    let expected = reference.probabilities.flatMap { $0 }
    expectClose(try probabilities(weights), expected, absolute: 1e-5, "balanced, \(reference.testDescription)")
    let unweighted = try probabilities(nil)
    #expect(zip(unweighted, expected).contains { abs(Double($0) - $1) > 1e-2 })
  }

  @Test("a row that is chosen twice acts as a class weight of two, one that is not as none")
  func chosenRows() throws {
    let fixture = try LinearTextFixture.load()
    func state(_ rows: [Int]?, _ weights: [Float]?) throws -> TFIDFLogisticState {
      try TFIDFLogisticState(
        fitting: fixture.train, labels: fixture.labels, classes: 3, configuration: TFIDFLogisticConfiguration(),
        text: LinearTextFixture.plain, rows: rows, classWeights: weights, tolerance: 2e-7, pool: WorkerPool(threads: 1))
    }
    let all = Array(fixture.train.indices), ones = all.filter { fixture.labels[$0] == 1 }
    let (chosen, weighed) = (try state(all + ones, nil), try state(nil, [1, 2, 1]))
    // IDF counts each text once either way.
    #expect(chosen.linear.encoder.vectorizer == weighed.linear.encoder.vectorizer)
    expectClose(chosen.linear.weights, weighed.linear.weights.map(Double.init), absolute: 1e-4, "weights")
    #expect(try state(all, nil) == state(nil, nil))
    #expect(try state(all.filter { fixture.labels[$0] != 1 }, nil).linear.biases != state(nil, nil).linear.biases)
  }

  @Test("1, 2 and 3 threads learn the same bits")
  func threads() throws {
    let fixture = try LinearTextFixture.load()
    let states = try [1, 2, 3].map { try Self.state(fixture, TFIDFLogisticConfiguration(), threads: $0) }
    #expect(states[0] == states[1] && states[0] == states[2] && states[0].fit.iterations > 3)
  }

  @Test("a stored state gives the same probabilities")
  func stored() throws {
    let fixture = try LinearTextFixture.load()
    let state = try Self.state(fixture, TFIDFLogisticConfiguration())
    let file = try Safetensors(bytes: Safetensors.encoded(state.linear.tensors))
    let stored = try LinearText(
      outline: state.linear.outline, shape: .classification(state.linear.classes), stored: file)
    let decoded = TFIDFLogisticState(linear: stored, fit: state.fit)
    let pool = WorkerPool(threads: 1)
    let answers = [state, decoded].map { state in
      let classifier = LinearTextClassifier(state.linear)
      return classifier.answers(classifier.encode(fixture.test), pool: pool)
    }
    #expect(decoded == state && answers[0] == answers[1])
  }

  @Test("neither batch size nor order changes a bit of a probability")
  func batches() throws {
    let fixture = try LinearTextFixture.load()
    let classifier = LinearTextClassifier(try Self.state(fixture, TFIDFLogisticConfiguration()).linear)
    let pool = WorkerPool(threads: 2)
    let encoded = classifier.encode(fixture.test)
    let whole = classifier.answers(encoded, pool: pool)
    let single = fixture.test.indices.flatMap { classifier.answers(encoded[$0..<$0 + 1], pool: pool) }
    #expect(whole == single)
  }

  @Test("a doubled class weight acts as the same rows twice")
  func classWeights() throws {
    let fixture = try LinearTextFixture.load()
    var twice = fixture
    for (text, label) in zip(fixture.train, fixture.labels) where label == 1 {
      twice.train.append(text)
      twice.labels.append(label)
    }
    // The vocabulary must stay the same; so must IDF, which counts texts: no n-gram limit, and one word each.
    let vectorizer = try TFIDFVectorizer(fitting: fixture.train, configuration: TFIDFLogisticConfiguration())
    let values = [(fixture, [1, 2, 1] as [Float]), (twice, [1, 1, 1])].map { data, weights in
      var objective = LogisticObjective(
        rows: vectorizer.transform(data.train), labels: data.labels, classes: 3, c: 1, classWeights: weights)
      let point = (0..<objective.count).map { $0 % 4 < 3 ? Float($0 % 7) / 7 : 0 }
      var gradient = point
      let value = objective.evaluate(point, &gradient, pool: WorkerPool(threads: 1))
      return (value, gradient)
    }
    expectClose(values[0].0, values[1].0, absolute: 1e-6, "objective")
    expectClose(values[0].1, values[1].1, absolute: 1e-6, "gradient")
  }

  @Test("without any feature it predicts the class shares")
  func noFeatures() throws {
    let state = try TFIDFLogisticState(
      fitting: ["", "", "", ""], labels: [0, 0, 0, 1], classes: 2, configuration: TFIDFLogisticConfiguration(),
      text: LinearTextFixture.plain, tolerance: 1e-6, pool: WorkerPool(threads: 1))
    let classifier = LinearTextClassifier(state.linear)
    let probabilities = classifier.answers(classifier.encode(["card"]), pool: WorkerPool(threads: 1))
    expectClose(probabilities, [0.75, 0.25], absolute: 1e-4, "class shares")
  }

  @Test("counts parameters, bytes, features and operations")
  func sizes() throws {
    let fixture = try LinearTextFixture.load()
    let classifier = LinearTextClassifier(try Self.state(fixture, TFIDFLogisticConfiguration()).linear)
    let features = try #require(classifier.vocabularyCount)
    #expect(classifier.parameterCount == (features + 1) * 3 && classifier.byteCount > 4 * classifier.parameterCount)
    let encoded = classifier.encode(["card", ""])
    guard case .features(let rows) = encoded else {
      Issue.record("no features")
      return
    }
    #expect(rows.nonZeros > 0 && classifier.flops(encoded) == Double(rows.nonZeros * 6))
  }

  @Test("asked to stop at any of its questions it ends there; never asked to, it learns the same")
  func stopped() throws {
    let fixture = try LinearTextFixture.load()
    // More texts than stand between two questions.
    let times = 1_100 / fixture.train.count + 1
    let texts = (0..<times).flatMap { _ in fixture.train }, labels = (0..<times).flatMap { _ in fixture.labels }
    func fit(stoppedAt question: Int) throws -> (state: TFIDFLogisticState?, asked: Int) {
      var asked = 0
      do throws(FitStopped) {
        let state = try TFIDFLogisticState(
          fitting: texts, labels: labels, classes: 3, configuration: TFIDFLogisticConfiguration(),
          text: LinearTextFixture.plain, pool: WorkerPool(threads: 1),
          isStopped: {
            asked += 1
            return asked == question
          })
        return (state, asked)
      } catch { return (nil, asked) }
    }
    let whole = try fit(stoppedAt: 0)
    let state = try #require(whole.state)
    // Preparing, words, characters and weighing ask three times each, then every iteration does.
    #expect(whole.asked == 4 * 3 + state.fit.iterations && state.fit.ending == .converged)
    for question in 1...whole.asked {
      let ended = try fit(stoppedAt: question)
      #expect(ended.state == nil && ended.asked == question)
    }
  }
}
