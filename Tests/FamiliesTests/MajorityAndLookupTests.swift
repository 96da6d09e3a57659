import Compute
import Foundation
import TestSupport
import Tasks
import Testing

@testable import Families
@testable import Models

/// The most probable class, the lowest of equals.
func predicted(_ probabilities: [Float], classes: Int) -> [Int] {
  stride(from: 0, to: probabilities.count, by: classes).map { start in
    (0..<classes).reduce(0) { probabilities[start + $1] > probabilities[start + $0] ? $1 : $0 }
  }
}

@Suite("MajorityClassifier") struct MajorityClassifierTests {
  let pool = WorkerPool(threads: 1)

  @Test("predicts the most frequent class with the smoothed prior")
  func majority() {
    let classifier = MajorityClassifier(MajorityState(labels: [2, 1, 2, 0, 2, 1], classes: 4))
    let probabilities = classifier.answers(classifier.encode(["a", "b"]), pool: pool)
    expectClose(probabilities, [0.2, 0.3, 0.4, 0.1, 0.2, 0.3, 0.4, 0.1], absolute: 1e-7, "prior")
    #expect(predicted(probabilities, classes: 4) == [2, 2] && classifier.state.majority == 2)
  }

  @Test("the lowest index wins a tie")
  func tie() {
    let state = MajorityState(labels: [1, 2, 2, 1], classes: 3)
    let classifier = MajorityClassifier(state)
    #expect(state.majority == 1)
    #expect(predicted(classifier.answers(.keys(["x"]), pool: pool), classes: 3) == [1])
  }
}

@Suite("LookupClassifier") struct LookupClassifierTests {
  let pool = WorkerPool(threads: 1)

  func labels(_ classifier: LookupClassifier, _ texts: [String]) -> [Int] {
    predicted(classifier.answers(classifier.encode(texts), pool: pool), classes: classifier.classes)
  }

  @Test("gives the majority label of the same normalised text, else the majority class")
  func lookup() {
    let classifier = LookupClassifier(
      LookupState(
        texts: ["My card?", "my CARD", "my card!", "lost pin", "fee", "fees"], labels: [2, 2, 0, 1, 0, 0], classes: 3))
    #expect(labels(classifier, ["my card", "Lost pin.", "something else", ""]) == [2, 1, 0, 0])
    #expect(classifier.vocabularyCount == 4)
  }

  @Test("a tie goes to the more frequent class, then to the lowest index")
  func ties() {
    let classifier = LookupClassifier(
      LookupState(
        texts: ["x", "x", "z", "y", "y"], labels: [0, 2, 2, 1, 0], classes: 3))
    // Classes 0 and 2 have two rows, class 1 one.
    #expect(labels(classifier, ["x", "y"]) == [0, 0])
    let other = LookupClassifier(LookupState(texts: ["x", "x", "z"], labels: [0, 2, 2], classes: 3))
    #expect(labels(other, ["x"]) == [2])
  }

  @Test("probabilities sum to 1 and none is zero")
  func smoothing() {
    let classifier = LookupClassifier(LookupState(texts: ["x", "x", "x", "z"], labels: [0, 0, 2, 2], classes: 4))
    let probabilities = classifier.answers(classifier.encode(["x", "unknown"]), pool: pool)
    // prior = (3, 1, 3, 1) / 8; known: (count + prior) / 4
    expectClose(
      probabilities, [2.375 / 4, 0.125 / 4, 1.375 / 4, 0.125 / 4, 0.375, 0.125, 0.375, 0.125], absolute: 1e-7,
      "smoothed")
    #expect(probabilities.allSatisfy { $0 > 0 })
  }

  @Test("the state does not depend on the order of the rows, and holds no text")
  func state() throws {
    let texts = ["b", "a", "c", "a"], labels = [1, 0, 1, 1]
    let state = LookupState(texts: texts, labels: labels, classes: 2)
    let reversed = LookupState(texts: texts.reversed(), labels: labels.reversed(), classes: 2)
    #expect(state == reversed && state.keys == ["a", "b", "c"].map { TextDigest($0) }.sorted())
  }

  @Test("stored entries of a class that the prior has no row of, or of more rows than it has, are an error, not a trap")
  func hostile() throws {
    let state = LookupState(texts: ["a", "b", "b"], labels: [0, 1, 1], classes: 2)
    let file = try Safetensors(bytes: Safetensors.encoded(state.tensors))
    #expect(try LookupState(prior: state.prior, stored: file) == state)
    for labels in [[1, 1, 1], [0, 1], []] {
      let prior = MajorityState(labels: labels, classes: 2)
      #expect(throws: CheckpointError.self) { try LookupState(prior: prior, stored: file) }
    }
  }

  @Test("a digest is the head of the text's SHA-256")
  func digest() {
    // sha256("abc") = ba7816bf 8f01cfea 414140de 5dae2223 …
    let head: [UInt8] = [
      0xBA, 0x78, 0x16, 0xBF, 0x8F, 0x01, 0xCF, 0xEA, 0x41, 0x41, 0x40, 0xDE, 0x5D, 0xAE, 0x22, 0x23,
    ]
    #expect(TextDigest("abc").bytes == head && TextDigest(bytes: head) == TextDigest("abc"))
  }
}

@Suite("EncodedTexts") struct EncodedTextsTests {
  @Test("a slice holds the same texts in every form")
  func slices() {
    var rows = SparseRows(columns: 2)
    for index in 0..<4 { rows.append(indices: [1], values: [Float(index)]) }
    let table = TableColumns([.numbers([0, 1, 2, 3]), .categories([3, 2, 1, -1])], rows: 4)
    let forms: [EncodedTexts] = [
      .tokens([[0], [1], [2], [3]]), .features(rows), .table(table), .keys(["0", "1", "2", "3"]),
      .rows((0..<4).map { Input(text: "\($0)") }), .beside(.features(rows), tokens: [[0], [1], [2], [3]]),
    ]
    for form in forms {
      #expect(form.count == 4 && form[1..<3].count == 2)
      switch form[1..<3] {
      case .tokens(let tokens): #expect(tokens == [[1], [2]])
      case .features(let rows): #expect(rows.values == [1, 2])
      case .table(let table): #expect(table.columns == [.numbers([1, 2]), .categories([2, 1])])
      case .rows(let inputs): #expect(inputs.map(\.text) == ["1", "2"])
      case .beside(.features(let rows), let tokens): #expect(rows.values == [1, 2] && tokens == [[1], [2]])
      case .beside: Issue.record("other features than there were")
      case .keys(let keys): #expect(keys == ["1", "2"])
      }
    }
  }
}
