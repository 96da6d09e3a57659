import Compute

extension MLP {
  /// Integrated gradients of one row along the straight way from zeros (Sundararajan et al. 2017), as of networks.
  package func attribution(_ row: SparseRows, output: Int) -> FeatureAttribution {
    let columns = row.indices.map(Int.init), inputs = row.values.map(Double.init)
    // W x of the first layer: the way is a straight one there too.
    var direction = [Double](repeating: 0, count: hidden[0])
    for (column, value) in zip(columns, inputs) {
      for unit in 0..<hidden[0] { direction[unit] += value * Double(first[column * stride + unit]) }
    }
    let bias = (0..<hidden[0]).map { Double(first[self.inputs * stride + $0]) }
    func sums(at point: Double) -> [Double] { zip(bias, direction).map { $0 + point * $1 } }
    let start = value(sums(at: 0), output).score, score = value(sums(at: 1), output).score
    let (found, nodes) = GaussLegendre.integral(of: score - start) { rule in
      var slope = [Double](repeating: 0, count: hidden[0])
      for (point, weight) in zip(rule.nodes, rule.weights) {
        for (unit, own) in value(sums(at: point), output).slope.enumerated() { slope[unit] += weight * own }
      }
      return zip(columns, inputs).map { column, value in
        (0..<hidden[0]).reduce(0.0) { $0 + value * Double(first[column * stride + $1]) * slope[$1] }
      }
    }
    return FeatureAttribution(
      values: Dictionary(uniqueKeysWithValues: zip(columns, found)), start: start, score: score, nodes: nodes)
  }

  /// One output, and its derivative by the sums of the first layer.
  private func value(_ sums: [Double], _ output: Int) -> (score: Double, slope: [Double]) {
    var layers = [sums]
    for layer in rest {
      let active = layers[layers.count - 1].map { max($0, 0) }
      layers.append(
        (0..<layer.outputs).map { unit in
          active.indices.reduce(Double(layer.bias[unit])) {
            $0 + active[$1] * Double(layer.weights[$1 * layer.outputs + unit])
          }
        })
    }
    var slope = (0..<outputs).map { $0 == output ? 1.0 : 0 }
    for (number, layer) in rest.enumerated().reversed() {
      let below = layers[number]
      slope = below.indices.map { unit in
        guard below[unit] > 0 else { return 0 }
        return (0..<layer.outputs).reduce(0.0) {
          $0 + slope[$1] * Double(layer.weights[unit * layer.outputs + $1])
        }
      }
    }
    return (layers[layers.count - 1][output], slope)
  }
}
