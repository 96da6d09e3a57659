import Compute

extension GradientBoosting {
  /// Rows that are answered in one piece: their values stay close at hand while tree after tree looks at them.
  private static let pieceCount = 256

  /// Probabilities of the classes, or numbers: `[rows, outputs]`. Cost of a row: the depth of its leaf in each tree.
  public func predict(_ table: TableColumns, pool: WorkerPool) -> [Float] {
    precondition(table.kinds == kinds, "GradientBoosting: columns of other kinds than in training")
    let pieces = WorkerPool.parts(table.rows, of: Self.pieceCount)
    let parts = pool.map(pieces.count) { piece in
      let rows = pieces[piece]
      var scores = rows.flatMap { _ in start.map { Double($0) } }
      nodes.add(
        0..<nodes.trees, to: &scores, outputs: start.count, values(table, rows), columns: columns)
      return BoostingLoss.answers(scores, rows: rows.count, outputs: outputs, isNumber: isNumber)
    }
    var answers = [Float]()
    answers.reserveCapacity(table.rows * outputs)
    for part in parts { answers += part }
    return answers
  }

  /// Some rows of a table row by row, `[rows, columns]`: numbers, and places of categories among the codes, −1 for others.
  func values(_ table: TableColumns, _ rows: Range<Int>) -> [Float] {
    var values = [Float](repeating: 0, count: rows.count * columns)
    for (column, held) in table.columns.enumerated() {
      var place = column
      switch held {
      case .numbers(let all):
        for row in rows {
          values[place] = all[row]
          place += columns
        }
      case .categories(let all):
        let range = codeStarts[column]..<codeStarts[column + 1]
        for row in rows {
          values[place] = Float(self.place(of: all[row], range))
          place += columns
        }
      }
    }
    return values
  }

  /// Where a code stands in a run of `codes`, counted from its start; −1 where it does not.
  private func place(of code: Int32, _ range: Range<Int>) -> Int {
    var low = range.lowerBound, high = range.upperBound
    while low < high {
      let middle = (low + high) / 2
      if codes[middle] < code { low = middle + 1 } else { high = middle }
    }
    return low < range.upperBound && codes[low] == code ? low - range.lowerBound : -1
  }
}
