import Autograd
import Models
import Settings

/// Gated recurrent units (Cho et al. 2014).
package struct GRUFamily: RecurrentFamily {
  package static let cell = RecurrentCell.gru
  package static let name = "GRU"
  package static let binding = RecurrentKeys.binding("a GRU")
  package var sizes: RecurrentConfiguration

  package init(_ sizes: RecurrentConfiguration) { self.sizes = sizes }
}
