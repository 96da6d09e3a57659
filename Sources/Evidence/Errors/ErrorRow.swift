/// One test row, and what each model made of it.
public struct ErrorRow: Sendable, Equatable {
  public var id: String
  /// The true class, as its place.
  public var label: Int
  /// One for each model.
  public var answers: [Answers]

  /// What one model answered in all trials that test the row.
  public struct Answers: Sendable, Equatable {
    public var tests = 0
    public var wrong = 0
    /// The wrong class that it gave most often, the first place among equals; nil where it was never wrong.
    public var mistake: Int?
    /// Mean probability of the wrong classes that it gave; nil where it was never wrong, and without probabilities.
    public var confidence: Double?
  }
}
