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

  /// The checkpoint's reference values (`BENCH_CHECKPOINT_GOLDEN`), where there are any.
  public static var checkpointGolden: URL? { folder("BENCH_CHECKPOINT_GOLDEN") }
  /// The folder that holds `all-MiniLM-L6-v2/` (`BENCH_MODELS`), where there is one.
  public static var models: URL? { folder("BENCH_MODELS") }

  private static func folder(_ variable: String) -> URL? {
    ProcessInfo.processInfo.environment[variable].map { URL(fileURLWithPath: $0) }
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
