import Autograd
import Models
import Settings

/// A simple recurrent network (Elman 1990).
package struct RNNFamily: RecurrentFamily {
  package static let cell = RecurrentCell.rnn
  package static let name = "Simple recurrent network"
  package static let binding = RecurrentKeys.binding("a simple recurrent network")
  package var sizes: RecurrentConfiguration

  package init(_ sizes: RecurrentConfiguration) { self.sizes = sizes }
}
