import ArgumentParser
import Execution
import Files
import Foundation
import Reports
import Search
import Text

extension SelftestCommand {
  /// `bench selftest search`
  struct Search: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Sets Bayesian search against random search on functions with a known minimum.",
      discussion: """
        Branin (two dimensions) and Hartmann-6 (six), both searches with the same number of trials, from the same points \
        on; the regret is by how much the best value found lies above the minimum. Exit code 1 where on one of them a \
        sign test over the seeds does not find the Bayesian search ahead with p < 0.01.
        """)

    @Option(help: "Seeds of each function.")
    var seeds = 50

    @Option(help: "Trials of each search.")
    var trials = 30

    @Option(help: ArgumentHelp("Trials that are chosen together, as tuning.parallel.", valueName: "count"))
    var parallel = 1

    func validate() throws {
      guard seeds >= 1, trials >= 2, parallel >= 1 else {
        throw ValidationError("--seeds, --parallel: expected at least 1; --trials: expected at least 2")
      }
    }

    func run() throws {
      let progress = Execution.Progress.standardError(quiet: false)
      var table = TextTable(
        [("function", .left), ("search", .left)]
          + Self.counts(trials).map { ("regret after \($0)", .right) } + [
            ("ahead on", .right), ("p", .right), ("", .left),
          ])
      var isMet = true
      for problem in SearchProblem.allCases {
        progress.stage("searching \(problem.rawValue)")
        let test = test(problem)
        let isAhead = test.p < 0.01 && test.wins > test.losses
        isMet = isMet && isAhead
        let medians = Self.counts(trials).map(test.medians)
        table.append(
          [problem.rawValue, "Bayesian"] + medians.map { NumberFormat.fixed($0.bayesian, 3) }
            + ["\(test.wins) of \(seeds)", Self.shown(p: test.p), isAhead ? "met" : "MISSED"])
        table.append(
          ["", "random"] + medians.map { NumberFormat.fixed($0.random, 3) } + ["\(test.losses) of \(seeds)", "", ""])
      }
      progress.end()
      Console.line(table.lines.joined(separator: "\n"))
      Console.line("")
      Console.line("regret: median over the seeds; p: two-sided sign test of the regret after all trials")
      if !isMet { throw Exit.notAsDemanded }
    }

    private func test(_ problem: SearchProblem) -> SearchSelftest {
      var test = SearchSelftest(problem, trials: trials, width: parallel)
      let found = Jobs.map(Array(0..<seeds), jobs: ProcessInfo.processInfo.activeProcessorCount) { [test] seed in
        test.outcome(seed: UInt64(seed + 1))
      }
      test.outcomes = (0..<seeds).compactMap { found[$0] }
      return test
    }

    private static func counts(_ trials: Int) -> [Int] { [1, 5, 10, 20].filter { $0 < trials } + [trials] }

    private static func shown(p: Double) -> String { p < 1e-4 ? "< 0.0001" : NumberFormat.fixed(p, 4) }
  }
}
