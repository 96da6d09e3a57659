import Compute
import Models
import Tasks
import Text

/// What lookup learns where a row has several labels or a number: how often each normalised training text stood there, and
/// the sum of its targets. No text is kept.
struct LookupMeansState: ModelState, Equatable {
  /// One output's sum over the rows of one text.
  struct Entry: Equatable {
    var output: Int
    var sum: Float
  }

  let shape: TaskShape
  let means: TargetMeans
  /// Digests of the distinct normalised training texts, ascending.
  let keys: [TextDigest]
  /// Rows of each text.
  let counts: [Int]
  /// The outputs of each text that are not 0, ascending.
  let entries: [[Entry]]

  init(texts: [String], targets: Targets, shape: TaskShape) {
    precondition(texts.count == targets.count, "LookupMeansState: \(texts.count) texts for \(targets.count) targets")
    self.shape = shape
    means = TargetMeans(targets, outputs: shape.outputs)
    var found: [TextDigest: (count: Int, sums: [Int: Double])] = [:]
    for (row, text) in texts.enumerated() {
      var own = found[TextDigest(normalised(text))] ?? (0, [:])
      own.count += 1
      switch targets[row] {
      case .label(let label): own.sums[label, default: 0] += 1
      case .labels(let labels): for label in labels { own.sums[label, default: 0] += 1 }
      case .number(let number): own.sums[0, default: 0] += number
      }
      found[TextDigest(normalised(text))] = own
    }
    let sorted = found.sorted { $0.key < $1.key }
    keys = sorted.map(\.key)
    counts = sorted.map(\.value.count)
    entries = sorted.map { pair in
      pair.value.sums.map { Entry(output: $0.key, sum: Float($0.value)) }.sorted { $0.output < $1.output }
    }
  }

  // MARK: Storing

  var outline: any Encodable { MeanState.Outline(means: means) }

  /// `keys` U8 `[texts, 16]`, `counts` I64 `[texts]`, `entry_starts` I64 `[texts + 1]`, `entry_outputs` I64 and
  /// `entry_sums` F32 `[entries]`.
  var tensors: [Safetensors.Tensor] {
    var starts = [0]
    for row in entries { starts.append(starts[starts.count - 1] + row.count) }
    let flat = Array(entries.joined())
    return [
      Safetensors.Tensor("entry_starts", [starts.count], .integers(starts)),
      Safetensors.Tensor("entry_outputs", [flat.count], .integers(flat.map(\.output))),
      Safetensors.Tensor("counts", [counts.count], .integers(counts)),
      Safetensors.Tensor("entry_sums", [flat.count], .floats(flat.map(\.sum))),
      Safetensors.Tensor("keys", [keys.count, TextDigest.byteCount], .bytes(keys.flatMap(\.bytes))),
    ]
  }

  /// - Throws: `CheckpointError` where a tensor is missing or what they hold does not fit together.
  init(outline json: String, shape: TaskShape, stored file: Safetensors) throws(CheckpointError) {
    let means = try MeanState(outline: json, shape: shape).means
    (self.means, self.shape) = (means, shape)
    let starts = try file.integers("entry_starts"), outputs = try file.integers("entry_outputs")
    let sums = try file.floats("entry_sums"), counts = try file.integers("counts"), bytes = try file.bytes("keys")
    let size = TextDigest.byteCount
    guard bytes.count == size * counts.count, starts.count == counts.count + 1, starts[0] == 0,
      starts[starts.count - 1] == outputs.count, outputs.count == sums.count, sums.allSatisfy(\.isFinite),
      counts.allSatisfy({ $0 >= 1 && $0 <= means.rows })
    else { throw .malformed("keys, counts, entry_starts, entry_outputs and entry_sums do not fit together") }
    let digests = stride(from: 0, to: bytes.count, by: size).map { TextDigest(bytes: bytes[$0..<$0 + size]) }
    guard zip(digests, digests.dropFirst()).allSatisfy({ $0 < $1 }) else { throw .malformed("keys do not ascend") }
    var entries = [[Entry]]()
    for (start, end) in zip(starts, starts.dropFirst()) {
      guard start <= end, end <= outputs.count else { throw .malformed("entry_starts does not ascend") }
      let row = (start..<end).map { Entry(output: outputs[$0], sum: sums[$0]) }
      guard zip(row, row.dropFirst()).allSatisfy({ $0.output < $1.output }),
        row.allSatisfy({ 0..<shape.outputs ~= $0.output })
      else { throw .malformed("entry_outputs has an output that the task has not") }
      entries.append(row)
    }
    (keys, self.counts, self.entries) = (digests, counts, entries)
  }

  func classifier(in workspace: Workspace, batchSize: Int) -> any TextClassifier { LookupMeansClassifier(self) }

  func export(labels: [String]) throws(CheckpointError) -> ModelExport { throw .notExported(LookupFamily.kind) }
}

/// Answers a known text with (Σ of its targets + the mean of all) / (its rows + 1), an unknown one with the mean.
final class LookupMeansClassifier: TextClassifier {
  private let state: LookupMeansState
  private let means: [Double]
  private let index: [TextDigest: Int]

  init(_ state: LookupMeansState) {
    self.state = state
    means = state.means.means(state.shape.problem)
    index = Dictionary(uniqueKeysWithValues: state.keys.enumerated().map { ($1, $0) })
  }

  var classes: Int { means.count }
  /// The counts and sums of each text, and the means.
  var parameterCount: Int { state.entries.reduce(classes + state.counts.count) { $0 + $1.count } }
  var byteCount: Int {
    parameterCount * MemoryLayout<LookupMeansState.Entry>.size + state.keys.count * TextDigest.byteCount
  }
  /// Distinct texts.
  var vocabularyCount: Int? { state.keys.count }

  func encode(_ inputs: [Input]) -> EncodedTexts { .keys(inputs.map { normalised($0.text) }) }

  func answers(_ encoded: EncodedTexts, pool: WorkerPool) -> [Float] {
    guard case .keys(let keys) = encoded else {
      preconditionFailure("LookupMeansClassifier.answers: got \(encoded.form), expected keys")
    }
    return keys.flatMap { key -> [Float] in
      guard let row = index[TextDigest(key)] else { return means.map { Float($0) } }
      var sums = means
      for entry in state.entries[row] { sums[entry.output] += Double(entry.sum) }
      return sums.map { Float($0 / Double(state.counts[row] + 1)) }
    }
  }

  func flops(_ encoded: EncodedTexts) -> Double { 0 }
}
