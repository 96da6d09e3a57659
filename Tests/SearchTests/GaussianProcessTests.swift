import Foundation
import TestSupport
import Testing

@testable import Search

/// What Scripts/fixtures/gaussian_process.py wrote.
private struct Reference: Decodable {
  struct Given: Decodable {
    var train: [[Double]]
    var values: [Double]
    var test: [[Double]]
    var signal: Double
    var noise: Double
    var lengths: [Double]
    var mean: [Double]
    var variance: [Double]
    var logLikelihood: Double
    /// By signal, length scales and noise.
    var gradient: [Double]
    /// nil where SciPy's is too small for a number.
    var logImprovement: [Double?]

    var process: GaussianProcess? {
      GaussianProcess(
        GaussianProcess.Observations(
          points: train, values: values, dimensionOfColumn: Array(lengths.indices)),
        GaussianProcess.Parameters(signal: signal, noise: noise, lengths: lengths))
    }
  }

  struct Fitted: Decodable {
    var train: [[Double]]
    var values: [Double]
    var test: [[Double]]
    var logLikelihood: Double
    var mean: [Double]
    var variance: [Double]
  }

  var given: [Given]
  var fitted: [Fitted]

  static func read() throws -> Reference {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(
      Reference.self, from: Data(contentsOf: Fixtures.root.appendingPathComponent("search/gaussian-process.json")))
  }
}

@Suite struct GaussianProcessTests {
  @Test("mean, variance, marginal likelihood and its gradient are those of scikit-learn")
  func given() throws {
    for (index, own) in try Reference.read().given.enumerated() {
      let process = try #require(own.process)
      let predictions = own.test.map { process.prediction(at: $0) }
      expectClose(predictions.map(\.mean), own.mean, absolute: 1e-9, relative: 1e-9, "mean \(index)")
      expectClose(predictions.map(\.variance), own.variance, absolute: 1e-9, relative: 1e-9, "variance \(index)")
      expectClose(process.logLikelihood, own.logLikelihood, absolute: 1e-9, "likelihood \(index)")
      let gradient = process.logLikelihoodGradient
      expectClose(
        [gradient[0]] + gradient[2...] + [gradient[1]], own.gradient, absolute: 1e-7, relative: 1e-8,
        "gradient \(index)")
    }
  }

  @Test("the expected improvement is that of SciPy's normal distribution on scikit-learn's process")
  func improvement() throws {
    for (index, own) in try Reference.read().given.enumerated() {
      let improvement = ExpectedImprovement(try #require(own.process))
      let known = own.test.indices.filter { own.logImprovement[$0] != nil }
      #expect(known.count >= 5)
      expectClose(
        known.map { improvement.logarithm(at: own.test[$0]) }, known.compactMap { own.logImprovement[$0] },
        absolute: 1e-6, "log EI \(index)")
      #expect(own.test.allSatisfy { improvement.logarithm(at: $0).isFinite })
    }
  }

  @Test("the parameters found are at least as likely as scikit-learn's after 20 restarts, and predict the same")
  func fitted() throws {
    for (index, own) in try Reference.read().fitted.enumerated() {
      let observations = GaussianProcess.Observations(
        points: own.train, values: own.values, dimensionOfColumn: Array(own.train[0].indices))
      let process = try #require(GaussianProcess.fitted(to: observations))
      #expect(process.logLikelihood >= own.logLikelihood - 1e-6, "\(index)")
      // Where a likelihood is flat its maximum is known to the half of its digits.
      let predictions = own.test.map { process.prediction(at: $0) }
      let scale = observations.deviation
      expectClose(predictions.map { $0.mean / scale }, own.mean.map { $0 / scale }, absolute: 1e-3, "mean \(index)")
      #expect(GaussianProcess.fitted(to: observations)?.parameters == process.parameters)
    }
  }

  @Test("slopes of mean, variance and expected improvement are those of finite differences")
  func slopes() throws {
    for own in try Reference.read().given {
      let process = try #require(own.process), improvement = ExpectedImprovement(process)
      for point in own.test {
        let prediction = process.standardised(at: point, gradients: true)
        let slope = improvement.logarithmWithGradient(at: point)
        #expect(slope.value == improvement.logarithm(at: point))
        for column in point.indices {
          func difference(_ value: ([Double]) -> Double) -> Double {
            var (up, down) = (point, point)
            up[column] += 1e-5
            down[column] -= 1e-5
            return (value(up) - value(down)) / (up[column] - down[column])
          }
          expectClose(
            prediction.meanGradient[column], difference { process.standardised(at: $0).mean }, absolute: 1e-6,
            relative: 1e-6, "mean")
          expectClose(
            prediction.varianceGradient[column], difference { process.standardised(at: $0).variance }, absolute: 1e-6,
            relative: 1e-6, "variance")
          expectClose(
            slope.gradient[column], difference { improvement.logarithm(at: $0) }, absolute: 1e-4, relative: 1e-4, "EI")
        }
      }
    }
  }

  @Test("log (φ + z Φ) has no seam where its expansion begins, and its derivative fits")
  func expansion() {
    for z in [-34.999, -35.001, -60, -5, 0, 3] {
      let difference = (ExpectedImprovement.logH(z + 1e-4) - ExpectedImprovement.logH(z - 1e-4)) / 2e-4
      expectClose(ExpectedImprovement.ratio(z), difference, relative: 1e-5, "ratio at \(z)")
    }
    expectClose(ExpectedImprovement.logH(-35 + 1e-9), ExpectedImprovement.logH(-35), absolute: 1e-7, "seam")
  }

  @Test("equal values, one point and points that coincide are no trouble")
  func degenerate() throws {
    for points in [[[0.5]], [[0.1], [0.9]], [[0.3], [0.3], [0.3]]] {
      let observations = GaussianProcess.Observations(
        points: points, values: points.map { _ in 0.7 }, dimensionOfColumn: [0])
      let process = try #require(GaussianProcess.fitted(to: observations))
      expectClose(process.prediction(at: [0.2]).mean, 0.7, "mean")
      #expect(process.prediction(at: [0.2]).variance >= 0)
    }
  }

  @Test("columns of one category share a length scale")
  func shared() throws {
    let points = [[1.0, 0, 0.2], [0, 1, 0.4], [1, 0, 0.9]], values = [1.0, 2, 3]
    let shared = try #require(
      GaussianProcess(
        .init(points: points, values: values, dimensionOfColumn: [0, 0, 1]), .init(lengths: [0.7, 0.3])))
    let apart = try #require(
      GaussianProcess(
        .init(points: points, values: values, dimensionOfColumn: [0, 1, 2]), .init(lengths: [0.7, 0.7, 0.3])))
    #expect(shared.logLikelihood == apart.logLikelihood)
    let (own, other) = (shared.logLikelihoodGradient, apart.logLikelihoodGradient)
    expectClose(own[2], other[2] + other[3], "length of the category")
    expectClose(own[3], other[4], "length of the number")
  }
}

@Suite struct BoxMinimumTests {
  /// Rosenbrock's valley.
  private func valley(_ x: [Double]) -> (value: Double, gradient: [Double]) {
    let across = x[1] - x[0] * x[0]
    return (
      100 * across * across + (1 - x[0]) * (1 - x[0]), [-400 * x[0] * across - 2 * (1 - x[0]), 200 * across]
    )
  }

  @Test("a valley is followed to its end, and to the edge where the end lies outside")
  func rosenbrock() {
    let inside = BoxMinimum(from: [-1.2, 1], lower: [-2, -2], upper: [2, 2], iterations: 200, of: valley)
    expectClose(inside.point, [1, 1], absolute: 1e-5, "inside")
    let edge = BoxMinimum(from: [-1.2, 1], lower: [-2, -2], upper: [0.5, 2], iterations: 200, of: valley)
    expectClose(edge.point, [0.5, 0.25], absolute: 1e-6, "edge")
    let corner = BoxMinimum(from: [1.5, 1.5], lower: [1.2, 1.7], upper: [2, 2], iterations: 200, of: valley)
    expectClose(corner.point, [Double(1.7).squareRoot(), 1.7], absolute: 1e-2, "corner")
  }

  @Test("what has no value anywhere stays where it is")
  func infinite() {
    let end = BoxMinimum(from: [0.5], lower: [0], upper: [1], iterations: 10) { _ in (.infinity, [0]) }
    #expect(end.point == [0.5] && end.value == .infinity)
  }
}
