import Compute
import Models
import Tasks
import Text

/// A trained fastText model with its words.
struct FastTextState: ModelState {
  let bag: WordBag
  let model: FastText

  private struct Outline: Codable {
    var text: TextSettings
    var vocabulary: Vocabulary
  }

  var outline: any Encodable { Outline(text: bag.text, vocabulary: bag.vocabulary) }

  /// `buckets` I64 `[buckets]`, ascending; `vectors` F32 `[words + buckets, width]`; `weights` F32 `[outputs, width]`.
  var tensors: [Safetensors.Tensor] {
    [
      Safetensors.Tensor("buckets", [bag.buckets.count], .integers(bag.buckets.map(Int.init))),
      Safetensors.Tensor("vectors", [bag.count, model.width], .floats(model.table)),
      Safetensors.Tensor("weights", [model.outputs, model.width], .floats(model.weights)),
    ]
  }

  init(bag: WordBag, model: FastText) { (self.bag, self.model) = (bag, model) }

  /// - Throws: `CheckpointError` where a tensor is missing, has another shape, or does not fit the others.
  init(
    outline: String, stored file: Safetensors, sizes: FastTextConfiguration, shape: TaskShape
  ) throws(CheckpointError) {
    let outline = try Self.part(Outline.self, of: outline)
    let buckets = try file.integers("buckets")
    guard zip(buckets, buckets.dropFirst()).allSatisfy(<), buckets.first ?? 0 >= 0, buckets.last ?? 0 < sizes.buckets,
      sizes.buckets <= Int(Int32.max)
    else { throw .malformed("its buckets are not ascending numbers below \(sizes.buckets)") }
    let rows = outline.vocabulary.count + buckets.count
    for (name, expected) in [
      ("buckets", [buckets.count]), ("vectors", [rows, sizes.embedding]),
      ("weights", [shape.outputs, sizes.embedding]),
    ] {
      guard let found = file[name]?.shape else { throw .missing(tensor: name) }
      guard found == expected else { throw .shape(tensor: name, got: found, expected: expected) }
    }
    bag = WordBag(
      text: outline.text, hashes: sizes.hashes, vocabulary: outline.vocabulary, buckets: buckets.map { Int32($0) })
    model = FastText(
      width: sizes.embedding, outputs: shape.outputs, isMultiLabel: shape.problem == .multiLabel,
      table: try file.floats("vectors"), weights: try file.floats("weights"))
  }

  func classifier(in workspace: Workspace, batchSize: Int) -> any TextClassifier {
    FastTextClassifier(bag: bag, model: model)
  }

  func export(labels: [String]) throws(CheckpointError) -> ModelExport { throw .notExported(FastTextFamily.kind) }
}

/// Answers texts by their words and n-grams.
final class FastTextClassifier: TextClassifier {
  fileprivate let bag: WordBag
  fileprivate let model: FastText

  init(bag: WordBag, model: FastText) { (self.bag, self.model) = (bag, model) }

  var classes: Int { model.outputs }
  var parameterCount: Int { model.table.count + model.weights.count }
  var byteCount: Int { 4 * parameterCount + bag.byteCount }
  var vocabularyCount: Int? { bag.count }

  func encode(_ inputs: [Input]) -> EncodedTexts { .features(bag.features(inputs.map(\.text))) }
  func answers(_ encoded: EncodedTexts, pool: WorkerPool) -> [Float] {
    let rows = rows(encoded), cuts = pool.threads * 4
    let parts = pool.map(cuts) { part in
      model.probabilities(rows[part * rows.count / cuts..<(part + 1) * rows.count / cuts])
    }
    return Array(parts.joined())
  }
  func flops(_ encoded: EncodedTexts) -> Double { model.flops(rows(encoded)) }

  private func rows(_ encoded: EncodedTexts) -> SparseRows {
    guard case .features(let rows) = encoded, rows.columns == bag.count else {
      preconditionFailure("FastTextClassifier: got \(encoded.count) \(encoded.form), expected \(bag.count) features")
    }
    return rows
  }
}

extension FastTextClassifier: AttributingClassifier {
  var attributionMethod: AttributionMethod? { .weights }

  func attributions(_ texts: [String], outputs: [Int], pool: WorkerPool) -> [WordAttribution] {
    pool.map(texts.count) { index in
      bag.attribution(texts[index], model.attribution(bag.features([texts[index]]), output: outputs[index]))
    }
  }
}
