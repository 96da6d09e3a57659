import Tasks

/// One corpus as declared: a task, and one data set for each domain.
public struct CorpusDeclaration: Sendable, Equatable {
  public var name: String
  /// What is predicted: `sentiment`, `intent`, `category`, or another word of the user's.
  public var task: String
  /// What is asked of each of its texts.
  public var problem = Problem.classification
  /// In order of declaration; a corpus of one domain has one entry.
  public var domains: [DomainDeclaration]
  /// What its owner says of it; nothing of it changes a figure.
  public var about = CorpusDescription()

  public init(name: String, task: String, domains: [DomainDeclaration]) {
    (self.name, self.task, self.domains) = (name, task, domains)
  }
}

extension CorpusDeclaration {
  /// Columns of its first domain, which all others have too.
  public var columns: [InputColumn] {
    if case .files(let source) = domains.first?.source { source.columns } else { [] }
  }

  /// Whether its rows have texts of their own.
  var hasTexts: Bool {
    domains.contains { if case .files(let source) = $0.source { !source.text.isEmpty } else { true } }
  }
}

/// What only people know of a corpus, in their words: the data card prints it.
public struct CorpusDescription: Sendable, Equatable {
  /// Who collected it, from where, when.
  public var source: String?
  /// In which language or languages it is written.
  public var language: String?
  public var licence: String?
  /// On what ground the writers' messages may be used: consent, contract, law.
  public var consent: String?
  /// Who gave the labels, and how.
  public var labelling: String?

  public init() {}
}

/// One domain of a corpus as declared: its name, and where its texts come from.
public struct DomainDeclaration: Sendable, Equatable {
  public var name: String
  public var source: Source

  public enum Source: Sendable, Equatable {
    case files(FileSource)
    case generated(GeneratorSettings)
  }

  public init(name: String, source: Source) { (self.name, self.source) = (name, source) }
}

/// Text files of one domain and how to read them.
public struct FileSource: Sendable, Equatable {
  public enum Format: String, Sendable, CaseIterable {
    case csv, tsv, jsonl, clinc, lines, conll

    /// Fields between delimiters, the first line a header or not.
    var isTable: Bool { self == .csv || self == .tsv }
    /// Whether a manifest names the columns; a line is a text and no more, CLINC150's pairs are text and intent.
    public var hasColumns: Bool { self != .clinc && self != .lines }

    /// What the ending of a file's name says; nil where it says nothing.
    public init?(endingOf path: String) {
      let name = path.lowercased()
      switch name.lastIndex(of: ".").map({ name[$0...] }) {
      case ".csv": self = .csv
      case ".tsv": self = .tsv
      case ".jsonl": self = .jsonl
      case ".json": self = .clinc
      case ".conll", ".conllu": self = .conll
      default: return nil
      }
    }
  }
  /// What a quote means (CSV, TSV): it encloses a field and is doubled inside (RFC 4180), or nothing.
  public enum Quoting: String, Sendable, CaseIterable { case double, none }
  /// What happens to a row without text or label.
  public enum MissingPolicy: String, Sendable, CaseIterable {
    case drop, placeholder, error
    /// A row without labels stays (multi-label): none of them holds.
    case keep
  }
  /// The official part a file belongs to; `all` where there is no official split.
  public enum Part: String, Sendable, CaseIterable { case all, train, validation, test }

  public struct File: Sendable, Equatable {
    /// As declared, after `${…}`; relative to the working folder.
    public var path: String
    /// As written in the manifest, `${env:…}` unexpanded: what reports print.
    public var declaredPath: String
    public var part: Part
    /// The class of every row (format `lines`); nil where a column holds it.
    public var label: String?
    /// The file that has the label of each line (format `lines`); nil where there is none.
    public var labels: LabelFile?

    public init(path: String, declaredPath: String? = nil, part: Part = .all, label: String? = nil) {
      (self.path, self.declaredPath, self.part, self.label) = (path, declaredPath ?? path, part, label)
    }
  }

  /// A file with a label a line, for the lines of another.
  public struct LabelFile: Sendable, Equatable {
    public var path: String
    public var declaredPath: String
    public init(path: String, declaredPath: String? = nil) {
      (self.path, self.declaredPath) = (path, declaredPath ?? path)
    }
  }

  public var files: [File] = []
  public var format = Format.csv
  /// Between the fields (CSV, TSV): an ASCII character or its name; the format's own where nil.
  public var delimiter: String?
  public var encoding = Encoding.utf8
  /// Whether the first line (CSV, TSV) names the columns; else they are called "1", "2", …
  public var hasHeader = true
  public var quoting = Quoting.double
  /// Column (CSV, TSV) or key (JSON Lines) of the text; several are joined by a space. Where there is none, a row's text is
  /// written from its `columns`.
  public var text: [String] = ["text"]
  /// Columns that models may read beside the text.
  public var columns: [InputColumn] = []
  /// What a cell of theirs holds where its value is missing, beside nothing.
  public var missingCells: [String] = []
  public var label = "label"
  /// Stands between the labels of a row (multi-label).
  public var labelSeparator = ","
  /// Rows of unlabelled files have the class ""; no column is asked for it.
  public var isLabelled = true
  /// Rows with an equal group (conversation, template) stay on one side of every split.
  public var group: String?
  /// A column that results are also broken down by (channel, date).
  public var slice: String?
  /// label as read → class; labels that are not named keep their own name. Empty: no map.
  public var labelMap: [String: String] = [:]
  /// Labels (after the map) whose rows are left out.
  public var dropLabels: [String] = []
  /// Labels (after the map) whose rows are kept; all where empty.
  public var keepLabels: [String] = []
  /// Column → values: rows whose column holds one of these values are left out.
  public var dropWhere: [String: [String]] = [:]
  /// Rows with fewer words are left out.
  public var minimumWords = 0
  /// A class with fewer rows outside the official test part is left out, its test rows too; none where nil.
  public var minimumRows: Int?
  /// The one class that classes below `minimumRows` become; they are left out where nil.
  public var rareLabel: String?
  /// At most this many rows, by a stratified seeded sample (official test rows are never capped); all where nil.
  public var cap: Int?
  public var missingText = MissingPolicy.drop
  public var missingLabel = MissingPolicy.drop
  /// What stands for a missing text or label under `placeholder`.
  public var placeholder = "[MISSING]"
  /// The largest share of malformed rows, from 0 to 1; more is an error.
  public var malformedShare = 0.01

  public init() {}
}

extension FileSource {
  /// Delimiters that a manifest calls by name.
  private static let namedDelimiters: [(name: String, byte: UInt8)] = [
    ("comma", Byte.comma), ("tab", Byte.tab), ("semicolon", UInt8(ascii: ";")), ("pipe", UInt8(ascii: "|")),
    ("space", Byte.space),
  ]

  /// Their names, for a sentence.
  public static let delimiterNames = namedDelimiters.map(\.name).joined(separator: ", ")

  /// The byte that a delimiter's name or character stands for; nil for other than one ASCII character that can be one.
  public static func delimiterByte(_ text: String) -> UInt8? {
    if let named = namedDelimiters.first(where: { $0.name == text }) { return named.byte }
    guard text.utf8.count == 1, let byte = text.utf8.first, byte < 0x7F, byte >= 0x20 || byte == Byte.tab else {
      return nil
    }
    return byte == Byte.quote ? nil : byte
  }

  /// Between the fields of a row.
  var delimiterByte: UInt8 {
    delimiter.flatMap(Self.delimiterByte) ?? (format == .tsv ? Byte.tab : Byte.comma)
  }

  /// Every file with its path as opened and as declared, files of labels behind their texts.
  public var paths: [(path: String, declared: String)] {
    files.flatMap { file in
      [(file.path, file.declaredPath)] + (file.labels.map { [($0.path, $0.declaredPath)] } ?? [])
    }
  }
}

/// Dials of the built-in corpus: seeded, generated customer messages.
public struct GeneratorSettings: Sendable, Equatable {
  public enum Task: String, Sendable, CaseIterable { case sentiment, category, intent }
  public enum Domain: String, Sendable, CaseIterable { case ecommerce, telecom, finance }
  public var task = Task.sentiment
  public var domain = Domain.ecommerce
  public var rows = 1_000
  public var seed: UInt64 = 1
  /// Share of labels replaced by another class, from 0 to 1.
  public var labelNoise = 0.04
  /// Share of words with a typing error, from 0 to 1.
  public var typos = 0.02
  /// Mean number of clauses in a message.
  public var length = 2.0
  /// Share of telling words and phrases that are the domain's own, from 0 (all domains use the same) to 1.
  public var distance = 0.5
  /// How far the label depends on order and scope (negation, contrast, distractors) rather than on words alone:
  /// 0 (words suffice) to 1 (a bag of words says nothing).
  public var order = 0.5

  public init() {}
}
