/// Which column of a table is the text and which the label, by what they hold; names break ties.
struct ColumnChoice {
  var text: ColumnProfile
  var label: ColumnProfile
  /// Others that could be meant, the likeliest first.
  var otherTexts: [ColumnProfile] = []
  var otherLabels: [ColumnProfile] = []
  var group: ColumnProfile?
  /// Columns that name official parts, which bench does not read from a column.
  var parts: [ColumnProfile] = []
  let shown: ShownColumns

  init(
    _ table: SurveyedFile.Table, text wantedText: String?, label wantedLabel: String?
  ) throws(SurveyedFile.Refusal) {
    let columns = table.columns
    let shown = ShownColumns(table, wanted: [wantedText, wantedLabel].compactMap { $0 })
    self.shown = shown
    let counts = table.names.reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }
    func doubled(_ called: String, _ count: Int) -> String {
      "\(count) columns \(called); bench asks for one by a name of its own"
    }
    /// What is said beside a refusal where columns of one name stand in the way.
    func unlessDoubled(_ refusal: SurveyedFile.Refusal) -> SurveyedFile.Refusal {
      guard table.hasHeader, let name = table.names.first(where: { !$0.isEmpty && counts[$0, default: 0] > 1 }) else {
        return refusal
      }
      let called = shown.name(of: name).map { "called `\($0)`" } ?? "of one name"
      return SurveyedFile.Refusal(
        "\(doubled(called, counts[name, default: 0])), and what else there is: \(refusal.reason)")
    }
    func named(_ name: String, _ option: String) throws(SurveyedFile.Refusal) -> ColumnProfile {
      if let found = columns.first(where: { $0.name == name }) { return found }
      // By its place, as comments and messages call it whose name may be somebody's words.
      if let place = Int(name), place > 0, table.names.indices.contains(place - 1),
        let found = columns.first(where: { $0.name == table.names[place - 1] })
      {
        return found
      }
      if let count = counts[name], count > 1 {
        throw SurveyedFile.Refusal(doubled("called `\(name)` (\(option))", count))
      }
      let names = ColumnNames(columns.map(\.name), wanted: [name])
      let hint = names.suggestion(for: name).map { "; did you mean `\($0)`?" } ?? ""
      throw SurveyedFile.Refusal(
        "no column `\(name)` (\(option)); it has \(names.list ?? "\(columns.count) others")\(hint)")
    }
    let askedText: ColumnProfile? = if let wantedText { try named(wantedText, "--text") } else { nil }
    let askedLabel: ColumnProfile? = if let wantedLabel { try named(wantedLabel, "--label") } else { nil }
    if let askedText, let wantedLabel, askedText.name == askedLabel?.name {
      throw SurveyedFile.Refusal("`\(wantedLabel)` for --label is the column for --text; bench needs one for each")
    }
    let texts = Self.texts(columns.filter { $0.name != askedLabel?.name })
    if let askedText {
      text = askedText
    } else if let first = texts.first {
      text = first
    } else {
      throw unlessDoubled(Self.withoutText(columns))
    }
    let text = text
    let others = columns.filter { $0.name != text.name }
    let labels = Self.labels(others)
    if let askedLabel {
      label = askedLabel
    } else if let first = labels.first, Self.isBeyondDoubt(first, among: others) {
      label = first
    } else {
      throw unlessDoubled(Self.withoutLabel(others, text: text, shown))
    }
    let label = label
    otherTexts = texts.filter { $0.name != text.name && $0.name != label.name }
    otherLabels = labels.filter { $0.name != label.name }
    group = Self.group(others.filter { $0.name != label.name })
    parts = others.filter { $0.kind == .parts }
  }

  // MARK: Text

  /// The one with the most words to read; of those with a quarter of them or more the one with a text's name.
  private static func texts(_ columns: [ColumnProfile]) -> [ColumnProfile] {
    let candidates = columns.filter(\.canBeText)
    // What others wrote to a customer is longer and not what arrives.
    let customers = candidates.filter { ColumnRoles.rank($0.name, ColumnRoles.answers) == nil }
    let pool = customers.isEmpty ? candidates : customers
    let most = pool.map(\.content).max() ?? 0
    let ranked = pool.enumerated().map { item -> (rank: Int, index: Int, column: ColumnProfile) in
      let column = item.element
      let rank = 4 * column.content >= most ? ColumnRoles.rank(column.name, ColumnRoles.texts) ?? 1_000 : 2_000
      return (rank, item.offset, column)
    }
    return ranked.sorted {
      ($0.rank, -$0.column.content, $0.index) < ($1.rank, -$1.column.content, $1.index)
    }.map(\.column)
  }

  // MARK: Label

  private static func labels(_ columns: [ColumnProfile]) -> [ColumnProfile] {
    let candidates = columns.enumerated().filter { item in
      let column = item.element
      guard column.hasFewValues else { return false }
      // Numbers and codes are classes where they are called so, or where they are all there is beside a text.
      switch column.kind {
      case .plain: return true
      case .codes: return isNamed(column) || columns.count == 1
      case .numbers(let areCodes): return isNamed(column) && !isRatingName(column) || areCodes && columns.count == 1
      default: return false
      }
    }
    return candidates.sorted { a, b in
      let ranks = [a, b].map { item in
        ColumnRoles.rank(item.element.name, ColumnRoles.labels)
          ?? (ColumnRoles.rank(item.element.name, ColumnRoles.circumstances) == nil ? 1_000 : 2_000)
      }
      return (ranks[0], -a.element.present, a.offset) < (ranks[1], -b.element.present, b.offset)
    }.map(\.element)
  }

  private static func isNamed(_ column: ColumnProfile) -> Bool {
    ColumnRoles.rank(column.name, ColumnRoles.labels) != nil
  }

  private static func isRatingName(_ column: ColumnProfile) -> Bool {
    ColumnRoles.rank(column.name, ColumnRoles.ratings) != nil
  }

  /// A column that no name calls a label is none where another one holds what was asked of the text.
  private static func isBeyondDoubt(_ label: ColumnProfile, among columns: [ColumnProfile]) -> Bool {
    isNamed(label)
      || !columns.contains { column in
        column.canBeRating && isRatingName(column) || column.kind == .several && column.hasFewValues
      }
  }

  // MARK: Neither

  private static func withoutText(_ columns: [ColumnProfile]) -> SurveyedFile.Refusal {
    let count = "\(columns.count) column\(columns.count == 1 ? "" : "s")"
    if columns.contains(where: { $0.kind == .tags }) {
      return .init("words and tags, a tag for each word; bench compares on one label a text")
    }
    if columns.contains(where: { $0.kind == .nested || $0.kind == .several }) {
      return .init(
        "\(count), texts only inside lists and objects (dialogues, trees); bench reads a text and a label a line")
    }
    return .init("\(count) of numbers, dates, ids and single words, none of texts (`--text COLUMN` says which is one)")
  }

  private static func withoutLabel(
    _ columns: [ColumnProfile], text: ColumnProfile, _ shown: ShownColumns
  ) -> SurveyedFile.Refusal {
    let several = columns.filter { $0.kind == .several }.max {
      ($0.present, $1.name) < ($1.present, $0.name)
    }
    if let several {
      let how =
        several.joined.map { ", joined by `\($0.separator)` in \($0.rows) of \(several.present) rows" } ?? ", in lists"
      return .init(
        "texts with several labels a row (column \(shown[several.name])\(how)); `problem: multi-label` with `label_separator` reads them, in a manifest of your own"
      )
    }
    let ratings = columns.filter(\.canBeRating)
    if let rating = ratings.first(where: isRatingName) ?? ratings.first {
      return .init(
        "texts with ratings as numbers (column \(shown[rating.name]), \(rating.distinct) values) and no classes; "
          + "`--label \(shown.name(of: rating.name) ?? "COLUMN")` takes each number for a class, and `label_map` makes "
          + "them fewer")
    }
    if columns.contains(where: { $0.kind == .tags }) {
      return .init("texts with tags, a tag for each word; bench compares on one label a text")
    }
    if columns.contains(where: { $0.kind == .nested }) {
      return .init("texts beside lists and objects, no label a row; bench reads a text and a label a line")
    }
    if let only = columns.first(where: { $0.distinct == 1 && isNamed($0) }) {
      return .init("texts of one class (column \(shown[only.name])); bench needs two or more to tell apart")
    }
    return .init(
      "texts (column \(shown[text.name])) without a label: no column has few values that repeat (`--label COLUMN` says which is one; numbers can be predicted with `problem: regression`, in a manifest of your own)"
    )
  }

  // MARK: Group

  private static func group(_ columns: [ColumnProfile]) -> ColumnProfile? {
    columns.filter { $0.canBeGroup && ColumnRoles.rank($0.name, ColumnRoles.groups) != nil }
      .min {
        (ColumnRoles.rank($0.name, ColumnRoles.groups) ?? 0) < (ColumnRoles.rank($1.name, ColumnRoles.groups) ?? 0)
      }
  }
}
