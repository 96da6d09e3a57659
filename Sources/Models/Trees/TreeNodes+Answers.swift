import Compute

extension TreeNodes {
  /// Rows that are answered in one piece.
  private static let pieceCount = 64

  /// The mean of the trees' answers to each row, `[rows, outputs]`, summed in Double in the order of the trees.
  ///
  /// Cost of a row: the depth of its leaf in each tree.
  func answers(_ rows: TreeRows, outputs: Int, pool: WorkerPool) -> [Float] {
    let pieces = WorkerPool.parts(rows.count, of: Self.pieceCount)
    let parts = pool.map(pieces.count) { piece in
      var answers = [Float]()
      answers.reserveCapacity(pieces[piece].count * outputs)
      eachSum(rows, pieces[piece], outputs: outputs) { _, sums, trees in
        for sum in sums { answers.append(Float(sum / Double(trees))) }
      }
      return answers
    }
    return Self.joined(parts, count: rows.count * outputs)
  }

  /// The same of those trees alone that did not learn from the row; `[rows]` says of how many, and none has zeros.
  ///
  /// - Parameter learned: 1 where a tree learned from a row, `[rows, trees]`.
  func answers(
    _ rows: TreeRows, outputs: Int, leavingOut learned: [UInt8], pool: WorkerPool
  ) -> (answers: [Float], trees: [Int]) {
    let pieces = WorkerPool.parts(rows.count, of: Self.pieceCount)
    let parts = pool.map(pieces.count) { piece in
      var answers = [Float](), counts = [Int]()
      answers.reserveCapacity(pieces[piece].count * outputs)
      counts.reserveCapacity(pieces[piece].count)
      eachSum(rows, pieces[piece], outputs: outputs, learned: learned) { _, sums, trees in
        for sum in sums { answers.append(trees == 0 ? 0 : Float(sum / Double(trees))) }
        counts.append(trees)
      }
      return (answers, counts)
    }
    return (Self.joined(parts.map(\.0), count: rows.count * outputs), parts.flatMap(\.1))
  }

  private static func joined(_ parts: [[Float]], count: Int) -> [Float] {
    var all = [Float]()
    all.reserveCapacity(count)
    for part in parts { all += part }
    return all
  }

  /// Hands over the sum of the trees' answers to each row of a range, and of how many trees it is.
  private func eachSum(
    _ rows: TreeRows, _ range: Range<Int>, outputs: Int, learned: [UInt8]? = nil,
    _ body: (_ row: Int, _ sums: [Double], _ trees: Int) -> Void
  ) {
    var values = [Float](repeating: 0, count: rows.columns)
    var sums = [Double](repeating: 0, count: outputs)
    for row in range {
      switch rows {
      case .dense(let all, let columns):
        for column in 0..<columns { values[column] = all[row * columns + column] }
      case .sparse(let all):
        for place in all.offsets[row]..<all.offsets[row + 1] { values[Int(all.indices[place])] = all.values[place] }
      }
      for output in sums.indices { sums[output] = 0 }
      let taken = add(values, to: &sums, leavingOut: learned, from: row * trees)
      body(row, sums, taken)
      if case .sparse(let all) = rows {
        for place in all.offsets[row]..<all.offsets[row + 1] { values[Int(all.indices[place])] = 0 }
      }
    }
  }

  /// Adds the answers of trees to a row with these values; returns of how many trees.
  ///
  /// - Parameter learned: a tree is left out where `learned[first + tree]` is 1.
  private func add(_ row: [Float], to sums: inout [Double], leavingOut learned: [UInt8]?, from first: Int) -> Int {
    var taken = 0
    for tree in 0..<trees {
      if let learned, learned[first + tree] == 1 { continue }
      var place = starts[tree], node = nodes[place]
      while node.column >= 0 {
        place = row[Int(node.column)] <= node.threshold ? place + 1 : Int(node.link)
        node = nodes[place]
      }
      let leaf = Int(node.link)
      for place in leafStarts[leaf]..<leafStarts[leaf + 1] {
        sums[Int(leafOutputs[place])] += Double(leafValues[place])
      }
      taken += 1
    }
    return taken
  }
}
