import Compute
import Tasks
import Text

/// What each column of a row adds to one of a model's scores, against a row of zeros.
package struct FeatureAttribution: Sendable, Equatable {
  /// Of columns that add something.
  package var values: [Int: Double]
  package var start: Double
  package var score: Double
  /// As of `WordAttribution`.
  package var nodes: Int?
}

extension LinearText {
  /// Weight × value of each column. Of several classes weights count by how far they are above the mean of all classes':
  /// only that tells a class from others, and of naive Bayes all weights are negative.
  ///
  /// - Parameter row: one row.
  func attribution(_ row: SparseRows, output: Int) -> FeatureAttribution {
    func centred(_ all: ArraySlice<Float>) -> Double {
      let own = Double(all[all.startIndex + output])
      guard problem == .classification else { return own }
      return own - all.reduce(0) { $0 + Double($1) } / Double(classes)
    }
    let start = centred(biases[...])
    var values: [Int: Double] = [:], score = start
    for (column, value) in zip(row.indices, row.values) {
      let added = Double(value) * centred(weights[Int(column) * classes..<(Int(column) + 1) * classes])
      values[Int(column)] = added
      score += added
    }
    return FeatureAttribution(values: values, start: start, score: score)
  }
}

extension LinearTextClassifier: AttributingClassifier {
  public var attributionMethod: AttributionMethod? { model.encoder.isText ? .weights : nil }

  public func attributions(_ texts: [String], outputs: [Int], pool: WorkerPool) -> [WordAttribution] {
    model.encoder.attributions(texts, pool: pool) { row, index in model.attribution(row, output: outputs[index]) }
  }
}

extension FeatureEncoder {
  /// What a model of features makes of each text, given to its words.
  ///
  /// - Parameter attribution: of the one row of the text at an index.
  package func attributions(
    _ texts: [String], pool: WorkerPool, _ attribution: (SparseRows, Int) -> FeatureAttribution
  ) -> [WordAttribution] {
    pool.map(texts.count) { index in
      let found = attribution(features([Input(text: texts[index])]), index)
      return self.attribution(texts[index], found)
    }
  }
}

extension TreeNodes {
  /// - Parameter row: one row.
  func attribution(_ row: SparseRows, output: Int, outputs: Int) -> FeatureAttribution {
    var dense = [Float](repeating: 0, count: row.columns)
    let zeros = SparseRows(columns: row.columns, rows: 1), pool = WorkerPool(threads: 1)
    for (column, value) in zip(row.indices, row.values) { dense[Int(column)] = value }
    func answer(_ row: SparseRows) -> Double { Double(answers(.sparse(row), outputs: outputs, pool: pool)[output]) }
    return FeatureAttribution(values: shapley(dense, output: output), start: answer(zeros), score: answer(row))
  }
}

extension DecisionTree {
  /// Shapley values of one row.
  package func attribution(_ row: SparseRows, output: Int) -> FeatureAttribution {
    nodes.attribution(row, output: output, outputs: outputs)
  }
}

extension RandomForest {
  /// Shapley values of one row.
  package func attribution(_ row: SparseRows, output: Int) -> FeatureAttribution {
    nodes.attribution(row, output: output, outputs: outputs)
  }
}

extension GradientBoosting {
  /// Shapley values of one row.
  package func attribution(_ table: TableColumns, output: Int) -> FeatureAttribution {
    let row = values(table, 0..<1)
    let zeros = kinds.map { $0 == .categories ? Float(-1) : 0 }
    return FeatureAttribution(
      values: shapley(row, output: output), start: score(zeros, output: output), score: score(row, output: output))
  }
}

extension MLP {
  /// Integrated gradients of one row along the straight way from zeros (Sundararajan et al. 2017), as of networks.
  package func attribution(_ row: SparseRows, output: Int) -> FeatureAttribution {
    let columns = row.indices.map(Int.init), inputs = row.values.map(Double.init)
    // W x of the first layer: the way is a straight one there too.
    var direction = [Double](repeating: 0, count: hidden[0])
    for (column, value) in zip(columns, inputs) {
      for unit in 0..<hidden[0] { direction[unit] += value * Double(first[column * stride + unit]) }
    }
    let bias = (0..<hidden[0]).map { Double(first[self.inputs * stride + $0]) }
    func sums(at point: Double) -> [Double] { zip(bias, direction).map { $0 + point * $1 } }
    let start = value(sums(at: 0), output).score, score = value(sums(at: 1), output).score
    var nodes = 16
    while true {
      let rule = GaussLegendre(nodes)
      var slope = [Double](repeating: 0, count: hidden[0])
      for (point, weight) in zip(rule.nodes, rule.weights) {
        for (unit, own) in value(sums(at: point), output).slope.enumerated() { slope[unit] += weight * own }
      }
      let found = zip(columns, inputs).map { column, value in
        (0..<hidden[0]).reduce(0.0) { $0 + value * Double(first[column * stride + $1]) * slope[$1] }
      }
      let error = abs(found.reduce(0, +) - (score - start))
      if nodes * 2 > 256 || WordAttribution.isComplete(error, of: score - start) {
        return FeatureAttribution(
          values: Dictionary(uniqueKeysWithValues: zip(columns, found)), start: start, score: score, nodes: nodes)
      }
      nodes *= 2
    }
  }

  /// One output, and its derivative by the sums of the first layer.
  private func value(_ sums: [Double], _ output: Int) -> (score: Double, slope: [Double]) {
    var layers = [sums]
    for layer in rest {
      let active = layers[layers.count - 1].map { max($0, 0) }
      layers.append(
        (0..<layer.outputs).map { unit in
          active.indices.reduce(Double(layer.bias[unit])) {
            $0 + active[$1] * Double(layer.weights[$1 * layer.outputs + unit])
          }
        })
    }
    var slope = (0..<outputs).map { $0 == output ? 1.0 : 0 }
    for (number, layer) in rest.enumerated().reversed() {
      let below = layers[number]
      slope = below.indices.map { unit in
        guard below[unit] > 0 else { return 0 }
        return (0..<layer.outputs).reduce(0.0) {
          $0 + slope[$1] * Double(layer.weights[unit * layer.outputs + $1])
        }
      }
    }
    return (layers[layers.count - 1][output], slope)
  }
}

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
  /// Where the features of a text stand in it, as `TFIDFVectorizer.places`.
  func places(in runs: TextRuns) -> [Int: [TFIDFVectorizer.Place]] {
    let preparation = TextPreparation(text), tokenizer = WordTokenizer()
    func cut(_ text: String) -> [String] { tokenizer.tokens(preparation.prepare(text)) }
    let words = cut(runs.text), owners = runs.owners(of: words, cut: cut)
    var places: [Int: [TFIDFVectorizer.Place]] = [:]
    func add(_ column: Int32?, _ runs: some Collection<Int>) {
      guard let column else { return }
      for run in runs {
        places[Int(column), default: []].append(.init(run: run, share: 1 / Double(runs.count)))
      }
    }
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
    return places.mapValues { all in
      let sum = all.reduce(0) { $0 + $1.share }
      return all.map { .init(run: $0.run, share: $0.share / sum) }
    }
  }

  /// What its features add, given to the words that they stand in.
  package func attribution(_ text: String, _ found: FeatureAttribution) -> WordAttribution {
    let runs = TextRuns(text)
    return WordAttribution(runs, found, places: places(in: runs))
  }
}
