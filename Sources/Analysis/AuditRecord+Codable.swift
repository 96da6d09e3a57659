import Corpora

extension AuditRecord: Codable {
  private enum Key: String, CodingKey {
    case corpus, domain, classes, rows, repeats, contradictory, contradictoryRows, overlaps, texts, numbers, warnings,
      notes
  }

  private struct ClassCount: Codable {
    var name: String
    var rows: Int
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    self.init(
      corpus: try values.decode(String.self, forKey: .corpus), domain: try values.decode(String.self, forKey: .domain),
      classCounts: try values.decode([ClassCount].self, forKey: .classes).map { ($0.name, $0.rows) },
      rows: try values.decode(Int.self, forKey: .rows),
      repeats: try values.decode(Audit.Repeats.self, forKey: .repeats),
      contradictory: try values.decode(Int.self, forKey: .contradictory),
      contradictoryRows: try values.decode(Int.self, forKey: .contradictoryRows),
      overlaps: try values.decode([Overlap].self, forKey: .overlaps),
      notes: try values.decode([String].self, forKey: .notes))
    texts = try values.decode(TextProfile.self, forKey: .texts)
    numbers = try values.decodeIfPresent(NumberSummary.self, forKey: .numbers)
    warnings = try values.decode([DataWarning].self, forKey: .warnings)
  }

  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: Key.self)
    try values.encode(corpus, forKey: .corpus)
    try values.encode(domain, forKey: .domain)
    try values.encode(classCounts.map { ClassCount(name: $0.name, rows: $0.count) }, forKey: .classes)
    try values.encode(rows, forKey: .rows)
    try values.encode(repeats, forKey: .repeats)
    try values.encode(contradictory, forKey: .contradictory)
    try values.encode(contradictoryRows, forKey: .contradictoryRows)
    try values.encode(overlaps, forKey: .overlaps)
    try values.encode(texts, forKey: .texts)
    try values.encodeIfPresent(numbers, forKey: .numbers)
    try values.encode(warnings, forKey: .warnings)
    try values.encode(notes, forKey: .notes)
  }
}
