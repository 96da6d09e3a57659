/// Files put together: each unit has texts and their labels, and several are one corpus.
struct FileUnits {
  struct Unit {
    var file: FileSource.File
    var encoding: FileSource.Encoding
    var parts: FileParts
  }

  var units: [Unit] = []
  /// What was taken for granted.
  var notes: [String] = []

  private static let labelsAlone = "give the file of texts as well"

  // MARK: Tables

  init(tables files: [SurveyedFile]) {
    units = files.map { Unit(file: .init(path: $0.path), encoding: $0.encoding, parts: $0.parts) }
  }

  // MARK: Lines

  /// Files of lines are pairs of texts and labels, or a file for each class.
  init(lines files: [SurveyedFile], profiles: [ColumnProfile]) throws(SurveyedFile.Refusal) {
    let labels = profiles.indices.filter { Self.areLabels(profiles[$0]) }
    let tags = profiles.indices.filter { profiles[$0].kind == .tags }
    let texts = profiles.indices.filter { profiles[$0].canBeText && !labels.contains($0) && !tags.contains($0) }
    if files.count == 1 { throw Self.alone(profiles[0], isLabels: !labels.isEmpty) }
    for index in files.indices where !labels.contains(index) && !tags.contains(index) && !texts.contains(index) {
      throw .init("`\(files[index].path)` is \(Self.alone(profiles[index], isLabels: false).reason)")
    }
    guard !texts.isEmpty else { throw .init("files of labels or tags; \(Self.labelsAlone)") }
    if labels.isEmpty {
      try addClassFiles(texts.map { files[$0] })
    } else {
      try addPairs(files, profiles, texts: texts, labels: labels)
    }
    for index in tags { notes.append("`\(files[index].path)` has a tag for each word: not read") }
  }

  /// Each file of labels with one of texts, as many lines in both.
  private mutating func addPairs(
    _ files: [SurveyedFile], _ profiles: [ColumnProfile], texts: [Int], labels: [Int]
  ) throws(SurveyedFile.Refusal) {
    let textOfLabels = Self.pairs(files, profiles, texts: texts, labels: labels)
    for label in labels {
      guard let text = textOfLabels[label] else {
        let other = labels.first { textOfLabels[$0] != nil && Self.areBeside(files[$0], files[label]) }
        if let other {
          throw .init(
            "`\(files[other].path)` and `\(files[label].path)` are both labels, one a line, of the same texts; bench compares "
              + "on one label a text: leave one of them out")
        }
        throw .init("`\(files[label].path)` is labels, one a line; \(Self.labelsAlone)")
      }
      guard profiles[text].rows == profiles[label].rows else {
        throw .init(
          "\(profiles[text].rows) lines in `\(files[text].path)` and \(profiles[label].rows) in `\(files[label].path)`; "
            + "bench reads as many labels as texts, line by line")
      }
      var file = FileSource.File(path: files[text].path)
      file.labels = .init(path: files[label].path)
      units.append(Unit(file: file, encoding: files[text].encoding, parts: files[text].parts))
    }
    let used = Set(textOfLabels.values)
    if let left = texts.first(where: { !used.contains($0) }) {
      throw .init("`\(files[left].path)` has no file of labels beside it; give it as well")
    }
  }

  /// The text of each file of labels that has one, each text once: first of those called the same but for the ending,
  /// then of as many lines, then with most words of its name.
  private static func pairs(
    _ files: [SurveyedFile], _ profiles: [ColumnProfile], texts: [Int], labels: [Int]
  ) -> [Int: Int] {
    var candidates: [(rank: (name: Int, lines: Int, words: Int), label: Int, text: Int)] = []
    for label in labels {
      let words = files[label].parts.words
      for text in texts where areBeside(files[text], files[label]) {
        let others = files[text].parts.words
        let shared = Set(words).intersection(others).count
        candidates.append(
          (
            (words == others ? 0 : 1, profiles[text].rows == profiles[label].rows ? 0 : 1, -shared), label, text
          ))
      }
    }
    candidates.sort {
      ($0.rank.name, $0.rank.lines, $0.rank.words, $0.label, $0.text)
        < ($1.rank.name, $1.rank.lines, $1.rank.words, $1.label, $1.text)
    }
    var textOfLabels: [Int: Int] = [:]
    var used: Set<Int> = []
    for candidate in candidates where textOfLabels[candidate.label] == nil && used.insert(candidate.text).inserted {
      textOfLabels[candidate.label] = candidate.text
    }
    return textOfLabels
  }

  /// In one folder, and of the same part where files of several parts are side by side.
  private static func areBeside(_ a: SurveyedFile, _ b: SurveyedFile) -> Bool {
    a.parts.folder == b.parts.folder && a.parts.part == b.parts.part
  }

  /// A label a line: few of them.
  private static func areLabels(_ lines: ColumnProfile) -> Bool {
    switch lines.kind {
    case .plain, .several, .codes: lines.hasFewValues && lines.words <= 4
    case .numbers: lines.hasFewValues
    default: false
    }
  }

  private static func alone(_ lines: ColumnProfile, isLabels: Bool) -> SurveyedFile.Refusal {
    let count = "\(lines.rows) line\(lines.rows == 1 ? "" : "s")"
    if lines.kind == .tags {
      return .init("tags, one for each word of a text (\(count)); bench compares on one label a text")
    }
    if isLabels { return .init("labels, one a line (\(count), \(lines.distinct) different); \(labelsAlone)") }
    switch lines.kind {
    case .numbers, .dates, .codes: return .init("\(count) of numbers or ids, no texts")
    default: break
    }
    if lines.words < 1.5 { return .init("a list of words (\(count)), no texts") }
    return .init(
      "texts without labels (\(count)); give the file with a label for each line as well, or a file for each class")
  }

  private mutating func addClassFiles(_ files: [SurveyedFile]) throws(SurveyedFile.Refusal) {
    var parts = files.map(\.parts)
    var names = FileParts.classNames(parts)
    let folders = parts.map { $0.folder.last ?? "" }
    let areFolders = Set(names).count == 1 && Set(folders).count > 1 && !folders.contains("")
    if areFolders {
      names = folders
      for index in parts.indices { parts[index].folder.removeLast() }
    }
    guard Set(names).count > 1, !names.contains("") else {
      throw .init("files of texts without labels: their names name no classes")
    }
    for index in files.indices {
      units.append(
        Unit(
          file: .init(path: files[index].path, label: names[index]), encoding: files[index].encoding,
          parts: parts[index]))
    }
    notes.append("the names of the \(areFolders ? "folders" : "files") are the classes")
  }

  // MARK: Domains

  /// The units as domains with names; official parts stand in the files.
  ///
  /// One corpus where all stand in one folder, a domain for each folder where they stand in several; in one folder also
  /// where what is left of the names tells whole sets of parts apart (`bank-train`, `bank-test`, `phone-train`, …).
  mutating func domains() -> [(name: String?, units: [Unit])] {
    let isTable = units.allSatisfy { $0.file.label == nil }
    let folders = Self.groups(units) { $0.parts.folder }
    var groups = folders.map { (name: $0.units[0].parts.folder.last, units: $0.units) }
    if folders.count == 1 {
      let stems = Self.groups(units) { $0.parts.words }
      if isTable, stems.count > 1, stems.allSatisfy({ Self.isWhole($0.units) }) {
        groups = stems.map { (name: $0.key.joined(separator: "-"), units: $0.units) }
        notes.append("what comes before the part in the files' names is a domain each")
      } else {
        groups[0].name = nil
        if units.count > 1, !units.allSatisfy({ $0.parts.part != nil }), isTable {
          notes.append("the files are one corpus, since they stand in one folder")
        }
      }
    } else {
      notes.append("the files of each folder are a domain, since they stand in folders of their own")
    }
    if groups.allSatisfy({ Self.isWhole($0.units) }) {
      for group in groups.indices {
        for unit in groups[group].units.indices {
          groups[group].units[unit].file.part = groups[group].units[unit].parts.part ?? .all
        }
      }
      notes.append("train, validation and test are the official parts that the names say")
    } else if units.contains(where: { $0.parts.part != nil }), units.count > 1 {
      notes.append("the parts that names say are not used: not every domain has both train and test")
    }
    return groups
  }

  /// Every unit has a part, training and test among them.
  private static func isWhole(_ units: [Unit]) -> Bool {
    let parts = units.map(\.parts.part)
    return !parts.contains(nil) && parts.contains(.train) && parts.contains(.test)
  }

  /// In the order in which they first stand.
  private static func groups<Key: Hashable>(
    _ units: [Unit], by key: (Unit) -> Key
  ) -> [(key: Key, units: [Unit])] {
    var order: [Key] = [], found: [Key: [Unit]] = [:]
    for unit in units {
      if found[key(unit)] == nil { order.append(key(unit)) }
      found[key(unit), default: []].append(unit)
    }
    return order.map { ($0, found[$0] ?? []) }
  }
}
