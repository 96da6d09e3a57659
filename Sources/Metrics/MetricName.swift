/// Every metric that is one number, under the name of its column in result files.
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

  /// Those that may decide a comparison. Weighted areas, Brier scores and calibration errors describe.
  public static let deciding = allCases.filter { ![.aucWeighted, .brier, .ece].contains($0) }

  /// Given in points (hundredths) when two models are compared: all but log loss and Brier score.
  public var isFraction: Bool { self != .logLoss && self != .brier }

  public var higherIsBetter: Bool {
    switch self {
    case .logLoss, .brier, .ece: false
    default: true
    }
  }

  /// Needs probabilities; the others need only the predicted classes.
  public var needsProbabilities: Bool {
    switch self {
    case .aucMacro, .aucWeighted, .logLoss, .brier, .ece: true
    default: false
    }
  }

  /// Needs the probabilities of all classes; the others need at most those of the predicted and the true one.
  public var needsAllProbabilities: Bool { self == .aucMacro || self == .aucWeighted || self == .brier }

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
    }
  }
}
