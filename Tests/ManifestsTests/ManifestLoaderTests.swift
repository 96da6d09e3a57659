import Corpora
import Families
import Foundation
import Models
import Testing
import Text
import Training

@testable import Manifests

@Suite struct ManifestLoaderTests {
  private func manifest(
    _ text: String, set overrides: [String] = [], environment: [String: String] = [:]
  ) throws -> Manifest {
    try ManifestFolder(["x.yaml": text]).load("x.yaml", set: overrides, environment: environment).get().manifest
  }

  private let small = """
    name: small
    corpora: {messages: {task: category, generated: {rows: 50}}}
    protocols: [{kind: holdout}]
    models: {lookup: {kind: lookup}, lstm: {kind: lstm}}
    """

  @Test("What is not written has the defaults of the settings")
  func defaults() throws {
    let found = try manifest(small)
    var generated = GeneratorSettings()
    (generated.task, generated.rows) = (.category, 50)
    let corpus = CorpusDeclaration(
      name: "messages", task: "category", domains: [.init(name: "messages", source: .generated(generated))])
    let expected = Manifest(
      name: "small", corpora: [corpus], protocols: [ProtocolDeclaration(kind: .holdout)],
      models: [
        ModelDeclaration(name: "lookup", configuration: .lookup),
        ModelDeclaration(name: "lstm", configuration: .lstm(RecurrentConfiguration())),
      ])
    #expect(found == expected)
  }

  @Test("lookup, the floor, is added where it is missing, to the models and to the protocols that name models")
  func floor() throws {
    let text = """
      name: floor
      corpora: {messages: {task: category, generated: {rows: 50}}}
      protocols: [{kind: holdout}, {kind: kfold, models: [lstm]}, {kind: kfold, models: [lookup]}]
      models: {lookup: {kind: majority}, lstm: {kind: lstm}}
      """
    let loaded = try ManifestFolder(["x.yaml": text]).load("x.yaml").get()
    let found = loaded.manifest
    #expect(found.models.map(\.name) == ["lookup", "lstm", "lookup-floor"])
    #expect(found.models.last?.configuration == .lookup)
    #expect(found.protocols.map(\.models) == [[], ["lstm", "lookup-floor"], ["lookup", "lookup-floor"]])
    let yaml = loaded.resolved.yaml()
    #expect(yaml.contains("    kind: lookup  # added: the floor of every experiment"))
    #expect(yaml.contains("[lstm, lookup-floor]  # x.yaml:3; lookup-floor added: the floor of every experiment"))
    #expect(try manifest(yaml) == found)
    // Declared under any name, it is left where it is.
    let own = try manifest(text.replacingOccurrences(of: "kind: majority", with: "kind: lookup"))
    #expect(own.models.map(\.name) == ["lookup", "lstm"])
    #expect(own.protocols.map(\.models) == [[], ["lstm", "lookup"], ["lookup"]])
  }

  @Test("A corpus' keys are its domains' defaults, a domain's own input replaces the corpus'")
  func inheritance() throws {
    let found = try manifest(ManifestFolder.everything)
    let messages = found.corpora[0]
    let settings = messages.domains.map { domain -> GeneratorSettings? in
      if case .generated(let settings) = domain.source { settings } else { nil }
    }
    #expect(messages.domains.map(\.name) == ["ecommerce", "telecom", "shops"])
    #expect(settings.map { $0?.domain } == [.ecommerce, .telecom, .finance])
    #expect(settings.map { $0?.rows } == [80, 80, 90])
    #expect(settings.map { $0?.order } == [0.5, 1, 0.5])
    #expect(settings.map { $0?.seed } == [5, 5, 5])

    guard case .files(let bank) = found.corpora[1].domains[0].source,
      case .files(let books) = found.corpora[2].domains[0].source,
      case .files(let dvd) = found.corpora[2].domains[1].source,
      case .files(let clinc) = found.corpora[3].domains[0].source
    else {
      Issue.record("no file sources")
      return
    }
    #expect(bank.files.map(\.path) == ["Data/bank/train.csv", "Data/bank/test.csv", "${kept}/odd: name#1.csv"])
    #expect(bank.files[0].declaredPath == "${env:BENCH_DATA:-Data}/bank/train.csv")
    #expect(bank.files.map(\.part) == [.train, .test, .test])
    #expect(bank.format == .csv && bank.text == ["title", "body"] && bank.group == "conversation" && bank.cap == 500)
    #expect(bank.labelMap == ["1": "no", "10": "positive"] && bank.dropLabels == ["3", "none"])
    #expect(bank.dropWhere == ["source": ["d", "e"], "channel": ["app"]])
    #expect(bank.missingText == .drop && bank.missingLabel == .placeholder)
    #expect(found.corpora[1].about.licence == "CC BY 4.0" && found.corpora[1].about.consent == nil)
    #expect(found.corpora[0].about == CorpusDescription())
    #expect(books.format == .lines && books.cap == 100)
    #expect(books.files.map(\.label) == ["positive", "negative", "negative"])
    #expect(dvd.files.map(\.part) == [.train, .train, .test, .test])
    #expect(clinc.format == .clinc && found.corpora[3].domains[0].name == "clinc")
  }

  @Test("Global text and training are the models' defaults; a model's own keys win")
  func modelDefaults() throws {
    let models = try manifest(ManifestFolder.everything).models
    #expect(models.map(\.name) == ["bert.small", "lstm", "hybrid", "tfidf", "majority", "lookup"])
    #expect(models.map(\.text.tokenizer) == [.wordpiece, .words, .wordpiece, .words, .words, .words])
    #expect(models.map(\.text.maximumTokens) == [40, 40, 30, 40, 40, 40])
    #expect(models.map(\.text.vocabularyFile) == ["v/vocab.txt", nil, "v/vocab.txt", nil, nil, nil])
    #expect(models.map(\.declaredVocabularyFile) == models.map(\.text.vocabularyFile))
    #expect(models.map(\.training.epochs) == [3, 7, 7, 10, 10, 10])
    #expect(models[0].training.earlyStopping == nil)
    #expect(models[1].training.earlyStopping?.patience == 2)
    #expect(models[1].training.clipNorm == nil && models[1].seedOffset == 9)
    var bert = TransformerConfiguration()
    (bert.hidden, bert.intermediate) = (32, 128)
    #expect(models[0].configuration == .bert(bert))
    var encoder = TransformerConfiguration(), reader = RecurrentConfiguration()
    (encoder.heads, encoder.dropout, reader.hidden) = (4, 0, 16)
    #expect(models[2].configuration == .bertLSTM(encoder, reader))
    var features = TFIDFLogisticConfiguration()
    (features.wordNGrams, features.characterNGrams, features.maximumFeatures) = (NGramRange(1, 3), nil, 5_000)
    #expect(models[3].configuration == .tfidfLogistic(features))
  }

  @Test("Protocols, timing, comparisons and outputs are read")
  func rest() throws {
    let found = try manifest(ManifestFolder.everything)
    #expect(found.question == "Which \"one\", north?" && found.seed == 11 && found.timing.enabled == false)
    #expect(found.split.train == 0.8 && found.split.duplicates == .drop)
    #expect(found.protocols.map(\.kind) == [.holdout, .kfold, .official, .crossDomain])
    #expect(
      found.protocols[0].corpora == ["messages"] && found.protocols[0].models == ["bert.small", "lstm", "lookup"])
    #expect(found.protocols[1].folds == 3 && found.protocols[1].repeats == 2)
    #expect(found.protocols[2].validation == .none && found.protocols[3].seeds == 2)
    #expect(found.comparisons.pairs == [.init(a: "bert.small", b: "lstm")] && found.comparisons.margin == 0.5)
    #expect(!found.outputs.predictions)
  }

  @Test("A file overrides what it extends: maps merge, single values and lists replace")
  func extends() throws {
    let folder = try ManifestFolder([
      "base.yaml": small + "\nseed: 1\nsplit: {train: 0.6, validation: 0.2, test: 0.2}\nvars: {a: 1, b: 2}\n",
      "parts/middle.yaml":
        "extends: ../base.yaml\nseed: ${a}\nmodels: {lstm: {hidden: 8, layers: 2}, more: {kind: majority}}\n",
      "top.yaml": """
      extends: parts/middle.yaml
      name: top
      vars: {a: 5}
      models: {lstm: {hidden: "${b}"}}
      protocols: [{kind: kfold}]
      split: {train: 0.5, validation: 0.3}
      """,
    ])
    let found = try folder.load("top.yaml").get().manifest
    #expect(found.name == "top" && found.seed == 5)
    #expect(found.models.map(\.name) == ["lookup", "lstm", "more"])
    var lstm = RecurrentConfiguration()
    (lstm.hidden, lstm.layers) = (2, 2)
    #expect(found.models[1].configuration == .lstm(lstm))
    #expect(found.protocols.map(\.kind) == [.kfold])
    #expect([found.split.train, found.split.validation, found.split.test] == [0.5, 0.3, 0.2])
    try folder.write("wrong.yaml", Data("extends: base.yaml\nseed: x\nmodels: {lstm: {hidden: y}}\n".utf8))
    #expect(
      folder.messages("wrong.yaml", set: ["split.test=0.1"]) == [
        "wrong.yaml:2:7: seed: got text \"x\", expected an integer of at least 0",
        "wrong.yaml:3:25: models.lstm.hidden: got text \"y\", expected an integer from 1 to 16384",
        "base.yaml:6:16: split: got fractions that sum to 0.9, expected train + validation + test = 1",
      ])
  }

  @Test("A circle of files is an error, a file extended twice in a chain too")
  func circle() throws {
    let folder = try ManifestFolder([
      "a.yaml": "extends: b.yaml\n", "b.yaml": "extends: ./a.yaml\n", "c.yaml": "extends: c.yaml\n",
    ])
    #expect(
      folder.messages("a.yaml") == [
        "b.yaml:1:10: extends: got a circle: a.yaml → b.yaml → ./a.yaml, expected files that do not extend each other"
      ])
    #expect(folder.messages("c.yaml").count == 1)
  }

  @Test("Variables keep their type, the environment is read as YAML, and text takes them in")
  func variables() throws {
    let text =
      small + """

        vars: {n: 12, half: 0.5, word: "7", other: "${n}0", list: [1, 2]}
        seed: ${n}
        question: "$${n} is ${n}, ${word}, ${env:WHO:-nobody}, ${env:EMPTY:-filled}, ${other}"
        split: {train: "${half}", validation: 0.25, test: "${env:TEST:-0.25}"}
        """
    let found = try manifest(text, environment: ["EMPTY": "", "WHO": "Ann"])
    #expect(found.seed == 12 && found.split.train == 0.5 && found.split.test == 0.25)
    #expect(found.question == "${n} is 12, 7, Ann, filled, 120")
    let folder = try ManifestFolder([
      "x.yaml": small + "\nvars: {word: \"7\", list: [1]}\nseed: ${word}\nquestion: a ${list}\n"
    ])
    #expect(
      folder.messages("x.yaml") == [
        "x.yaml:6:7: seed: got text \"7\" (from ${word}), expected an integer of at least 0",
        "x.yaml:7:11: question: got `${list}` (a list) inside a text, expected a variable with a single value",
      ])
    // A value of the environment may be meant as text though it reads as a number.
    #expect(try manifest(small + "\nquestion: ${env:Q:-2024}\n").question == "2024")
  }
}
