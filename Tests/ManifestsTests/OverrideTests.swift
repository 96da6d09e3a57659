import Corpora
import Foundation
import Models
import Testing

@testable import Manifests

@Suite struct OverrideTests {
  private let folder: ManifestFolder
  init() throws { folder = try ManifestFolder(["x.yaml": ManifestFolder.everything]) }

  private func manifest(_ overrides: String...) throws -> Manifest {
    try folder.load("x.yaml", set: overrides).get().manifest
  }

  @Test("A value is YAML and wins over file, extended file and variable; the last of several wins")
  func precedence() throws {
    #expect(try manifest("seed=3", "seed=4").seed == 4)
    #expect(try manifest("vars.rows=33").corpora[0].domains.map(rows) == [33, 33, 90])
    #expect(
      try manifest("vars.rows=33", "corpora.messages.generated.rows=44").corpora[0].domains.map(rows) == [44, 44, 90])
    #expect(try manifest("question=a=b").question == "a=b")
    #expect(try manifest("split={train: 0.6, validation: 0.3}").split.test == 0.1)
    #expect(try manifest("comparisons.pairs=[[lstm, tfidf]]").comparisons.pairs == [.init(a: "lstm", b: "tfidf")])
    #expect(try manifest("seed=${rows}").seed == 80)
    #expect(try manifest("timing.batches=100").timing.batches == 100)
  }

  private func rows(_ domain: DomainDeclaration) -> Int? {
    if case .generated(let settings) = domain.source { settings.rows } else { nil }
  }

  private func order(_ domain: DomainDeclaration) -> Double? {
    if case .generated(let settings) = domain.source { settings.order } else { nil }
  }

  @Test("A path goes through names, names with dots, list items, and keys that are not written")
  func paths() throws {
    let found = try manifest(
      "models.bert.small.training.epochs=2", "protocols.1.folds=4", "models.lstm.text.stem=true",
      "models.lstm.training.early_stopping.patience=8", "corpora.bank.label_map.7=seven",
      "models.bert.small.training.early_stopping.patience=6", "corpora.reviews.domains.dvd.cap=9")
    #expect(found.models[0].training.epochs == 2 && found.models[0].training.earlyStopping?.patience == 6)
    #expect(found.models[1].text.stem && found.models[1].training.earlyStopping?.patience == 8)
    #expect(found.protocols[1].folds == 4)
    guard case .files(let bank) = found.corpora[1].domains[0].source,
      case .files(let dvd) = found.corpora[2].domains[1].source
    else { return }
    #expect(bank.labelMap["7"] == "seven" && bank.labelMap["1"] == "no")
    #expect(dvd.cap == 9)
  }

  @Test("An asterisk addresses every entry that has such a key")
  func wildcard() throws {
    let found = try manifest(
      "corpora.messages.domains.*.generated.order=1", "models.*.training.epochs=1", "protocols.*.seeds=7")
    #expect(found.corpora[0].domains.map(order) == [1, 1, 1])
    #expect(found.models.map(\.training.epochs) == [1, 1, 1, 10, 10, 10])
    #expect(found.protocols.map(\.seeds) == [7, nil, 7, 7])
  }

  @Test("Each mistake is located in the override, with the nearest spelling")
  func mistakes() {
    let cases = [
      (
        "models.bert.smal.layers=2",
        "--set 1: models.bert: got `bert`, expected one of bert.small, lstm, hybrid, tfidf, majority, lookup"
      ),
      (
        "models.lstm.layer=2",
        "--set 1: models.lstm.layer: got a key unknown to a model of kind lstm, expected one of kind, vectors, pretrain, teacher, embedding, hidden, layers, bidirectional, dropout, pooling, character_ngrams, text, training, seed_offset, space; did you mean `layers`?"
      ),
      (
        "models.lsmt.layers=2",
        "--set 1: models.lsmt: got `lsmt`, expected one of bert.small, lstm, hybrid, tfidf, majority, lookup; did you mean `lstm`?"
      ),
      ("models.lstm.layers=two", "--set 1: models.lstm.layers: got text \"two\", expected an integer from 1 to 64"),
      ("models.lstm.layers=\"2\"", "--set 1: models.lstm.layers: got text \"2\", expected an integer from 1 to 64"),
      ("models.lstm.layers=", "--set 1: models.lstm.layers: got nothing, expected an integer from 1 to 64"),
      (
        "models.lstm.layers.first=1",
        "--set 1: models.lstm.layers.first: got a key below `models.lstm.layers`, expected `models.lstm.layers` alone: it is a single value"
      ),
      ("protocols.9.seeds=1", "--set 1: protocols.9: got the item `9`, expected a number from 0 to 3"),
      ("seed", "--set 1: got `seed`, expected key.path=value"),
      ("=3", "--set 1: got `=3`, expected key.path=value"),
      ("split..train=1", "--set 1: got `split..train`, expected words with single dots between them"),
      ("extends=y.yaml", "--set 1: extends: got `extends` in --set, expected it in the file"),
      ("vars.row=1", "--set 1: vars.row: got `row`, expected one of region, data, rows, grams; did you mean `rows`?"),
      (
        "corpora.bank.domains.bank.cap=1",
        "--set 1: corpora.bank.domains.bank: got `bank`, expected something that the manifest declares; `corpora.bank.domains` is not in it"
      ),
      (
        "split={train: 0.5, train: 0.6}",
        "--set 1: train: got a second `train` in the same map, expected each key once (the first is at line 1, column 8)"
      ),
      (
        "split={train: [",
        "--set 1: got a YAML syntax error (did not find expected node content while parsing a flow node), expected valid YAML"
      ),
    ]
    for (argument, message) in cases { #expect(folder.messages("x.yaml", set: [argument]) == [message]) }
    #expect(
      folder.messages("x.yaml", set: ["seed=1", "seed=x"]) == [
        "--set 2: seed: got text \"x\", expected an integer of at least 0"
      ])
  }

  @Test("The caret of an override stands under the value")
  func caret() {
    guard case .failure(let errors) = folder.load("x.yaml", set: ["seed=x"]) else {
      Issue.record("no error")
      return
    }
    #expect(errors.description.hasSuffix("\n  seed=x\n       ^"))
  }
}
