import Families
import Foundation
import Manifests
import Models
import Synchronization
import Testing

@testable import Execution
@testable import Storage

@Suite struct StoredTuningTests {
  private func run(_ manifest: Manifest, _ output: URL) throws -> Runner.Outcome {
    var runner = try Tuned.runner(manifest)
    runner.store = try FitStore(beside: output, fresh: false)
    return runner.run(progress: Progress(style: .quiet))
  }

  @Test("a tuned fit is read with its whole search; another effort runs the tuned fits again and no others")
  func reuse() throws {
    try inFolder { output in
      var manifest = Tuned.manifest()
      manifest.models.append(ModelDeclaration(name: "lookup", configuration: .lookup))
      let first = try run(manifest, output), second = try run(manifest, output)
      #expect(first.reusedFits == 0 && second.reusedFits == 6)
      #expect(second.tuning.map(\.fit) == first.tuning.map(\.fit) && second.tuning.count == 4)
      #expect(second.tuning.map(\.trials) == first.tuning.map(\.trials))
      #expect(second.records.map(\.probabilities) == first.records.map(\.probabilities))
      #expect(second.records.map(\.epochs) == first.records.map(\.epochs))
      // What the corpus is for is no part of a fit, and comes from the manifest.
      manifest.corpora[0].task = "mood"
      #expect(try run(manifest, output).tuning.map(\.task) == Array(repeating: "mood", count: 4))
      manifest.tuning?.trials = 3
      for line in try Tuned.runner(manifest).outlook(FitStore(lookingBeside: output)) {
        #expect(line.reason == (line.fit.hasSuffix(".lookup") ? "reused: stored" : "runs: changed: tuning.trials"))
      }
      #expect(try run(manifest, output).reusedFits == 2)
    }
  }

  @Test(
    "a search that is stopped in any of its trials goes on after the last round that was stored, to the same bytes",
    arguments: [(.random, 1, 5), (.random, 1, 0), (.bayesian, 1, 0), (.bayesian, 2, 0)]
      as [(TuningSettings.Search, Int, Double)])
  func stopped(search method: TuningSettings.Search, parallel: Int, storedEvery: Double) throws {
    try inFolder { output in
      var manifest = Tuned.manifest(method, trials: 4, parallel: parallel)
      manifest.protocols[0].seeds = 1
      /// The first fit, stopped after so many steps, and how many it did.
      func search(stoppedAfter limit: Int) throws -> (result: FitRun.Result, isStored: Bool, steps: Int) {
        var runner = try Tuned.runner(manifest)
        runner.store = try FitStore(beside: output, fresh: false)
        runner.trainingStoredEvery = storedEvery
        let slot = try #require(runner.slots(runner.keys)?[0])
        let steps = Mutex(0)
        let result = FitRun(
          runner: runner, fit: runner.plan.fits[0], threads: 1, novelty: runner.noveltyTable, slot: slot
        ).run { [stop = runner.stop] _, _ in
          let done = steps.withLock { count -> Int in
            count += 1
            return count
          }
          if done == limit { stop.make(.signal(2)) }
        }
        return (result, slot.load() != nil, steps.withLock { $0 })
      }
      let plain = try Tuned.run(manifest)
      let trials = try #require(plain.tuning.first?.trials)
      // A trial takes six steps.
      for limit in storedEvery > 0 ? [1, 7, 13, 22] : [1, 7, 7, 7] {
        let (result, isStored, steps) = try search(stoppedAfter: limit)
        #expect(result.trained == nil && !isStored && steps == limit)
        #expect(result.records.allSatisfy { $0.record.failure?.contains("stopped on request") == true })
      }
      let (result, isStored, steps) = try search(stoppedAfter: .max)
      #expect(isStored && (steps > 22) == (storedEvery > 0), "the last of the limits is in the last trial")
      #expect(result.tuning?.trials.map(\.bytes) == trials.map(\.bytes))
      #expect(try run(manifest, output).records.map(\.probabilities) == plain.records.map(\.probabilities))
    }
  }
}
