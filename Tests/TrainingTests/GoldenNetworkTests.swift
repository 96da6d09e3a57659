import Autograd
import Compute
import Foundation
import Layers
import TestSupport
import Testing

@testable import Models
@testable import Training

@Suite struct GoldenNetworkTests {
  private let workspace = Workspace()
  private let random = Random(seed: 1, stream: "golden")

  private func tape() -> Tape { Tape(workspace: workspace, mode: .evaluation) }

  /// The encoder's sizes in bert-config.json, without dropout.
  private func encoderSizes() throws -> (configuration: TransformerConfiguration, vocabulary: Int) {
    var sizes = try TransformerConfiguration.huggingFace(Fixtures.golden.appendingPathComponent("bert-config.json"))
    (sizes.configuration.dropout, sizes.configuration.attentionDropout) = (0, 0)
    return sizes
  }

  /// The LSTM's sizes, from the shapes of its weights.
  private func lstmSizes(_ golden: GoldenCase, _ name: String) throws -> RecurrentConfiguration {
    var sizes = RecurrentConfiguration()
    sizes.hidden = try golden.shape("weight.\(name).weight_hh_l0")[1]
    sizes.layers = (0...).first { golden.file["weight.\(name).weight_hh_l\($0)"] == nil } ?? 0
    sizes.bidirectional = golden.file["weight.\(name).weight_hh_l0_reverse"] != nil
    (sizes.dropout, sizes.pooling) = (0, .last)
    return sizes
  }

  private func expectStates(_ states: [RecurrentLayer.States], _ golden: GoldenCase) throws {
    try golden.expect(states[states.count - 1].output.value.array, "output.sequence", isPadded: true)
    try golden.expect(states.flatMap { $0.hidden.flatMap(\.value.array) }, "output.h_n")
    try golden.expect(states.flatMap { $0.cell.flatMap(\.value.array) }, "output.c_n")
  }

  @Test("BERT gives PyTorch's outputs, gradients and weights after three steps")
  func bert() throws {
    let golden = try GoldenCase("bert.safetensors"), sizes = try encoderSizes()
    let network = BERTClassifier(
      sizes.configuration, vocabulary: sizes.vocabulary, classes: try golden.shape("weight.classifier.weight")[0],
      random: random, workspace: workspace)
    try network.load(try golden.weights())
    let tape = tape()
    let states = network.encoder(golden.batch, on: tape)
    try golden.expect(states.value.array, "output.last_hidden_state", isPadded: true)
    try golden.expect(
      network.pool(states, offsets: golden.batch.offsets, on: tape).value.array, "output.pooler_output")
    try golden.expect(network.logits(golden.batch, on: tape).value.array, "output.logits")
    try golden.expectTraining(network)
  }

  @Test(
    "the LSTM gives PyTorch's outputs, gradients and weights after three steps",
    arguments: [
      "lstm.safetensors", "bilstm-2layer.safetensors",
    ])
  func lstm(file: String) throws {
    let golden = try GoldenCase(file)
    var sizes = try lstmSizes(golden, "lstm")
    let table = try golden.shape("weight.embedding.weight")
    sizes.embedding = table[1]
    let network = RecurrentClassifier(
      .lstm, sizes, vocabulary: table[0], classes: try golden.shape("weight.classifier.weight")[0], random: random,
      workspace: workspace)
    try network.load(try golden.weights())
    let tape = tape()
    let vectors = network.embedding(golden.batch.ids, on: tape)
    try expectStates(network.stack(vectors, offsets: golden.batch.offsets, on: tape), golden)
    try golden.expect(network.logits(golden.batch, on: tape).value.array, "output.logits")
    try golden.expectTraining(network)
  }

  /// Tests/Fixtures/networks, by Scripts/fixtures/torch_networks.py.
  private static let networks = Fixtures.root.appendingPathComponent("networks")

  @Test(
    "a GRU and a simple recurrent network give PyTorch's outputs, gradients and weights after three steps",
    arguments: [RecurrentCell.gru, .rnn])
  func recurrent(cell: RecurrentCell) throws {
    let golden = try GoldenCase(Self.networks.appendingPathComponent("\(cell).safetensors"))
    var sizes = try lstmSizes(golden, cell.rawValue)
    let table = try golden.shape("weight.embedding.weight")
    sizes.embedding = table[1]
    let network = RecurrentClassifier(
      cell, sizes, vocabulary: table[0], classes: try golden.shape("weight.classifier.weight")[0], random: random,
      workspace: workspace)
    try network.load(try golden.weights())
    let tape = tape()
    let vectors = network.embedding(golden.batch.ids, on: tape)
    let states = network.stack(vectors, offsets: golden.batch.offsets, on: tape)
    try golden.expect(states[states.count - 1].output.value.array, "output.sequence", isPadded: true)
    try golden.expect(states[states.count - 1].hidden.flatMap(\.value.array), "output.h_n")
    try golden.expect(network.logits(golden.batch, on: tape).value.array, "output.logits")
    try golden.expectTraining(network)
  }

  @Test("a convolutional network gives PyTorch's outputs, gradients and weights after three steps")
  func convolutional() throws {
    let golden = try GoldenCase(Self.networks.appendingPathComponent("cnn.safetensors"))
    var sizes = ConvolutionalConfiguration()
    let table = try golden.shape("weight.embedding.weight")
    (sizes.embedding, sizes.windows, sizes.dropout) = (table[1], [2, 3], 0)
    sizes.filters = try golden.shape("weight.convolution.2.weight")[0]
    let network = ConvolutionalClassifier(
      sizes, vocabulary: table[0], classes: try golden.shape("weight.classifier.weight")[0], random: random,
      workspace: workspace)
    try network.load(try golden.weights())
    try golden.expect(network.logits(golden.batch, on: tape()).value.array, "output.logits")
    try golden.expectTraining(network)
  }

  @Test("the hybrid gives PyTorch's outputs, gradients and weights after three steps")
  func hybrid() throws {
    let golden = try GoldenCase("bert-bilstm.safetensors"), sizes = try encoderSizes()
    let network = HybridClassifier(
      sizes.configuration, try lstmSizes(golden, "head.lstm"), vocabulary: sizes.vocabulary,
      classes: try golden.shape("weight.head.classifier.weight")[0], random: random, workspace: workspace)
    try network.load(try golden.weights())
    let tape = tape()
    let states = network.encoder(golden.batch, on: tape)
    try golden.expect(states.value.array, "output.last_hidden_state", isPadded: true)
    try expectStates(network.stack(states, offsets: golden.batch.offsets, on: tape), golden)
    try golden.expect(network.logits(golden.batch, on: tape).value.array, "output.logits")
    try golden.expectTraining(network)
  }

  @Test("schedules give Transformers' rates at every step")
  func schedules() throws {
    let name = "schedules.json"
    let json = try #require(
      try Fixtures.json(Fixtures.golden.appendingPathComponent(name)) as? [String: Any], "\(name): no object")
    let base = try #require((json["base"] as? NSNumber)?.doubleValue, "\(name): base")
    let warmup = try #require((json["warmup"] as? NSNumber)?.intValue, "\(name): warmup")
    let total = try #require((json["total"] as? NSNumber)?.intValue, "\(name): total")
    for kind in [ScheduleSettings.Kind.linear, .cosine] {
      let rates = try #require(
        (json[kind.rawValue] as? [NSNumber])?.map(\.doubleValue), "\(name): \(kind.rawValue)")
      let schedule = Schedule(kind: kind, base: base, warmupSteps: warmup, totalSteps: total)
      let ours = rates.indices.map { schedule.rate(at: $0) }
      expectClose(ours, rates, absolute: 1e-12, relative: 1e-9, "\(name): \(kind.rawValue)")
    }
  }
}
