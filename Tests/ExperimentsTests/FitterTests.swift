import Compute
import Models
import Testing
import Training

@testable import Experiments

@Suite struct FitterTests {
  private let rows = Fitter.Rows(
    texts: (0..<40).map { "message \($0) about \($0 % 2 == 0 ? "a parcel" : "a bill")" },
    labels: (0..<40).map { $0 % 2 })

  private func fitter(_ model: String) throws -> Fitter {
    Fitter(
      model: try #require(Small.models().first { $0.name == model }), classes: 2,
      random: Random(seed: 1, stream: "fit"), primary: .f1Macro)
  }

  @Test(
    "whatever learns step by step ends where its session is stopped, and says so", arguments: ["tfidf", "lstm", "bert"])
  func stopped(model: String) throws {
    let pool = WorkerPool(threads: 1)
    for looks in [1, 3] {
      var left = looks
      let session = TrainingSession(isStopped: {
        left -= 1
        return left <= 0
      })
      let failure = #expect(throws: TrainingFailure.self) {
        _ = try fitter(model).fit(training: rows, validation: nil, pool: pool, session: session) { _ in }
      }
      #expect(failure?.cause == .stopped && left == 0)
    }
    #expect(throws: Never.self) {
      _ = try fitter(model).fit(training: rows, validation: nil, pool: pool) { _ in }
    }
  }
}
