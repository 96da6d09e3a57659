import Text

/// When two texts count as the same. (Near-duplicates by shared n-grams would be a third case.)
public enum Similarity: String, Sendable, CaseIterable {
  /// The same characters.
  case exact
  /// The same after `normalised(_:)`.
  case normalised

  func key(_ text: String) -> String {
    switch self {
    case .exact: text
    case .normalised: Text.normalised(text)
    }
  }
}

/// The distinct normalised forms of some texts: what a model trained on them has already seen.
public func normalisedSet(of texts: some Sequence<String>) -> Set<String> { Set(texts.map { normalised($0) }) }

/// The share of texts, from 0 to 1, whose normalised form stands in `seen`; 0 where there are no texts.
public func seenShare(of texts: [String], in seen: Set<String>) -> Double {
  texts.isEmpty ? 0 : Double(texts.count { seen.contains(normalised($0)) }) / Double(texts.count)
}

/// What a data set holds twice, across its parts, and under more than one label: counts only, never texts.
public struct Audit: Sendable, Equatable {
  public struct Duplicates: Sendable, Equatable {
    public var distinct: Int
    /// Rows beyond the first of each text.
    public var repeated: Int
  }

  /// One official part, or a part of a split.
  public struct Part: Sendable, Equatable {
    public var part: FileSource.Part
    public var rows: Int
    /// In class order.
    public var classCounts: [Int]
    public var exact: Duplicates
    public var normalised: Duplicates
  }

  /// Rows of one part that another part already holds.
  public struct Straddling: Sendable, Equatable {
    public var from: FileSource.Part
    public var into: FileSource.Part
    /// Rows of `into` whose text, normalised text or group stands in `from`.
    public var exact: Int
    public var normalised: Int
    public var groups: Int
  }

  public var rows: Int
  public var classCounts: [Int]
  public var exact: Duplicates
  public var normalised: Duplicates
  /// Normalised texts that carry more than one label, and the rows that they stand in.
  public var contradictoryTexts: Int
  public var contradictoryRows: Int
  /// The parts that have rows, in the order all, train, validation, test.
  public var parts: [Part]
  /// train → validation, train → test, validation → test, as far as they exist.
  public var straddling: [Straddling]

  /// Audits a data set with its official parts.
  public init(_ examples: [Example], classes: Int) {
    self.init(examples, classes: classes, parts: examples.map(\.part))
  }

  /// Audits the rows of a split, whatever their official parts.
  public init(_ examples: [Example], classes: Int, split: Split) {
    let chosen: [(rows: [Int], part: FileSource.Part)] = [
      (split.train, .train), (split.validation, .validation), (split.test, .test),
    ]
    self.init(
      chosen.flatMap { part in part.rows.map { examples[$0] } }, classes: classes,
      parts: chosen.flatMap { part in part.rows.map { _ in part.part } })
  }

  private init(_ examples: [Example], classes: Int, parts: [FileSource.Part]) {
    let keys = Similarity.allCases.map { similarity in examples.map { similarity.key($0.text) } }
    func counts(_ rows: [Int]) -> [Int] {
      var counts = [Int](repeating: 0, count: classes)
      for row in rows { counts[examples[row].label] += 1 }
      return counts
    }
    func duplicates(_ rows: [Int], _ similarity: Int) -> Duplicates {
      let distinct = Set(rows.map { keys[similarity][$0] }).count
      return Duplicates(distinct: distinct, repeated: rows.count - distinct)
    }
    let all = Array(examples.indices)
    rows = examples.count
    classCounts = counts(all)
    (exact, normalised) = (duplicates(all, 0), duplicates(all, 1))

    var labels: [String: Set<Int>] = [:]
    for row in all { labels[keys[1][row], default: []].insert(examples[row].label) }
    contradictoryTexts = labels.values.count { $0.count > 1 }
    contradictoryRows = keys[1].count { (labels[$0]?.count ?? 0) > 1 }

    let present = FileSource.Part.allCases.map { part in (part: part, rows: all.filter { parts[$0] == part }) }
      .filter { !$0.rows.isEmpty }
    self.parts = present.map { part, rows in
      Part(
        part: part, rows: rows.count, classCounts: counts(rows), exact: duplicates(rows, 0),
        normalised: duplicates(rows, 1))
    }
    straddling = []
    for (index, from) in present.enumerated() {
      for into in present[(index + 1)...] {
        func shared(_ keys: [String]) -> Int {
          let seen = Set(from.rows.map { keys[$0] })
          return into.rows.count { seen.contains(keys[$0]) }
        }
        let groups = Set(from.rows.compactMap { examples[$0].group })
        straddling.append(
          Straddling(
            from: from.part, into: into.part, exact: shared(keys[0]), normalised: shared(keys[1]),
            groups: into.rows.count { examples[$0].group.map(groups.contains) ?? false }))
      }
    }
  }
}
