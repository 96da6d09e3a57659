import Autograd
import Models
import Settings

/// A long short-term memory (Hochreiter and Schmidhuber 1997).
package struct LSTMFamily: RecurrentFamily {
  package static let cell = RecurrentCell.lstm
  package static let name = "LSTM"
  package static let binding = RecurrentKeys.binding("an LSTM")
  package var sizes: RecurrentConfiguration

  package init(_ sizes: RecurrentConfiguration) { self.sizes = sizes }

  private enum CodingKeys: String, CodingKey { case sizes = "_0" }
}

extension ModelKind { package static let lstm = LSTMFamily.kind }

extension ModelConfiguration {
  package static func lstm(_ sizes: RecurrentConfiguration) -> Self { Self(LSTMFamily(sizes)) }
}
