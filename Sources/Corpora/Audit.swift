import Tasks
import Text

/// What a data set holds twice, across its parts, and under more than one label: counts only, never texts.
///
/// Texts repeat each other in three ways: to the letter, after `normalised(_:)`, and nearly (a Jaccard coefficient of at
/// least 0.8 over five-character shingles). Equal texts are not counted as near.
public struct Audit: Sendable, Equatable {
  public struct Repeats: Sendable, Equatable, Codable {
    /// Distinct texts to the letter, and after normalising.
    public var distinct: Int
    public var distinctNormalised: Int
    /// Distinct normalised texts that are near one met earlier.
    public var near: Int

    public init(distinct: Int, distinctNormalised: Int, near: Int) {
      (self.distinct, self.distinctNormalised, self.near) = (distinct, distinctNormalised, near)
    }
  }

  /// One official part, or a part of a split.
  public struct Part: Sendable, Equatable {
    public var part: FileSource.Part
    public var rows: Int
    /// In class order.
    public var classCounts: [Int]
    public var repeats: Repeats
  }

  /// Rows of one part that another part already holds.
  public struct Straddling: Sendable, Equatable {
    public var from: FileSource.Part
    public var into: FileSource.Part
    public var shared: Shared
  }

  /// Rows whose text or group stands among other rows.
  public struct Shared: Sendable, Equatable, Codable {
    /// All rows that were looked at.
    public var rows: Int
    /// Those whose text stands there to the letter, and after normalising.
    public var exact: Int
    public var normalised: Int
    /// Those whose text is near one there, and equal to none.
    public var near: Int
    /// Those whose group has a row there.
    public var groups: Int

    public init(rows: Int, exact: Int, normalised: Int, near: Int, groups: Int) {
      (self.rows, self.exact, self.normalised) = (rows, exact, normalised)
      (self.near, self.groups) = (near, groups)
    }

    /// Whether no row is shared in any way.
    public var isClean: Bool { normalised + near + groups == 0 }
  }

  public var rows: Int
  public var classCounts: [Int]
  public var repeats: Repeats
  /// Normalised texts that carry more than one label, and the rows that they stand in.
  public var contradictoryTexts: Int
  public var contradictoryRows: Int
  /// The parts that have rows, in the order all, train, validation, test.
  public var parts: [Part]
  /// train → validation, train → test, validation → test, as far as they exist.
  public var straddling: [Straddling]

  /// Audits a data set with its official parts, or the parts of `split` in their place. `texts` is the corpus' index, in
  /// which the data set is number `dataset`.
  public init(_ examples: [Example], classes: Int, split: Split? = nil, texts: TextIndex, dataset: Int) {
    let parts: [(part: FileSource.Part, rows: [Int])] =
      split.map { [(.train, $0.train), (.validation, $0.validation), (.test, $0.test)] }
      ?? FileSource.Part.allCases.map { part in (part, examples.indices.filter { examples[$0].part == part }) }
    func counts(_ rows: [Int]) -> [Int] {
      var counts = [Int](repeating: 0, count: classes)
      for row in rows { for label in examples[row].target.classes { counts[label] += 1 } }
      return counts
    }
    func repeats(_ rows: [Int]) -> Repeats {
      Repeats(
        distinct: Set(rows.map { UTF8Key(examples[$0].text) }).count,
        distinctNormalised: Set(rows.map { texts.number($0, of: dataset) }).count,
        near: texts.nearRepeats(.init(rows, of: dataset)))
    }
    let all = parts.flatMap(\.rows).sorted()
    rows = all.count
    classCounts = counts(all)
    self.repeats = repeats(all)

    var labels: [Int: Set<Target>] = [:]
    for row in all { labels[texts.number(row, of: dataset), default: []].insert(examples[row].target) }
    contradictoryTexts = labels.values.count { $0.count > 1 }
    contradictoryRows = all.count { (labels[texts.number($0, of: dataset)]?.count ?? 0) > 1 }

    let present = parts.filter { !$0.rows.isEmpty }
    self.parts = present.map { part, rows in
      Part(part: part, rows: rows.count, classCounts: counts(rows), repeats: repeats(rows))
    }
    straddling = []
    for (index, from) in present.enumerated() {
      for into in present[(index + 1)...] {
        let shared = Shared(
          of: (examples, into.rows, dataset), with: (examples, from.rows, dataset), texts: texts)
        straddling.append(Straddling(from: from.part, into: into.part, shared: shared))
      }
    }
  }

  /// Audits a data set on its own.
  public init(_ examples: [Example], classes: Int, split: Split? = nil) {
    self.init(examples, classes: classes, split: split, texts: TextIndex([examples]), dataset: 0)
  }
}

extension Audit.Shared {
  /// How many of the rows `of` a data set are shared `with` rows of this or another one. Groups are a data set's own: in
  /// another one an equal name says nothing.
  public init(
    of into: (examples: [Example], rows: [Int], dataset: Int),
    with from: (examples: [Example], rows: [Int], dataset: Int), texts: TextIndex
  ) {
    let letters = Set(from.rows.map { UTF8Key(from.examples[$0].text) })
    let groups = into.dataset == from.dataset ? Set(from.rows.compactMap { from.examples[$0].group }) : []
    let novelty = texts.novelty(
      of: .init(into.rows, of: into.dataset), trainedOn: .init(from.rows, of: from.dataset))
    self.init(
      rows: into.rows.count, exact: into.rows.count { letters.contains(UTF8Key(into.examples[$0].text)) },
      normalised: novelty.count { $0 == .seen }, near: novelty.count { $0 == .near },
      groups: into.rows.count { into.examples[$0].group.map(groups.contains) ?? false })
  }
}
