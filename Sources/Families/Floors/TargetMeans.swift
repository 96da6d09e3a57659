import Compute
import Models
import Tasks

/// What the floors learn where a row has several labels or a number: the mean of the targets, which is the share of the
/// rows that have each label, or the mean number.
struct TargetMeans: Sendable, Codable, Equatable {
  /// Training rows.
  var rows: Int
  /// Σ of each output's targets, `[outputs]`: rows with the label, or the numbers' sum.
  var sums: [Double]

  init(_ targets: Targets, outputs: Int) {
    rows = targets.count
    sums = [Double](repeating: 0, count: outputs)
    add(targets)
  }

  private mutating func add(_ targets: Targets) {
    switch targets {
    case .classes(let labels): for label in labels { sums[label] += 1 }
    case .labels(let sets): for label in sets.joined() { sums[label] += 1 }
    case .numbers(let numbers): sums[0] += numbers.reduce(0, +)
    }
  }

  /// Of a label (n + 1) / (rows + 2), so that none is impossible or sure; the numbers' mean.
  func means(_ problem: Problem) -> [Double] {
    problem == .regression
      ? sums.map { rows > 0 ? $0 / Double(rows) : 0 } : sums.map { ($0 + 1) / Double(rows + 2) }
  }
}

/// The same answer to every text: the majority floor's where there are no classes.
struct MeanState: ModelState {
  var shape: TaskShape
  var means: TargetMeans

  /// Of lookup too.
  struct Outline: Codable { var means: TargetMeans }

  var outline: any Encodable { Outline(means: means) }
  var tensors: [Safetensors.Tensor] { [] }

  init(_ targets: Targets, shape: TaskShape) {
    (self.shape, means) = (shape, TargetMeans(targets, outputs: shape.outputs))
  }

  init(outline json: String, shape: TaskShape) throws(CheckpointError) {
    means = try Self.part(Outline.self, of: json).means
    self.shape = shape
    guard means.sums.count == shape.outputs, means.sums.allSatisfy(\.isFinite), 0...(1 << 40) ~= means.rows else {
      throw .malformed("its means are not those of \(shape.outputs) outputs")
    }
  }

  func classifier(in workspace: Workspace, batchSize: Int) -> any TextClassifier { MeanClassifier(self) }

  func export(labels: [String]) throws(CheckpointError) -> ModelExport { throw .notExported(MajorityFamily.kind) }
}

/// Answers every text with the mean of the training targets.
final class MeanClassifier: TextClassifier {
  private let answer: [Float]

  init(_ state: MeanState) { answer = state.means.means(state.shape.problem).map { Float($0) } }

  var classes: Int { answer.count }
  var parameterCount: Int { answer.count }
  var byteCount: Int { answer.count * MemoryLayout<Float>.size }
  var vocabularyCount: Int? { nil }

  func encode(_ inputs: [Input]) -> EncodedTexts { .keys(inputs.map(\.text)) }

  func answers(_ encoded: EncodedTexts, pool: WorkerPool) -> [Float] {
    Array(repeatElement(answer, count: encoded.count).joined())
  }

  func flops(_ encoded: EncodedTexts) -> Double { 0 }
}
