import Foundation
import Settings
import TestSupport
import Testing
import Training

@testable import Manifests

@Suite struct ResolvedManifestTests {
  @Test("a vocabulary's path stands as declared, and its hash beside it")
  func vocabularyHash() throws {
    let text = """
      name: tiny
      corpora: {messages: {task: sentiment, generated: {rows: 60}}}
      protocols: [{kind: holdout}]
      models: {bert: {kind: bert, text: {vocabulary_file: "${env:DATA}/vocab.txt"}}}
      """
    let loaded = try ManifestFolder(["x.yaml": text]).load("x.yaml", environment: ["DATA": "/there"]).get()
    let model = loaded.manifest.models[0]
    #expect(model.text.vocabularyFile == "/there/vocab.txt" && model.declaredVocabularyFile == "${env:DATA}/vocab.txt")
    let yaml = loaded.resolved.yaml(fileHashes: ["${env:DATA}/vocab.txt": "00ff"])
    #expect(yaml.contains("vocabulary_file: \"${env:DATA}/vocab.txt\"  # "))
    #expect(yaml.contains(", sha256 00ff\n"))
  }

  private func loaded(_ text: String, set overrides: [String] = []) throws -> LoadedManifest {
    try ManifestFolder(["x.yaml": text]).load("x.yaml", set: overrides).get()
  }

  @Test("protocols that state no seeds are given a number, which is written out and read back")
  func chosenSeeds() throws {
    let text = """
      name: tiny
      corpora: {messages: {task: sentiment, generated: {rows: 60}}}
      protocols: [{kind: holdout}, {kind: kfold}, {kind: holdout, seeds: 2}]
      models: {lstm: {kind: lstm}}
      """
    var loaded = try loaded(text)
    #expect(loaded.manifest.protocols.map(\.seeds) == [nil, nil, 2])
    loaded.choose(seeds: 5)
    #expect(loaded.manifest.protocols.map(\.seeds) == [5, nil, 2])
    let again = try self.loaded(loaded.resolved.yaml())
    #expect(again.manifest == loaded.manifest)
  }

  @Test("Loading the resolved manifest gives an equal manifest, and resolving it again the same values")
  func roundTrip() throws {
    let first = try loaded(ManifestFolder.everything, set: ["models.lstm.layers=3"])
    let yaml = first.resolved.yaml(fileHashes: ["${env:BENCH_DATA:-Data}/bank/train.csv": "abc123"])
    let second = try loaded(yaml)
    #expect(second.manifest == first.manifest)
    func values(_ yaml: String) -> [String] {
      yaml.split(separator: "\n").map { line in
        line.range(of: "  # ").map { String(line[..<$0.lowerBound]) } ?? String(line)
      }
    }
    #expect(values(second.resolved.yaml()) == values(yaml))
  }

  @Test("models that leave keys idle, and what is said for all models, resolve to themselves")
  func idleKeys() throws {
    let text = """
      name: tiny
      corpora:
        messages:
          task: churn
          files: messages.csv
          text: text
          label: label
          columns: {months: number}
      protocols: [{kind: holdout}]
      models:
        minilm: {kind: bert, pretrained: nowhere, training: {lora: {rank: 4}}}
        student: {kind: lstm, teacher: minilm, training: {sampling: over}}
        tempered: {kind: gru, teacher: minilm, training: {teacher_temperature: 3}}
        vectors: {kind: linear-svm, inputs: vectors, pretrained: nowhere}
        columns: {kind: gradient-boosting, inputs: columns}
        metered: {kind: random-forest, training: {sampling: smote, leak_meter: true}}
        kept: {kind: bert, pretrained: nowhere, keep_head: true}
        both: {kind: cascade, stages: [student, minilm]}
      text: {maximum_tokens: 32, stem: true}
      training: {focal_gamma: 1, class_weights: balanced, teacher_temperature: 2}
      """
    let first = try loaded(text)
    let second = try loaded(first.resolved.yaml())
    #expect(second.manifest == first.manifest)
    func training(_ name: String) throws -> TrainingSettings {
      try #require(first.manifest.models.first { $0.name == name }).training
    }
    #expect(try training("student").focalGamma == 0 && training("minilm").focalGamma == 1)
    #expect(try training("student").classWeights == .none && training("columns").classWeights == .balanced)
    #expect(try training("student").teacherTemperature == 2 && training("tempered").teacherTemperature == 3)
    #expect(try training("minilm").teacherTemperature == nil)
    #expect(try training("metered").measuresLeak)
    #expect(try training("minilm").optimizer.learningRate == 0.001 && training("minilm").fineTuning.headFactor == 10)
  }

  @Test("The quickstart is valid, resolves to itself, and is named like its file")
  func quickstart() throws {
    let file = Fixtures.root.resolvingSymlinksInPath().deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Experiments/quickstart.yaml")
    let first = try ManifestLoader.load(file: file.path, environment: [:], checkFiles: true).get()
    #expect(first.manifest.name == "quickstart")
    #expect(try loaded(first.resolved.yaml()).manifest == first.manifest)
    #expect(!first.resolved.yaml().contains(file.deletingLastPathComponent().path))
  }

  @Test("Each value has its origin; paths stay as declared with their hash beside; no folder of the machine is in it")
  func origins() throws {
    let folder = try ManifestFolder([
      "deep/base.yaml": "seed: 4\nsplit: {train: 0.6, validation: 0.2, test: 0.2}\n",
      "x.yaml": """
      extends: deep/base.yaml
      name: origins
      corpora:
        bank:
          task: intent
          train: "${env:BENCH_DATA:-Data}/train.csv"
          test: "${env:BENCH_DATA:-Data}/test.csv"
      protocols: [{kind: official}]
      models: {lstm: {kind: lstm}}
      """,
    ])
    let yaml = try folder.load("x.yaml", set: ["models.lstm.hidden=8"], environment: ["BENCH_DATA": "/secret/place"])
      .get()
      .resolved.yaml(fileHashes: ["${env:BENCH_DATA:-Data}/test.csv": "f00d"])
    for line in [
      "name: origins  # x.yaml:2", "seed: 4  # base.yaml:1", "  train: 0.6  # base.yaml:2",
      "  stratify: true  # default",
      "    hidden: 8  # --set 1", "          - \"${env:BENCH_DATA:-Data}/train.csv\"  # x.yaml:6",
      "          - \"${env:BENCH_DATA:-Data}/test.csv\"  # x.yaml:7, sha256 f00d", "        format: csv  # default",
    ] {
      #expect(yaml.split(separator: "\n").contains(Substring(line)), "\(line) in\n\(yaml)")
    }
    #expect(!yaml.contains("/secret") && !yaml.contains(folder.path))
  }

  @Test("Two loads give the same bytes")
  func deterministic() throws {
    let texts = try (0..<3).map { _ in try loaded(ManifestFolder.everything).resolved.yaml() }
    #expect(Set(texts).count == 1)
  }

  @Test("Every text survives being written and read again")
  func texts() throws {
    for text in [
      "", " ", "none", "Yes", "null", "3", "0x1F", "1e3", "a: b", "a #b", "- a", "\"", "'", "\\", "a\nb\tc", "${x}",
      "$${x}",
      "{a}", "é€😀", "\u{2028}\u{85}\u{feff}", "~", "!x", "&a", "*a", "@a", "|", "plain-word_1.2/x", "-dash", ".5",
      "a,b",
    ] {
      let source = ManifestSource(name: "t", order: 0, text: YAMLText.scalar(text))
      let value = try YAMLReader.read(YAMLText.scalar(text), source: source)
      guard case .text(let back) = value.content else {
        Issue.record("\(text) became \(value.description)")
        continue
      }
      #expect(back == text)
    }
  }

  @Test(
    "a setting is the manifest's own where it is written and not what the schema fills in, today or with a key more")
  func ownSettings() throws {
    let text = """
      name: tiny
      corpora: {messages: {task: sentiment, generated: {rows: 60}}}
      protocols: [{kind: holdout, seeds: 1}]
      models:
        lstm: {kind: lstm, hidden: 64, layers: 2, pretrain: {}, training: {early_stopping: none, epochs: 10}}
      """
    let yaml = try loaded(text).resolved.yaml()
    func own(_ yaml: String, _ schema: Section = ManifestSchema.root) -> [String] {
      (ResolvedManifest.settings(of: yaml, schema: schema) ?? []).filter(\.isOwn)
        .map { "\($0.name)=\($0.value ?? "a map")" }
    }
    let today = own(yaml)
    #expect(
      today == [
        "name=tiny", "corpora.messages.task=sentiment", "corpora.messages.domains.messages.generated.rows=60",
        "protocols.0.kind=holdout", "protocols.0.seeds=1", "models.lstm.kind=lstm", "models.lstm.pretrain=a map",
        "models.lstm.hidden=64", "models.lstm.layers=2", "models.lstm.training.early_stopping=none",
        "models.lookup.kind=lookup",
      ])
    // A later version knows one more key, at the top and in every LSTM.
    var later = ManifestSchema.root
    later.fields.append(Field("patience", .integer(.from(0)), "A later version's.", .value(.integer(3))))
    let place = try #require(later.fields.firstIndex { $0.key == "models" })
    guard case .table(.variants(var variants), let keys, let minimum) = later.fields[place].shape else { return }
    let lstm = try #require(variants.firstIndex { $0.kind == "lstm" })
    variants[lstm].section.fields.append(Field("gates", .integer(.from(1)), "A later version's.", .value(.integer(4))))
    later.fields[place].shape = .table(.variants(variants), keys: keys, minimum: minimum)
    // What it writes where nobody states the keys, and where somebody states what is filled in.
    func written(_ comment: String, _ gates: Int = 4) -> String {
      yaml.replacingOccurrences(of: "    bidirectional:", with: "    gates: \(gates)  # \(comment)\n    bidirectional:")
        + "patience: 3  # \(comment)\n"
    }
    for old in [yaml, written("default"), written("x.yaml:7")] { #expect(own(old, later) == today) }
    #expect(own(written("x.yaml:7", 5), later).filter { !today.contains($0) } == ["models.lstm.gates=5"])
    // This version reads what a later one wrote: what it does not know counts where it is stated.
    #expect(own(written("default")) == today)
    #expect(
      own(written("x.yaml:7")).filter { !today.contains($0) } == ["models.lstm.gates=4", "patience=3"])
  }
}
