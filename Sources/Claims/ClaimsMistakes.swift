import Analysis
import Manifests
import Settings
import Text

/// What the shapes cannot tell: names that refer to nothing, tests that could not come out.
struct ClaimsMistakes {
  private(set) var all: [ManifestError] = []
  private let margin: Double
  /// Corpora of tests across domains.
  private let undivided: Set<String>
  private let groups: [String: [String]]

  init(in tree: Checked) {
    margin = tree["margin"]?.number ?? 1
    undivided = Set((tree["corpora"]?.entries ?? []).filter { ($0.value["domain"]?.text ?? "").isEmpty }.map(\.key))
    self.groups = Dictionary(
      (tree["groups"]?.entries ?? []).map { ($0.key, $0.value.texts) }, uniquingKeysWith: { first, _ in first })
    func names(_ key: String) -> [String] { (tree[key]?.entries ?? []).map(\.key) }
    let runs = names("runs"), corpora = names("corpora"), groups = names("groups")
    for entry in tree["runs"]?.entries ?? [] where (entry.value["results"]?.text ?? "").isEmpty {
      wrong(entry, KeyPathText("runs")[entry.key], got: "no results", expected: "the folder of a run")
    }
    for entry in tree["corpora"]?.entries ?? [] {
      let path = KeyPathText("corpora")[entry.key]
      for key in ["run", "corpus"] where (entry.value[key]?.text ?? "").isEmpty {
        wrong(entry, path, got: "no `\(key)`", expected: "the \(key) that has its rows")
      }
      refers(entry.value["run"], among: runs, path["run"], "a run of `runs`")
    }
    for entry in tree["groups"]?.entries ?? [] {
      for (index, item) in entry.value.list.enumerated() {
        refers(item, among: corpora, KeyPathText("groups")[entry.key][index], "a corpus of `corpora`")
      }
      if corpora.contains(entry.key) {
        wrong(
          entry, KeyPathText("groups")[entry.key], got: "the name of a corpus",
          expected: "a name that `corpora` does not have")
      }
    }
    for entry in tree["claims"]?.entries ?? [] { check(entry, known: corpora + groups) }
    for entry in tree["decompositions"]?.entries ?? [] { check(decomposition: entry, known: corpora + groups) }
  }

  private mutating func check(decomposition entry: Checked.Entry, known: [String]) {
    let path = KeyPathText("decompositions")[entry.key], factors = entry.value["factors"]?.texts ?? []
    let before = all.count
    for (number, item) in (entry.value["over"]?.list ?? []).enumerated() {
      refers(item, among: known, path["over"][number], "a corpus or a group")
    }
    for cell in entry.value["cells"]?.entries ?? [] {
      for (number, item) in cell.value.list.enumerated() {
        refers(item, among: factors, path["cells"][cell.key][number], "one of `factors`")
      }
    }
    guard all.count == before, entry.value.isValid, !factors.isEmpty else { return }
    if Set(factors).count < factors.count {
      wrong(entry, path["factors"], got: "a factor twice", expected: "each once")
      return
    }
    let own = ClaimsFile.decomposition(entry.key, entry.value, [:])
    if Set(own.cells.map(\.factors)).count < own.cells.count {
      wrong(entry, path["cells"], got: "two models with the same factors", expected: "one model a set of factors")
    } else if own.orders == 0 {
      wrong(
        entry, path["cells"], got: "no way from a model without factors to one with all, one factor at a time",
        expected: "a model for each step of at least one order")
    }
  }

  private mutating func check(_ entry: Checked.Entry, known: [String]) {
    let path = KeyPathText("claims")[entry.key], tests = entry.value["tests"]?.list ?? []
    let others = ["waits_for", "untestable"].filter { !(entry.value[$0]?.text ?? "").isEmpty }
    if tests.isEmpty, others.isEmpty {
      wrong(entry, path, got: "no tests", expected: "tests, or untestable or waits_for with the reason")
    }
    if others.contains("untestable"), others.count > 1 || !tests.isEmpty {
      wrong(entry, path, got: "`untestable` beside tests or waits_for", expected: "one of them")
    }
    for (index, test) in tests.enumerated() {
      let place = path["tests"][index]
      for (number, item) in (test["over"]?.list ?? []).enumerated() {
        refers(item, among: known, place["over"][number], "a corpus or a group")
      }
      for key in ["a", "b", "model"] {
        if let value = test[key], (value.text ?? "").isEmpty {
          wrong(test, place[key], got: "no model", expected: "the name of a model")
        }
      }
      let kind = test["kind"]?.text
      for name in (test["over"]?.texts ?? []).flatMap({ groups[$0] ?? [$0] }).uniqued() where known.contains(name) {
        // Times are of all domains of a corpus.
        guard kind != "time", undivided.contains(name) != (kind == "drop") else { continue }
        wrong(
          test, place["over"], got: kind == "drop" ? "`\(name)`, a single domain" : "`\(name)`, which names no domain",
          expected: kind == "drop" ? "a corpus without `domain`: all of its domains" : "a corpus with a `domain`")
      }
      if kind == "value", test["published"]?.number == nil {
        wrong(test, place, got: "no `published`", expected: "the number that is claimed")
      }
      if kind == "interaction", (test["traits"]?.list ?? []).isEmpty, test["words_from"]?.integer == nil {
        wrong(test, place, got: "neither `traits` nor `words_from`", expected: "the texts that it is about")
      }
      if kind == "equivalence", test["published"]?.number != nil {
        wrong(test, place["published"], got: "a size", expected: "none: that nothing differs has no size")
      }
      if let a = test["a"]?.text, !a.isEmpty, a == test["b"]?.text {
        wrong(test, place["b"], got: "`\(a)` on both sides", expected: "another model")
      }
      if let from = test["words_from"]?.integer, let to = test["words_to"]?.integer, from > to {
        wrong(test, place["words_from"], got: "\(from)", expected: "at most `words_to`, \(to)")
      }
      let isSized = ["difference", "drop", "interaction"].contains(kind)
      if let published = test["published"]?.number, isSized, published > 0,
        published <= test["margin"]?.number ?? margin
      {
        wrong(test, place["published"], got: "\(published), within the margin", expected: "a size that matters")
      }
      if let published = test["published"]?.number, isSized, published <= 0 {
        wrong(test, place["published"], got: "\(published)", expected: "a number above 0: `a` is the model ahead")
      }
      if kind == "time", let published = test["published"]?.number, published <= 1 {
        wrong(test, place["published"], got: "\(published)", expected: "a number above 1: `a` is the slower model")
      }
    }
  }

  private mutating func refers(_ value: Checked?, among names: [String], _ path: KeyPathText, _ expected: String) {
    guard let value, let text = value.text, !text.isEmpty, !names.contains(text), let place = value.position else {
      return
    }
    all.append(
      ManifestError(
        at: place, keyPath: path.text, got: "`\(text)`", expected: expected,
        suggestion: Spelling.nearest(to: text, among: names)))
  }

  private mutating func wrong(_ entry: Checked.Entry, _ path: KeyPathText, got: String, expected: String) {
    guard let place = entry.keyPosition ?? entry.value.position else { return }
    all.append(ManifestError(at: place, keyPath: path.text, got: got, expected: expected))
  }

  private mutating func wrong(_ test: Checked, _ path: KeyPathText, got: String, expected: String) {
    guard let place = test.position else { return }
    all.append(ManifestError(at: place, keyPath: path.text, got: got, expected: expected))
  }
}
