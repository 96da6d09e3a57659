import Compute
import Tasks
import Testing

@testable import Models

@Suite struct ColumnEncoderTests {
  private static let columns = [
    InputColumn(name: "age", kind: .number), InputColumn(name: "plan", kind: .category),
    InputColumn(name: "calls", kind: .number),
  ]

  private static func input(_ cells: Cell...) -> Input { Input(text: "", cells: cells) }

  private static let rows = [
    input(.number(20), .category("two"), .number(3)), input(.number(40), .category("one"), .missing),
    input(.number(60), .missing, .number(3)), input(.number(40), .category("one"), .number(3)),
  ]

  private func dense(_ rows: SparseRows) -> [[Float]] {
    (0..<rows.count).map { row in
      var all = [Float](repeating: 0, count: rows.columns)
      for place in rows.offsets[row]..<rows.offsets[row + 1] { all[Int(rows.indices[place])] = rows.values[place] }
      return all
    }
  }

  @Test("numbers are standardised, categories have a feature each, and what is missing one where training misses some")
  func features() {
    let encoder = ColumnEncoder(fitting: Self.rows, columns: Self.columns)
    // age; plan: one, two, missing; calls: the number, of which all are equal, and whether it is missing.
    #expect(encoder.count == 6)
    let one = Float(20 / 200.0.squareRoot())
    #expect(
      dense(encoder.features(Self.rows)) == [
        [-one, 0, 1, 0, 0, 0], [0, 1, 0, 0, 0, 1], [one, 0, 0, 1, 0, 0], [0, 1, 0, 0, 0, 0],
      ])
  }

  @Test("a value that training rows do not have has no feature, nor has what only other rows miss")
  func unknown() {
    let encoder = ColumnEncoder(fitting: Self.rows, columns: Self.columns)
    let found = dense(encoder.features([Self.input(.missing, .category("three"), .number(5))]))
    #expect(found == [[0, 0, 0, 0, 2, 0]])
    #expect(encoder.declared == Self.columns)
  }

  @Test("a table keeps numbers as they are and categories by their places, with nothing for what is missing")
  func table() {
    let encoder = FeatureEncoder(
      text: .init(), vectorizer: TFIDFVectorizer(blocks: [], sublinear: true),
      columns: ColumnEncoder(fitting: Self.rows, columns: Self.columns))
    let table = encoder.table(Self.rows + [Self.input(.missing, .category("three"), .number(5))])
    guard case .numbers(let ages) = table.columns[0], case .categories(let plans) = table.columns[1] else {
      Issue.record("other columns")
      return
    }
    #expect(ages.prefix(4) == [20, 40, 60, 40] && ages[4].isNaN)
    #expect(plans == [1, 0, -1, 0, -1])
  }

  @Test("n-grams stand before columns, and what is stored reads back the same")
  func stored() throws {
    var sizes = TFIDFTestFeatures()
    sizes.minimumDocuments = 1
    var inputs = Self.rows
    for (row, text) in ["a card", "the card", "late", "a late card"].enumerated() { inputs[row].text = text }
    let rows = try FeatureRows(
      inputs, columns: Self.columns, targets: .classes([0, 1, 0, 1]), configuration: sizes, text: .init(), rows: [3, 0])
    #expect(rows.encoder.vectorizer.count == 3 && rows.encoder.count == 9)
    #expect(rows.features == rows.encoder.features([inputs[3], inputs[0]]) && rows.labels == [1, 0])
    let file = try Safetensors(bytes: Safetensors.encoded(rows.encoder.tensors(with: [])))
    #expect(try FeatureEncoder(outline: rows.encoder.outline, stored: file) == rows.encoder)
  }
}

private struct TFIDFTestFeatures: NGramFeatures {
  var wordNGrams: NGramRange? = NGramRange(1, 1)
  var characterNGrams: NGramRange?
  var minimumDocuments = 1
  var maximumFeatures: Int?
  var sublinear = true
  var readsColumns: Bool { true }
}
