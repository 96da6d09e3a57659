import Models
import Settings

/// Which model, and its sizes: one of the families.
public struct ModelConfiguration: Sendable, Equatable, Codable {
  package var family: any ModelFamily

  package init(_ family: any ModelFamily) { self.family = family }

  /// The name used in manifests and in result files.
  public var kind: ModelKind { type(of: family).kind }

  /// The transformer in it; nil where there is none.
  package var encoder: TransformerConfiguration? { (family as? any NetworkFamily)?.encoder }

  /// Takes what a checkpoint's encoder has that no key says.
  package mutating func adopt(_ variant: EncoderVariant) {
    if let network = family as? any NetworkFamily { family = network.adopting(variant) }
  }

  /// Width of the word vectors that it can start from; nil where it has none of its own.
  package var wordVectorWidth: Int? { (family as? any NetworkFamily)?.wordVectorWidth }

  /// Trained numbers of a network; nil where it has impossible sizes, or is none.
  ///
  /// In Double, so that sizes from a hostile file cannot overflow: a file is held against it before memory is taken.
  package func parameterCount(vocabulary: Int, classes: Int) -> Double? {
    (family as? any NetworkFamily)?.parameterCount(vocabulary: vocabulary, classes: classes)
  }

  /// Numbers that a network's training step holds for its backward pass at least, for each token: the outputs of the
  /// layers' parts. 0 for what is none.
  package var leastActivations: Double { (family as? any NetworkFamily)?.leastActivations ?? 0 }

  public static func == (a: Self, b: Self) -> Bool { a.family.isEqual(to: b.family) }
}

/// One key, the family's stored name, over its sizes.
extension ModelConfiguration {
  private struct Name: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Name.self)
    guard container.allKeys.count == 1, let name = container.allKeys.first,
      let family = ModelFamilies.byStoredName[name.stringValue]
    else {
      let found = container.allKeys.map(\.stringValue).sorted().joined(separator: ", ")
      throw DecodingError.dataCorrupted(
        .init(codingPath: container.codingPath, debugDescription: "got \"\(found)\", expected one known kind of model"))
    }
    func decode<Family: ModelFamily>(_ type: Family.Type) throws -> any ModelFamily {
      try container.decode(Family.self, forKey: name)
    }
    self.init(try decode(family))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Name.self)
    try container.encode(family, forKey: Name(stringValue: type(of: family).storedName))
  }
}
