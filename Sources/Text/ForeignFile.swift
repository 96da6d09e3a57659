import Foundation

/// A file of another program's, known by its first bytes, where text belongs: what it is, and what to do about it.
public struct ForeignFile: Sendable, Equatable {
  /// With its article: `a gzip file`.
  public var name: String
  /// The conversion: `gunzip FILE`.
  public var remedy: String

  /// As many bytes suffice to tell.
  public static let headBytes = 4_096

  /// What the file's head says that it is; nil for text and for bytes of no known kind.
  public init?(head: some Collection<UInt8>) {
    let head = Array(head.prefix(Self.headBytes))
    if head.starts(with: "PK\u{3}\u{4}".utf8) {
      (name, remedy) = Self.zip(head)
      return
    }
    if head.count > 1, head[0] == 0x80, 2...5 ~= head[1] {
      (name, remedy) = ("a pickle of Python", "load it in Python, where you trust it, and write it as text")
      return
    }
    guard let known = Self.known.first(where: { head.starts(with: $0.magic) }) else { return nil }
    (name, remedy) = (known.name, known.remedy)
  }

  /// The same of a file; nil too where it cannot be read.
  public init?(at path: String) {
    // A pipe or a device might never answer.
    let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    let type = (try? FileManager.default.attributesOfItem(atPath: target))?[.type] as? FileAttributeType
    guard type == .typeRegular, let handle = FileHandle(forReadingAtPath: path) else { return nil }
    defer { try? handle.close() }
    guard let head = try? handle.read(upToCount: Self.headBytes) else { return nil }
    self.init(head: head)
  }

  /// What the end of a file's name says that it is, for one that cannot be read.
  public init?(named path: String) {
    switch path.split(separator: ".").last?.lowercased() {
    case "xlsx", "xlsm": (name, remedy) = ("an Excel workbook (.xlsx)", "save the sheet as CSV UTF-8 in Excel")
    case "xls": (name, remedy) = ("an Excel workbook (.xls)", "save the sheet as CSV UTF-8 in Excel")
    case "ods": (name, remedy) = ("an OpenDocument file", "save the sheet as CSV (UTF-8)")
    case "parquet":
      (name, remedy) = ("a Parquet file", "write it as CSV (pandas: read_parquet(FILE).to_csv(FILE, index=False))")
    case "gz": (name, remedy) = ("a gzip file", "unpack it (gunzip FILE)")
    case "zip": (name, remedy) = ("a zip archive", "unpack it (unzip FILE)")
    default: return nil
    }
  }

  /// Whether a page of the web begins here, as a server sends it in place of a file.
  public static func isWebPage(_ head: some Collection<UInt8>) -> Bool {
    let start = String(decoding: head.prefix(headBytes), as: UTF8.self).drop { $0.isWhitespace }.prefix(16).lowercased()
    return ["<!doctype html", "<html", "<?xml"].contains { start.hasPrefix($0) }
  }

  /// Excel's, Word's and OpenDocument's files are zip archives with parts of known names.
  private static func zip(_ head: [UInt8]) -> (name: String, remedy: String) {
    func holds(_ text: String) -> Bool { head.firstRange(of: Array(text.utf8)) != nil }
    if holds("opendocument") {
      return ("an OpenDocument file", "save the sheet as CSV (UTF-8)")
    }
    if holds("word/") {
      return ("a Word file", "save it as plain text (UTF-8)")
    }
    if holds("xl/") || holds("[Content_Types].xml") {
      return ("an Excel workbook (.xlsx)", "save the sheet as CSV UTF-8 in Excel")
    }
    return ("a zip archive", "unpack it (unzip FILE)")
  }

  private static let known: [(magic: [UInt8], name: String, remedy: String)] = [
    ([0x1F, 0x8B], "a gzip file", "unpack it (gunzip FILE)"),
    (Array("BZh91AY&SY".utf8), "a bzip2 file", "unpack it (bunzip2 FILE)"),
    ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0], "an xz file", "unpack it (unxz FILE)"),
    ([0x28, 0xB5, 0x2F, 0xFD], "a Zstandard file", "unpack it (unzstd FILE)"),
    ([0x5D, 0, 0], "an LZMA file", "unpack it (unlzma FILE)"),
    ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "a 7z archive", "unpack it (7z x FILE)"),
    (
      [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], "an Excel workbook (.xls)",
      "save the sheet as CSV UTF-8 in Excel"
    ),
    (
      Array("PAR1\u{15}".utf8), "a Parquet file",
      "write it as CSV (pandas: read_parquet(FILE).to_csv(FILE, index=False))"
    ),
    (Array("ARROW1".utf8), "an Arrow file", "write it as CSV (pandas: read_feather(FILE).to_csv(FILE, index=False))"),
    (Array("Obj\u{1}".utf8), "an Avro file", "write it as JSON Lines (avro-tools tojson FILE)"),
    (Array("SQLite format 3\0".utf8), "an SQLite database", "export the table (sqlite3 -header -csv FILE 'SELECT …')"),
    (Array("%PDF-".utf8), "a PDF", "export its texts as CSV or plain text"),
    ([0x89, 0x48, 0x44, 0x46], "an HDF5 file", "export its table as CSV"),
    ([0x93] + Array("NUMPY".utf8), "a NumPy file", "write it as text"),
    (Array("version https://git-lfs".utf8), "a pointer of Git LFS", "fetch the file itself (git lfs pull)"),
    (
      [0xBA, 0x16, 0x4F, 0x2F], "fastText's binary model",
      "use the .vec file that fastText writes beside it, or write one line a word of `get_words()`"
    ),
  ]
}
