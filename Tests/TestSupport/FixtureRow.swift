import Compute

/// A row of a fixture: the indices of what is not 0, and the values.
public struct FixtureRow: Decodable {
  public var indices: [Int32]
  public var values: [Float]

  public init(from decoder: any Decoder) throws {
    var both = try decoder.unkeyedContainer()
    (indices, values) = (try both.decode([Int32].self), try both.decode([Float].self))
  }
}

extension SparseRows {
  public init(_ rows: [FixtureRow], columns: Int) {
    self.init(columns: columns)
    for row in rows { append(indices: row.indices, values: row.values) }
  }
}
