import Text

/// Where features of a text stand in it: each time that one stands there counts alike, and of it each run that it has
/// something of.
struct FeaturePlaces {
  private var shares: [Int: [(run: Int, share: Double)]] = [:]

  var columns: Set<Int> { Set(shares.keys) }

  /// A feature stands in these runs once more.
  mutating func add(_ column: Int, at runs: some Collection<Int>) {
    for run in runs { shares[column, default: []].append((run, 1 / Double(runs.count))) }
  }

  /// The runs that a feature stands in, with shares that add up to 1; none where it stands nowhere.
  subscript(column: Int) -> [(run: Int, share: Double)] {
    let all = shares[column] ?? []
    let sum = all.reduce(0) { $0 + $1.share }
    return all.map { ($0.run, $0.share / sum) }
  }
}

extension WordAttribution {
  /// Of columns, each given to the runs where it stands, and to none where it stands nowhere.
  init(_ runs: TextRuns, _ found: FeatureAttribution, places: FeaturePlaces) {
    var shares = [Double](repeating: 0, count: runs.count), rest = 0.0
    for column in found.values.keys.sorted() {
      let value = found.values[column] ?? 0, own = places[column]
      for place in own { shares[place.run] += value * place.share }
      if own.isEmpty { rest += value }
    }
    self.init(runs, values: shares, rest: rest, start: found.start, score: found.score, nodes: found.nodes)
  }
}

extension TFIDFVectorizer {
  /// Where the known n-grams of a text stand in it.
  func places(in runs: TextRuns, _ preparation: TextPreparation) -> FeaturePlaces {
    var places = FeaturePlaces(), offset = 0
    for block in blocks {
      var scanner = NGramScanner(block.unit, block.range)
      func cut(_ text: String) -> [ArraySlice<UInt8>] {
        scanner.scan(preparation.prepare(text))
        return scanner.words
      }
      let words = cut(runs.text), owners = runs.owners(of: words, cut: cut)
      scanner.scan(preparation.prepare(runs.text))
      for (gram, own) in scanner.gramWords {
        let column = block.table.find(gram.hash, scanner.buffer, gram.from, gram.to)
        if column >= 0 { places.add(offset + column, at: owners[own]) }
      }
      offset += block.count
    }
    return places
  }
}

extension FeatureEncoder {
  /// Whether features are n-grams and no more.
  package var isText: Bool { columns == nil && vectors == nil && vectorizer.count > 0 }

  /// What n-grams add, given to the words that they stand in.
  package func attribution(_ text: String, _ found: FeatureAttribution) -> WordAttribution {
    let runs = TextRuns(text)
    return WordAttribution(runs, found, places: vectorizer.places(in: runs, TextPreparation(self.text)))
  }
}
