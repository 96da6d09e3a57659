import Compute
import Foundation
import Settings
import Tasks
import TestSupport
import Testing
import Text
import Training

@testable import Families
@testable import Models

/// Models over the vectors that a checkpoint's encoder makes of texts.
@Suite struct SentenceVectorTests {
  private static let folder = Fixtures.root.appendingPathComponent("architectures/bert")
  private static let readers = ModelFamilies.names { $0.keys.sizes.contains { $0.key == "inputs" } }

  private static func texts() throws -> [String] {
    try JSONDecoder().decode([String].self, from: Data(contentsOf: folder.appendingPathComponent("../texts.json")))
  }

  private func model(_ kind: String, inputs: [String] = ["vectors"], _ keys: [String: Checked] = [:]) throws
    -> ModelDeclaration
  {
    var declared = Checked(.map([]))
    declared.set(["kind"], Checked(.text(kind)))
    declared.set(["inputs"], Checked(.list(inputs.map { Checked(.text($0)) })))
    declared.set(["pretrained"], Checked(.text(Self.folder.path)))
    if kind == "random-forest" { declared.set(["trees"], Checked(.integer(20))) }
    if kind == "gradient-boosting" { declared.set(["minimum_leaf"], Checked(.integer(1))) }
    if kind == "linear-svm" || kind == "tfidf-logistic" { declared.set(["c"], Checked(.number(100_000))) }
    if kind == "mlp" {
      for (key, number) in [("learning_rate", 0.02), ("dropout", 0)] { declared.set([key], Checked(.number(number))) }
      for (key, number) in [("epochs", 300), ("patience", 300)] { declared.set([key], Checked(.integer(number))) }
    }
    for (key, value) in keys.sorted(by: { $0.key < $1.key }) { declared.set([key], value) }
    return try #require(ModelDeclaration("m", declared))
  }

  /// Rows of which the text's vector, and a column, tell the class.
  private func rows(cells: Bool = false) throws -> FitJob.Rows {
    let texts = try Self.texts(), all = (0..<5).flatMap { _ in texts }
    return FitJob.Rows(
      inputs: all.enumerated().map { Input(text: $1, cells: cells ? [.number(Float($0 % 3))] : []) },
      targets: .classes(all.indices.map { $0 % texts.count < 4 ? 0 : 1 }))
  }

  private func fitted(
    _ model: ModelDeclaration, _ rows: FitJob.Rows, _ shape: TaskShape = .classification(2), threads: Int = 2
  ) throws -> Fitted {
    let columns = rows.inputs[0].cells.isEmpty ? [] : [InputColumn(name: "n", kind: .number)]
    let fitter = Fitter(
      model: model, shape: shape, random: Random(seed: 1, stream: "fit"), primary: .accuracy, columns: columns)
    return try fitter.fit(training: rows, validation: rows, pool: WorkerPool(threads: threads)) { _ in }
  }

  private func answers(_ model: TrainedModel, _ inputs: [Input], batchSize: Int = 32) -> [Float] {
    let classifier = model.classifier(in: Workspace(), batchSize: batchSize)
    return classifier.answers(classifier.encode(inputs), pool: WorkerPool(threads: 2))
  }

  @Test("vectors are the means of PyTorch's token vectors, of length 1")
  func reference() throws {
    let golden = try Safetensors(contentsOf: Self.folder.appendingPathComponent("values.safetensors"))
    let hidden = try golden.floats("output.hidden"), lengths = try golden.integers("input.lengths")
    let vectors = try SentenceVectors(BERTCheckpoint(folder: Self.folder), text: TextSettings())
    let reader = SentenceReader(vectors), width = vectors.width
    let texts = try Self.texts().map { Input(text: $0) }
    let found = reader(reader.tokens(texts), pool: WorkerPool(threads: 2))
    var start = 0
    for (row, length) in lengths.enumerated() {
      var mean = (0..<width).map { column in
        (0..<Int(length)).reduce(0.0) { $0 + Double(hidden[(start + $1) * width + column]) } / Double(length)
      }
      let norm = mean.reduce(0) { $0 + $1 * $1 }.squareRoot()
      mean = mean.map { $0 / norm }
      expectClose(found[row * width..<(row + 1) * width], mean, absolute: 1e-5, "text \(row)")
      start += Int(length)
    }
  }

  @Test(
    "every kind learns from vectors, the same from any threads, and answers each text as in any batch",
    arguments: readers
  )
  func learned(kind: String) throws {
    let isNumber = ModelFamilies.all.contains { $0.kind.rawValue == kind && !$0.problems.contains(.classification) }
    var rows = try self.rows()
    if isNumber { rows.targets = .numbers(rows.labels.map { Double($0) }) }
    let shape = isNumber ? TaskShape(.regression, classes: 0) : .classification(2)
    let model = try self.model(kind)
    let one = try fitted(model, rows, shape, threads: 1), three = try self.fitted(model, rows, shape, threads: 3)
    let found = answers(one.model, rows.inputs)
    #expect(found == answers(three.model, rows.inputs))
    #expect(found == answers(one.model, rows.inputs, batchSize: 3))
    if !isNumber {
      #expect(mostProbable(found, classes: 2) == (0..<40).map { $0 % 8 < 4 ? 0 : 1 }, "\(kind)")
    }
    let classifier = one.model.classifier(in: Workspace())
    let encoded = classifier.encode(rows.inputs)
    #expect(encoded.count == 40 && encoded[3..<5].count == 2)
    #expect(
      classifier.answers(encoded[3..<5], pool: WorkerPool(threads: 1)) == Array(found[(isNumber ? 3..<5 : 6..<10)]))
    #expect(classifier.flops(encoded) > 40 * 2 * 16)
    #expect(classifier.byteCount > one.model.state.tensors.reduce(0) { $0 + $1.shape.reduce(4, *) } / 2)
    #expect(one.model.readsText)
  }

  @Test(
    "a stored model answers with the same bits; with a tensor of its encoder missing it is refused", arguments: readers)
  func stored(kind: String) throws {
    guard ModelFamilies.all.contains(where: { $0.kind.rawValue == kind && $0.problems.contains(.classification) })
    else {
      return
    }
    let rows = try self.rows(cells: true)
    let model = try self.model(
      kind, inputs: ["ngrams", "columns", "vectors"],
      kind == "mlp" ? [:] : ["minimum_documents": Checked(.integer(1))])
    let fitted = try self.fitted(model, rows)
    let state = fitted.model.state
    let outline = String(decoding: try JSONEncoder().encode(AnyEncodable(state.outline)), as: UTF8.self)
    let tensors = state.tensors
    func read(_ tensors: [Safetensors.Tensor]) throws -> TrainedModel {
      var read = fitted.model
      read.state = try model.configuration.family.state(
        outline: outline, tensors: Safetensors(bytes: Safetensors.encoded(tensors)), shape: .classification(2))
      return read
    }
    #expect(answers(try read(tensors), rows.inputs) == answers(fitted.model, rows.inputs))
    let own = tensors.indices.filter { tensors[$0].name.hasPrefix("vectors.") }
    #expect(own.count > 30)
    for place in [own[0], own[own.count / 2]] {
      var fewer = tensors
      fewer.remove(at: place)
      #expect(throws: CheckpointError.self) { try read(fewer) }
    }
  }

  @Test("logistic regression over vectors is that of the kind encoder-logistic")
  func logistic() throws {
    let rows = try self.rows(), test = try Self.texts().map { Input(text: $0 + " card") }
    let c = TFIDFLogisticConfiguration().c
    let features = try fitted(model("tfidf-logistic", ["c": Checked(.number(c))]), rows)
    var declared = Checked(.map([]))
    declared.set(["kind"], Checked(.text("encoder-logistic")))
    declared.set(["pretrained"], Checked(.text(Self.folder.path)))
    declared.set(["c"], Checked(.number(c)))
    let checkpoint = try BERTCheckpoint(folder: Self.folder)
    var sizes = EncoderLogisticConfiguration()
    (sizes.encoder, sizes.c) = (checkpoint.configuration, c)
    sizes.encoder.pooling = .mean
    var model = try #require(ModelDeclaration("m", declared))
    model.configuration = ModelConfiguration(EncoderLogisticFamily(sizes))
    (model.text.clean, model.text.lowercase) = (false, false)
    let whole = try fitted(model, rows)
    expectClose(
      answers(features.model, test), answers(whole.model, test).map { Double($0) }, absolute: 2e-3, "probabilities")
  }
}

private struct AnyEncodable: Encodable {
  private let value: any Encodable
  init(_ value: any Encodable) { self.value = value }
  func encode(to encoder: any Encoder) throws { try value.encode(to: encoder) }
}
