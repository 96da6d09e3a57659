import Families
import Manifests
import Models
import Records
import Settings
import Testing

@testable import Execution

@Suite struct HalvingTests {
  @Test("rungs are thirds, as many as settings and epochs allow, and fill the trials")
  func rungs() {
    func rungs(_ trials: Int, _ epochs: Int) -> [[Int]] {
      Halving(trials: trials, epochs: epochs).rungs.map { [$0.count, $0.divisor] }
    }
    #expect(rungs(13, 12) == [[9, 9], [3, 3], [1, 1]])
    #expect(rungs(12, 12) == [[8, 3], [2, 1]])
    #expect(rungs(13, 8) == [[10, 3], [3, 1]])
    #expect(rungs(4, 3) == [[3, 3], [1, 1]])
    #expect(rungs(6, 2) == [[6, 1]])
    #expect(rungs(2, 100) == [[2, 1]])
    for trials in 1...60 {
      for epochs in [1, 2, 3, 9, 30, 100] {
        let halving = Halving(trials: trials, epochs: epochs)
        #expect(halving.trials <= trials && halving.rungs.last?.divisor == 1)
        #expect(halving.rungs.allSatisfy { $0.count >= 1 && $0.divisor <= epochs })
        #expect(Halving(settings: halving.rungs[0].count + 1, epochs: epochs).trials > trials)
      }
    }
    #expect(Halving(trials: 13, epochs: 12).trainings == 3)
  }

  @Test("the best third of a rung trains again for three times the epochs, up to all of them")
  func promoted() throws {
    var manifest = Tuned.manifest(.halving, trials: 14)
    manifest.protocols[0].seeds = 1
    manifest.models[0].training.epochs = 9
    manifest.models[0].training.earlyStopping = nil
    let searches = try Tuned.run(manifest).tuning
    let trials = searches[0].trials
    #expect(trials.count == 14 && trials[0].settings == manifest.models[0].space.declared)
    #expect(trials.map(\.epochs) == [9] + Array(repeating: 1, count: 9) + [3, 3, 3] + [9])
    func bare(_ trial: TuningRecord.Trial) -> [Setting] { trial.settings.filter { $0.key != "training.epochs" } }
    for (rung, next) in [(1..<10, 10..<13), (10..<13, 13..<14)] {
      let ranked = trials[rung].enumerated().sorted {
        ($1.element.score ?? 0, $0.offset) < ($0.element.score ?? 0, $1.offset)
      }
      #expect(trials[next].map(bare) == ranked.prefix(next.count).map { bare($0.element) })
    }
    // Without epochs, all that a small space has.
    #expect(searches[1].trials.map { $0.settings.map(\.text) }.map(\.count) == [1, 1, 1])
  }

  @Test("a small space fills the rungs that it can")
  func small() throws {
    var manifest = Tuned.manifest(.halving, trials: 14)
    manifest.protocols[0].seeds = 1
    manifest.models.removeLast()
    manifest.models[0].training.epochs = 9
    manifest.models[0].training.earlyStopping = nil
    manifest.models[0].space = SearchSpace([
      .init("hidden", .list([2, 3, 4, 5, 6].map { .integer($0) }), declared: .integer(8))
    ])
    let trials = try Tuned.run(manifest).tuning[0].trials
    #expect(trials.map(\.epochs) == [9, 3, 3, 3, 3, 3, 9])
  }
}
