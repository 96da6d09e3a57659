import Foundation
import History

/// Checks whether a machine is fit to run and to measure.
///
/// An error is what a run would end with or give wrong figures by; a warning makes times unfit for comparison, or work
/// slow. Nothing is changed: what is written to try it is removed again.
public struct Doctor: Sendable {
  /// Where a run reads and writes.
  public struct Places: Sendable {
    /// The folder that results go to, and the history's file.
    public var results, history: String
    /// The folders of corpora and models, and whether the environment names them.
    public var data, models: (path: String, isStated: Bool)

    public init(
      results: String, history: String, data: (path: String, isStated: Bool), models: (path: String, isStated: Bool)
    ) {
      (self.results, self.history, self.data, self.models) = (results, history, data, models)
    }
  }

  let places: Places
  let source: MachineSource
  let blas: BLASFacts

  public init(_ places: Places, source: MachineSource = MachineSource(), blas: BLASFacts = .measured()) {
    (self.places, self.source, self.blas) = (places, source, blas)
  }

  /// Calls `report` with each finding as it is made; the worst of their levels.
  @discardableResult
  public func examine(_ report: (Finding) -> Void) -> Finding.Level {
    var worst = Finding.Level.ok
    for check in checks {
      for finding in check() {
        worst = max(worst, finding.level)
        report(finding)
      }
    }
    return worst
  }

  private var checks: [() -> [Finding]] {
    [products, processors, clockRate, load, memory, storage, inputs, history]
  }

  /// 1.5 GiB, 300.0 MiB
  static func size(_ bytes: Int) -> String {
    let (unit, name) = bytes < 1 << 30 ? (1 << 20, "MiB") : (1 << 30, "GiB")
    return "\((Double(bytes) / Double(unit) * 10).rounded() / 10) \(name)"
  }

  static func percent(_ share: Double) -> String { "\((share * 1_000).rounded() / 10) %" }

  static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
}
