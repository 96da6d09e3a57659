import Compute
import Models
import Text
import Training

/// Everything a trained model is, as a value: it can cross threads, be stored, and be rebuilt.
public struct TrainedModel: Sendable {
  public enum State: Sendable {
    case network(TextPipeline, WeightSnapshot)
    case majority(MajorityState)
    case lookup(LookupState)
    case tfidfLogistic(TFIDFLogisticState)
  }

  public var configuration: ModelConfiguration
  public var classes: Int
  public var state: State

  /// Rebuilds the classifier, its buffers in `workspace`; a network computes `batchSize` texts together.
  public func classifier(in workspace: Workspace, batchSize: Int = 32) -> any TextClassifier {
    switch state {
    case .network(let pipeline, let weights):
      return NetworkFactory.with(
        configuration, vocabulary: pipeline.embeddingRows, classes: classes,
        random: Random(seed: 0, stream: "replaced by the stored weights"), workspace: workspace
      ) { network in
        TrainedModel.wrap(network, pipeline, classes: classes, weights: weights, batchSize: batchSize)
      }
    case .majority(let state): return MajorityClassifier(state)
    case .lookup(let state): return LookupClassifier(state)
    case .tfidfLogistic(let state): return TFIDFLogisticClassifier(state)
    }
  }

  /// Fails where these are not the weights of such a network, so that `classifier` cannot.
  static func check(
    _ weights: WeightSnapshot, _ configuration: ModelConfiguration, vocabulary: Int, classes: Int
  ) throws(CheckpointError) {
    let failure = NetworkFactory.with(
      configuration, vocabulary: vocabulary, classes: classes,
      random: Random(seed: 0, stream: "replaced by the stored weights"), workspace: Workspace()
    ) { network -> CheckpointError? in
      do throws(CheckpointError) { try network.load(weights) } catch { return error }
      return nil
    }
    if let failure { throw failure }
  }

  private static func wrap(
    _ network: some Network, _ pipeline: TextPipeline, classes: Int, weights: WeightSnapshot, batchSize: Int
  ) -> any TextClassifier {
    do { try network.load(weights) } catch { preconditionFailure("a model's own weights do not fit it: \(error)") }
    return NetworkClassifier(network: network, pipeline: pipeline, classes: classes, batchSize: batchSize)
  }
}
