import Files
import Planning
import Storage

extension Plan {
  /// One line of `bench plan --why`: what would become of a fit or refit, and why.
  public struct Outlook: Sendable, Equatable {
    public var fit: String
    public var isReused: Bool
    /// `reused: …`, `goes on: …` or `runs: …`.
    public var reason: String
  }
}

extension Runner {
  /// What would become of every fit, in the plan's order.
  public func outlook(_ store: FitStore) -> [Plan.Outlook] {
    guard CodeVersion.executable != nil else { return plan.fits.map { Self.unknown($0.name) } }
    let keys = keys
    return zip(plan.fits, keys.keys).map { fit, key in
      let wanted = fit.trials.map {
        "\(corpora[fit.data.corpus].domains[$0.target].domain) \(keys.testRows(of: $0, in: fit))"
      }
      let (isReused, reason) = Self.describe(store.status(of: fit.name, key), wanted: wanted, epochs: epochs(of: fit))
      return Plan.Outlook(fit: fit.name, isReused: isReused, reason: reason)
    }
  }

  /// The same of every refit. Its settings follow from its fits, so it can be told once all of them are stored.
  public func refitOutlook(_ store: FitStore) -> [Plan.Outlook] {
    guard CodeVersion.executable != nil else { return plan.refits.map { Self.unknown($0.name) } }
    let keys = keys
    var settled: [Int: SettledFit] = [:]
    for index in plan.refits.flatMap(\.fits) {
      guard let summary = store.finished(plan.fits[index].name, keys.keys[index])?.summary else { continue }
      settled[index] = SettledFit(epochs: summary.epochs, trials: summary.tuning)
    }
    var runner = self
    runner.store = store
    let refittings = runner.refittings(after: settled)
    return plan.refits.enumerated().map { index, refit -> Plan.Outlook in
      let missing = refit.fits.count { settled[$0] == nil }
      guard missing == 0, let refitting = refittings.first(where: { $0.index == index }) else {
        return Plan.Outlook(
          fit: refit.name, isReused: false, reason: "runs: \(missing) of its \(refit.fits.count) fits are not stored")
      }
      let (isReused, reason) = Self.describe(
        store.status(of: refit.name, refitting.slot.key), wanted: [],
        epochs: refitting.runner.manifest.models[0].training.epochs)
      return Plan.Outlook(fit: refit.name, isReused: isReused, reason: reason)
    }
  }

  private static func unknown(_ name: String) -> Plan.Outlook {
    Plan.Outlook(fit: name, isReused: false, reason: "runs: the program cannot read its own executable")
  }

  private func epochs(of fit: Plan.Fit) -> Int { manifest.models[fit.model].training.epochs }

  private static func describe(_ status: FitStatus, wanted: [String], epochs: Int) -> (isReused: Bool, reason: String) {
    switch status {
    case .stored(let tested):
      let new = wanted.filter { !tested.contains($0) }.count
      return (true, new == 0 ? "reused: stored" : "reused: stored; tested anew on \(new) of \(wanted.count) targets")
    case .begun(let done): return (false, "goes on: \(done) of at most \(epochs) epochs are stored")
    case .searched(let done): return (false, "goes on: \(done) of its search's trials are stored")
    case .missing: return (false, "runs: nothing is stored")
    case .damaged: return (false, "runs: what is stored is damaged")
    case .changed(let names):
      let shown = names.prefix(4).joined(separator: ", ")
      return (false, "runs: changed: \(shown)\(names.count > 4 ? " and \(names.count - 4) more" : "")")
    }
  }
}
