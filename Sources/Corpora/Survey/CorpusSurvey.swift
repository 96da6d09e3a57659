/// Files as people have them, looked at: the corpus that they are, and what was taken for granted.
public struct CorpusSurvey: Sendable {
  /// A column as a message may call it.
  public struct ShownColumn: Sendable, Equatable {
    /// As a manifest calls it; nil where it may be somebody's words.
    public var name: String?
    /// Its place in the table, from 1.
    public var number: Int
  }

  /// Why there is no corpus, a sentence for each file that is none; no text of a row is in it.
  public struct Refusal: Error, Sendable, Equatable, CustomStringConvertible {
    public var sentences: [String]
    public var description: String { sentences.joined(separator: "\n") }

    init(_ sentences: [String]) { self.sentences = sentences }
    init(_ file: String, _ refusal: SurveyedFile.Refusal) { self.init(["\(file): \(refusal.reason)"]) }
  }

  /// Named after the file or folder; one domain of the same name where they are one corpus.
  public var declaration: CorpusDeclaration
  /// The same, read.
  public var corpus: Corpus
  /// What was taken for granted, a clause each.
  public var notes: [String]
  /// The columns that were taken; nil for formats without columns.
  public var chosen: (text: ShownColumn, label: ShownColumn)?
  /// Columns that could be meant as well, the likeliest first; empty for formats without columns.
  public var otherTexts: [ShownColumn] = []
  public var otherLabels: [ShownColumn] = []
  /// A column whose equal values could belong together.
  public var group: ShownColumn?
  /// Whether all domains have official parts for training and testing.
  public var isOfficial: Bool

  /// The source of a domain's files.
  public static func source(_ domain: DomainDeclaration) -> FileSource {
    if case .files(let source) = domain.source { source } else { FileSource() }
  }

  /// Looks at the files and reads them.
  ///
  /// - Parameters:
  ///   - paths: the files; they make one corpus.
  ///   - text: the column of the texts, where it is not to be found.
  ///   - label: the column of the labels, likewise; its values are then taken as they are.
  public init(files paths: [String], text: String? = nil, label: String? = nil) throws(Refusal) {
    let files = try Self.look(at: paths, wanted: [text, label].compactMap(\.self))
    var units: FileUnits
    var source = FileSource()
    var choice: ColumnChoice?
    switch files[0].content {
    case .clinc:
      guard files.count == 1 else { throw Refusal(["CLINC150's JSON beside other files: name it alone"]) }
      (units, source.format) = (FileUnits(tables: files), .clinc)
    case .lines:
      let profiles = files.compactMap { if case .lines(let profile) = $0.content { profile } else { nil } }
      guard text == nil, label == nil else {
        throw Refusal(["\(files[0].path): no columns, so no --text and no --label"])
      }
      do { units = try FileUnits(lines: files, profiles: profiles) } catch {
        throw files.count == 1 ? Refusal(files[0].path, error) : Refusal([error.reason])
      }
      source.format = .lines
    case .table:
      let tables = files.compactMap { if case .table(let table) = $0.content { table } else { nil } }
      units = FileUnits(tables: files)
      choice = try Self.columns(files, tables, text, label, &source)
    }
    isOfficial = false
    let groups = units.domains()
    let name = Self.name(files)
    var domains: [DomainDeclaration] = []
    for group in groups {
      var own = source
      own.files = group.units.map(\.file)
      own.encoding = try Self.encoding(group.units)
      let domain = group.name.map(Self.sanitised) ?? name
      domains.append(.init(name: Self.fresh(domain, besides: domains.map(\.name)), source: .files(own)))
    }
    var declared = CorpusDeclaration(name: name, task: Self.task(source, choice), domains: domains)
    var clauses = units.notes
    corpus = try Self.read(&declared, &clauses, choice)
    (declaration, notes) = (declared, clauses)
    if let choice { note(choice) }
    isOfficial = domains.allSatisfy { domain in
      let source = Self.source(domain)
      return source.format == .clinc || source.files.contains { $0.part == .test }
    }
    if declaration.task == "category", Set(corpus.classes.map { $0.lowercased() }).isSubset(of: Self.sentiments) {
      declaration.task = "sentiment"
      corpus.task = "sentiment"
    }
  }

  private static let sentiments: Set<String> = [
    "negative", "neutral", "positive", "neg", "neu", "pos", "mixed", "very negative", "very positive",
  ]

  // MARK: Looking

  private static func look(at paths: [String], wanted: [String]) throws(Refusal) -> [SurveyedFile] {
    var files: [SurveyedFile] = [], sentences: [String] = []
    for path in paths {
      do throws(SurveyedFile.Refusal) { files.append(try SurveyedFile(path, wanted: wanted)) } catch {
        sentences.append("\(path): \(error.reason)")
      }
    }
    guard sentences.isEmpty, let first = files.first else { throw Refusal(sentences) }
    for file in files.dropFirst() where form(file) != form(first) {
      sentences.append(
        "\(file.path): \(form(file)), where \(first.path) is \(form(first)); files of one corpus are alike")
    }
    guard sentences.isEmpty else { throw Refusal(sentences) }
    return files
  }

  private static func form(_ file: SurveyedFile) -> String {
    switch file.content {
    case .clinc: return "CLINC150's JSON"
    case .lines: return "a value a line"
    case .table(let table) where table.format == .jsonl: return "JSON Lines"
    case .table(let table):
      let delimiter = table.delimiter ?? (table.format == .tsv ? "tab" : "comma")
      return "a table (\(delimiter), \(table.hasHeader ? "a header" : "no header"))"
    }
  }

  /// One choice for all: that of the largest file; the others must have the same columns.
  private static func columns(
    _ files: [SurveyedFile], _ tables: [SurveyedFile.Table], _ text: String?, _ label: String?,
    _ source: inout FileSource
  ) throws(Refusal) -> ColumnChoice {
    let largest = tables.indices.max { (tables[$0].records, $1) < (tables[$1].records, $0) } ?? 0
    let table = tables[largest]
    let choice: ColumnChoice
    do { choice = try ColumnChoice(table, text: text, label: label) } catch {
      throw Refusal(files[largest].path, error)
    }
    let wanted = [choice.text.name, choice.label.name]
    var sentences: [String] = []
    for (file, other) in zip(files, tables) {
      for name in wanted where !other.columns.contains(where: { $0.name == name }) {
        sentences.append(
          "\(file.path): lacks column \(choice.shown[name]) of \(files[largest].path); files of one corpus are alike")
      }
    }
    if let bare = tables.indices.first(where: { tables[$0].quoting == .none }) {
      for index in tables.indices where tables[index].hasEnclosed {
        sentences.append(
          "\(files[index].path): quotes enclose its fields, where those of \(files[bare].path) stand for themselves "
            + "(`quoting: none`); files of one corpus are alike")
      }
    }
    guard sentences.isEmpty else { throw Refusal(sentences) }
    (source.format, source.delimiter) = (table.format, table.delimiter)
    source.hasHeader = table.hasHeader
    // A file in which no field begins with a quote is read the same either way.
    source.quoting = tables.contains { $0.quoting == .none } ? .none : .double
    (source.text, source.label) = ([choice.text.name], choice.label.name)
    return choice
  }

  private static func encoding(_ units: [FileUnits.Unit]) throws(Refusal) -> FileSource.Encoding {
    // What has no other letters than ASCII's is read right in any of these.
    let found = units.map(\.encoding)
    let first = found.first { $0 != .utf8 } ?? .utf8
    if let other = units.first(where: { $0.encoding != first }) {
      let isMixed =
        other.encoding != .utf8 || first == .utf16 || first == .utf16LittleEndian || first == .utf16BigEndian
      let both = "\(first.rawValue) and \(other.encoding.rawValue)"
      if isMixed || !isASCII(other.file.path) {
        throw Refusal([
          "\(other.file.path): files of one domain in two encodings (\(both)); bring them into one (iconv)"
        ])
      }
    }
    return first
  }

  private static func isASCII(_ path: String) -> Bool {
    ((try? FileBytes(path: path))?.bytes ?? []).allSatisfy { $0 < 0x80 }
  }

  // MARK: Reading

  /// Reads the corpus, allowing for malformed rows where there are few enough.
  private static func read(
    _ declaration: inout CorpusDeclaration, _ notes: inout [String], _ choice: ColumnChoice?
  ) throws(Refusal) -> Corpus {
    var outcome = CorpusReader.outcome(of: declaration, seed: 1)
    let allowed = 0.1
    if outcome.errors.contains(where: { $0.kind == .malformed }) {
      var tolerant = declaration
      for index in tolerant.domains.indices {
        var source = Self.source(tolerant.domains[index])
        source.malformedShare = allowed
        tolerant.domains[index].source = .files(source)
      }
      let again = CorpusReader.outcome(of: tolerant, seed: 1)
      if again.errors.isEmpty {
        (outcome, declaration) = (again, tolerant)
        notes.append("more than one row in a hundred is malformed and left out; look at these lines first")
      }
    }
    guard outcome.errors.isEmpty else {
      throw Refusal(
        outcome.errors.map { error in
          choice?.shown.masked(error.description, [choice?.text.name, choice?.label.name].compactMap { $0 })
            ?? error.description
        })
    }
    return outcome.corpus
  }

  // MARK: Naming

  private mutating func note(_ choice: ColumnChoice) {
    chosen = (choice.shown.other(choice.text.name), choice.shown.other(choice.label.name))
    otherTexts = choice.otherTexts.map { choice.shown.other($0.name) }
    otherLabels = choice.otherLabels.map { choice.shown.other($0.name) }
    group = choice.group.map { choice.shown.other($0.name) }
    if let joined = choice.label.joined, choice.label.kind != .several {
      let rows = joined.rows == 1 ? "1 row has" : "\(joined.rows) rows have"
      notes.append("\(rows) several labels joined by `\(joined.separator)`: each such set is a class of its own")
    }
    if case .several = choice.label.kind {
      notes.append("the labels are sets of several; each set is a class of its own")
    }
    if choice.label.canBeRating {
      notes.append("each number is a class; `label_map: {\"1\": negative, \"5\": positive}` would make them fewer")
    }
    for column in choice.parts {
      notes.append(
        "column \(choice.shown[column.name]) names official parts, which bench takes from files and not from a column: "
          + "not used")
    }
  }

  private static func task(_ source: FileSource, _ choice: ColumnChoice?) -> String {
    guard let choice else { return source.format == .clinc ? "intent" : "category" }
    for task in ["sentiment", "intent", "emotion", "topic"] where ColumnRoles.rank(choice.label.name, [task]) != nil {
      return task
    }
    return choice.label.canBeRating ? "sentiment" : "category"
  }

  /// After the only file, or the folder that all stand in.
  private static func name(_ files: [SurveyedFile]) -> String {
    let folder = files[0].parts.folder
    let common = files.dropFirst().reduce(folder) { shared, file in
      Array(zip(shared, file.parts.folder).prefix { $0 == $1 }.map(\.0))
    }
    let words = files[0].parts.words
    let isOne = files.allSatisfy { $0.parts.folder == folder && $0.parts.words == words }
    let own = isOne && !words.isEmpty ? words.joined(separator: "-") : common.last { $0 != ".." } ?? ""
    let name = sanitised(own)
    return name.isEmpty ? "messages" : name
  }

  /// A name as the manifest has them: letters, digits and what joins them, at most 100 bytes.
  private static func sanitised(_ text: String) -> String {
    let words = text.split { !($0.isLetter || $0.isNumber || $0 == "_" || $0 == ".") }.joined(separator: "-")
    return cut(words.drop { !$0.isLetter && !$0.isNumber }, to: 100)
  }

  /// Whole characters of at most so many bytes, up to the last letter or digit among them.
  private static func cut(_ name: some StringProtocol, to limit: Int) -> String {
    var (bytes, cut) = (0, "")
    for character in name {
      bytes += character.utf8.count
      if bytes > limit { break }
      cut.append(character)
    }
    while let last = cut.last, !last.isLetter, !last.isNumber { cut.removeLast() }
    return cut
  }

  private static func fresh(_ name: String, besides others: [String]) -> String {
    let name = name.isEmpty ? "domain" : name
    var fresh = name, number = 1
    while others.contains(fresh) {
      number += 1
      fresh = cut(name, to: 99 - "\(number)".utf8.count) + "-\(number)"
    }
    return fresh
  }
}
