/// CSV, TSV and their relatives, surveyed: what stands between the fields, what a quote means, whether there is a header.
enum TableSurvey {
  /// Of larger files the form is found on so many bytes.
  private static let headBytes = 1 << 20
  /// A form in which more rows than this share are malformed is none.
  private static let mostMalformed = 0.1
  private static let mostColumns = 2_000

  /// nil for what has no columns.
  ///
  /// - Parameter wanted: names of columns that the command was given; a first row that has them names the columns.
  static func table(
    _ bytes: [UInt8], path: String, wanted: [String]
  ) throws(SurveyedFile.Refusal) -> SurveyedFile.Table? {
    let ending = path.split(separator: ".").last.map { $0.lowercased() } ?? ""
    let head = head(bytes)
    guard let form = form(head, ending: ending) else { return nil }
    let width = DelimitedParser.columns(head, form.with(header: false)).count
    guard width <= mostColumns else {
      throw SurveyedFile.Refusal(
        "a table of \(width) columns; bench init looks at no more than \(mostColumns): keep those that matter")
    }
    let named = columns(head, form.with(header: true)), numbered = columns(head, form.with(header: false))
    let asked = wanted.filter { Int($0) == nil }
    let isAskedFor =
      !asked.isEmpty && asked.allSatisfy(named.names.contains)
      && !holdsValues(named.names, over: named.profiles, numbered.profiles)
    let hasHeader =
      isAskedFor
      || named.names.count == numbered.names.count && isHeader(named.names, over: named.profiles, numbered.profiles)
    let isWhole = head.count == bytes.count
    let found = isWhole ? hasHeader ? named : numbered : columns(bytes, form.with(header: hasHeader))
    let format: FileSource.Format = ending == "tsv" || ending != "csv" && form.byte == Byte.tab ? .tsv : .csv
    let own = format == .tsv ? Byte.tab : Byte.comma
    return SurveyedFile.Table(
      format: format, delimiter: form.byte == own ? nil : form.key, hasHeader: hasHeader,
      quoting: form.hasQuotes ? .double : .none, hasEnclosed: form.hasQuotes && hasEnclosed(bytes, form.byte),
      names: found.names, columns: found.profiles, records: found.records)
  }

  // MARK: Form

  private struct Form {
    var byte: UInt8
    var key: String
    var hasQuotes: Bool

    func with(header: Bool) -> DelimitedParser.Form {
      DelimitedParser.Form(delimiter: byte, hasHeader: header, hasQuotes: hasQuotes)
    }
  }

  private static func head(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.count > headBytes else { return bytes }
    let end = bytes[..<headBytes].lastIndex(of: Byte.lineFeed) ?? headBytes
    return Array(bytes[..<end])
  }

  /// The form by which fewest rows have other than as many fields as the first; a separator that is followed by a space
  /// wherever it stands is punctuation, unless the file's name says that it separates and no other does.
  private static func form(_ bytes: [UInt8], ending: String) -> Form? {
    let own = ending == "tsv" ? "tab" : "comma"
    let candidates = FileAdvice.candidates.sorted { ($0.key == own ? 0 : 1) < ($1.key == own ? 0 : 1) }
    var best: (form: Form, isPunctuation: Bool, share: Double)?
    for candidate in candidates {
      for hasQuotes in [true, false] {
        let form = Form(byte: candidate.byte, key: candidate.key.filter { $0 != "\"" }, hasQuotes: hasQuotes)
        let width = DelimitedParser.columns(bytes, form.with(header: false)).count
        guard width > 1 else { continue }
        let records = RawRecords(DelimitedParser(bytes, form.with(header: false), columns: []))
        let share = Double(records.malformed.count) / Double(max(1, records.count))
        // An odd sign is a delimiter only where it is one in every row.
        let isOdd = candidate.key.hasPrefix("\"")
        guard share <= (isOdd ? 0 : mostMalformed), !isOdd || records.count > 1 && width == 2 else { continue }
        // Quotes that enclose whole columns mean what they mean elsewhere, lost ones among them or not.
        let isPunctuation = isPunctuation(bytes, form)
        if isPunctuation, ending != "csv", ending != "tsv" { continue }
        if let best, (isPunctuation ? 1 : 0, share) >= (best.isPunctuation ? 1 : 0, best.share) { continue }
        if !hasQuotes, enclose(bytes, form) { continue }
        best = (form, isPunctuation, share)
      }
    }
    return best?.form
  }

  /// Whether every field but a row's first begins with a space.
  private static func isPunctuation(_ bytes: [UInt8], _ form: Form) -> Bool {
    let names = DelimitedParser.columns(bytes, form.with(header: false))
    return RawRecords(DelimitedParser(bytes, form.with(header: false), columns: names)).records.allSatisfy { record in
      record.values.dropFirst().allSatisfy { $0?.utf8.first == UInt8(ascii: " ") }
    }
  }

  /// Whether quotes stand at both ends of half of the values of a column.
  private static func enclose(_ bytes: [UInt8], _ form: Form) -> Bool {
    let names = DelimitedParser.columns(bytes, form.with(header: false))
    let records = RawRecords(DelimitedParser(bytes, form.with(header: false), columns: names)).records
    return names.indices.contains { column in
      let enclosed = records.count { record in
        guard let value = record.values[column] else { return false }
        return value.utf8.count > 1 && value.utf8.first == Byte.quote && value.utf8.last == Byte.quote
      }
      return 2 * enclosed > records.count
    }
  }

  /// Whether a field begins with a quote. Before the first such one nothing is enclosed, so what looks like it is it.
  private static func hasEnclosed(_ bytes: [UInt8], _ delimiter: UInt8) -> Bool {
    let start = Byte.start(of: bytes)
    return bytes.indices.contains { index in
      guard bytes[index] == Byte.quote else { return false }
      return index == start
        || index > start && [delimiter, Byte.lineFeed, Byte.carriageReturn].contains(bytes[index - 1])
    }
  }

  // MARK: Columns

  private typealias Columns = (names: [String], profiles: [ColumnProfile], records: Int)

  /// All columns that can be asked for: those that have a name of their own.
  private static func columns(_ bytes: [UInt8], _ form: DelimitedParser.Form) -> Columns {
    let names = DelimitedParser.columns(bytes, form)
    let counts = Dictionary(grouping: names) { $0 }.mapValues(\.count)
    let wanted = names.filter { !$0.isEmpty && counts[$0] == 1 }
    let records = RawRecords(DelimitedParser(bytes, form, columns: wanted))
    guard records.failures.isEmpty else { return (names, [], 0) }
    let profiles = wanted.indices.map { column in
      ColumnProfile(
        wanted[column], records.records.lazy.compactMap { $0.values[column] }, rows: records.records.count)
    }
    return (names, profiles, records.count)
  }

  /// Whether the first row names the columns.
  ///
  /// - Parameters:
  ///   - profiles: of the columns that these names name, without the first row.
  ///   - whole: of all columns, the first row among them.
  private static func isHeader(_ names: [String], over profiles: [ColumnProfile], _ whole: [ColumnProfile]) -> Bool {
    guard !profiles.isEmpty, names.allSatisfy({ $0.isEmpty || isName($0) }) else { return false }
    if holdsValues(names, over: profiles, whole) { return false }
    if ColumnNames(names.filter { !$0.isEmpty }, wanted: []).areUsual { return true }
    // Other words are names above numbers, dates or ids, or above few values that repeat. Longer texts below them show
    // nothing: a short message may stand above long ones.
    return profiles.contains { profile in
      switch profile.kind {
      case .numbers, .dates: true
      case .codes: !profile.name.utf8.contains { 0x30...0x39 ~= $0 }
      default: profile.hasFewValues
      }
    }
  }

  /// Whether the first row's value stands in other rows of a column of few values: it is a value.
  private static func holdsValues(_ names: [String], over profiles: [ColumnProfile], _ whole: [ColumnProfile]) -> Bool {
    names.enumerated().contains { index, name in
      guard whole.indices.contains(index), let rest = profiles.first(where: { $0.name == name }) else { return false }
      return rest.hasFewValues && rest.distinct == whole[index].distinct
    }
  }

  /// Letters, digits and what stands beside them in names, at most 40.
  private static func isName(_ name: String) -> Bool {
    guard let first = name.unicodeScalars.first,
      first.properties.isAlphabetic || "_#([".unicodeScalars.contains(first)
    else { return false }
    return name.count <= 40
      && name.unicodeScalars.allSatisfy {
        $0.properties.isAlphabetic || "0"..."9" ~= $0 || "_.-/# ()[]".unicodeScalars.contains($0)
      }
  }
}
