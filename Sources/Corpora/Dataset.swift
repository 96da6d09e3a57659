import Tasks

/// One text with what is true of it.
public struct Example: Sendable, Equatable {
  /// `file:record`, from 1: where a reader finds the row again (`generated:17` for the built-in corpus).
  public var id: String
  public var text: String
  /// In the order of the corpus' columns.
  public var cells: [Cell] = []
  /// Classes and labels are indices into the corpus' list.
  public var target: Target
  public var group: String?
  public var slice: String?
  public var part: FileSource.Part
  /// Line of its file where its record begins, from 1; nil where it is generated. The id has the record's number, which is
  /// another one below a header, blank lines and records of several lines.
  public var line: Int?

  public init(
    id: String, text: String, cells: [Cell] = [], target: Target, group: String? = nil, slice: String? = nil,
    part: FileSource.Part = .all, line: Int? = nil
  ) {
    (self.id, self.text, self.target, self.group, self.slice, self.part) = (id, text, target, group, slice, part)
    self.cells = cells
    self.line = line
  }

  /// What a model may read of it.
  public var input: Input { Input(text: text, cells: cells) }

  /// A text with one class.
  public init(
    id: String, text: String, label: Int, group: String? = nil, slice: String? = nil, part: FileSource.Part = .all,
    line: Int? = nil
  ) {
    self.init(id: id, text: text, target: .label(label), group: group, slice: slice, part: part, line: line)
  }

  /// The class of a text that has one.
  public var label: Int {
    get {
      guard case .label(let label) = target else { preconditionFailure("Example.label: \(id) has no class") }
      return label
    }
    set { target = .label(newValue) }
  }

  /// `file:line`; the id where there is no file.
  var place: String {
    guard let line, let colon = id.lastIndex(of: ":") else { return id }
    return "\(id[..<colon]):\(line)"
  }
}

/// One domain of a corpus, read.
public struct Dataset: Sendable {
  public var domain: String
  public var examples: [Example]
  public var reading: ReadingReport
  /// By its name in the ids of rows, what stands for a file in hashes of splits: the first digits of its SHA-256, and of
  /// its file of labels'.
  public var digests: [String: String]

  public init(domain: String, examples: [Example], reading: ReadingReport, digests: [String: String] = [:]) {
    (self.domain, self.examples, self.reading, self.digests) = (domain, examples, reading, digests)
  }

  /// What names a row in hashes of splits, whatever its file is called and wherever it stands: `digest:record`; the id
  /// of a row of no file.
  public func key(of row: Int) -> String {
    let id = examples[row].id
    guard let colon = id.lastIndex(of: ":"), let digest = digests[String(id[..<colon])] else { return id }
    return digest + id[colon...]
  }
}

/// A corpus, read: all domains share one list of classes, so that a model of one can be tested on another.
public struct Corpus: Sendable {
  public var name: String
  public var task: String
  public var problem: Problem
  /// Classes or labels, none where numbers are asked for; sorted by Unicode scalars, so that the order depends on nothing else.
  public var classes: [String]
  public var domains: [Dataset]
  /// Columns that every row has beside its text.
  public var columns: [InputColumn]
  /// False where no customer wrote the rows' texts: they are written from the columns.
  public var hasTexts: Bool
  /// From the built-in generator: reports say so.
  public var isGenerated: Bool

  public init(
    name: String, task: String, problem: Problem = .classification, classes: [String], domains: [Dataset],
    columns: [InputColumn] = [], hasTexts: Bool = true, isGenerated: Bool
  ) {
    (self.name, self.task, self.problem, self.classes) = (name, task, problem, classes)
    (self.domains, self.columns, self.hasTexts, self.isGenerated) = (domains, columns, hasTexts, isGenerated)
  }
}

extension Corpus {
  /// What a model of it answers with.
  public var shape: TaskShape { TaskShape(problem, classes: classes.count) }

  /// What is true of some of its rows, as places among some of its classes; labels that are none of these are left out.
  package func targets(_ examples: [Example], among classes: [Int]) -> Targets {
    var places = [Int?](repeating: nil, count: self.classes.count)
    for (place, label) in classes.enumerated() { places[label] = place }
    return Targets(examples.map { $0.target.mapped { places[$0] } }, of: problem)
  }
}

/// What happened while a data set was read: nothing is dropped in silence.
public struct ReadingReport: Sendable, Equatable {
  public struct File: Sendable, Equatable {
    public var declaredPath: String
    /// SHA-256 of the file's bytes, in hexadecimal digits.
    public var sha256: String
    public var bytes: Int
    public init(declaredPath: String, sha256: String, bytes: Int) {
      (self.declaredPath, self.sha256, self.bytes) = (declaredPath, sha256, bytes)
    }
  }
  public struct MalformedRow: Sendable, Equatable {
    public var file: String
    /// Line in the file, from 1.
    public var line: Int
    public var reason: String
    public init(file: String, line: Int, reason: String) { (self.file, self.line, self.reason) = (file, line, reason) }
  }
  public struct RareClass: Sendable, Equatable {
    public var name: String
    public var rows: Int
    public init(name: String, rows: Int) { (self.name, self.rows) = (name, rows) }
  }
  public struct RepeatedColumn: Sendable, Equatable {
    public var file: String
    public var name: String
    /// Columns of that name, or objects that have the key more than once.
    public var count: Int
    /// The header, or the first such object, from 1.
    public var line: Int
    /// A key of JSON objects.
    public var isKey: Bool
    public init(file: String, name: String, count: Int, line: Int = 1, isKey: Bool = false) {
      (self.file, self.name, self.count, self.line, self.isKey) = (file, name, count, line, isKey)
    }
  }
  public var files: [File] = []
  /// Records in the files, the header left out.
  public var records = 0
  public var malformed: [MalformedRow] = []
  public var missingText = 0
  public var missingLabel = 0
  /// Left out by labels, column filters, minimum words, and the cap.
  public var droppedByLabel = 0
  public var droppedByFilter = 0
  public var droppedByLength = 0
  public var droppedByCap = 0
  /// Classes below `minimum_rows` and their rows, in class order; what became of them says `rareLabel`.
  public var rareClasses: [RareClass] = []
  /// The class that they became; nil where their rows were left out.
  public var rareLabel: String?
  /// Columns that a header names more than once and the manifest does not ask for; keys that it does ask for and that
  /// stand more than once in an object.
  public var repeatedColumns: [RepeatedColumn] = []

  public init() {}
}

extension ReadingReport {
  /// What rows are left out for, or lack, in the order in which they are looked at.
  private static let reasons: [(count: KeyPath<ReadingReport, Int> & Sendable, what: String)] = [
    (\.missingText, "without text"), (\.missingLabel, "without label"), (\.droppedByLabel, "left out by label"),
    (\.droppedByFilter, "left out by a column's value"), (\.droppedByLength, "left out as too short"),
    (\.droppedByCap, "left out by the cap"),
  ]

  /// With their number in all of `reports`, where there are any: malformed and rare ones stand elsewhere.
  static func leftOut(_ reports: [ReadingReport]) -> [(count: Int, what: String)] {
    reasons.map { reason in (reports.reduce(0) { $0 + $1[keyPath: reason.count] }, reason.what) }.filter { $0.0 > 0 }
  }

  public var leftOut: [(count: Int, what: String)] { Self.leftOut([self]) }
}

extension Corpus {
  /// What became of its rows, in a line for the terminal:
  /// `tickets: 60 rows read, 56 kept; 3 without label, 1 malformed (line 17)`.
  public var readingSummary: String {
    let reports = domains.map(\.reading), malformed = reports.flatMap(\.malformed)
    let read = reports.reduce(0) { $0 + $1.records }, kept = domains.reduce(0) { $0 + $1.examples.count }
    var parts = ReadingReport.leftOut(reports).map { "\($0.count) \($0.what)" }
    if !malformed.isEmpty {
      let lines = malformed.prefix(3).map { "\($0.line)" }.joined(separator: ", ") + (malformed.count > 3 ? ", …" : "")
      parts.append("\(malformed.count) malformed (line\(malformed.count == 1 ? "" : "s") \(lines))")
    }
    return "\(name): \(read) rows read" + (kept < read ? ", \(kept) kept" : "")
      + (parts.isEmpty ? "" : "; " + parts.joined(separator: ", "))
  }
}
