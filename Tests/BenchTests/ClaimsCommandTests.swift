import Foundation
import TestSupport
import Testing

@Suite struct ClaimsCommandTests {
  private static let manifest = """
    name: tiny
    corpora:
      messages:
        task: sentiment
        domains:
          ecommerce: {generated: {domain: ecommerce, rows: 900}}
          finance: {generated: {domain: finance, rows: 900}}
          telecom: {generated: {domain: telecom, rows: 900}}
    protocols: [{kind: holdout, seeds: 3}]
    models:
      logistic: {kind: tfidf-logistic}
      majority: {kind: majority}
    timing: false
    """

  private static let claims = """
    name: own
    title: What is said of tiny models
    runs: {tiny: {results: Results/tiny, manifest: tiny.yaml}, other: {results: Results/other}}
    models: {logistic: {called: Logistic regression}, majority: {called: the majority}}
    corpora:
      shop: {run: tiny, corpus: messages, domain: ecommerce, labels: generated}
      bank: {run: tiny, corpus: messages, domain: finance, labels: generated}
      phone: {run: tiny, corpus: messages, domain: telecom, labels: generated}
      away: {run: other, corpus: messages, domain: telecom}
    groups: {all: [shop, bank, phone]}
    claims:
      A1:
        says: logistic regression is better
        core: true
        tests: [{kind: difference, a: logistic, b: majority, metric: accuracy, over: [all, away]}]
      A2:
        says: the majority is better by 20 points
        core: true
        tests: [{kind: difference, a: majority, b: logistic, metric: accuracy, over: all, published: 20}]
      A3:
        says: it is better where something is denied
        tests: [{kind: interaction, a: logistic, b: majority, over: all, traits: negation}]
      A4: {says: it pleases, untestable: no text tells, needs: people}
      A5: {says: it is fast, tests: [{kind: time, a: logistic, b: majority, over: shop}]}
    """

  @Test("verdicts from stored results alone; the ledger follows from them, and a changed one is found out")
  func outcomes() throws {
    try Command.inFolder { folder in
      try Command.write(Self.manifest, as: "tiny.yaml", in: folder)
      try Command.write(Self.claims, as: "claims.yaml", in: folder)
      let waiting = try Command.run(["claims", "claims.yaml"], in: folder)
      #expect(waiting.code == 0 && waiting.output.contains("4 waits for results, 1 not testable here"))
      #expect(try Command.run(["tiny.yaml", "--quiet"], in: folder).code == 0)
      try FileManager.default.removeItem(at: folder.appendingPathComponent("Results/tiny.fits"))
      let first = try Command.run(["claims", "claims.yaml"], in: folder)
      #expect(first.code == 0 && first.output.contains("no ledger in Results/own"), "\(first.errors)")
      #expect(first.output.contains("A1 (core): supported"), "\(first.output)")
      #expect(first.output.contains("A2 (core): contradicted"), "\(first.output)")
      // The forms of texts come back from the stored rows.
      #expect(!first.output.contains("did not keep the forms"), "\(first.output)")
      #expect(!first.output.contains("A3: waits for results"), "\(first.output)")
      #expect(try Command.run(["claims", "claims.yaml", "--write", "--quiet"], in: folder).code == 0)
      let ledger = folder.appendingPathComponent("Results/own")
      let names = try FileManager.default.contentsOfDirectory(atPath: ledger.path).sorted()
      #expect(
        names == [
          "ledger-corpora.csv", "ledger-tally.svg", "ledger-tests.csv", "ledger.csv", "ledger.html", "ledger.md",
        ])
      let text = try String(contentsOf: ledger.appendingPathComponent("ledger.md"), encoding: .utf8)
      #expect(text.contains("away: no results of other") && text.contains("is made from templates"), "\(text)")
      #expect(text.contains("swift run bench tiny.yaml --output Results/tiny"))
      let again = try Command.run(["claims", "claims.yaml"], in: folder)
      #expect(
        again.code == 0 && again.output.hasSuffix("the ledger in Results/own follows from the results\n"),
        "\(again.output)")
      // The same bytes when it is made again.
      let before = try names.map { try Data(contentsOf: ledger.appendingPathComponent($0)) }
      #expect(try Command.run(["claims", "claims.yaml", "--write", "--quiet"], in: folder).code == 0)
      #expect(try names.map { try Data(contentsOf: ledger.appendingPathComponent($0)) } == before)
      // Another verdict than the results give.
      let table = ledger.appendingPathComponent("ledger.csv")
      let rows = try String(contentsOf: table, encoding: .utf8)
      try rows.replacing("contradicted", with: "supported").write(to: table, atomically: true, encoding: .utf8)
      let changed = try Command.run(["claims", "claims.yaml", "--quiet"], in: folder)
      #expect(changed.code == 1 && changed.errors.contains("A2, verdict: got `supported`, expected `contradicted`"))
      // A page that somebody mended by hand.
      try rows.write(to: table, atomically: true, encoding: .utf8)
      try (text + "better\n").write(to: ledger.appendingPathComponent("ledger.md"), atomically: true, encoding: .utf8)
      let mended = try Command.run(["claims", "claims.yaml", "--quiet"], in: folder)
      #expect(mended.code == 1 && mended.errors.contains("ledger.md: it is not what these results give"))
      // Other results under the same verdicts.
      try rows.write(to: table, atomically: true, encoding: .utf8)
      #expect(try Command.run(["tiny.yaml", "--quiet", "--set", "seed=2"], in: folder).code == 0)
      let other = try Command.run(["claims", "claims.yaml", "--quiet"], in: folder)
      #expect(other.code == 1 && other.errors.contains("A1 rests on other results"), "\(other.errors)")
      let planted = try Command.run(["claims", "claims.yaml", "--planted"], in: folder)
      #expect(planted.output.contains("too little evidence"), "\(planted.output)")
    }
  }

  @Test("mistakes in the file end with 2 and name their places")
  func mistakes() throws {
    try Command.inFolder { folder in
      let text = Self.claims.replacing("over: all, published: 20", with: "over: lal, published: 20")
      try Command.write(text, as: "claims.yaml", in: folder)
      let ending = try Command.run(["claims", "claims.yaml"], in: folder)
      #expect(ending.code == 2)
      #expect(
        ending.errors.contains("claims.A2.tests.0.over.0: got `lal`, expected a corpus or a group"), "\(ending.errors)")
      #expect(try Command.run(["claims", "none.yaml"], in: folder).code == 2)
    }
  }
}
