/// What a text is to a model, after the texts that the model was trained on.
public enum Novelty: String, Sendable, Codable, CaseIterable {
  /// Its normalised form stands among them.
  case seen
  /// Not that, but one of them is a near duplicate: a Jaccard coefficient of at least 0.8 over five-character shingles.
  case near
  /// Neither.
  case novel
}
