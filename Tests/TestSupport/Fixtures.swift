import Foundation
import Testing

/// Where the reference values stand.
public enum Fixtures {
  /// `Tests/Fixtures`, found from this file, so that tests do not depend on the working folder.
  public static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Fixtures")

  /// The folder of reference values: `BENCH_GOLDEN`, or `Tests/Fixtures/golden` without it.
  public static var golden: URL {
    ProcessInfo.processInfo.environment["BENCH_GOLDEN"].map { URL(fileURLWithPath: $0) }
      ?? root.appendingPathComponent("golden")
  }

  /// A published checkpoint and its reference values, which are too large to stand among the fixtures.
  public struct Checkpoint: Sendable {
    /// The checkpoint's own folder.
    public var model: URL
    /// The folder of its reference values.
    public var golden: URL
  }

  /// What stands in for `checkpoint` where a test is left out.
  public static let checkpointIsMissing: Comment =
    "all-MiniLM-L6-v2 and its reference values: BENCH_MODELS and BENCH_CHECKPOINT_GOLDEN name no folders that hold them"

  /// all-MiniLM-L6-v2 in the folder of `BENCH_MODELS` with its values in `BENCH_CHECKPOINT_GOLDEN`, where both are.
  public static let checkpoint: Checkpoint? = {
    let environment = ProcessInfo.processInfo.environment
    guard let models = environment["BENCH_MODELS"], let golden = environment["BENCH_CHECKPOINT_GOLDEN"] else {
      return nil
    }
    let model = URL(fileURLWithPath: models).appendingPathComponent("all-MiniLM-L6-v2")
    let found = Checkpoint(model: model, golden: URL(fileURLWithPath: golden))
    return [found.model, found.golden].allSatisfy { FileManager.default.fileExists(atPath: $0.path) } ? found : nil
  }()

  /// Writes a snapshot anew where the environment asks for it by `variable`; such a run compares with itself, so it fails.
  public static func record(
    _ bytes: some Sequence<UInt8>, to url: URL, if variable: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    guard ProcessInfo.processInfo.environment[variable] != nil else { return }
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
    Issue.record(
      "\(url.lastPathComponent) was written anew: read the difference, and run again without \(variable)",
      sourceLocation: sourceLocation)
  }

  public static func json(_ url: URL) throws -> Any {
    try JSONSerialization.jsonObject(with: Data(contentsOf: url), options: [.fragmentsAllowed])
  }
}

/// Fails unless |actual − expected| ≤ absolute + relative·|expected| for every element; NaN never passes.
public func expectClose(
  _ actual: some Collection<some BinaryFloatingPoint>, _ expected: some Collection<some BinaryFloatingPoint>,
  absolute: Double, relative: Double = 0, _ what: String, sourceLocation: SourceLocation = #_sourceLocation
) {
  guard actual.count == expected.count else {
    Issue.record("\(what): got \(actual.count) values, expected \(expected.count)", sourceLocation: sourceLocation)
    return
  }
  var worst: (index: Int, got: Double, want: Double, excess: Double)?
  for (index, (a, b)) in zip(actual, expected).enumerated() {
    let got = Double(a), want = Double(b)
    let excess = abs(got - want) - (absolute + relative * abs(want))
    if !(excess <= 0), excess.isNaN || excess > (worst?.excess ?? 0) {
      worst = (index, got, want, excess)
      if excess.isNaN { break }
    }
  }
  if let worst {
    Issue.record(
      "\(what): element \(worst.index) is \(worst.got), expected \(worst.want) (off by \(abs(worst.got - worst.want)))",
      sourceLocation: sourceLocation)
  }
}

public func expectClose(
  _ actual: Double, _ expected: Double, absolute: Double = 1e-12, relative: Double = 1e-9, _ what: String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  expectClose([actual], [expected], absolute: absolute, relative: relative, what, sourceLocation: sourceLocation)
}

/// Compares an analytic gradient with central differences of `loss`, element by element.
///
/// `loss` is evaluated in the precision the code has (Float), so `step` is large and the tolerance is
/// relative to the largest gradient element.
public func expectGradient(
  of loss: ([Float]) -> Double, at point: [Float], analytic: [Float], step: Float = 1e-2, tolerance: Double = 2e-2,
  _ what: String, sourceLocation: SourceLocation = #_sourceLocation
) {
  var numeric = [Double]()
  for index in point.indices {
    var moved = point
    moved[index] = point[index] + step
    let high = moved[index], up = loss(moved)
    moved[index] = point[index] - step
    let low = moved[index], down = loss(moved)
    numeric.append((up - down) / Double(high - low))
  }
  let scale = max(numeric.map(abs).max() ?? 0, 1e-3)
  expectClose(analytic, numeric, absolute: tolerance * scale, what, sourceLocation: sourceLocation)
}
