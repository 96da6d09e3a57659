import Corpora
import Text

/// What a starter manifest says of one domain's rows: counts, lengths and names of classes, no text.
struct DomainFacts {
  var rows: Int
  /// Rows by official part, in the order train, validation, test; none where there are no parts.
  var parts: [(name: String, rows: Int)] = []
  /// The most frequent first; of equals in the order of the corpus' classes.
  var classes: [(name: String, rows: Int)] = []
  /// Rows of a class outside the official test part, for the class that has fewest.
  var rarest = 0
  /// Rows whose text stands in an earlier row, and those of them that have another label there.
  var duplicates = 0
  var contradictions = 0
  /// Words of a text.
  var median = 0.0
  var percentile95 = 0.0
  /// Rows that are not for testing alone.
  var learnable = 0

  init(_ domain: Dataset, of corpus: Corpus) {
    rows = domain.examples.count
    var counts = [Int](repeating: 0, count: corpus.classes.count), learnt = counts
    var first: [String: Int] = [:]
    for example in domain.examples {
      counts[example.label] += 1
      if example.part != .test { learnt[example.label] += 1 }
      if let label = first[example.text] {
        duplicates += 1
        if label != example.label { contradictions += 1 }
      } else {
        first[example.text] = example.label
      }
    }
    let present = counts.indices.filter { counts[$0] > 0 }
    classes = present.sorted { (counts[$1], $0) < (counts[$0], $1) }.map { (corpus.classes[$0], counts[$0]) }
    rarest = present.map { learnt[$0] }.min() ?? 0
    learnable = learnt.reduce(0, +)
    for part in [FileSource.Part.train, .validation, .test] {
      let count = domain.examples.count { $0.part == part }
      if count > 0 { parts.append((part.rawValue, count)) }
    }
    let lengths = domain.examples.map { TextLength.words($0.text) }.sorted()
    guard !lengths.isEmpty else { return }
    median = (lengths[(lengths.count - 1) / 2] + lengths[lengths.count / 2]) / 2
    percentile95 = lengths[(95 * lengths.count - 1) / 100]
  }

  /// Sentences for comments.
  func sentences(_ reading: ReadingReport) -> [String] {
    var found: [String] = []
    let of = reading.records == rows ? "" : " of \(counted(reading.records, "record"))"
    let split = parts.isEmpty ? "" : " (" + parts.map { "\($0.name) \(grouped($0.rows))" }.joined(separator: ", ") + ")"
    found.append("\(counted(rows, "row"))\(of)\(split), \(counted(classes.count, "class", "classes")): \(classList).")
    let left = leftOut(reading)
    if !left.isEmpty { found.append("Left out: \(left.joined(separator: ", ")).") }
    let same =
      duplicates == 0
      ? "no text stands twice"
      : "\(counted(duplicates, "row")) \(duplicates == 1 ? "repeats" : "repeat") an earlier text"
        + (contradictions > 0 ? ", \(grouped(contradictions)) of them with another label" : "")
    found.append(
      "Words a text: median \(Self.length(median)), 95th percentile \(Self.length(percentile95)); \(same).")
    return found
  }

  /// The classes with the most and the fewest rows.
  private var classList: String {
    func list(_ classes: some Sequence<(name: String, rows: Int)>) -> String {
      classes.map { "\(ClassNames.shown($0.name)) (\(grouped($0.rows)))" }.joined(separator: ", ")
    }
    guard classes.count > 9 else { return list(classes) }
    return "\(list(classes.prefix(4))), … ; the rarest are \(list(classes.suffix(4)))"
  }

  private func leftOut(_ reading: ReadingReport) -> [String] {
    var items = reading.leftOut.map { "\(grouped($0.count)) \($0.what)" }
    if let first = reading.malformed.first {
      items.insert(
        "\(grouped(reading.malformed.count)) malformed (first in line \(grouped(first.line)): \(first.reason))", at: 0)
    }
    return items
  }

  private static func length(_ words: Double) -> String {
    words == words.rounded() ? "\(Int(words))" : "\(words)"
  }

  private func grouped(_ value: Int) -> String { NumberFormat.grouped(value) }

  private func counted(_ count: Int, _ one: String, _ many: String? = nil) -> String {
    "\(grouped(count)) \(count == 1 ? one : many ?? one + "s")"
  }
}
