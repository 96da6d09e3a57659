import Corpora
import Families
import Models
import Settings
import Testing
import Training

@testable import Manifests

@Suite struct SearchSpaceTests {
  private static let text = """
    name: tuned
    corpora: {messages: {task: sentiment, generated: {rows: 60}}}
    protocols: [{kind: holdout}]
    tuning: {search: random, trials: 4, budget: 2.5, rate: 30}
    models:
      tfidf: {kind: tfidf-logistic, space: {c: {log_uniform: [0.1, 100]}, word_ngrams: [none, [1, 2]]}}
      lstm:
        kind: lstm
        space: {training.learning_rate: {log_uniform: [0.0001, 0.01]}, hidden: {uniform: [16, 64]}, pooling: [max, last]}
      bert: {kind: bert, heads: 4, space: {hidden: [32, 64], text.vocabulary_size: [100, 200]}}
      hybrid: {kind: bert-lstm, space: {encoder.hidden: [32, 64], lstm.hidden: [8], training.clip_norm: [none, 1]}}
      majority: {kind: majority}
    """

  private func loaded(_ overrides: String...) throws -> LoadedManifest {
    try ManifestFolder(["x.yaml": Self.text]).load("x.yaml", set: overrides).get()
  }

  @Test("search, limits and spaces are read, each value with the type of its key")
  func reading() throws {
    let manifest = try loaded().manifest
    let tuning = try #require(manifest.tuning)
    #expect(tuning.search == .random && tuning.trials == 4 && tuning.budget == 2.5 && tuning.rate == 30)
    #expect(
      manifest.models[0].space.dimensions == [
        .init(
          "word_ngrams", .list([.none, .list([.integer(1), .integer(2)])]),
          declared: .list([.integer(1), .integer(2)])),
        .init("c", .logUniform(low: 0.1, high: 100, isInteger: false), declared: .number(20)),
      ])
    #expect(
      manifest.models[1].space.dimensions == [
        .init("hidden", .uniform(low: 16, high: 64, isInteger: true), declared: .integer(128)),
        .init("pooling", .list([.text("max"), .text("last")]), declared: .text("max")),
        .init(
          "training.learning_rate", .logUniform(low: 0.0001, high: 0.01, isInteger: false), declared: .number(0.001)),
      ])
    #expect(manifest.models[2].space.gridCount == 4 && manifest.models[0].space.gridCount == nil)
    #expect(manifest.models[4].space.isEmpty)
    // What nothing is stated of has its default, what follows from other keys what it follows to.
    #expect(manifest.models.prefix(4).allSatisfy { $0.with($0.space.declared) == $0 })
    #expect(
      manifest.models[3].space.declared.map(\.text) == [
        "encoder.hidden=128", "lstm.hidden=128", "training.clip_norm=1.0",
      ])
  }

  @Test("a network's least size is its parameters without vocabulary, and with the largest values of its space")
  func leastSize() throws {
    let models = try loaded().manifest.models
    #expect(models[0].leastParameters == nil && models[4].leastParameters == nil)
    let wide = models[1].with([Setting("hidden", .integer(64))])
    #expect(models[1].leastParameters == wide.configuration.parameterCount(vocabulary: 1, classes: 1))
    #expect(
      models[1].leastParameters(vocabulary: 100)
        == wide.configuration.parameterCount(vocabulary: 100, classes: 1))
  }

  @Test("the resolved manifest has the tuning, and gives it again")
  func resolved() throws {
    let first = try loaded()
    let second = try ManifestFolder(["x.yaml": first.resolved.yaml()]).load("x.yaml").get()
    #expect(second.manifest == first.manifest)
    #expect(second.manifest.tuning != nil)
  }

  @Test("--set reaches a key of a space, whose name has dots")
  func overrides() throws {
    let manifest = try loaded(
      "models.lstm.space.training.learning_rate.log_uniform=[0.001, 0.002]",
      "models.bert.space.text.maximum_tokens=[32]",
      "tuning.trials=9"
    ).manifest
    #expect(manifest.models[1].space.dimensions[2].values == .logUniform(low: 0.001, high: 0.002, isInteger: false))
    #expect(
      manifest.models[2].space.dimensions.last
        == .init("text.maximum_tokens", .list([.integer(32)]), declared: .integer(128)))
    #expect(manifest.tuning?.trials == 9)
    #expect(try loaded("tuning=none").manifest.tuning == nil)
  }

  @Test("settings change the keys they name as the manifest would, and nothing else")
  func applying() throws {
    let manifest = try loaded().manifest
    func declared(_ overrides: String...) throws -> [ModelDeclaration] {
      try ManifestFolder(["x.yaml": Self.text]).load("x.yaml", set: overrides).get().manifest.models
    }
    #expect(
      manifest.models[0].with([Setting("c", .number(3)), Setting("word_ngrams", .none)])
        == (try declared("models.tfidf.c=3", "models.tfidf.word_ngrams=none")[0]))
    #expect(
      manifest.models[1].with([
        Setting("hidden", .integer(20)), Setting("pooling", .text("mean")),
        Setting("training.learning_rate", .number(0.5)), Setting("text.stem", .flag(true)),
      ])
        == (try declared(
          "models.lstm.hidden=20", "models.lstm.pooling=mean", "models.lstm.training.learning_rate=0.5",
          "models.lstm.text.stem=true")[1]))
    // The feed-forward layer follows the hidden size, as its default does.
    let wide = manifest.models[2].with([Setting("hidden", .integer(64))])
    #expect(wide == (try declared("models.bert.hidden=64")[2]))
    guard let sizes = wide.configuration.encoder else {
      Issue.record("no encoder")
      return
    }
    #expect(sizes.intermediate == 256)
    #expect(
      manifest.models[3].with([
        Setting("encoder.hidden", .integer(64)), Setting("lstm.hidden", .integer(8)),
        Setting("training.clip_norm", .none),
      ])
        == (try declared(
          "models.hybrid.encoder.hidden=64", "models.hybrid.lstm.hidden=8", "models.hybrid.training.clip_norm=none")[3])
    )
  }

  @Test("of two keys that do not go together, the one that is wrong is located")
  func wrongBeside() throws {
    let text = """
      name: tuned
      corpora: {messages: {task: sentiment, generated: {rows: 60}}}
      protocols: [{kind: holdout}]
      tuning: {search: grid, trials: 5}
      models:
        l: {kind: bert, space: {layers: [1, 2], training.frozen_layers: [1, 2]}}
      """
    #expect(
      try ManifestFolder(["x.yaml": text]).messages("x.yaml") == [
        "x.yaml:6:71: models.l.space.training.frozen_layers: got 2, expected at most the 1 of models.l.layers"
      ])
  }

}
