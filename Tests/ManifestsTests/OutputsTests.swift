import Families
import Settings
import Testing

@testable import Manifests

/// `outputs.refit`, and what of `training` TF-IDF takes.
@Suite struct OutputsTests {
  private func folder(_ rest: String) throws -> ManifestFolder {
    try ManifestFolder([
      "a.yaml": """
      name: a
      corpora: {c: {task: sentiment, generated: {}}}
      protocols: [{kind: holdout, models: [tfidf, lstm]}]
      models: {tfidf: {kind: tfidf-logistic}, lstm: {kind: lstm}, bert: {kind: bert}}
      \(rest)
      """
    ])
  }

  private func manifest(_ rest: String) throws -> Manifest { try folder(rest).load("a.yaml").get().manifest }

  @Test("refit takes true, false and names of models that are trained; the resolved manifest says the same")
  func refit() throws {
    #expect(try manifest("").outputs.refit == .none)
    #expect(try manifest("outputs: {refit: false}").outputs.refit == .none)
    #expect(try manifest("outputs: {refit: true}").outputs.refit == .all)
    let named = try manifest("outputs: {refit: [lstm, tfidf]}").outputs
    #expect(named.refit == .models(["lstm", "tfidf"]) && named.predictions)
    #expect(named.refit.names("tfidf") && !named.refit.names("bert"))
    for value in ["false", "true", "[lstm, tfidf]"] {
      let loaded = try folder("outputs: {refit: \(value)}").load("a.yaml").get()
      let again = try ManifestFolder(["a.yaml": loaded.resolved.yaml()])
      #expect(try again.load("a.yaml").get().manifest.outputs == loaded.manifest.outputs)
    }
    #expect(
      try folder("outputs: {refit: [lstn, bert]}").messages("a.yaml") == [
        "a.yaml:5:19: outputs.refit.0: got `lstn`, expected a model: one of tfidf, lstm, bert, lookup; did you mean `lstm`?",
        "a.yaml:5:25: outputs.refit.1: got `bert`, which no protocol trains, expected a model that is evaluated",
      ])
    #expect(
      try folder("outputs: {refit: [lstm, lstm]}").messages("a.yaml") == [
        "a.yaml:5:25: outputs.refit.1: got `lstm` a second time, expected each name once"
      ])
    #expect(try folder("outputs: {refit: []}").messages("a.yaml").count == 1)
  }

  @Test("TF-IDF takes class weights and sampling, its own or those of all, and no epochs")
  func balance() throws {
    func tfidf(_ rest: String) throws -> ModelDeclaration { try manifest(rest).models[0] }
    #expect(try tfidf("").training.classWeights == .none)
    #expect(try tfidf("training: {class_weights: balanced, epochs: 3}").training.classWeights == .balanced)
    #expect(try tfidf("training: {sampling: under}").training.sampling == .under)
    // What networks alone have stays what it was: a fit's key holds it.
    #expect(try tfidf("training: {epochs: 3, batch_size: 8}").training == tfidf("").training)
    #expect(try manifest("training: {epochs: 3}").models[1].training.epochs == 3)
    for (own, message) in [
      ("{class_weights: balanced}", ""),
      (
        "{epochs: 3}",
        "got a key unknown to training settings of a model over features, expected one of class_weights, sampling"
      ),
    ] {
      let folder = try ManifestFolder([
        "a.yaml": """
        name: a
        corpora: {c: {task: sentiment, generated: {}}}
        protocols: [{kind: holdout}]
        models: {tfidf: {kind: tfidf-logistic, training: \(own), space: {training.class_weights: [none, balanced]}}}
        training: {class_weights: none}
        tuning: {trials: 2}
        """
      ])
      let messages = folder.messages("a.yaml")
      #expect(message.isEmpty ? messages.isEmpty : messages.joined().contains(message), "\(messages)")
      guard let model = try? folder.load("a.yaml").get().manifest.models[0] else { continue }
      #expect(model.training.classWeights == .balanced)
      #expect(model.with([Setting("training.class_weights", .text("none"))]).training.classWeights == .none)
    }
  }
}
