import Compute

extension Tape {
  /// y[i] = table[ids[i]]: `[n, d]` from a table `[rows, d]`. The gradient adds dy[i] to row ids[i], in order;
  /// it has those rows only, unless the table is used in other ways too.
  public func embedding(_ ids: [Int32], table: Parameter) -> Tensor {
    precondition(table.shape.count == 2, "embedding: table \(table.shape)")
    let width = table.shape[1]
    let leaf = self[table]
    let y = buffer(ids.count * width)
    Kernels.gather(leaf.value, ids, width: width, to: y)
    let result = result(y, [ids.count, width], of: [leaf])
    record(result) { dy in leaf.accumulate(rows: ids, dy) }
    return result
  }

  /// y[i] = word[ids[i]] + position[positions[i]] + type[types[i]] (Devlin et al. 2019, section 3), in one pass.
  public func bertEmbedding(
    ids: [Int32], positions: [Int32], types: [Int32], word: Parameter, position: Parameter, type: Parameter
  ) -> Tensor {
    let width = word.shape.last ?? 0
    precondition(
      word.shape.count == 2 && position.shape.count == 2 && type.shape.count == 2 && position.shape[1] == width
        && type.shape[1] == width,
      "bertEmbedding: word \(word.shape), position \(position.shape), type \(type.shape)")
    precondition(
      ids.count == positions.count && ids.count == types.count,
      "bertEmbedding: \(ids.count) ids, \(positions.count) positions, \(types.count) types")
    let words = self[word], places = self[position], kinds = self[type]
    let y = buffer(ids.count * width)
    Kernels.gather(words.value, ids, places.value, positions, kinds.value, types, width: width, to: y)
    let result = result(y, [ids.count, width], of: [words, places, kinds])
    record(result) { dy in
      words.accumulate(rows: ids, dy)
      places.accumulate(rows: positions, dy)
      kinds.accumulate(rows: types, dy)
    }
    return result
  }
}
