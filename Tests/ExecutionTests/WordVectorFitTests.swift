import Compute
import Families
import Foundation
import Manifests
import Models
import Testing
import Text
import Training

@testable import Analysis
@testable import Execution
@testable import Files
@testable import Records

/// LSTMs whose word vectors do not start at random.
@Suite struct WordVectorFitTests {
  private static func manifest(_ change: (inout ModelDeclaration) -> Void) -> Manifest {
    var manifest = Small.manifest()
    manifest.protocols = [.init(kind: .holdout)]
    manifest.protocols[0].domains = ["ecommerce"]
    manifest.models = [manifest.models[1]]
    // So that the fit's vectors are those that it starts from.
    manifest.models[0].training.optimizer.learningRate = 1e-30
    change(&manifest.models[0])
    return manifest
  }

  private func table(_ model: TrainedModel?) throws -> (tokens: [String], rows: [[Float]]) {
    guard let state = model?.state as? NetworkState,
      let table = state.weights.tensors.first(where: { $0.name == "embedding.weight" })
    else { throw CheckpointError.missing(tensor: "embedding.weight") }
    let width = table.shape[1]
    return (
      state.text.vocabularyTokens,
      (0..<table.shape[0]).map { Array(table.values[$0 * width..<($0 + 1) * width]) }
    )
  }

  @Test("words of the file start from its vectors, others at random and as large; the share of the file is reported")
  func file() throws {
    let plain = try Small.runner(Self.manifest { _ in }, jobs: 1)
    let (words, random) = try table(plain.result(of: plain.plan.fits[0]).trained)
    let known = words.dropFirst(2).enumerated().filter { $0.offset % 3 == 0 }.map(\.element)
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("vectors-\(UUID().uuidString).txt")
    defer { try? FileManager.default.removeItem(at: url) }
    let lines = known.enumerated().map { row, word in
      word + (0..<12).map { " \($0 % 2 == 0 ? 0.25 : -0.25)\(row % 10)" }.joined() + "\n"
    }
    try Data(("neverseen" + String(repeating: " 9", count: 12) + "\n" + lines.joined()).utf8).write(to: url)

    let runner = try Small.runner(
      Self.manifest { $0.vectors = VectorSource(path: url.path, declaredPath: "v.txt") }, jobs: 1)
    let outcome = runner.run(progress: Progress(style: .quiet))
    #expect(outcome.records.allSatisfy { $0.status == .ok }, "\(outcome.records.compactMap(\.failure))")
    let coverage = Double(known.count) / Double(words.count - 2)
    #expect(
      outcome.models.first?.vectorCoverage == coverage
        && outcome.models.first?.description == "LSTM, word vectors from a file")
    let result = runner.result(of: runner.plan.fits[0])
    let (tokens, rows) = try table(result.trained)
    #expect(tokens == words && result.vectorCoverage == coverage)
    let scale = rows[2].map(abs).max() ?? 0
    for (index, row) in rows.enumerated() {
      if known.contains(tokens[index]) {
        #expect(
          row.enumerated().allSatisfy { abs(abs($1) - 0.25) < 0.01 && ($1 > 0) == ($0 % 2 == 0) }, "\(tokens[index])")
      } else {
        #expect(zip(row, random[index]).allSatisfy { abs($0 - $1 * scale) < 0.02 * abs($1) + 1e-6 }, "\(tokens[index])")
      }
    }
    // A file of other words, one of them twice: said on the terminal.
    try Data(String(repeating: "neverseen" + String(repeating: " 9", count: 12) + "\n", count: 3).utf8).write(to: url)
    let other = runner.run(progress: Progress(style: .quiet))
    #expect(other.models.first?.vectorCoverage == 0 && other.models.first?.vectorRepetitions == 2)
    let said = RunResult(
      manifest: runner.manifest, resolvedYAML: "", records: other.records, models: other.models, timings: [],
      audits: [],
      analysis: Analysis(records: [], manifest: runner.manifest), machine: MachineFacts(), elapsedSeconds: 0)
    #expect(said.vectorWarnings.count == 2)
    #expect(said.vectorWarnings.first?.contains("none of the vocabulary's words is in v.txt") == true)
    #expect(said.vectorWarnings.last?.contains("2 lines have a word that stands further up in v.txt") == true)
    // A file that has changed since the manifest was checked.
    try Data("good 1 2\n".utf8).write(to: url)
    let failed = runner.run(progress: Progress(style: .quiet))
    #expect(
      failed.records.allSatisfy { $0.failure?.contains("got a width of 2, expected that of `embedding`") == true })
  }

  @Test("vectors learned from the texts are what the LSTM starts from, the same for any number of jobs")
  func learned() throws {
    func outcome(_ jobs: Int, _ change: (inout ModelDeclaration) -> Void) throws -> (Runner, Runner.Outcome) {
      let runner = try Small.runner(Self.manifest(change), jobs: jobs)
      return (runner, runner.run(progress: Progress(style: .quiet)))
    }
    let (runner, one) = try outcome(1) { $0.pretraining = PretrainingSettings() }
    let (_, two) = try outcome(2) { $0.pretraining = PretrainingSettings() }
    let (_, plain) = try outcome(1) { _ in }
    #expect(one.records.map(\.probabilities) == two.records.map(\.probabilities))
    #expect(one.records.map(\.probabilities) != plain.records.map(\.probabilities))
    let model = try #require(one.models.first), record = try #require(model.pretraining)
    #expect(model.description == "LSTM, word vectors pre-trained here" && record.count == 1 && record.accuracy == nil)
    #expect(record.loss.map { 1..<4.2 ~= $0 } == true, "\(record)")

    let keys = runner.keys, job = keys.pretraining.jobs[0]
    let learned = try PretrainingRun(
      job: job, declaration: runner.manifest.models[0], seed: runner.manifest.seed, threads: 1, store: nil,
      stop: StopRequest(), storedEvery: 0
    ).run { _ in }
    let fitted = FitRun(
      runner: runner, fit: runner.plan.fits[0], threads: 1, novelty: runner.noveltyTable,
      pretraining: .success(Pretrained(learned) { learned })
    ).run { _, _ in }
    let (tokens, rows) = try table(fitted.trained)
    #expect(tokens == learned.pipeline.vocabularyTokens)
    #expect(zip(rows.joined(), learned.weights.tensors[0].values).allSatisfy { abs($0 - $1) < 1e-25 })
  }
}
