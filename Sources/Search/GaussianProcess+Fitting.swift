import Foundation

extension GaussianProcess {
  /// What parameters may be, for points that lie between 0 and 1 and standardised values.
  package enum Bounds {
    package static let signal = 0.05...20.0
    package static let noise = 1e-6...1.0
    package static let length = 0.05...10.0
  }

  /// The process whose parameters maximise the marginal likelihood within `Bounds`: from several fixed starts, the best
  /// end, of equals the first (Rasmussen and Williams 2006, section 5.4.1). The same to the bit for the same
  /// observations.
  ///
  /// nil where no start has a value, which points and values that are finite cannot come to.
  package static func fitted(to observations: Observations) -> GaussianProcess? {
    let dimensions = observations.dimensions
    let ranges = [Bounds.signal, Bounds.noise] + Array(repeating: Bounds.length, count: dimensions)
    let lower = ranges.map { log($0.lowerBound) }, upper = ranges.map { log($0.upperBound) }
    var best: BoxMinimum?
    for (length, noise) in starts {
      let start = [0, log(noise)] + Array(repeating: log(length), count: dimensions)
      let end = BoxMinimum(from: start, lower: lower, upper: upper, iterations: 60) { point in
        guard let process = GaussianProcess(observations, Parameters(logarithms: point)) else {
          return (.infinity, point)
        }
        return (-process.logLikelihood, process.logLikelihoodGradient.map { -$0 })
      }
      if end.value < best?.value ?? .infinity { best = end }
    }
    return best.flatMap { GaussianProcess(observations, Parameters(logarithms: $0.point)) }
  }

  /// Length scale and noise: smooth and rough, nearly exact and noisy.
  private static let starts = [(0.5, 1e-2), (0.2, 1e-4), (1.5, 1e-4), (1.5, 0.3)]
}

extension GaussianProcess.Parameters {
  fileprivate init(logarithms: [Double]) {
    self.init(signal: exp(logarithms[0]), noise: exp(logarithms[1]), lengths: logarithms[2...].map { exp($0) })
  }
}
