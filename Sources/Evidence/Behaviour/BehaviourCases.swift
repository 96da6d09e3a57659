import Compute
import Manifests

/// The texts of one test, before and after the change.
public struct BehaviourCases: Sendable {
  public struct Case: Sendable, Equatable {
    /// Of a row its id; of a template its number, from 1.
    public var id: String
    /// nil where nothing is changed.
    public var before: String?
    public var after: String
    /// The true class of a row, where it is known.
    public var label: String?
  }

  /// A row of the user's data.
  public struct Row: Sendable, Equatable {
    public var id: String
    public var text: String
    public var label: String?

    public init(id: String, text: String, label: String?) { (self.id, self.text, self.label) = (id, text, label) }
  }

  public let test: BehaviourTest
  public let cases: [Case]

  /// The same cases for the same suite and rows, whichever other tests stand in it.
  public init(_ test: BehaviourTest, of suite: BehaviourSuite, rows: [Row]) {
    let random = Random(seed: suite.seed, stream: "behaviour \(test.name)")
    var drawn = random.stream("texts"), changer = TextChanger(random: random.stream("changes"))
    var frames = random.stream("frames")
    let lexicons = Dictionary(suite.lexicons.map { ($0.name, $0.words) }, uniquingKeysWith: { first, _ in first })
    var texts =
      test.templates.isEmpty
      ? rows : Self.filled(test.templates, lexicons, most: test.cases, &drawn)
    if test.templates.isEmpty { drawn.shuffle(&texts) }
    var cases: [Case] = []
    for text in texts where cases.count < test.cases {
      var after: String? = text.text
      for change in test.changes { after = after.flatMap { changer.changed($0, by: change) } }
      guard var after else { continue }
      if !test.prepend.isEmpty {
        after = Self.filled(test.prepend[frames.below(test.prepend.count)], lexicons, &frames) + " " + after
      }
      if !test.append.isEmpty {
        after += " " + Self.filled(test.append[frames.below(test.append.count)], lexicons, &frames)
      }
      cases.append(
        Case(id: text.id, before: test.kind == .minimum ? nil : text.text, after: after, label: text.label))
    }
    (self.test, self.cases) = (test, cases)
  }

  // MARK: Templates

  /// Every way to fill a template where there are few, else so many drawn ones; no text twice.
  private static func filled(
    _ templates: [String], _ lexicons: [String: [String]], most: Int, _ random: inout Random
  ) -> [Row] {
    var texts: [String] = [], known: Set<String> = []
    let each = max(1, (most + templates.count - 1) / templates.count)
    for template in templates {
      let all = combinations(template, lexicons, most: 4 * each)
      var own = all ?? []
      if all == nil {
        for _ in 0..<(20 * each) where own.count < each {
          let text = filled(template, lexicons, &random)
          if !own.contains(text) { own.append(text) }
        }
      }
      random.shuffle(&own)
      for text in own.prefix(each) where known.insert(text).inserted { texts.append(text) }
    }
    return texts.enumerated().map { Row(id: "\($0 + 1)", text: $1, label: nil) }
  }

  /// nil where there are more than `most`.
  private static func combinations(_ template: String, _ lexicons: [String: [String]], most: Int) -> [String]? {
    guard let place = template.firstMatch(of: /\{([^{}]+)\}/) else { return [template] }
    let name = String(place.1)
    var all: [String] = []
    for word in lexicons[name] ?? [] {
      // A name that stands in a template twice is one word.
      let next = template.replacing("{\(name)}", with: word)
      guard let more = combinations(next, lexicons, most: most), all.count + more.count <= most else { return nil }
      all += more
    }
    return all
  }

  private static func filled(_ template: String, _ lexicons: [String: [String]], _ random: inout Random) -> String {
    var text = template
    while let place = text.firstMatch(of: /\{([^{}]+)\}/) {
      let name = String(place.1), words = lexicons[name] ?? [""]
      text = text.replacing("{\(name)}", with: words[random.below(words.count)])
    }
    return text
  }
}
