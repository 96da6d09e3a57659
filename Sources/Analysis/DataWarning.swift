import Corpora
import Manifests
import Planning
import Settings

/// What should be known of the data before a score is believed, and what can be done: counts and names of classes.
public struct DataWarning: Sendable, Equatable, Codable {
  public enum Kind: String, Sendable, Codable {
    /// Classes that are probably one, spelt in several ways.
    case spelling
    /// Classes with fewer rows than the parts or folds they are divided into.
    case rare
    /// Test or validation rows of classes that training lacks.
    case unseen
    /// A training part of one class.
    case oneClass
    /// A header with a column twice.
    case repeatedColumn
  }

  public var kind: Kind
  public var corpus: String
  /// nil where it concerns all domains of the corpus.
  public var domain: String?
  /// Where the manifest can change it.
  public var place: ManifestPlace
  public var found: String
  /// What would be right, and the key that helps.
  public var expected: String

  /// `corpus, domain`; the corpus alone where they have one name, or all domains are meant.
  public var dataName: String { domain.map { $0 == corpus ? corpus : "\(corpus), \($0)" } ?? corpus }

  /// For people who do not have the manifest before them.
  public var text: String { "\(found); what helps: \(expected)" }
}

extension DataWarning {
  /// Of all corpora, in the manifest's order.
  public static func all(_ corpora: [Corpus], plan: Plan) -> [DataWarning] {
    let unseen = UnseenClasses.all(corpora, plan: plan)
    let training = TrainingClasses.all(corpora, plan: plan)
    return corpora.indices.flatMap { index -> [DataWarning] in
      let corpus = corpora[index]
      return spelling(corpus) + repeatedColumns(corpus)
        + plan.shortages.filter { $0.corpus == index }.map { rare($0, corpus) }
        + training.filter { $0.corpus == index }.flatMap { $0.warnings(corpus, plan.shortages) }
        + unseen.filter { $0.corpus == index }.compactMap { $0.warning(corpus, plan.shortages) }
    }
  }

  private static func spelling(_ corpus: Corpus) -> [DataWarning] {
    let alike = ClassNames.alike(corpus.classes)
    guard !alike.isEmpty, let first = corpus.domains.first else { return [] }
    var rows = [Int](repeating: 0, count: corpus.classes.count)
    for domain in corpus.domains {
      for example in domain.examples { for label in example.target.classes { rows[label] += 1 } }
    }
    let counts = Dictionary(uniqueKeysWithValues: zip(corpus.classes, rows))
    // One warning for each way of differing, so that the list says what to look for.
    var found: [DataWarning] = []
    var ways: [[ClassNames.Difference]] = []
    for set in alike where !ways.contains(set.differences) { ways.append(set.differences) }
    for differences in ways {
      let sets = alike.filter { $0.differences == differences }.map { set in
        ClassNames.list(set.names.map { ($0, counts[$0] ?? 0) }, exactly: differences.contains(.invisible))
      }
      let more = sets.count > 5 ? "; and \(sets.count - 5) more such sets" : ""
      found.append(
        DataWarning(
          kind: .spelling, corpus: corpus.name, domain: nil,
          place: .domain(corpus: corpus.name, name: first.domain, key: "label"),
          found: "classes that differ by \(enumeration(differences.map(\.rawValue))) alone: "
            + sets.prefix(5).joined(separator: "; ") + more,
          expected: "one spelling for each class (`label_map` makes them one)"))
    }
    return found
  }

  private static func repeatedColumns(_ corpus: Corpus) -> [DataWarning] {
    corpus.domains.flatMap { domain in
      domain.reading.repeatedColumns.map { column -> DataWarning in
        let name = ClassNames.shown(column.name)
        return DataWarning(
          kind: .repeatedColumn, corpus: corpus.name, domain: domain.domain,
          place: .domain(corpus: corpus.name, name: domain.domain, key: nil),
          found: column.isKey
            ? "the key `\(name)` more than once in \(column.count) object\(column.count == 1 ? "" : "s") of \(column.file)"
              + " (the first in line \(column.line)), of which the last counts"
            : "\(column.count) columns `\(name)` in \(column.file), line 1",
          expected: column.isKey
            ? "each key once in an object" : "a name for each column, though none of them is read")
      }
    }
  }

  private static func rare(_ shortage: Plan.Shortage, _ corpus: Corpus) -> DataWarning {
    let isFolds = shortage.protocolKind == .kfold
    let classes = shortage.classes.sorted { $0.separable < $1.separable }
    let items = classes.prefix(5).map { item in
      let kept = item.separable < item.rows ? ", \(item.separable) apart" : ""
      return "`\(ClassNames.shown(item.name))` (\(item.rows)\(kept))"
    }
    let more = classes.count > 5 ? " and \(classes.count - 5) more" : ""
    let what = isFolds ? "\(shortage.parts) folds" : "\(shortage.parts) parts of hold-out"
    return DataWarning(
      kind: .rare, corpus: corpus.name, domain: corpus.domains[shortage.domain].domain,
      place: .protocols(shortage.protocolIndex, key: isFolds ? "folds" : "kind"),
      found: "\(classes.count == 1 ? "a class" : "\(classes.count) classes") too rare for \(what): "
        + items.joined(separator: ", ") + more + "; the first row is \(classes[0].first)",
      expected: remedy(classes, shortage.parts, corpus.domains[shortage.domain].reading))
  }

  /// What helps: `minimum_rows` counts rows, so not where there are enough of them in too few groups, and what it has
  /// made one is beyond it.
  static func remedy(_ classes: [ClassShortage], _ parts: Int, _ reading: ReadingReport) -> String {
    var remedies: [String] = []
    let few = classes.filter { $0.rows < parts }, merged = few.filter { $0.name == reading.rareLabel }
    if few.count > merged.count {
      remedies.append(
        "at least \(parts) rows of each (`minimum_rows: \(parts)` leaves such classes out, with `rare_label` makes them one)"
      )
    }
    if let merged = merged.first {
      remedies.append(
        "no `rare_label` (so that the rare classes of `\(ClassNames.shown(merged.name))` are left out), or a higher "
          + "`minimum_rows`, which makes more of them")
    }
    if few.count < classes.count {
      remedies.append(
        "rows of at least \(parts) groups or different texts for each (`minimum_rows` counts rows, and does not help): "
          + "smaller groups, fewer parts, or `drop_labels`")
    }
    return remedies.joined(separator: "; ")
  }

  static func enumeration(_ items: [String]) -> String {
    items.count < 2
      ? items.joined() : items.dropLast().joined(separator: ", ") + " and " + items[items.count - 1]
  }
}

extension LoadedManifest {
  /// The warnings at their places.
  public func located(_ warnings: [DataWarning]) -> [ManifestError] {
    warnings.map { warning in
      // A protocol's place does not say of which data it speaks.
      var of = ""
      if case .protocols = warning.place { of = " (in \(warning.dataName))" }
      return places.message(warning.place, got: warning.found + of, expected: warning.expected)
    }
  }
}
