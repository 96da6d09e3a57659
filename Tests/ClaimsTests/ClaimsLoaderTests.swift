import Manifests
import Tasks
import Text
import Testing

@testable import Claims

@Suite struct ClaimsLoaderTests {
  private static let text = """
    name: own
    title: What a vendor says
    margin: 2
    certainty: {start: high}
    runs:
      mine: {results: Results/mine, manifest: mine.yaml}
    models:
      fast: {called: Fast, stands_for: Faster, because: it is older}
    corpora:
      shop: {run: mine, corpus: reviews, domain: shop, source: we, labels: silver}
      bank: {run: mine, corpus: reviews, domain: bank, protocol: official, source: we}
      across: {run: mine, corpus: reviews}
    groups: {both: [shop, bank]}
    claims:
      V1:
        says: Fast is better than slow by 3 points
        core: true
        tests:
          - {kind: difference, a: fast, b: slow, metric: f1_macro, over: [both, shop], published: 3, margin: 2}
          - {kind: interaction, a: fast, b: slow, over: shop, traits: [negation, contrast], words_from: 10, words_to: 80}
          - {kind: time, a: fast, b: slow, over: bank, published: 2, margin: 1.5, one_thread: false}
      V2: {says: It delights, untestable: no text tells, needs: a survey}
      V3: {says: It learns, waits_for: a run of it}
    """

  private func load(_ text: String) throws -> ClaimsFile { try ClaimsFile.load(text: text, name: "own.yaml").get() }

  private func errors(_ text: String) -> [String] {
    guard case .failure(let errors) = ClaimsFile.load(text: text, name: "own.yaml") else { return [] }
    return errors.errors.map { "\($0.line):\($0.column) \($0.keyPath): got \($0.got), expected \($0.expected)" }
  }

  @Test("every key is read; groups stand for their corpora, each once")
  func reading() throws {
    let file = try load(Self.text)
    #expect(file.start == .high && file.margin == 2 && file.runs.map(\.manifest) == ["mine.yaml"])
    #expect(file.models[0].called == "Fast" && file.models[0].standsFor == "Faster")
    #expect(file.corpora.map(\.source) == ["we", "we", "across"] && file.corpora[0].labels == .silver)
    #expect(file.corpora[1].protocolName == "official" && file.corpora[0].target == "shop")
    let tests = file.claims[0].tests
    #expect(tests[0].over == ["shop", "bank"] && tests[0].metric == .f1Macro && tests[0].published == 3)
    #expect(tests[1].traits == [.negation, .contrast] && tests[1].fewestWords == 10 && tests[1].mostWords == 80)
    #expect(tests[2].kind == .time && !tests[2].hasSize && tests[2].margin == 1.5 && !tests[2].isOneThread)
    #expect(file.claims.map(\.id) == ["V1", "V2", "V3"] && file.claims[1].needs == "a survey")
    #expect(tests[1].isAbout(TextForm(words: 12, traits: [.contrast])))
    #expect(!tests[1].isAbout(TextForm(words: 9, traits: [.contrast])))
    #expect(!tests[1].isAbout(TextForm(words: 12, traits: [.question])))
  }

  @Test(
    "every mistake at once, with its place: names that refer to nothing, claims without a test, sizes without sense")
  func mistakes() {
    func changed(_ from: String, _ to: String) -> [String] { errors(Self.text.replacing(from, with: to)) }
    #expect(errors(Self.text).isEmpty)
    #expect(changed("[shop, bank]", "[shop, bnak]").first?.contains("groups.both.1: got `bnak`") == true)
    #expect(
      changed("run: mine, corpus: reviews}", "run: other, corpus: reviews}").first?.contains("corpora.across.run")
        == true)
    #expect(changed("untestable: no text tells, ", "").first?.contains("claims.V2: got no tests") == true)
    #expect(changed("published: 3,", "published: -3,").first?.contains("`a` is the model ahead") == true)
    #expect(changed("traits: [negation, contrast], words_from: 10, ", "").first?.contains("neither `traits`") == true)
    #expect(changed("kind: time, a: fast", "kind: time, metric: accuracy, a: fast").count == 1)
    #expect(changed("published: 3,", "published: 1.5,").first?.contains("within the margin") == true)
    #expect(changed("b: slow, metric", "b: fast, metric").first?.contains("on both sides") == true)
    #expect(changed("words_from: 10", "words_from: 90").first?.contains("at most `words_to`") == true)
    #expect(changed("over: [both, shop]", "over: [both, across]").first?.contains("names no domain") == true)
    #expect(changed("both: [", "shop: [").contains { $0.contains("the name of a corpus") })
    #expect(errors("name: x\ntitle: y\nruns: {}\ncorpora: {}\nclaims: {}").count >= 2)
    #expect(errors("").count == 1)
  }

  @Test("a claim is as it was where its tests, their corpora and the margin are; words do not matter")
  func unchanged() throws {
    let file = try load(Self.text)
    func since(_ from: String, _ to: String) throws -> Set<String> {
      file.unchanged(since: try load(Self.text.replacing(from, with: to)))
    }
    #expect(try since("It delights", "It pleases") == ["V1", "V2", "V3"])
    #expect(try since("words_to: 80", "words_to: 90") == ["V2", "V3"])
    #expect(try since("labels: silver", "labels: human") == ["V2", "V3"])
    #expect(try since("margin: 2\ncertainty", "margin: 1\ncertainty").isEmpty)
    #expect(try since("  V3: {says: It learns, waits_for: a run of it}", "") == ["V1", "V2"])
  }
}
