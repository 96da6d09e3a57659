import Foundation
import Text

/// Real figures of an experiment that was run many times while nothing changed: what simulated nights draw from.
public struct NoiseRecord: Sendable, Codable, Equatable {
  public struct Scores: Sendable, Codable, Equatable {
    public var trials: [String: Double]
    public var priorVariance: Double?
  }
  public struct Run: Sendable, Codable, Equatable {
    public var scores: [String: Scores]
    /// Each batch's cost over the calibration kernel's.
    public var costs: [String: [Double]]
  }
  /// How it was recorded, in a sentence.
  public var origin: String
  /// Smallest loss that matters, in points.
  public var margin: Double
  /// In the order of time.
  public var runs: [Run]

  /// From runs of one experiment, of which nothing but the initialisation differs. Costs keep four digits.
  public init(_ runs: [StoredRun]) {
    origin = Self.origin(of: runs)
    margin = runs.first?.margin ?? 1
    self.runs = runs.map { run in
      let measurement = NightMeasurement(run)
      return Run(
        scores: measurement.scores.mapValues {
          Scores(trials: $0.trials.mapValues { Self.rounded($0, 1e6) }, priorVariance: $0.priorVariance)
        },
        costs: measurement.costs.mapValues { $0.logarithms.map { Self.rounded(exp($0), 1e4) } })
    }
  }

  private static func origin(of runs: [StoredRun]) -> String {
    guard let first = runs.first else { return "no run" }
    let busy = runs.count { !$0.warnings.isEmpty }
    return "\(first.experiment), manifest \(first.manifestVersion.prefix(8)), on \(first.machine.cpu), "
      + "\(first.machine.cores) cores (machine \(first.machine.key)); "
      + (busy == 0 ? "the machine was idle" : "in \(busy) runs the machine was too busy for timing")
  }

  private static func rounded(_ value: Double, _ scale: Double) -> Double { (value * scale).rounded() / scale }

  var measurements: [NightMeasurement] {
    runs.enumerated().map { roll, run in
      NightMeasurement(
        scores: run.scores.mapValues {
          NightMeasurement.Scores(trials: $0.trials, priorVariance: $0.priorVariance, roll: roll)
        },
        costs: run.costs.mapValues { NightMeasurement.Costs(logarithms: $0.map { log(max($0, 1e-9)) }) })
    }
  }

  public static func read(_ url: URL) throws -> NoiseRecord {
    let record: NoiseRecord
    do { record = try StoredJSON.decode(NoiseRecord.self, from: String(contentsOf: url, encoding: .utf8)) } catch {
      throw NoiseError(
        reason:
          "\(url.relativePath): got no noise record that can be read, expected what `bench selftest record` writes")
    }
    guard record.runs.count >= 10, record.runs.allSatisfy({ !$0.scores.isEmpty || !$0.costs.isEmpty }) else {
      throw NoiseError(reason: "\(url.relativePath): got \(record.runs.count) runs, expected at least 10 with figures")
    }
    return record
  }

  /// The record as a file, a line a run, so that a difference shows.
  public func json() -> String {
    let lines = runs.map { StoredJSON.encode($0) }.joined(separator: ",\n")
    return "{\"origin\":\(StoredJSON.encode(origin)),\"margin\":\(StoredJSON.encode(margin)),\"runs\":[\n\(lines)\n]}\n"
  }
}

/// Why a file of recorded noise cannot be simulated from.
public struct NoiseError: Error, CustomStringConvertible {
  public var reason: String
  public var description: String { reason }
}
