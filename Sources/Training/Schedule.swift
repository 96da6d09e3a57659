import Foundation

/// The learning rate at each step, as Transformers' schedules give it.
///
/// step < warm-up: base · step / warm-up. After that, with p the share of the remaining steps done:
/// constant base; linear base · (1 − p); cosine base · (1 + cos πp) / 2 (Loshchilov and Hutter 2017, one half-wave).
public struct Schedule: Sendable, Equatable {
  public let kind: ScheduleSettings.Kind
  /// The highest rate.
  public let base: Double
  public let warmupSteps: Int
  public let totalSteps: Int

  public init(kind: ScheduleSettings.Kind, base: Double, warmupSteps: Int, totalSteps: Int) {
    (self.kind, self.base, self.warmupSteps, self.totalSteps) = (kind, base, warmupSteps, totalSteps)
  }

  /// The warm-up share becomes steps by rounding up.
  public init(_ settings: ScheduleSettings, base: Double, totalSteps: Int) {
    let warmup = Int((settings.warmup * Double(totalSteps)).rounded(.up))
    self.init(kind: settings.kind, base: base, warmupSteps: warmup, totalSteps: totalSteps)
  }

  /// The rate of a step, counted from 0.
  public func rate(at step: Int) -> Double {
    base * factor(at: step)
  }

  private func factor(at step: Int) -> Double {
    if step < warmupSteps { return Double(step) / Double(max(1, warmupSteps)) }
    let remaining = Double(max(1, totalSteps - warmupSteps))
    switch kind {
    case .constant: return 1
    case .linear: return max(0, Double(totalSteps - step) / remaining)
    case .cosine: return max(0, 0.5 * (1 + cos(.pi * Double(step - warmupSteps) / remaining)))
    }
  }
}
