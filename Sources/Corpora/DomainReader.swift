import Compute
import Tasks
import Text

/// Reads the files of one domain, applies the declaration's rules row by row and counts what is left out.
struct DomainReader {
  private let corpus: String
  let source: FileSource
  /// What is asked of each text.
  let problem: Problem
  private let names: [String: String]
  let rules: RowRules
  var draft: DomainDraft
  private(set) var errors: [CorpusError] = []

  /// Malformed rows that an error lists.
  static let listed = 5

  init(
    corpus: String, domain: String, source: FileSource, problem: Problem = .classification, names: [String: String]
  ) {
    (self.corpus, self.source, self.problem, self.names) = (corpus, source, problem, names)
    rules = RowRules(source, for: problem)
    draft = DomainDraft(domain: domain)
  }

  mutating func readFiles() {
    checkDeclaration()
    var seen: Set<[String]> = []
    for file in source.files {
      guard seen.insert(FileNames.components(of: file.path)).inserted else {
        fail(.invalidSetting, file, found: "the file a second time", expected: "each file once in a domain")
        continue
      }
      read(file)
    }
  }

  private mutating func checkDeclaration() {
    func setting(_ column: String, _ found: String, _ expected: String) {
      errors.append(
        CorpusError(
          .invalidSetting, corpus: corpus, domain: draft.domain, column: column, found: found, expected: expected))
    }
    if source.files.isEmpty { setting("files", "no file", "at least one file") }
    if source.text.isEmpty, source.columns.isEmpty { setting("text", "no column", "at least one column") }
    if let delimiter = source.delimiter, FileSource.delimiterByte(delimiter) == nil {
      let expected = "one ASCII character but a quote, or \(FileSource.delimiterNames)"
      setting("delimiter", "other than one character", expected)
    }
    if let cap = source.cap, cap < 1 { setting("cap", "\(cap)", "at least 1 row") }
    if !(0...1).contains(source.malformedShare) {
      setting("malformed_share", "\(source.malformedShare)", "a share from 0 to 1")
    }
  }

  /// The domain's rows, capped and without rare classes; adds the errors that concern the domain as a whole.
  mutating func finish(random: Random) -> DomainDraft {
    if let cap = source.cap, cap > 0 { applyCap(cap, random) }
    if let least = source.minimumRows { thinOut(least) }
    if errors.isEmpty {
      let distinct = Set(draft.labels.joined())
      if draft.examples.isEmpty {
        let report = draft.report
        if report.records == 0 {
          let below = source.hasHeader && source.format.isTable ? " below the header" : ""
          fail(.noRows, nil, found: "no rows\(below)", expected: "some rows")
          return draft
        }
        let dropped =
          "\(report.malformed.count) malformed, \(report.missingText) without text, \(report.missingLabel) without label, "
          + "\(report.droppedByLabel) dropped by label, \(report.droppedByFilter) by filter, \(report.droppedByLength) by length"
          + (report.rareClasses.isEmpty
            ? "" : ", \(report.rareClasses.reduce(0) { $0 + $1.rows }) by minimum_rows")
        fail(.noRows, nil, found: "no row left of \(report.records) (\(dropped))", expected: "some rows")
      } else if source.isLabelled {
        failWithoutContrast(distinct)
      }
    }
    return draft
  }

  /// A task in which every row has the same answer is none.
  private mutating func failWithoutContrast(_ distinct: Set<String>) {
    let only = ClassNames.shown(distinct.first ?? "")
    switch problem {
    case .classification where distinct.count < 2:
      fail(.tooFewClasses, nil, found: "only the class `\(only)`", expected: "at least two classes")
    case .multiLabel where Set(draft.labels.map(Set.init)).count < 2:
      let found = distinct.isEmpty ? "no label" : "the same labels in every row"
      fail(.tooFewClasses, nil, found: found, expected: "rows that differ in their labels")
    case .regression where Set(draft.examples.map(\.target)).count < 2:
      fail(.tooFewClasses, nil, found: "the same number in every row", expected: "at least two different numbers")
    default: break
    }
  }

  // MARK: One file

  /// nil where it cannot be read.
  mutating func contents(of file: FileSource.File) -> FileBytes? {
    do { return try FileBytes(path: file.path) } catch {
      switch error {
      case .missing: fail(.missingFile, file, found: "no such file", expected: "a readable file")
      case .isFolder: fail(.unreadable, file, found: "a folder", expected: "a file")
      case .refused: fail(.unreadable, file, found: "a file that cannot be read", expected: "a readable file")
      }
      return nil
    }
  }

  private mutating func read(_ file: FileSource.File) {
    guard let contents = contents(of: file), let text = text(of: contents, file) else { return }
    if source.format == .lines, file.label == nil, file.labels == nil, source.isLabelled {
      fail(.missingColumn, file, found: "no class for the file", expected: Self.classExpected(text))
      return
    }
    let before = (report: draft.report, rows: draft.examples.count, errors: errors.count)
    draft.report.files.append(
      .init(declaredPath: file.declaredPath, sha256: contents.sha256, bytes: contents.bytes.count))
    guard var rows = rows(of: text, labels: file.labels, file) else { return }
    let name = names[file.path] ?? file.path
    var refused = Refused()
    var malformed: [RawRecord.Malformed] = []
    var count = 0
    while let row = rows.next() {
      count += 1
      switch row {
      case .record(let record): add(record, of: file, named: name, &refused)
      case .malformed(let row): malformed.append(row)
      }
    }
    let findings = rows.findings
    if !findings.failures.isEmpty {
      // What its rows would have said follows from what is wrong with the file.
      draft.report = before.report
      draft.keepFirst(before.rows)
      errors.removeSubrange(before.errors...)
      report(findings.failures, file, text)
      return
    }
    draft.report.records += count
    draft.report.repeatedColumns += findings.repeatedColumns.map {
      .init(file: file.declaredPath, name: $0.name, count: $0.count, line: 1)
    }
    draft.report.repeatedColumns += findings.repeatedKeys.map {
      .init(file: file.declaredPath, name: $0.name, count: $0.rows, line: $0.line, isKey: true)
    }
    draft.report.malformed += malformed.map { .init(file: file.declaredPath, line: $0.line, reason: reason($0)) }
    checkMalformedShare(malformed, of: count, file, contents.bytes, text)
    let files = draft.report.files[before.report.files.count...]
    draft.digests[name] = files.map { String($0.sha256.prefix(8)) }.joined()
  }

  /// Rows of one file that are errors, of which some are listed.
  private struct Refused { var missingValues = 0, noNumbers = 0, wrongCells = 0 }

  private mutating func add(
    _ record: RawRecord, of file: FileSource.File, named name: String, _ refused: inout Refused
  ) {
    if let part = record.part, file.part != .all, file.part != part { return }
    let missing = rules.isMissing(record.values, fileLabel: record.label ?? file.label)
    switch rules.judge(record.values, fileLabel: record.label ?? file.label) {
    case .filtered: draft.report.droppedByFilter += 1
    case .droppedLabel: draft.report.droppedByLabel += 1
    case .tooShort: draft.report.droppedByLength += 1
    case .missingLabel: draft.report.missingLabel += 1
    case .missingText: draft.report.missingText += 1
    case .missingValue(let column):
      refused.missingValues += 1
      guard refused.missingValues <= Self.listed else { return }
      fail(.missingValue, file, line: record.line, column: column, found: "no value", expected: "a value in every row")
    case .notNumber(let found):
      refused.noNumbers += 1
      guard refused.noNumbers <= Self.listed else { return }
      // A label may stand in a file of its own, on the same line.
      let place = record.label == nil ? file : file.labels.map { .init(path: $0.path, part: file.part) } ?? file
      fail(
        .malformed, place, line: record.line, column: source.label, found: "`\(ClassNames.shown(found))`",
        expected: "a number, or `drop_labels` to leave such rows out")
    case .wrongCell(let column, let found):
      refused.wrongCells += 1
      guard refused.wrongCells <= Self.listed else { return }
      failCell(file, record.line, column: column, found: found)
    case .row(let text, let cells, let target, let group, let slice):
      if missing.label { draft.report.missingLabel += 1 }
      if missing.text { draft.report.missingText += 1 }
      draft.add(
        Example(
          id: "\(name):\(record.number)", text: text, cells: cells, target: .label(0), group: group, slice: slice,
          part: file.part == .all ? record.part ?? .all : file.part, line: record.line), target)
    }
  }

  mutating func failCell(_ file: FileSource.File, _ line: Int, column: String, found: String) {
    fail(
      .malformed, file, line: line, column: column, found: "`\(ClassNames.shown(found))`",
      expected:
        "a number or nothing; or `\(column): category`, or such a value among the missing (`missing.cells`, `--missing`)"
    )
  }

  // MARK: Cap

  /// Official test rows are never capped; training and validation rows keep the shares of part and class.
  private mutating func applyCap(_ cap: Int, _ random: Random) {
    let pool = draft.examples.indices.filter { draft.examples[$0].part != .test }
    guard pool.count > cap else { return }
    let kinds = kinds(of: pool, cap: cap)
    let order = Dictionary(
      uniqueKeysWithValues: Set(kinds).sorted(by: isOrderedByScalars).enumerated().map { ($1, $0) })
    let strata = pool.map { index in
      let isValidation = draft.examples[index].part == .validation
      return 2 * (order[kinds[index]] ?? 0) + (isValidation ? 1 : 0)
    }
    let chosen = Set(StratifiedSample.positions(of: strata, count: cap, random: random).map { pool[$0] })
    let kept = draft.examples.indices.filter { draft.examples[$0].part == .test || chosen.contains($0) }
    draft.report.droppedByCap = pool.count - chosen.count
    draft.examples = kept.map { draft.examples[$0] }
    draft.labels = kept.map { draft.labels[$0] }
  }

  /// What each row of the draft is for the cap: its class; its labels, those that too few rows have together to be sure of
  /// one in the sample all as one; of numbers all are the same.
  private func kinds(of pool: [Int], cap: Int) -> [String] {
    var kinds = draft.labels.map { $0.sorted(by: isOrderedByScalars).joined(separator: "\u{1F}") }
    guard problem == .multiLabel else { return kinds }
    var counts: [String: Int] = [:]
    for row in pool { counts[kinds[row], default: 0] += 1 }
    for row in pool where counts[kinds[row], default: 0] * cap < pool.count { kinds[row] = "\u{1F}" }
    return kinds
  }

  // MARK: Rare classes

  /// Leaves out classes that have fewer rows to learn from and be chosen on than `least`, or makes them one.
  private mutating func thinOut(_ least: Int) {
    var learnt: [String: Int] = [:], all = learnt
    for index in draft.labels.indices {
      for label in draft.labels[index] {
        all[label, default: 0] += 1
        learnt[label, default: 0] += draft.examples[index].part == .test ? 0 : 1
      }
    }
    let rare = all.keys.filter { learnt[$0, default: 0] < least }.sorted(by: isOrderedByScalars)
    guard !rare.isEmpty else { return }
    draft.report.rareClasses = rare.map { .init(name: $0, rows: all[$0] ?? 0) }
    draft.report.rareLabel = source.rareLabel.map(trimmed)
    let names = Set(rare)
    if let label = source.rareLabel.map(trimmed) {
      for index in draft.labels.indices where draft.labels[index].contains(where: names.contains) {
        let others = draft.labels[index].filter { !names.contains($0) && $0 != label }
        draft.labels[index] = others + [label]
      }
    } else {
      let kept = draft.labels.indices.filter {
        draft.labels[$0].isEmpty || draft.labels[$0].contains { !names.contains($0) }
      }
      for index in kept { draft.labels[index].removeAll(where: names.contains) }
      draft.examples = kept.map { draft.examples[$0] }
      draft.labels = kept.map { draft.labels[$0] }
    }
  }

  mutating func fail(
    _ kind: CorpusError.Kind, _ file: FileSource.File?, line: Int? = nil, column: String? = nil, found: String,
    expected: String, suggestion: String? = nil
  ) {
    errors.append(
      CorpusError(
        kind, corpus: corpus, domain: draft.domain, file: file?.path, line: line, column: column, found: found,
        expected: expected, suggestion: suggestion))
  }
}
