/// What yields the rows of a file one after another: a table, objects, lines, blocks of columns.
///
/// A row is made when it is asked for, so a reader that keeps none needs the memory of one. What is known of the file as
/// a whole stands in `findings`; it is complete when `next` has returned nil.
protocol RecordSource {
  /// The next row in the file's order; nil at the end, and at once where the file as a whole cannot be read.
  mutating func next() -> RawRow?
  var findings: FileFindings { get }
}

/// One row of a file before any rule of the declaration is applied.
enum RawRow {
  case record(RawRecord)
  case malformed(RawRecord.Malformed)
}

struct RawRecord {
  /// Position among the file's records, from 1, malformed ones counted.
  var number: Int
  /// Line where it begins, from 1.
  var line: Int
  /// The wanted columns, in the order they were asked for; nil where the record has none.
  var values: [String?]
  /// Set by formats that name the part inside the file (CLINC150).
  var part: FileSource.Part?
  /// Stands behind each element of a value that was a list (JSON Lines, CoNLL): the unit separator of ASCII.
  static let listMark = "\u{1F}"
  static func list(_ elements: [String]) -> String { elements.map { $0 + listMark }.joined() }
  /// From a file of labels beside the file of texts.
  var label: String?
  /// Where a table's record or an object stands in the file's bytes, without its line end.
  var bytes = 0..<0

  /// A malformed row's reason where its bytes are no text.
  static let notUTF8 = "not UTF-8"

  /// A row that cannot be read.
  struct Malformed: Equatable {
    var number: Int
    var line: Int
    var reason: String
  }
}

/// What a source learns of its file as a whole.
struct FileFindings {
  /// Something wrong with the file as a whole.
  enum Failure: Error, Equatable {
    /// `candidates` are the columns that exist, in order.
    case missingColumn(String, candidates: [String])
    case repeatedColumn(String, count: Int)
    case headerNotText
    /// A document that is not of its format, with the place and what stood there.
    case wrongFormat(line: Int, found: String, expected: String)
  }

  var failures: [Failure] = []
  /// The names in a table's first line, and where it stands; nil where there is none.
  var header: (names: [String], bytes: Range<Int>)?
  /// Columns that the header names more than once, sorted; those that were asked for are failures.
  var repeatedColumns: [(name: String, count: Int)] = []
  /// Keys that were asked for and stand more than once in an object, with the objects and the first one's line.
  var repeatedKeys: [(name: String, rows: Int, line: Int)] = []
}

/// All rows of a source at once, for what looks at a whole file.
struct RawRecords {
  var records: [RawRecord] = []
  var malformed: [RawRecord.Malformed] = []
  var findings = FileFindings()

  init(_ source: some RecordSource) {
    var source = source
    while let row = source.next() {
      switch row {
      case .record(let record): records.append(record)
      case .malformed(let row): malformed.append(row)
      }
    }
    findings = source.findings
  }

  /// Records in the file, sound and malformed.
  var count: Int { records.count + malformed.count }
  var failures: [FileFindings.Failure] { findings.failures }
}

/// Bytes that have a meaning in the formats.
enum Byte {
  static let tab: UInt8 = 0x09
  static let lineFeed: UInt8 = 0x0A
  static let carriageReturn: UInt8 = 0x0D
  static let space: UInt8 = 0x20
  static let quote: UInt8 = 0x22
  static let comma: UInt8 = 0x2C
  static let colon: UInt8 = 0x3A
  static let backslash: UInt8 = 0x5C
  static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  static func isSpace(_ byte: UInt8) -> Bool {
    byte == space || byte == tab || byte == lineFeed || byte == carriageReturn
  }

  /// Where the text begins: after a UTF-8 byte order mark.
  static func start(of bytes: [UInt8]) -> Int { bytes.starts(with: byteOrderMark) ? byteOrderMark.count : 0 }
}
