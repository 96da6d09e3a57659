/// The word that a kind of model has in manifests and in result files; there are those of `ModelFamilies`.
public struct ModelKind: RawRepresentable, Sendable, Hashable, Codable, CustomStringConvertible {
  public let rawValue: String

  /// nil for a word that no family has.
  public init?(rawValue: String) {
    guard ModelFamilies.byKind[rawValue] != nil else { return nil }
    self.rawValue = rawValue
  }

  /// For a family's own word.
  package init(_ rawValue: String) { self.rawValue = rawValue }

  package var family: any ModelFamily.Type {
    guard let family = ModelFamilies.byKind[rawValue] else { preconditionFailure("no family has the kind \(rawValue)") }
    return family
  }

  public var role: ModelRole { family.role }

  /// Trained by gradient descent on token sequences.
  public var isNeural: Bool { family is any NetworkFamily.Type }

  /// What every other model must be above: it reads no words.
  public var isFloor: Bool { role == .floor }

  public var description: String { rawValue }
}

/// What a kind of model is in a comparison.
public enum ModelRole: Sendable {
  /// Reads all tokens at once by attention: one side of the question.
  case transformer
  /// Reads token after token: the other side.
  case recurrent
  /// Anything else that can be used.
  case other
  /// A baseline that reads no words; every other model is held against it.
  case floor
}
