import Compute
import Foundation
import TestSupport
import Testing

@testable import Models

struct Features: NGramFeatures {
  var wordNGrams: NGramRange? = NGramRange(1, 2)
  var characterNGrams: NGramRange? = NGramRange(2, 5)
  var minimumDocuments = 2
  var maximumFeatures: Int?
  var sublinear = true
}

@Suite("TFIDFVectorizer") struct TFIDFVectorizerTests {
  static func fit(
    _ texts: [String], _ change: (inout Features) -> Void = { _ in }
  ) throws -> TFIDFVectorizer {
    var configuration = Features()
    configuration.minimumDocuments = 1
    change(&configuration)
    return try TFIDFVectorizer(fitting: texts, configuration: configuration)
  }

  static func features(_ vectorizer: TFIDFVectorizer) -> [String] {
    (0..<vectorizer.count).map { vectorizer.feature($0) }
  }

  static let texts = [
    "refund the order", "the order is late, the ORDER is lost", "café é ÷ x² 日本 naïve_1", "a", "", "  a  bb\tccc\n",
    "ab ab abc", "don't re-order… 3 times", "🙂 ok 👩‍👩‍👧 ok",
  ]

  /// n-grams as scikit-learn's analysers define them, over Strings, with a dictionary.
  static func naive(_ text: String, _ unit: NGramScanner.Unit, _ range: NGramRange) -> [String: Int] {
    var counts: [String: Int] = [:]
    let scalars = Array(text.unicodeScalars)
    if unit == .word {
      let words = scalars.split { scalar in
        let category = scalar.properties.generalCategory
        let isNumber = [.decimalNumber, .letterNumber, .otherNumber].contains(category)
        return !(scalar.properties.isAlphabetic && category != .otherSymbol || isNumber || scalar == "_")
      }.filter { $0.count >= 2 }.map { word in word.map { String($0) }.joined() }
      for n in range.low...range.high where n <= words.count {
        for first in 0...words.count - n { counts[words[first..<first + n].joined(separator: " "), default: 0] += 1 }
      }
      return counts
    }
    for word in scalars.split(whereSeparator: { $0.properties.isWhitespace }) {
      let padded = [" "] + Array(word) + [" "]
      for n in range.low...range.high {
        var offset = 0
        counts[padded.prefix(n).map { String($0) }.joined(), default: 0] += 1
        while offset + n < padded.count {
          offset += 1
          counts[padded[offset..<min(offset + n, padded.count)].map { String($0) }.joined(), default: 0] += 1
        }
        if offset == 0 { break }
      }
    }
    return counts
  }

  @Test(
    "finds the n-grams of a naive twin, in order of their scalars",
    arguments: [NGramRange(1, 2), NGramRange(2, 5), NGramRange(3, 3), NGramRange(1, 6)])
  func grams(range: NGramRange) throws {
    for unit in [NGramScanner.Unit.word, .character] {
      let vectorizer = try Self.fit(Self.texts) {
        $0.wordNGrams = unit == .word ? range : nil
        $0.characterNGrams = unit == .character ? range : nil
        $0.sublinear = false
      }
      let counts = Self.texts.map { Self.naive($0, unit, range) }
      let expected = Set(counts.flatMap(\.keys)).sorted {
        $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars)
      }
      #expect(Self.features(vectorizer) == expected)
      let rows = vectorizer.transform(Self.texts)
      for (row, count) in counts.enumerated() {
        let weights = expected.map { feature -> Double in
          let documents = counts.filter { $0[feature] != nil }.count
          return Double(count[feature] ?? 0) * (log(Double(1 + counts.count) / Double(1 + documents)) + 1)
        }
        let length = weights.reduce(0) { $0 + $1 * $1 }.squareRoot()
        var actual = [Float](repeating: 0, count: expected.count)
        for k in rows.offsets[row]..<rows.offsets[row + 1] { actual[Int(rows.indices[k])] = rows.values[k] }
        expectClose(
          actual, weights.map { length > 0 ? $0 / length : 0 }, absolute: 1e-6, "\(unit) row \(row) of \(range)")
      }
    }
  }

  @Test("words come before characters and each part has length 1")
  func blocks() throws {
    let vectorizer = try Self.fit(["card card pin"]) { $0.characterNGrams = NGramRange(4, 4) }
    #expect(
      Self.features(vectorizer) == ["card", "card card", "card pin", "pin", " car", " pin", "ard ", "card", "pin "])
    let row = vectorizer.transform(["card card pin"])
    #expect(row.indices == [0, 1, 2, 3, 4, 5, 6, 7, 8])
    expectClose(row.values[0..<4].reduce(0) { $0 + Double($1 * $1) }, 1, absolute: 1e-6, "words")
    expectClose(row.values[4..<9].reduce(0) { $0 + Double($1 * $1) }, 1, absolute: 1e-6, "characters")
    // (1 + ln 2) against 1: the idf of all is equal.
    expectClose(Double(row.values[0] / row.values[3]), 1 + log(2), absolute: 1e-6, "sublinear tf")
  }

  @Test("leaves out rare n-grams and keeps the most frequent, equals in order")
  func limits() throws {
    let texts = ["aa bb cc", "aa bb dd", "aa aa ee", "cc"]
    let words: (inout Features) -> Void = {
      ($0.wordNGrams, $0.characterNGrams) = (NGramRange(1, 1), nil)
    }
    #expect(
      Self.features(
        try Self.fit(texts) {
          words(&$0); $0.minimumDocuments = 2
        }) == ["aa", "bb", "cc"])
    #expect(
      Self.features(
        try Self.fit(texts) {
          words(&$0); $0.maximumFeatures = 2
        }) == ["aa", "bb"])
    #expect(
      Self.features(
        try Self.fit(texts) {
          words(&$0); $0.maximumFeatures = 0
        }
      ).isEmpty)
    let both = try Self.fit(texts) { ($0.characterNGrams, $0.maximumFeatures) = (NGramRange(2, 2), 4) }
    #expect(both.count == 4)
  }

  @Test("knows the training texts' n-grams only")
  func unknown() throws {
    let vectorizer = try Self.fit(["card arrived"])
    let before = Self.features(vectorizer)
    let rows = vectorizer.transform(["zzz", "", "card"])
    #expect(rows.count == 3 && rows.offsets[0] == rows.offsets[2] && rows.offsets[3] > rows.offsets[2])
    #expect(Self.features(vectorizer) == before && before.allSatisfy { !$0.contains("z") })
  }

  @Test("no texts, or none with words, give no features")
  func nothing() throws {
    #expect(try Self.fit([]).count == 0)
    #expect(try Self.fit(["", " \n "]).count == 0)
    #expect(try Self.fit([]).transform(["card"]).nonZeros == 0)
  }

  @Test(
    "stored n-grams that do not fit together are an error, not a trap",
    arguments: [("ab", [0, 3]), ("ab", []), ("ab", [0, 5, 2]), ("aa", [0, 1, 2])])
  func corrupt(bytes: String, starts: [Int]) {
    #expect(throws: CheckpointError.self) { try NGramTable(bytes: Array(bytes.utf8), starts: starts) }
  }
}
