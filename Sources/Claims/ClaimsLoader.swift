import Analysis
import Manifests
import Settings
import Text

extension ClaimsFile {
  /// Reads a file of claims: every mistake at once, with its place.
  public static func load(file: String) -> Result<ClaimsFile, ManifestErrors> {
    SuiteLoader.tree(of: file, ClaimsSchema.root, what: what) { ClaimsMistakes(in: $0).all }.map(ClaimsFile.init)
  }

  /// The same of a file's text.
  public static func load(text: String, name: String) -> Result<ClaimsFile, ManifestErrors> {
    SuiteLoader.tree(text, name: name, ClaimsSchema.root, what: what) { ClaimsMistakes(in: $0).all }
      .map(ClaimsFile.init)
  }

  private static let what = "a file of claims"

  private init(_ tree: Checked) {
    func table<Value>(_ key: String, _ binding: Binding<Value>, _ name: (inout Value, String) -> Void) -> [Value] {
      (tree[key]?.entries ?? []).map { entry in
        var value = binding.value(entry.value)
        name(&value, entry.key)
        return value
      }
    }
    (name, title) = (tree["name"]?.text ?? "", tree["title"]?.text ?? "")
    margin = tree["margin"]?.number ?? margin
    start = Certainty.allCases.first { $0.word == tree["certainty"]?["start"]?.text } ?? start
    startReason = tree["certainty"]?["because"]?.text ?? ""
    runs = table("runs", ClaimsSchema.run) { $0.name = $1 }
    models = table("models", ClaimsSchema.model) {
      $0.name = $1
      if $0.called.isEmpty { $0.called = $1 }
    }
    corpora = table("corpora", ClaimsSchema.corpus) { corpus, name in
      corpus.name = name
      if corpus.called.isEmpty { corpus.called = name }
      if corpus.target.isEmpty { corpus.target = corpus.domain }
      if corpus.source.isEmpty { corpus.source = name }
    }
    let groups = Dictionary(
      (tree["groups"]?.entries ?? []).map { ($0.key, $0.value.texts) }, uniquingKeysWith: { first, _ in first })
    claims = (tree["claims"]?.entries ?? []).map { Self.claim($0.key, $0.value, groups) }
    decompositions = (tree["decompositions"]?.entries ?? []).map { Self.decomposition($0.key, $0.value, groups) }
  }

  static func decomposition(_ name: String, _ tree: Checked, _ groups: [String: [String]]) -> Decomposition {
    var own = Decomposition()
    own.name = name
    own.called = tree["called"]?.text.flatMap { $0.isEmpty ? nil : $0 } ?? name
    own.over = (tree["over"]?.texts ?? []).flatMap { groups[$0] ?? [$0] }.uniqued()
    own.factors = tree["factors"]?.texts ?? []
    own.cells = (tree["cells"]?.entries ?? []).map { cell in
      let bits = cell.value.texts.compactMap { own.factors.firstIndex(of: $0) }
      return Decomposition.Cell(model: cell.key, factors: bits.reduce(0) { $0 | 1 << UInt64($1) })
    }
    return own
  }

  private static func claim(_ id: String, _ tree: Checked, _ groups: [String: [String]]) -> Claim {
    var claim = Claim()
    func text(_ key: String) -> String { tree[key]?.text ?? "" }
    (claim.id, claim.says, claim.place) = (id, text("says"), text("place"))
    (claim.isCore, claim.reading) = (tree["core"]?.flag ?? false, text("reading"))
    (claim.waitsFor, claim.untestable, claim.needs) = (text("waits_for"), text("untestable"), text("needs"))
    claim.tests = (tree["tests"]?.list ?? []).compactMap { own in
      guard let kind = own["kind"]?.text.flatMap(ClaimTest.Kind.init) else { return nil }
      var test = ClaimsSchema.test(kind).value(own)
      test.over = test.over.flatMap { groups[$0] ?? [$0] }.uniqued()
      return test
    }
    return claim
  }
}
