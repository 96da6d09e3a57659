import Settings
import Training

extension ModelDeclaration {
  /// Of these settings those that have an effect beside the others: a key that another one makes idle is left out, so that
  /// settings which fit the same model are the same.
  ///
  /// Keys that would be idle with every setting of a space stand in no space: the manifest is refused.
  package func effective(_ settings: [Setting]) -> [Setting] {
    let model = with(settings)
    return settings.filter { !model.isIdle($0.key) }
  }

  private func isIdle(_ key: String) -> Bool {
    let frozen = training.fineTuning.frozenLayers
    switch key {
    case "training.frozen_embeddings": return frozen > 0
    case "training.layer_decay":
      guard let layers = configuration.encoder?.layers else { return false }
      return frozen >= layers - 1 && (frozen > 0 || training.fineTuning.freezesEmbeddings)
    case "training.schedule": return training.schedule.warmup == 1
    case "training.class_weights": return training.sampling != .none && training.sampling != .smoteENN
    case "text.remove_punctuation": return text.removeNonAlphanumeric
    default: return false
    }
  }
}
