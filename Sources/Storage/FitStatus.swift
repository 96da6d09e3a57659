/// What the stored fits say of one fit of a plan.
package enum FitStatus: Equatable {
  /// Finished; with what it was tested on, each a target and the hash of its rows.
  case stored([String])
  /// Training was ended after so many epochs.
  case begun(epochs: Int)
  /// A search was ended after so many trials.
  case searched(trials: Int)
  /// Nothing is stored.
  case missing
  /// What is stored cannot be read.
  case damaged
  /// Another fit of this name is stored; what differs.
  case changed([String])
}
