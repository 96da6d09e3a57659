import Foundation
import Statistics

@testable import History
@testable import Records

/// Small invented runs, and a folder for files.
enum SyntheticHistory {
  /// A run of two models over `seeds` trials; `shift` is added to each score of `lstm`, times of it are `slowdown` times.
  static func run(
    experiment: String = "small", seeds: Int = 3, shift: Double = 0, slowdown: Double = 1, noise: UInt64 = 0,
    commit: String = "0123456789abcdef", branch: String? = "main", manifest: String = "version: 1\nname: small\n",
    cpu: String = "Example CPU", splitHash: String = "5be1"
  ) -> StoredRun {
    var generator = ResamplingGenerator(seed: noise)
    func jitter() -> Double { noise == 0 ? 0 : (Double(generator.below(2_001)) - 1_000) / 1_000 }
    var machine = MachineFacts()
    (machine.cpu, machine.cores, machine.memory) = (cpu, 2, 8 << 30)
    (machine.commit, machine.dirty, machine.branch) = (commit, false, branch)
    let kinds = ["lstm": "lstm", "tfidf": "tfidf-logistic"]
    let trials = (1...seeds).flatMap { seed in
      ["lstm", "tfidf"].map { model -> StoredTrial in
        let score = model == "lstm" ? 0.80 + Double(seed) / 100 + shift + jitter() * 0.004 : 0.85
        return StoredTrial(
          name: "messages.shop.holdout.s\(seed).\(model)", task: "sentiment", corpus: "messages",
          protocolName: "holdout", source: "shop", target: "shop", model: model, kind: kinds[model] ?? "",
          seed: UInt64(seed), fold: nil, repetition: seed - 1, splitHash: "\(splitHash)-\(seed)", trainRows: 700,
          testRows: 150, epochs: model == "lstm" ? 6 : nil, failure: nil,
          scores: ["f1_macro": score, "log_loss": 1 - score])
      }
    }
    let timings = ["lstm", "tfidf"].map { model -> StoredTiming in
      let base = model == "lstm" ? 8 * slowdown : 2
      let samples = (0..<16).map { base * (1 + Double($0 % 5) / 100 + jitter() * 0.01) }
      return StoredTiming(
        task: "sentiment", corpus: "messages", model: model, kind: kinds[model] ?? "", work: "query", threads: 1,
        batch: 32, order: "arrival", tokens: 480, samples: samples, peakBytes: 4_096, costs: samples,
        calibrations: samples.map { _ in 1 })
    }
    return StoredRun(
      id: nil, experiment: experiment, manifestVersion: ManifestVersion.of(resolvedYAML: manifest), manifest: manifest,
      primaryMetric: "f1_macro", margin: 1, machine: machine, startedAt: Date(timeIntervalSince1970: 1_700_000_000),
      elapsedSeconds: 12.5, folder: "Results/small", warnings: ["the load average was 3.2 on 2 cores"],
      trials: trials, timings: timings)
  }

  /// A fresh folder, removed afterwards.
  static func inFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("history \(UUID().uuidString) é")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  /// A closed history of so many runs.
  static func write(runs: Int, to path: String) throws {
    let store = try HistoryStore(path: path)
    for _ in 0..<runs { try store.record(run()) }
    try store.queue.close()
  }
}
