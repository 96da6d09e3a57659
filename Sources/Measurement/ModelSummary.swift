import Compute
import Families
import Manifests
import Models
import Records
import Tasks
import Text

/// What a trained model weighs and how it reads texts: one row of models.csv.
package struct ModelSummary {
  package var declaration: ModelDeclaration
  package var trained: TrainedModel

  package init(declaration: ModelDeclaration, trained: TrainedModel) {
    (self.declaration, self.trained) = (declaration, trained)
  }

  package func record(task: String, corpus: String, inputs: [Input]) -> ModelRecord {
    let classifier = trained.classifier(in: Workspace())
    var unknown: Double?, truncated: Double?, median: Double?
    // Of median length in bytes, or in tokens where there are some.
    var typical = inputs.ofMedianLength.map { [$0] } ?? []
    if let pipeline = trained.state.pipeline, !inputs.isEmpty {
      let encoded = inputs.map { pipeline.encode($0.text) }
      let tokens = encoded.reduce(0) { $0 + $1.ids.count }
      unknown = Double(encoded.reduce(0) { $0 + $1.unknown }) / Double(max(1, tokens))
      truncated = Double(encoded.filter(\.isTruncated).count) / Double(encoded.count)
      let byLength = encoded.indices.sorted { (encoded[$0].ids.count, $0) < (encoded[$1].ids.count, $1) }
      median = Double(encoded[byLength[byLength.count / 2]].ids.count)
      typical = [inputs[byLength[byLength.count / 2]]]
    }
    return ModelRecord(
      task: task, corpus: corpus, model: declaration.name, kind: declaration.configuration.kind,
      description: declaration.title, parameters: classifier.parameterCount,
      bytes: classifier.byteCount,
      flopsPerQuery: classifier.flops(classifier.encode(typical)), vocabulary: classifier.vocabularyCount,
      unknownShare: unknown, truncatedShare: truncated, medianTokens: median)
  }
}
