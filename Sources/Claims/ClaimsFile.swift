import Tasks
import Text

/// Claims that somebody published, and how each is put to the test on stored results: fixed before these were computed.
public struct ClaimsFile: Sendable, Equatable {
  public var name = ""
  /// What is put to the test, in a line.
  public var title = ""
  /// Where certainty begins, and why not higher.
  public var start = Certainty.moderate
  public var startReason = ""
  /// Points within which a difference does not matter, where a test states no other.
  public var margin = 1.0
  public var runs: [Run] = []
  public var models: [Model] = []
  public var corpora: [Corpus] = []
  public var claims: [Claim] = []
  public var decompositions: [Decomposition] = []

  /// A run whose results are read.
  public struct Run: Sendable, Equatable {
    public var name = ""
    /// The folder of its results.
    public var results = ""
    /// The manifest that gives them again; empty where none is named.
    public var manifest = ""

    public init() {}
  }

  /// What a model of the runs is called, and for what it stands.
  public struct Model: Sendable, Equatable {
    public var name = ""
    public var called = ""
    /// The model that the claims are about; empty where it is this one.
    public var standsFor = ""
    /// Why it is not that model.
    public var because = ""

    public init() {}
  }

  /// Rows of one run that are one source of evidence.
  public struct Corpus: Sendable, Equatable {
    /// Where its labels come from.
    public enum Labels: String, Sendable, CaseIterable {
      case human
      /// Given by a machine.
      case silver
      /// The texts themselves are made.
      case generated
    }

    public var name = ""
    public var called = ""
    public var run = ""
    /// Names in the run: the corpus, the domain that is trained on, the one that is tested on, the protocol.
    public var corpus = ""
    public var domain = ""
    public var target = ""
    public var protocolName = "holdout"
    /// Corpora with the same one share rows or a maker, and count as one.
    public var source = ""
    public var labels = Labels.human

    public init() {}
  }

  public init() {}

  /// Ids of the claims that are held now as they were by another state of the file: by the same tests, over the same corpora,
  /// by the same margin.
  public func unchanged(since former: ClaimsFile) -> Set<String> {
    let tests = Dictionary(former.claims.map { ($0.id, $0.tests) }, uniquingKeysWith: { first, _ in first })
    func isSame(_ claim: Claim) -> Bool {
      let names = claim.tests.flatMap(\.over)
      func corpora(_ file: ClaimsFile) -> [Corpus] { file.corpora.filter { names.contains($0.name) } }
      return tests[claim.id] == claim.tests && corpora(former) == corpora(self)
    }
    return former.margin == margin ? Set(claims.filter(isSame).map(\.id)) : []
  }
}

/// How sure a sentence may be (GRADE; Guyatt et al. 2008, "GRADE: an emerging consensus on rating quality of evidence and
/// strength of recommendations").
public enum Certainty: Int, Sendable, CaseIterable, Comparable {
  case veryLow, low, moderate, high

  public static func < (a: Certainty, b: Certainty) -> Bool { a.rawValue < b.rawValue }

  public var word: String {
    switch self {
    case .veryLow: "very low"
    case .low: "low"
    case .moderate: "moderate"
    case .high: "high"
    }
  }
}

/// One claim.
public struct Claim: Sendable, Equatable {
  public var id = ""
  /// In words of the file's author.
  public var says = ""
  /// Where it stands in its source.
  public var place = ""
  /// A reader would quote it.
  public var isCore = false
  /// How it is read, where it could be read otherwise.
  public var reading = ""
  public var tests: [ClaimTest] = []
  /// What is missing before it can be tested; empty where nothing is.
  public var waitsFor = ""
  /// Why it cannot be tested on texts.
  public var untestable = ""
  /// The data that a test would take.
  public var needs = ""

  public init() {}
}

/// One comparison that a claim comes to: a quantity of which the claim says the sign, the size, or both.
public struct ClaimTest: Sendable, Equatable {
  public enum Kind: String, Sendable, CaseIterable {
    /// `a` scores higher than `b`.
    case difference
    /// `a` scores as `b` does.
    case equivalence
    /// A model's score is a number.
    case value
    /// `a` loses less than `b` where the domain changes.
    case drop
    /// `a` is further ahead of `b` on some texts than on all others.
    case interaction
    /// `a` takes longer than `b`.
    case time
  }

  /// The rows that scores are over.
  public enum Rows: String, Sendable, CaseIterable {
    case all
    /// Whose text is neither in the training part nor near one there.
    case novel
  }

  public var kind = Kind.difference
  public var a = "", b = ""
  public var metric = MetricName.accuracy
  public var rows = Rows.all
  /// Names of corpora.
  public var over: [String] = []
  /// What was published: points of a difference or a score, or how many times as long.
  public var published: Double?
  /// Whether the published size is claimed too, and not the direction alone.
  public var hasSize = true
  /// Points, or how many times as long, within which a difference does not matter; nil for the file's.
  public var margin: Double?
  /// Planted where no size is published, in the same unit: what would matter to a reader.
  public var planted: Double?
  /// The texts of an interaction: all that have one of these traits, or so many words.
  public var traits: [TextTrait] = []
  public var fewestWords: Int?
  /// Texts with more are left out of an interaction: models may have cut them.
  public var mostWords: Int?
  /// Of times: threads and order of the batches.
  public var isOneThread = true
  public var order = "arrival"
  /// What the test is about, for its row.
  public var called = ""

  public init() {}
}
