import Autograd
import Compute
import Foundation
import Models
import Tasks
import Text
import Training

/// A trained network behind its text pipeline: raw text in, probabilities or a number out.
final class NetworkClassifier<Net: Network>: TextClassifier {
  private let sessions: InferenceSessions<Net>
  private let family: any NetworkFamily
  let pipeline: TextPipeline
  let shape: TaskShape
  var network: Net { sessions.network }
  var classes: Int { shape.outputs }

  /// - Parameter batchSize: texts that are computed together.
  init(network: Net, family: any NetworkFamily, pipeline: TextPipeline, shape: TaskShape, batchSize: Int) {
    sessions = InferenceSessions(network, problem: shape.problem, batchSize: batchSize)
    (self.family, self.pipeline, self.shape) = (family, pipeline, shape)
  }

  func encode(_ inputs: [Input]) -> EncodedTexts {
    .tokens(inputs.map { family.sequence($0.text, pipeline) })
  }

  func answers(_ encoded: EncodedTexts, pool: WorkerPool) -> [Float] {
    guard case .tokens(let sequences) = encoded else { preconditionFailure("a network reads tokens") }
    return sessions.lend(pool) { $0.answers(sequences) }
  }

  var parameterCount: Int { network.parameterCount }
  var byteCount: Int {
    parameterCount * MemoryLayout<Float>.size + pipeline.vocabularyTokens.reduce(0) { $0 + $1.utf8.count }
  }
  var vocabularyCount: Int? { pipeline.vocabularyCount }

  func flops(_ encoded: EncodedTexts) -> Double {
    guard case .tokens(let sequences) = encoded else { return 0 }
    return network.forwardFLOPs(lengths: sequences.map { network.length($0) })
  }
}

extension NetworkClassifier: AttributingClassifier {
  var attributionMethod: AttributionMethod? { .integratedGradients }

  func attributions(_ texts: [String], outputs: [Int], pool: WorkerPool) -> [WordAttribution] {
    let sequences = texts.map { family.sequence($0, pipeline) }
    let all = IntegratedGradients(network)(sequences, outputs: outputs, pool: pool)
    return zip(texts, all).map { text, found in
      let runs = TextRuns(text)
      return WordAttribution(
        runs, parts: found.values, owners: pipeline.owners(in: runs), start: found.start, score: found.score,
        nodes: found.nodes)
    }
  }
}
