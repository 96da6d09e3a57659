/// Every metric that is one number, under the name of its column in result files: the registry of scores.
public enum MetricName: String, Sendable, CaseIterable, Codable {
  case accuracy
  case balancedAccuracy = "balanced_accuracy"
  case precisionMacro = "precision_macro"
  case recallMacro = "recall_macro"
  case f1Macro = "f1_macro"
  case precisionMicro = "precision_micro"
  case recallMicro = "recall_micro"
  case f1Micro = "f1_micro"
  case precisionWeighted = "precision_weighted"
  case recallWeighted = "recall_weighted"
  case f1Weighted = "f1_weighted"
  case aucMacro = "auc_ovr_macro"
  case aucWeighted = "auc_ovr_weighted"
  case mcc
  case kappa
  case logLoss = "log_loss"
  case brier
  case ece
  case subsetAccuracy = "subset_accuracy"
  case f1Samples = "f1_samples"
  case rankingAP = "ranking_ap"
  case r2
  case spearman
  case mae
  case mse

  /// Those that may decide a comparison. Weighted areas, Brier scores and calibration errors describe.
  public static let deciding = allCases.filter { ![.aucWeighted, .brier, .ece].contains($0) }

  /// The kinds of task that have it.
  public var problems: Set<Problem> {
    switch self {
    case .precisionMacro, .recallMacro, .f1Macro, .precisionMicro, .recallMicro, .f1Micro, .f1Weighted:
      [.classification, .multiLabel]
    case .subsetAccuracy, .f1Samples, .rankingAP: [.multiLabel]
    case .r2, .spearman, .mae, .mse: [.regression]
    default: [.classification]
    }
  }

  /// What a value of it is in.
  public var unit: Unit {
    switch self {
    case .logLoss: .nats
    case .mae, .mse: .ofTarget
    case .brier: .squares
    default: .fraction
    }
  }

  public enum Unit: Sendable {
    /// Given in points (hundredths) when two models are compared.
    case fraction
    case nats
    /// That of the numbers that are predicted, or its square.
    case ofTarget
    case squares
  }

  public var isFraction: Bool { unit == .fraction }

  /// What a value can be, in its own unit.
  public var range: ClosedRange<Double> {
    switch self {
    case .mcc, .kappa, .spearman: -1...1
    case .r2: (-.infinity)...1
    case .logLoss, .brier, .mae, .mse: 0...(.infinity)
    default: 0...1
    }
  }

  public var higherIsBetter: Bool {
    switch self {
    case .logLoss, .brier, .ece, .mae, .mse: false
    default: true
    }
  }

  /// Needs probabilities; the others need only what was answered.
  public var needsProbabilities: Bool {
    switch self {
    case .aucMacro, .aucWeighted, .logLoss, .brier, .ece, .rankingAP: true
    default: false
    }
  }

  /// Needs the probabilities of all classes; the others need at most those of the predicted and the true one.
  public var needsAllProbabilities: Bool {
    switch self {
    case .aucMacro, .aucWeighted, .brier, .rankingAP: true
    default: false
    }
  }

  /// A mean over a list of classes that says what it is: two models are compared over one list. The mean of areas under
  /// the curve is over the classes that have rows, which two models on the same rows share.
  public var isClassMean: Bool { self == .precisionMacro || self == .recallMacro || self == .f1Macro }

  /// The name for readers, as it stands inside a sentence.
  public var title: String {
    switch self {
    case .accuracy: "accuracy"
    case .balancedAccuracy: "balanced accuracy"
    case .precisionMacro: "macro precision"
    case .recallMacro: "macro recall"
    case .f1Macro: "macro-F1"
    case .precisionMicro: "micro precision"
    case .recallMicro: "micro recall"
    case .f1Micro: "micro-F1"
    case .precisionWeighted: "weighted precision"
    case .recallWeighted: "weighted recall"
    case .f1Weighted: "weighted F1"
    case .aucMacro: "macro AUC (one-vs-rest)"
    case .aucWeighted: "weighted AUC (one-vs-rest)"
    case .mcc: "MCC"
    case .kappa: "Cohen's kappa"
    case .logLoss: "log loss"
    case .brier: "Brier score"
    case .ece: "expected calibration error"
    case .subsetAccuracy: "subset accuracy"
    case .f1Samples: "F1 per row"
    case .rankingAP: "ranking average precision"
    case .r2: "R²"
    case .spearman: "Spearman's correlation"
    case .mae: "mean absolute error"
    case .mse: "mean squared error"
    }
  }
}
