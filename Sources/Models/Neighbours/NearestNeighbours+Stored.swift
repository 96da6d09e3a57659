import Compute

extension NearestNeighbours {
  /// `index.starts` I64 `[columns + 1]`, `index.rows` I32 and `index.values` F32, the training rows of each column one
  /// after another, and `labels` I32 or `numbers` F32, `[training rows]`.
  public var tensors: [Safetensors.Tensor] {
    let answer =
      switch answers {
      case .classes(let all): Safetensors.Tensor("labels", [all.count], .indices(all))
      case .numbers(let all): Safetensors.Tensor("numbers", [all.count], .floats(all))
      }
    return [
      Safetensors.Tensor("index.starts", [index.offsets.count], .integers(index.offsets)),
      Safetensors.Tensor("index.rows", [index.nonZeros], .indices(index.indices)),
      Safetensors.Tensor("index.values", [index.nonZeros], .floats(index.values)), answer,
    ]
  }

  /// `classes` is nil where the model gives numbers.
  ///
  /// - Throws: `CheckpointError` where a tensor is missing, has another shape, or does not fit the others.
  public init(
    stored file: Safetensors, columns: Int, classes: Int?, settings: Settings
  ) throws(CheckpointError) {
    guard settings.neighbours > 0 else { throw .malformed("\(settings.neighbours) neighbours") }
    let answers: Answers
    if let classes {
      guard classes > 0 else { throw .malformed("\(classes) classes") }
      answers = .classes(try file.indices("labels", in: 0...classes - 1))
    } else {
      answers = .numbers(try file.numbers("numbers"))
    }
    guard answers.count > 0 else { throw .malformed("nearest neighbours without training rows") }
    let values = try file.numbers("index.values")
    let rows = try file.indices("index.rows", in: 0...answers.count - 1, count: values.count)
    let starts = try file.starts("index.starts", count: columns, end: values.count)
    var index = SparseRows(columns: answers.count)
    for column in 0..<columns {
      let range = starts[column]..<starts[column + 1]
      let held = Array(rows[range])
      guard zip(held, held.dropFirst()).allSatisfy({ $0 < $1 }) else {
        throw .malformed("tensor index.rows: the rows of column \(column) do not ascend")
      }
      index.append(indices: held, values: Array(values[range]))
    }
    self.init(settings: settings, outputs: classes ?? 1, index: index, answers: answers)
  }
}
