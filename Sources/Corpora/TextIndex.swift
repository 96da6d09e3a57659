import Text

/// The distinct normalised texts of a corpus, and which of them are near duplicates: made once, asked for every split.
public struct TextIndex: Sendable {
  /// `[data set][row]`: the number of the row's normalised text, from 0 in order of first appearance.
  private let numbers: [[Int32]]
  /// nil where no text is near another one but by its form: texts that are written from columns.
  private let near: NearDuplicates?
  private let count: Int
  /// Candidates for a near duplicate that are looked at, a text.
  public static let candidateLimit = NearDuplicates.candidateLimit

  /// `datasets` are the examples of each domain, in the corpus' order; `areWritten` are texts that nobody wrote, which are
  /// near to none.
  public init(_ datasets: [[Example]], areWritten: Bool = false) {
    var known: [String: Int32] = [:]
    var texts: [String] = []
    numbers = datasets.map { examples in
      examples.map { example in
        let text = normalised(example.text)
        if let number = known[text] { return number }
        let number = Int32(texts.count)
        known[text] = number
        texts.append(text)
        return number
      }
    }
    near = areWritten ? nil : NearDuplicates(texts)
    count = texts.count
  }

  public init(_ corpus: Corpus) { self.init(corpus.domains.map(\.examples), areWritten: !corpus.hasTexts) }

  /// A row of one of the data sets.
  public struct Rows: Sendable {
    public var dataset: Int
    public var rows: [Int]
    public init(_ rows: [Int], of dataset: Int) { (self.rows, self.dataset) = (rows, dataset) }
  }

  /// What each of `rows` is to a model trained on `training`.
  public func novelty(of rows: Rows, trainedOn training: Rows) -> [Novelty] {
    let known = set(of: training)
    var answers: [Int32: Novelty] = [:]
    return rows.rows.map { row in
      let number = numbers[rows.dataset][row]
      if known[Int(number)] { return .seen }
      if let answer = answers[number] { return answer }
      let answer: Novelty = near?.hasNeighbour(Int(number)) { known[$0] } ?? false ? .near : .novel
      answers[number] = answer
      return answer
    }
  }

  /// How many of `rows` have a text that is near an earlier one among them; of equal texts only the first is looked at.
  func nearRepeats(_ rows: Rows) -> Int {
    let known = set(of: rows)
    var looked = [Bool](repeating: false, count: count)
    return rows.rows.count { row in
      let number = Int(numbers[rows.dataset][row])
      if looked[number] { return false }
      looked[number] = true
      return near?.hasNeighbour(number) { known[$0] && $0 < number } ?? false
    }
  }

  /// How many rows of a data set have a text with more candidates than are looked at: where none of those that are is
  /// near, it counts as novel.
  public func crowdedRows(of dataset: Int) -> Int {
    guard let near, !near.crowded.isEmpty else { return 0 }
    return numbers[dataset].count { near.crowded.contains(Int($0)) }
  }

  /// The number of the row's normalised text: equal numbers are equal texts.
  func number(_ row: Int, of dataset: Int) -> Int { Int(numbers[dataset][row]) }

  private func set(of rows: Rows) -> [Bool] {
    var known = [Bool](repeating: false, count: count)
    for row in rows.rows { known[Int(numbers[rows.dataset][row])] = true }
    return known
  }
}
