import Analysis
import Execution
import Fetching
import Foundation
import Manifests
import Measurement

extension Experiment {
  /// All that a run gave, with what is known of the machine and the files that were read.
  func result(
    of outcome: Runner.Outcome, inputs: [RunResult.Input], analysis: Analysis, elapsed: Duration
  ) -> RunResult {
    let manifest = loaded.manifest
    var machine = Machine.facts()
    machine.load = outcome.load
    return RunResult(
      manifest: manifest, resolvedYAML: loaded.resolved.yaml(fileHashes: inputs.hashes(of: manifest)),
      records: outcome.records, models: outcome.models, timings: outcome.timings, audits: outcome.audits,
      analysis: analysis, tuning: outcome.tuning, inputs: inputs.map(Catalogue.identified),
      timingWarnings: outcome.timingWarnings,
      machine: machine, elapsedSeconds: Double(elapsed.components.seconds), reusedFits: outcome.reusedFits)
  }

  /// Trains, evaluates and times everything anew, without comparisons. `roll` is added to the seed of every model's
  /// initialisation and shuffling: the same splits by other initialisations, as a manifest's `seed_offset` does.
  func measured(roll: Int, jobs: Int, progress: Execution.Progress, isTimed: Bool = true) throws -> RunResult {
    var manifest = loaded.manifest
    if !isTimed { manifest.timing.enabled = false }
    let inputs = try RunResult.Input.inputs(of: manifest, corpora: allCorpora)
    for index in manifest.models.indices {
      manifest.models[index].seedOffset &+= UInt64(roll) &* 1_000_003
    }
    let clock = ContinuousClock()
    let started = clock.now
    let outcome = runner(manifest, jobs: jobs).run(progress: progress)
    progress.end()
    Console.failures(outcome.records)
    return result(
      of: outcome, inputs: inputs, analysis: Analysis(records: [], manifest: manifest), elapsed: clock.now - started)
  }
}
