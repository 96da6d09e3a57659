import Text

/// The texts of a file and nothing else, for work that needs no labels.
public enum TextFile {
  /// The texts of the first `limit` records: of the column `text` where the name ends in .csv or .tsv, else one a line.
  ///
  /// Malformed and blank rows are passed over.
  /// - Throws: `CorpusError` where the file cannot be read, has no such column or no text at all.
  public static func texts(_ path: String, limit: Int) throws(CorpusError) -> [String] {
    func fault(
      _ kind: CorpusError.Kind, column: String? = nil, _ found: String, _ expected: String
    ) -> CorpusError {
      CorpusError(kind, corpus: "texts", domain: "", file: path, column: column, found: found, expected: expected)
    }
    let bytes: [UInt8]
    do { bytes = try FileBytes(path: path).bytes } catch {
      switch error {
      case .missing: throw fault(.missingFile, "no file", "a file of texts")
      case .isFolder: throw fault(.unreadable, "a folder", "a file of texts")
      case .refused: throw fault(.unreadable, "a file that cannot be read", "a file of texts")
      }
    }
    if let foreign = ForeignFile(head: bytes) { throw fault(.notText, foreign.name, "text: \(foreign.remedy)") }
    let isTable = path.hasSuffix(".csv") || path.hasSuffix(".tsv")
    let records =
      isTable
      ? RawRecords(
        DelimitedParser(
          bytes, .init(delimiter: path.hasSuffix(".csv") ? Byte.comma : Byte.tab), columns: ["text"]))
      : RawRecords(LinesParser(bytes))
    switch records.failures.first {
    case .missingColumn(_, let candidates):
      // Without a header the first text stands there.
      let shown = ColumnNames(candidates, wanted: ["text"]).printable
      let columns =
        shown.count == candidates.count
        ? "columns \(shown.joined(separator: ", "))"
        : "\(candidates.count) column\(candidates.count == 1 ? "" : "s"), none of that name"
      throw fault(.missingColumn, column: "text", columns, "a column `text`")
    case .repeatedColumn(_, let count): throw fault(.missingColumn, column: "text", "\(count) such columns", "one")
    case .headerNotText: throw fault(.notText, "a header that is not UTF-8", "a header line")
    case .wrongFormat(_, let found, let expected): throw fault(.malformed, found, expected)
    case nil: break
    }
    let first = records.records.prefix { $0.number <= limit }
    let texts = first.compactMap { $0.values.first ?? nil }.filter { !$0.isEmpty }
    guard !texts.isEmpty else { throw fault(.noRows, "no texts", "at least one") }
    return texts
  }
}
