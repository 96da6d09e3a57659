import Families
import Foundation
import Models
import Synchronization
import Testing

@testable import Storage

@Suite struct PredictorTests {
  private let texts = ModelFileTests.trained.testTexts

  @Test("no bit of an answer depends on the other texts, their order or the threads")
  func company() {
    #expect(!ModelFileTests.trained.files.isEmpty && texts.count > 10)
    for file in ModelFileTests.trained.files + ModelFileTests.others {
      let kind = "\(file.model.configuration.kind)", one = Predictor(file, threads: 1),
        two = Predictor(file, threads: 2)
      let alone = texts.map { one.predict([$0])[0] }
      #expect(one.predict(texts) == alone, "\(kind)")
      #expect(two.predict(texts) == alone, "\(kind)")
      #expect(two.predict(texts.reversed()) == alone.reversed(), "\(kind)")
      #expect(two.predict([String]()).isEmpty)
    }
  }

  @Test("the label is the most probable class, and the answers are those of the trained model")
  func answers() {
    for file in ModelFileTests.trained.files {
      let classifier = file.model.classifier(in: .init()), predictor = Predictor(file, threads: 1)
      let expected = classifier.answers(classifier.encode(texts), pool: .init(threads: 1))
      for (row, prediction) in predictor.predict(texts).enumerated() {
        let values = Array(expected[row * file.labels.count..<(row + 1) * file.labels.count])
        guard file.model.configuration.family.givesProbabilities else {
          #expect(prediction.probability == nil && prediction.probabilities.isEmpty)
          #expect(prediction.label == file.labels[mostProbable(values, classes: values.count)[0]])
          continue
        }
        #expect(zip(prediction.probabilities, values).allSatisfy { abs($0 - $1) <= 1e-5 })
        #expect(prediction.probability == prediction.probabilities.max())
        #expect(
          file.labels.firstIndex { $0 == prediction.label }
            == prediction.probabilities.firstIndex { $0 == prediction.probability })
      }
    }
  }

  @Test("threads that ask one predictor at once get the answers that each would get alone")
  func threads() throws {
    for file in ModelFileTests.trained.files {
      let predictor = Predictor(file, threads: 2), expected = predictor.predict(texts)
      let answers = Mutex([Int: [Predictor.Prediction]]())
      DispatchQueue.concurrentPerform(iterations: 8) { caller in
        // Each begins elsewhere, so that they are not in step.
        let turned = Array(texts[caller...] + texts[..<caller])
        let found = predictor.predict(turned)
        answers.withLock { $0[caller] = Array(found[(texts.count - caller)...] + found[..<(texts.count - caller)]) }
      }
      for caller in 0..<8 { #expect(answers.withLock { $0[caller] } == expected) }
    }
  }

  @Test("a prediction without probabilities is a label beside blanks")
  func scoresAlone() throws {
    let predictor = Predictor(try #require(ModelFileTests.trained.files.first), threads: 1)
    let prediction = Predictor.Prediction(answer: .label("x"), probability: nil, probabilities: [])
    #expect(predictor.json(prediction) == #"{"label":"x","probability":null,"probabilities":{}}"#)
    let blanks = predictor.labels.map { _ in "" }
    #expect(predictor.fields(prediction, allClasses: true) == ["x", ""] + blanks)
    #expect(predictor.fields(prediction, allClasses: false) == ["x", ""])
  }

  @Test("JSON reads back to the same numbers; names and texts are escaped")
  func json() throws {
    var file = try #require(ModelFileTests.trained.files.first)
    file.labels[0] = "a \"b\"\n"
    let predictor = Predictor(file, threads: 1)
    let prediction = predictor.predict(["hello"])[0]
    let read = try #require(
      JSONSerialization.jsonObject(with: Data(predictor.json(prediction, text: "\\ \u{1}").utf8)) as? [String: Any])
    #expect(read["text"] as? String == "\\ \u{1}" && read["label"] as? String == prediction.label)
    let byClass = try #require(read["probabilities"] as? [String: Double])
    #expect(predictor.labels.map { byClass[$0].map { Float($0) } } == prediction.probabilities.map { $0 })
    #expect((read["probability"] as? Double).map { Float($0) } == prediction.probability)
    #expect(predictor.json(nil) == #"{"label":null,"probability":null,"probabilities":{}}"#)
  }
}

extension Predictor.Prediction {
  /// The class, where it is one.
  fileprivate var label: String? { if case .label(let label) = answer { label } else { nil } }
}
