import Text

extension TFIDFVectorizer {
  /// A part of what a column stands for in a text.
  struct Place {
    /// The run that it stands in.
    var run: Int
    /// Of the column; shares of one column add up to 1.
    var share: Double
  }

  /// Where the known n-grams of a text stand in it: equal shares for each time that one stands there, and for each of the
  /// words that it has something of.
  func places(in runs: TextRuns, _ preparation: TextPreparation) -> [Int: [Place]] {
    var places: [Int: [Place]] = [:], offset = 0
    for block in blocks {
      var scanner = NGramScanner(block.unit, block.range)
      func cut(_ text: String) -> [ArraySlice<UInt8>] {
        scanner.scan(preparation.prepare(text))
        return scanner.words
      }
      let words = cut(runs.text)
      let owners = runs.owners(of: words, cut: cut)
      scanner.scan(preparation.prepare(runs.text))
      for (gram, own) in scanner.gramWords {
        let column = block.table.find(gram.hash, scanner.buffer, gram.from, gram.to)
        guard column >= 0 else { continue }
        for word in own {
          places[offset + column, default: []].append(Place(run: owners[word], share: 1 / Double(own.count)))
        }
      }
      offset += block.count
    }
    return places.mapValues { all in
      let sum = all.reduce(0) { $0 + $1.share }
      return all.map { Place(run: $0.run, share: $0.share / sum) }
    }
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

extension WordAttribution {
  /// Of columns, each given to the runs where it stands, and to none where it stands nowhere.
  init(_ runs: TextRuns, _ found: FeatureAttribution, places: [Int: [TFIDFVectorizer.Place]]) {
    var shares = [Double](repeating: 0, count: runs.count), rest = 0.0
    for column in found.values.keys.sorted() {
      let value = found.values[column] ?? 0
      guard let own = places[column] else {
        rest += value
        continue
      }
      for place in own { shares[place.run] += value * place.share }
    }
    self.init(
      runs, values: shares, rest: rest, start: found.start, score: found.score, nodes: found.nodes)
  }
}
