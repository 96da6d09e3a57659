import Autograd
import Compute

/// Makes the parameters of a network.
///
/// Each draws from a stream named after itself, so its first values depend on the seed, its name and its shape, and
/// not on which other parts the network has.
public struct ParameterSource {
  public let random: Random
  public let workspace: Workspace

  public init(random: Random, workspace: Workspace) {
    (self.random, self.workspace) = (random, workspace)
  }

  /// A weight, which the optimiser decays.
  public func weight(_ name: String, _ shape: [Int], _ initializer: Initializer) -> Parameter {
    make(name, shape, initializer, decays: true)
  }

  /// A bias or a gain, which the optimiser does not decay.
  public func bias(_ name: String, _ shape: [Int], _ initializer: Initializer = .constant(0)) -> Parameter {
    make(name, shape, initializer, decays: false)
  }

  private func make(_ name: String, _ shape: [Int], _ initializer: Initializer, decays: Bool) -> Parameter {
    var stream = random.stream(name)
    let values = initializer.values(shape: shape, random: &stream)
    return Parameter(name: name, shape: shape, value: Buffer(values, in: workspace), decays: decays)
  }
}
