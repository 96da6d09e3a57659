/// Every kind of model that there is: a line each.
package enum ModelFamilies {
  /// In the order in which messages name them, and figures take colours: a new one stands last.
  package static let all: [any ModelFamily.Type] = [
    BERTFamily.self,
    LSTMFamily.self,
    HybridFamily.self,
    MajorityFamily.self,
    LookupFamily.self,
    TFIDFLogisticFamily.self,
    NaiveBayesFamily.self,
    LinearSVMFamily.self,
    TFIDFRidgeFamily.self,
    NearestNeighboursFamily.self,
    DecisionTreeFamily.self,
    RandomForestFamily.self,
    NBSVMFamily.self,
    GRUFamily.self,
    RNNFamily.self,
    CNNFamily.self,
    FastTextFamily.self,
    EncoderLogisticFamily.self,
    GradientBoostingFamily.self,
    MLPFamily.self,
    CascadeFamily.self,
  ]

  /// The floor that every experiment has: what memory of the training texts alone gives.
  package static let memory: any ModelFamily.Type = LookupFamily.self

  package static var kinds: [ModelKind] { all.map { $0.kind } }

  /// `bert, bert-lstm`: those of which something is true, for messages.
  package static func names(where isWanted: (any ModelFamily.Type) -> Bool) -> [String] {
    all.filter(isWanted).map { $0.kind.rawValue }
  }

  static let byKind = Dictionary(uniqueKeysWithValues: all.map { ($0.kind.rawValue, $0) })

  /// By the name under which kept models have them.
  static let byStoredName = Dictionary(uniqueKeysWithValues: all.map { ($0.storedName, $0) })
}
