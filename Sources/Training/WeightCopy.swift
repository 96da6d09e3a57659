import Autograd
import Compute

/// Room for one copy of a network's weights, to go back to.
final class WeightCopy {
  private let parameters: [Parameter]
  let copies: [Buffer]

  init(of parameters: [Parameter], in workspace: Workspace) {
    self.parameters = parameters
    copies = parameters.map { Buffer(count: $0.value.count, in: workspace, zeroed: true) }
  }

  func keep() {
    for (parameter, copy) in zip(parameters, copies) { copy.copy(from: parameter.value) }
  }

  func restore() {
    for (parameter, copy) in zip(parameters, copies) { parameter.value.copy(from: copy) }
  }
}
