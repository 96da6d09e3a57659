import Foundation
import Tasks
import Text

/// The declaration's rules for single rows, compiled once for a domain: which columns are read and which rows stay.
struct RowRules {
  enum Verdict {
    case row(text: String, cells: [Cell], target: RawTarget, group: String?, slice: String?)
    /// Other than a number in a column of numbers.
    case wrongCell(column: String, found: String)
    /// No number where one is asked for.
    case notNumber(String)
    case filtered, missingText, missingLabel, droppedLabel, tooShort
    /// Missing where the declaration says `error`; the column as declared.
    case missingValue(column: String)
  }

  /// What is true of a row, before there is a list of classes.
  enum RawTarget {
    /// Its class, or its labels.
    case names([String])
    case number(Double)
  }

  private let source: FileSource
  private let problem: Problem
  /// The columns to read, each once.
  let columns: [String]
  private let textIndices: [Int]
  private let labelIndex: Int?
  private let groupIndex: Int?
  private let sliceIndex: Int?
  private let cellIndices: [Int]
  private let missingCells: Set<String>
  private let filters: [(index: Int, values: Set<String>)]
  private let classOfLabel: [String: String]
  private let dropped: Set<String>
  private let kept: Set<String>

  init(_ source: FileSource, for problem: Problem) {
    (self.source, self.problem) = (source, problem)
    var columns: [String] = []
    func index(of column: String) -> Int {
      if let known = columns.firstIndex(of: column) { return known }
      columns.append(column)
      return columns.count - 1
    }
    switch source.format {
    case .csv, .tsv, .jsonl, .conll:
      textIndices = source.text.map { index(of: $0) }
      labelIndex = source.isLabelled ? index(of: source.label) : nil
    case .clinc:
      columns = ["text", "intent"]
      (textIndices, labelIndex) = ([0], 1)
    case .lines:
      columns = ["text"]
      (textIndices, labelIndex) = ([0], nil)
    }
    groupIndex = source.group.map { index(of: $0) }
    sliceIndex = source.slice.map { index(of: $0) }
    cellIndices = source.columns.map { index(of: $0.name) }
    missingCells = Set(source.missingCells.map(trimmed))
    var filters: [(index: Int, values: Set<String>)] = []
    for column in source.dropWhere.keys.sorted(by: isOrderedByScalars) {
      filters.append((index(of: column), Set((source.dropWhere[column] ?? []).map(trimmed))))
    }
    self.filters = filters
    self.columns = columns
    // Labels are read without blanks at their ends, so what the manifest says of them is too.
    dropped = Set(source.dropLabels.map(trimmed))
    kept = Set(source.keepLabels.map(trimmed))
    let map = source.labelMap.sorted { isOrderedByScalars($0.key, $1.key) }
    classOfLabel = Dictionary(map.map { (trimmed($0.key), trimmed($0.value)) }) { first, _ in first }
  }

  /// What becomes of a record whose file says `fileLabel` (format `lines`).
  func judge(_ values: [String?], fileLabel: String?) -> Verdict {
    for filter in filters {
      if let value = values[filter.index], filter.values.contains(name(value)) { return .filtered }
    }
    var labels = self.labels(in: (labelIndex.map { values[$0] } ?? fileLabel) ?? "")
    if labels.isEmpty, source.isLabelled {
      switch source.missingLabel {
      case .drop: return .missingLabel
      case .error: return .missingValue(column: source.label)
      case .placeholder: labels = [source.placeholder]
      case .keep: break
      }
    }
    labels = labels.map { classOfLabel[$0] ?? $0 }.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    let left = labels.filter { !dropped.contains($0) && (kept.isEmpty || kept.contains($0)) }
    // Where a row may have none of the labels, one that has others alone is such a row.
    if left.isEmpty, !labels.isEmpty, source.missingLabel != .keep { return .droppedLabel }
    let target: RawTarget
    if problem == .regression, source.isLabelled {
      guard let text = left.first, let number = Self.number(text) else { return .notNumber(left.first ?? "") }
      target = .number(number)
    } else {
      target = .names(left.isEmpty && problem == .classification ? [""] : left)
    }

    var cells: [Cell] = []
    for (column, index) in zip(source.columns, cellIndices) {
      let value = name(values[index] ?? "")
      guard let cell = missingCells.contains(value) ? .missing : column.cell(value) else {
        return .wrongCell(column: column.name, found: value)
      }
      cells.append(cell)
    }
    if source.text.isEmpty { return row(written(cells, values), cells, target, values) }

    let parts = textIndices.compactMap { values[$0] }.filter { !trimmed($0).isEmpty }
    var text = parts.count == 1 ? parts[0] : parts.joined(separator: " ")
    if parts.isEmpty {
      switch source.missingText {
      case .drop, .keep: return .missingText
      case .error: return .missingValue(column: source.text.joined(separator: ", "))
      case .placeholder: text = source.placeholder
      }
    }
    if source.minimumWords > 0, wordCount(text) < source.minimumWords { return .tooShort }
    return row(text, cells, target, values)
  }

  private func row(_ text: String, _ cells: [Cell], _ target: RawTarget, _ values: [String?]) -> Verdict {
    func present(_ index: Int?) -> String? {
      guard let index, let value = values[index] else { return nil }
      let short = name(value)
      return short.isEmpty ? nil : short
    }
    return .row(
      text: text, cells: cells, target: target, group: present(groupIndex), slice: present(sliceIndex))
  }

  /// `tenure 12, Contract Two year`: the text of a row that has none, of the columns whose value is not missing.
  private func written(_ cells: [Cell], _ values: [String?]) -> String {
    let parts = zip(source.columns, zip(cells, cellIndices)).compactMap { column, cell -> String? in
      cell.0 == .missing ? nil : "\(column.name) \(name(values[cell.1] ?? ""))"
    }
    return parts.isEmpty ? source.placeholder : parts.joined(separator: ", ")
  }

  /// Whether `label` was empty and is kept under a placeholder; such rows are counted too.
  func isMissing(_ values: [String?], fileLabel: String?) -> (text: Bool, label: Bool) {
    let label = (labelIndex.map { values[$0] } ?? fileLabel) ?? ""
    let isLabelMissing = source.isLabelled && source.missingLabel != .keep && labels(in: label).isEmpty
    return (
      !textIndices.isEmpty && textIndices.allSatisfy { trimmed(values[$0] ?? "").isEmpty }, isLabelMissing
    )
  }

  /// A decimal number that a model can answer with: within Float's range.
  private static func number(_ text: String) -> Double? {
    guard text.utf8.allSatisfy({ "0123456789+-.eE".utf8.contains($0) }), let number = Double(text),
      Float(number).isFinite
    else { return nil }
    return number
  }

  /// The labels of a cell: one, or several of a row that may have several, each once; none of a blank cell.
  private func labels(in cell: String) -> [String] {
    guard problem == .multiLabel else {
      let label = name(cell)
      return label.isEmpty ? [] : [label]
    }
    var labels: [String] = []
    let isList = cell.hasSuffix(RawRecord.listMark)
    for piece in cell.components(separatedBy: isList ? RawRecord.listMark : source.labelSeparator) {
      let label = name(piece)
      if !label.isEmpty, !labels.contains(label) { labels.append(label) }
    }
    return labels
  }

  /// As labels, groups and values of columns are compared.
  private func name(_ value: String) -> String { comparable(trimmed(value)) }

  private func wordCount(_ text: String) -> Int {
    text.unicodeScalars.split { $0.properties.isWhitespace }.count
  }
}

/// Orders by Unicode scalars (which is the order of the UTF-8 bytes).
func isOrderedByScalars(_ a: String, _ b: String) -> Bool { a.utf8.lexicographicallyPrecedes(b.utf8) }
