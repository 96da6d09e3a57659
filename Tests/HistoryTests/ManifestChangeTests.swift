import Foundation
import Manifests
import Testing

@testable import History

/// Which changes of a manifest begin a series anew.
@Suite struct ManifestChangeTests {
  private static let text = """
    version: 1
    name: t25
    question: Does it hold?
    seed: 3
    corpora:
      messages: {task: category, about: {source: made up}, generated: {domain: ecommerce, rows: 60}}
      other: {task: category, domains: {shop: {generated: {rows: 60}}, bank: {generated: {rows: 60, seed: 2}}}}
    unlabelled: {tickets: {generated: {rows: 50}}}
    protocols:
      - {kind: holdout, seeds: 3}
      - {kind: cross-domain, corpora: [other], seeds: 3}
    models:
      tfidf: {kind: tfidf-logistic, c: 4}
      lstm: {kind: lstm, hidden: 8}
      lstm.v2: {kind: lstm, hidden: 8}
      read: {kind: lstm, pretrain: {epochs: 2}}
      tuned: {kind: tfidf-logistic, space: {c: [1, 4]}}
    tuning: {trials: 2}
    timing: {batches: 8}
    """

  private static func resolved(_ text: String) throws -> String {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("bench-change-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("m.yaml")
    try text.write(to: file, atomically: true, encoding: .utf8)
    return try ManifestLoader.load(file: file.path, environment: [:], checkFiles: false).get().resolved.yaml()
  }

  private static func key(_ model: String, isTime: Bool = false, _ corpus: String = "messages") -> SeriesKey {
    let run = SyntheticHistory.run()
    var key = isTime ? SeriesKey(run.timings[0]) : SeriesKey(run.trials[0], metric: "f1_macro")
    (key.model, key.corpus) = (model, corpus)
    return key
  }

  /// Scores and times of every model on `messages`, and a score on `other`.
  private static let keys: [String: SeriesKey] = {
    var keys: [String: SeriesKey] = ["lstm on other": key("lstm", "other")]
    for model in ["tfidf", "lstm", "lstm.v2", "read", "tuned"] {
      keys[model] = key(model)
      keys[model + " time"] = key(model, isTime: true)
    }
    return keys
  }()

  private static func touched(_ old: String, _ new: String) throws -> Set<String> {
    let change = try #require(try ManifestChange(from: resolved(old), to: resolved(new)))
    return Set(keys.filter { !change.settings(of: $0.value).isEmpty }.keys)
  }

  private static func touched(_ from: String, to replacement: String) throws -> Set<String> {
    #expect(text.contains(from))
    return try touched(text, text.replacingOccurrences(of: from, with: replacement))
  }

  @Test(
    "what changes no figure begins no series",
    arguments: [
      ("version: 1", "# a comment\nversion: 1"), ("question: Does it hold?", "question: Else?"),
      ("question: Does it hold?", "outputs: {predictions: false}"), ("source: made up", "source: a poem"),
      // Written out, as it was filled in or derived.
      ("hidden: 8}", "hidden: 8, layers: 1, training: {epochs: 10, early_stopping: {metric: primary}}}"),
      ("domain: ecommerce, rows", "domain: ecommerce, task: category, rows"), ("c: 4}", "c: 4.0}"),
      ("timing:", "series: 2\ntiming:"), ("timing:", "comparisons: {margin: 3, pairs: [[tfidf, lstm]]}\ntiming:"),
      ("{batches: 8}", "{batches: 8, threads: [one], works: [query]}"),
      // Protocols in another order; models and corpora that come and go.
      (
        "  - {kind: holdout, seeds: 3}\n  - {kind: cross-domain, corpora: [other], seeds: 3}",
        "  - {kind: cross-domain, corpora: [other], seeds: 3}\n  - {kind: holdout, corpora: [messages, other], seeds: 3}"
      ),
      ("  tfidf: {", "  majority: {kind: majority}\n  tfidf: {"),
      ("  other: {", "  third: {task: category, generated: {rows: 70}}\n  other: {"),
    ])
  func nothing(from: String, to: String) throws {
    #expect(try Self.touched(from, to: to) == [])
  }

  @Test(
    "what changes figures begins the series that have them, and no other",
    arguments: [
      ("c: 4}", "c: 5}", ["tfidf", "tfidf time"]), ("c: 4}", "character_ngrams: none, c: 4}", ["tfidf", "tfidf time"]),
      ("lstm: {kind: lstm, hidden: 8}", "lstm: {kind: lstm, hidden: 9}", ["lstm", "lstm time", "lstm on other"]),
      (
        "lstm: {kind: lstm, hidden: 8}", "lstm: {kind: lstm, hidden: 8, training: {learning_rate: 0.1}}",
        ["lstm", "lstm on other"]
      ),
      (
        "lstm: {kind: lstm, hidden: 8}", "lstm: {kind: lstm, hidden: 8, training: {early_stopping: none}}",
        ["lstm", "lstm on other"]
      ),
      (
        "lstm: {kind: lstm, hidden: 8}", "lstm: {kind: lstm, hidden: 8, pretrain: {}}", ["lstm", "lstm on other"]
      ),
      ("lstm.v2: {kind: lstm, hidden: 8}", "lstm.v2: {kind: lstm, seed_offset: 1, hidden: 8}", ["lstm.v2"]),
      ("tickets: {generated: {rows: 50}}", "tickets: {generated: {rows: 51}}", ["read"]),
      ("trials: 2", "trials: 3", ["tuned", "tuned time"]), ("batches: 8", "batches: 9", ["times"]),
      ("rows: 60, seed: 2", "rows: 60, seed: 4", ["lstm on other"]),
      ("{kind: holdout, seeds: 3}", "{kind: holdout, seeds: 4}", ["scores"]), ("seed: 3\n", "seed: 4\n", ["all"]),
      ("timing:", "split: {stratify: false}\ntiming:", ["all"]),
      ("timing:", "comparisons: {primary: accuracy}\ntiming:", ["scores"]),
    ] as [(String, String, [String])])
  func something(from: String, to: String, expected: [String]) throws {
    let times = Set(Self.keys.keys.filter { $0.hasSuffix("time") }), all = Set(Self.keys.keys)
    let names =
      switch expected[0] {
      case "times": times
      case "scores": all.subtracting(times)
      case "all": all
      default: Set(expected)
      }
    // `lstm: {` is the end of no other name.
    let (before, after) = from.hasPrefix("lstm: ") ? ("  " + from, "  " + to) : (from, to)
    let found = try Self.touched(before, to: after)
    #expect(found == names, "\(found.symmetricDifference(names).sorted())")
  }

  @Test("how a model is trained decides the time of its training, not of its answers")
  func trainingTime() throws {
    let new = Self.text.replacingOccurrences(
      of: "c: 4}", with: "c: 4}\n  slow: {kind: lstm, training: {batch_size: 8}}")
    let old = Self.text.replacingOccurrences(of: "c: 4}", with: "c: 4}\n  slow: {kind: lstm}")
    let change = try #require(try ManifestChange(from: Self.resolved(old), to: Self.resolved(new)))
    var timing = SyntheticHistory.run().timings[0]
    timing.model = "slow"
    #expect(change.settings(of: SeriesKey(timing)).isEmpty)
    timing.work = "train"
    #expect(change.settings(of: SeriesKey(timing)).map(\.description) == ["models.slow.training.batch_size: 32 → 8"])
  }

  @Test("a key that a later version adds begins no series until it is stated; a new default is the code's own change")
  func laterVersions() throws {
    let old = try Self.resolved(Self.text)
    let later = old.replacingOccurrences(of: "    bidirectional:", with: "    gates: 4  # default\n    bidirectional:")
    #expect(later != old)
    for (a, b) in [(old, later), (later, old)] {
      let change = try #require(ManifestChange(from: a, to: b))
      #expect(change.differences.isEmpty)
    }
    let stated = later.replacingOccurrences(of: "gates: 4  # default", with: "gates: 3  # m.yaml:9")
    let change = try #require(ManifestChange(from: old, to: stated))
    #expect(change.settings(of: Self.key("lstm")).map(\.description) == ["models.lstm.gates: nothing → 3"])
    let otherDefault = old.replacingOccurrences(of: "iterations: 200  # default", with: "iterations: 99  # default")
    #expect(otherDefault != old)
    #expect(try #require(ManifestChange(from: otherDefault, to: old)).differences.isEmpty)
    // Whoever had stated what is now the default has other settings than who leaves it to the code.
    let old99 = otherDefault.replacingOccurrences(of: "iterations: 99  # default", with: "iterations: 99  # m.yaml:1")
    #expect(
      try #require(ManifestChange(from: old99, to: old)).settings(of: Self.key("tfidf")).map(\.description)
        == ["models.tfidf.iterations: 99 → 200"])
    #expect(ManifestChange(from: "[", to: old) == nil)
  }

  @Test("a data file is what its hash says; where it stands decides nothing")
  func files() throws {
    func manifest(_ path: String, _ hash: String) -> String {
      "name: a\ncorpora:\n  messages:\n    domains:\n      shop:\n        files:\n"
        + "          - \(path)  # m.yaml:4, sha256 \(hash)\n        slice: none  # default\n"
    }
    func changes(_ a: String, _ b: String) throws -> [String] {
      try #require(ManifestChange(from: a, to: b)).settings(of: Self.key("lstm")).map(\.description)
    }
    #expect(try changes(manifest("a.csv", "00ff"), manifest("b/c.csv", "00ff")).isEmpty)
    #expect(
      try changes(manifest("a.csv", "00ff"), manifest("a.csv", "00fe"))
        == ["corpora.messages.domains.shop.files.0.sha256: 00ff → 00fe"])
    let sliced = manifest("a.csv", "00ff").replacingOccurrences(of: "none  # default", with: "city  # m.yaml:5")
    #expect(try changes(manifest("a.csv", "00ff"), sliced).isEmpty)
  }

  @Test("why a series is gone: its model, or what decides which series there are")
  func end() throws {
    func end(_ from: String, _ to: String, _ key: SeriesKey) throws -> [String] {
      let new = try Self.resolved(Self.text.replacingOccurrences(of: from, with: to))
      return try #require(try ManifestChange(from: Self.resolved(Self.text), to: new)).end(of: key).map(\.description)
    }
    #expect(try end("  tfidf: {", "  bag: {", Self.key("tfidf")) == ["models.tfidf is gone"])
    #expect(
      try end("timing: {batches: 8}", "timing: false", Self.key("lstm", isTime: true)).contains(
        "timing.enabled: true → false"))
    #expect(try end("# none", "", Self.key("lstm")) == [])
  }
}

/// Nights through the store whose manifest changes, as a person edits it.
@Suite struct ChangedManifestTests {
  private static let manifest = """
    version: 1  # default
    name: small  # m.yaml:1
    models:
      lstm:
        hidden: 64  # default
      tfidf:
        c: 20.0  # default

    """

  private struct Nights {
    let store: HistoryStore
    /// The exit code and the report of one more night.
    func next(
      _ manifest: String, shift: Double = 0, accept: Bool = false, cpu: String = "Example CPU",
      without model: String? = nil, experiment: String = "small", splitHash: String = "5be1", former: String? = nil,
      besides others: [String] = []
    ) throws -> (code: Int32, part: NightlyReport.Part, headline: String) {
      let part = try NightRun(store: store, isAccepted: accept, others: others).run { roll in
        var run = SyntheticHistory.run(
          experiment: experiment, shift: shift, noise: UInt64(roll), manifest: manifest, cpu: cpu, splitHash: splitHash)
        for index in run.trials.indices where former != nil {
          run.trials[index].formerSplitHash = "\(former ?? "")-\(run.trials[index].seed)"
        }
        run.trials.removeAll { $0.model == model }
        run.timings.removeAll { $0.model == model }
        return run
      }
      let report = NightlyReport(parts: [part])
      return (report.exitCode, part, report.headline)
    }
  }

  private func nights(_ body: (Nights) throws -> Void) throws {
    try SyntheticHistory.inFolder { folder in
      try body(Nights(store: HistoryStore(path: folder.appendingPathComponent("h.sqlite").path)))
    }
  }

  @Test("changed settings end their series with 4, every night, until they are put back")
  func changed() throws {
    try nights { nights in
      let worse = Self.manifest.replacingOccurrences(of: "hidden: 64  # default", with: "hidden: 8  # m.yaml:9")
      #expect(try nights.next(Self.manifest).headline == "baseline created")
      #expect(try nights.next("# a comment\n" + Self.manifest).code == 0)
      for _ in 0..<2 {
        let night = try nights.next(worse, shift: -0.3)
        #expect(night.code == 4 && night.headline.hasPrefix("2 series ended"))
        #expect(night.part.changes == ["models.lstm.hidden: 64 → 8"])
        #expect(night.part.judgements.filter { $0.status == .ended }.map(\.lastNight) == [2, 2])
        let markdown = NightlyReport(parts: [night.part]).markdown()
        #expect(markdown.contains("**What is measured has changed since night 2:** models.lstm.hidden: 64 → 8. "))
      }
      #expect(try nights.next(Self.manifest).code == 0)
    }
  }

  @Test("a renamed and a removed model end with 4 and are named; a new one does not")
  func gone() throws {
    try nights { nights in
      let removed = Self.manifest.replacingOccurrences(of: "  tfidf:\n    c: 20.0  # default\n", with: "")
      #expect(try nights.next(removed, without: "tfidf").code == 0)
      #expect(try nights.next(Self.manifest).code == 0)
      let night = try nights.next(removed, without: "tfidf")
      #expect(night.code == 4 && night.part.changes == ["models.tfidf is gone"])
      let renamed = Self.manifest.replacingOccurrences(of: "tfidf", with: "bag")
      #expect(try nights.next(renamed, without: "tfidf").part.changes == ["models.tfidf is gone"])
      #expect(try nights.next(renamed, accept: true, without: "tfidf").code == 0)
      #expect(try nights.next(renamed, without: "tfidf").code == 0)
      // What is gone under the same manifest was not measured.
      let lost = try nights.next(renamed, without: "lstm")
      #expect(lost.code == 4 && lost.part.judgements.contains { $0.status == .unmeasured })
    }
  }

  @Test("series: 2 begins all series on purpose, another machine its own, and both are said")
  func onPurpose() throws {
    try nights { nights in
      _ = try nights.next(Self.manifest)
      let second =
        Self.manifest.replacingOccurrences(of: "hidden: 64  # default", with: "hidden: 8  # m.yaml:9")
        + "series: 2  # m.yaml:3\n"
      let night = try nights.next(second, shift: -0.3)
      #expect(night.code == 0 && night.headline == "baseline created" && night.part.measurements == 3)
      #expect(night.part.notes == ["begun on purpose: series: 2 (night 1 had series: 1)"])
      #expect(try nights.next(second, shift: -0.3).part.notes.isEmpty)
      #expect(try nights.next(second, shift: -0.4).code == 3)
      let elsewhere = try nights.next(Self.manifest, cpu: "Other CPU")
      #expect(elsewhere.code == 0 && elsewhere.part.notes.count == 1)
      #expect(elsewhere.part.notes[0].hasSuffix("whose figures do not compare: cpu: Example CPU → Other CPU"))
    }
  }

  @Test("an end is still said when the last settled night is older than all that are read")
  func longAgo() throws {
    try nights { nights in
      _ = try nights.next(Self.manifest)
      let worse = Self.manifest.replacingOccurrences(of: "c: 20.0  # default", with: "c: 1.0  # m.yaml:9")
      for _ in 0..<4 { #expect(try nights.next(worse).code == 4) }
      let run = SyntheticHistory.run(manifest: worse)
      #expect(try nights.store.nights(before: run, limit: 2).map(\.number) == [1, 4, 5])
      #expect(try nights.store.nights(before: run, limit: 2).map(\.isSettled) == [true, false, false])
    }
  }

  @Test("other rows under the same settings end the scores with 4, every night, until they are back or accepted")
  func otherRows() throws {
    try nights { nights in
      #expect(try nights.next(Self.manifest).code == 0)
      for shift in [-0.3, -0.3, 0] {
        let night = try nights.next(Self.manifest, shift: shift, splitHash: "beef")
        #expect(night.code == 4 && night.headline.hasPrefix("2 series ended"))
        #expect(night.part.changes == ["rows: no trial has the seed, fold and split hash of one of that night's"])
        #expect(night.part.judgements.filter { $0.status == .ended }.allSatisfy { !$0.isTime && $0.lastNight == 1 })
      }
      // Back: the nights with other rows are no baseline, and hide no loss.
      #expect(try nights.next(Self.manifest).code == 0)
      #expect(try nights.next(Self.manifest, shift: -0.3).code == 3)
      #expect(try nights.next(Self.manifest, accept: true, splitHash: "beef").code == 0)
      #expect(try nights.next(Self.manifest, splitHash: "beef").code == 0)
      #expect(try nights.next(Self.manifest, shift: -0.3, splitHash: "beef").code == 3)
    }
  }

  @Test("nights of an earlier version, which hashed the names of files, are the baseline of the same rows")
  func formerHashes() throws {
    try nights { nights in
      #expect(try nights.next(Self.manifest, splitHash: "name").code == 0)
      let same = try nights.next(Self.manifest, splitHash: "beef", former: "name")
      #expect(
        same.code == 0 && same.part.judgements.filter { !$0.isTime }.allSatisfy { $0.note == "equal to the last bit" })
      let worse = try nights.next(Self.manifest, shift: -0.3, splitHash: "beef", former: "name")
      #expect(worse.code == 3 && worse.part.judgements.first { $0.status == .regression }?.sinceNight == 3)
      // Renamed since: the last night tells, the one before cannot.
      #expect(try nights.next(Self.manifest, shift: -0.3, splitHash: "beef", former: "renamed").code == 3)
      #expect(try nights.next(Self.manifest, splitHash: "beef", former: "renamed").code == 0)
    }
  }

  @Test("an experiment under another name ends with 4 until that is accepted; one that runs beside it does not")
  func renamedExperiment() throws {
    let renamed = Self.manifest.replacingOccurrences(of: "name: small", with: "name: large")
    try nights { nights in
      #expect(try nights.next(Self.manifest).code == 0)
      for _ in 0..<2 {
        let night = try nights.next(renamed, shift: -0.3, experiment: "large")
        #expect(night.code == 4 && night.part.changes == ["name: small → large"], "\(night.headline)")
        #expect(night.part.judgements.allSatisfy { $0.status == .ended && $0.lastNight == 1 })
      }
      #expect(try nights.next(Self.manifest).code == 0, "the name is back")
      #expect(try nights.next(renamed, shift: -0.3, accept: true, experiment: "large").code == 0)
      #expect(try nights.next(renamed, shift: -0.3, experiment: "large").code == 0)
    }
    try nights { nights in
      _ = try nights.next(Self.manifest)
      let beside = try nights.next(renamed, experiment: "large", besides: ["small", "large"])
      #expect(beside.code == 0 && beside.headline == "baseline created")
    }
    try nights { nights in
      _ = try nights.next(Self.manifest)
      let other = renamed.replacingOccurrences(of: "hidden: 64  # default", with: "hidden: 8  # m.yaml:9")
      #expect(try nights.next(other, experiment: "large").headline == "baseline created", "another experiment")
      #expect(try nights.next(renamed + "series: 2  # m.yaml:3\n", experiment: "large").code == 0, "on purpose")
      #expect(try nights.next(renamed, cpu: "Other CPU", experiment: "large").code == 0)
    }
  }
}
