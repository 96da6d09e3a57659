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
