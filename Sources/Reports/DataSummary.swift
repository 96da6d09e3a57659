import Corpora
import Tasks
import Text

/// What was read, a few lines a domain: rows, classes with their rows, and what was left out.
public enum DataSummary {
  /// Of a domain's classes those with the most and the fewest rows, where there are more than both.
  private static let (largest, smallest) = (6, 3)

  /// Lines of at most `width` characters where no word is longer.
  public static func lines(_ corpora: [Corpus], width: Int) -> [String] {
    corpora.flatMap { corpus in corpus.domains.flatMap { lines($0, of: corpus, width: width) } }
  }

  private static func lines(_ domain: Dataset, of corpus: Corpus, width: Int) -> [String] {
    var counts = [Int](repeating: 0, count: corpus.classes.count)
    for example in domain.examples { for label in example.target.classes { counts[label] += 1 } }
    let present = counts.indices.filter { counts[$0] > 0 }.sorted { (counts[$1], $0) < (counts[$0], $1) }
    let place = corpus.name == domain.domain ? corpus.name : "\(corpus.name), \(domain.domain)"
    func list(_ labels: some Sequence<Int>) -> String {
      labels.map { "\(ClassNames.shown(corpus.classes[$0])) (\(NumberFormat.grouped(counts[$0])))" }
        .joined(separator: ", ")
    }
    if let numbers = NumberSummary(domain.examples) {
      let all = "\(place): \(counted(domain.examples.count, "row")), numbers from \(numbers.text)"
      return TextLines.wrapped(all, width: width, indent: 2) + leftOut(domain.reading, corpus.problem, width: width)
    }
    let between = present.count - largest - smallest
    let classes =
      between <= 1
      ? list(present)
      : "\(list(present.prefix(largest))); \(NumberFormat.grouped(between)) more; \(list(present.suffix(smallest)))"
    let all =
      "\(place): \(counted(domain.examples.count, "row")), \(counted(present.count, corpus.problem.noun, corpus.problem.nouns)): "
    return TextLines.wrapped(all + classes, width: width, indent: 2)
      + leftOut(domain.reading, corpus.problem, width: width)
  }

  private static func leftOut(_ reading: ReadingReport, _ problem: Problem, width: Int) -> [String] {
    var items = reading.leftOut.map { "\(NumberFormat.grouped($0.count)) \($0.what)" }
    if !reading.malformed.isEmpty {
      let first = reading.malformed[0]
      items.insert(
        "\(NumberFormat.grouped(reading.malformed.count)) malformed (line \(first.line): \(first.reason))", at: 0)
    }
    if !reading.rareClasses.isEmpty {
      let rows = reading.rareClasses.reduce(0) { $0 + $1.rows }
      let fate = reading.rareLabel.map { "now \(ClassNames.shown($0))" } ?? "left out"
      let rare = counted(reading.rareClasses.count, "rare \(problem.noun)", "rare \(problem.nouns)")
      items.append(
        problem == .multiLabel
          ? "\(rare), \(counted(rows, "time")) given, \(fate)" : "\(counted(rows, "row")) of \(rare) \(fate)")
    }
    guard !items.isEmpty else { return [] }
    let records = counted(reading.records, "record")
    return TextLines.wrapped("of \(records): " + items.joined(separator: ", "), width: width, indent: 4)
  }

  private static func counted(_ count: Int, _ one: String, _ many: String? = nil) -> String {
    "\(NumberFormat.grouped(count)) \(count == 1 ? one : many ?? one + "s")"
  }
}

/// Text in lines of at most a width.
enum TextLines {
  /// Broken at blanks; lines after the first begin two columns further in.
  static func wrapped(_ text: String, width: Int, indent: Int = 0) -> [String] {
    var lines: [String] = []
    var line = String(repeating: " ", count: indent), isFresh = true
    for word in text.split(whereSeparator: \.isWhitespace) {
      if !isFresh, line.count + 1 + word.count > width {
        lines.append(line)
        (line, isFresh) = (String(repeating: " ", count: indent + 2), true)
      }
      line += (isFresh ? "" : " ") + word
      isFresh = false
    }
    return lines + [line]
  }
}
