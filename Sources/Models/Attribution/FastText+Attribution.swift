import Compute
import Text

extension FastText {
  /// What each feature adds to one output's score, which is a mean of the features' vectors times its weights: exact.
  ///
  /// - Parameter row: one row of shares.
  package func attribution(_ row: SparseRows, output: Int) -> FeatureAttribution {
    var values: [Int: Double] = [:], score = 0.0
    for (column, share) in zip(row.indices, row.values) {
      let vector = Int(column) * width
      let product = (0..<width).reduce(0.0) {
        $0 + Double(table[vector + $1]) * Double(weights[output * width + $1])
      }
      values[Int(column)] = Double(share) * product
      score += Double(share) * product
    }
    return FeatureAttribution(values: values, start: 0, score: score)
  }
}

extension WordBag {
  /// Where the features of a text stand in it.
  func places(in runs: TextRuns) -> FeaturePlaces {
    let preparation = TextPreparation(text), tokenizer = WordTokenizer()
    func cut(_ text: String) -> [String] { tokenizer.tokens(preparation.prepare(text)) }
    let words = cut(runs.text), owners = runs.owners(of: words, cut: cut)
    var places = FeaturePlaces()
    func add(_ column: Int32?, _ runs: some Collection<Int>) { if let column { places.add(Int(column), at: runs) } }
    for (word, owner) in zip(words, owners) {
      let id = vocabulary.id(of: word)
      if id > Vocabulary.unknownID { add(id, [owner]) }
      for bucket in hashes.buckets(letters: word) { add(column(of: bucket), [owner]) }
    }
    for length in stride(from: 2, through: hashes.wordNGrams, by: 1) where words.count >= length {
      for first in 0...(words.count - length) {
        // The n-gram of all of these words is the last that begins with the first.
        let bucket = hashes.buckets(words: Array(words[first..<first + length]))[length - 2]
        add(column(of: bucket), owners[first..<first + length])
      }
    }
    return places
  }

  /// What its features add, given to the words that they stand in.
  package func attribution(_ text: String, _ found: FeatureAttribution) -> WordAttribution {
    let runs = TextRuns(text)
    return WordAttribution(runs, found, places: places(in: runs))
  }
}
