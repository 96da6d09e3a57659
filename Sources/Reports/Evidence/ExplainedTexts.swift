import Evidence
import Models
import Statistics
import Text

/// What some models make of some texts, word by word, and whether their answers hang on those words.
public struct ExplainedTexts {
  public struct Model {
    public var name: String
    public var method: AttributionMethod
    /// Its answer to each text, with its probability where it gives one.
    public var answers: [String]
    public var probabilities: [Float?]
    public var attributions: [WordAttribution]
    /// Of the texts of at least two words; nil of a model without probabilities, and where it was not asked for.
    public var faithfulness: Faithfulness?

    public init(
      name: String, method: AttributionMethod, answers: [String], probabilities: [Float?],
      attributions: [WordAttribution], faithfulness: Faithfulness?
    ) {
      (self.name, self.method, self.answers, self.probabilities) = (name, method, answers, probabilities)
      (self.attributions, self.faithfulness) = (attributions, faithfulness)
    }

    /// Points of the path, the most of any text; nil where values are exact.
    var nodes: Int? { attributions.compactMap(\.nodes).max() }
    var complete: Int { attributions.count(where: \.isComplete) }
  }

  public struct Text {
    public var id: String
    /// The true class; nil where none is known.
    public var label: String?

    public init(id: String, label: String?) { (self.id, self.label) = (id, label) }
  }

  public let texts: [Text]
  public let models: [Model]

  public init(_ texts: [Text], _ models: [Model]) { (self.texts, self.models) = (texts, models) }

  static func percent(_ value: Float?) -> String {
    value.map { "\(NumberFormat.fixed(Double($0) * 100, 1)) %" } ?? "no probability"
  }

  static func points(_ mean: Faithfulness.Mean) -> String {
    let interval = mean.interval.map { " (\(signed($0.low)) to \(signed($0.high)))" } ?? ""
    return signed(mean.value) + interval
  }

  private static func signed(_ value: Double) -> String { NumberFormat.signed(value * 100, 1) }

  // MARK: Terminal

  /// Words of a text that a terminal shows.
  static let mostWords = 60

  /// The words of each text with what they add, for texts that were typed in.
  public var words: String {
    texts.indices.flatMap { place in
      models.flatMap { model -> [String] in
        let own = model.attributions[place]
        let scores = "score \(Self.number(own.score)), without words \(Self.number(own.start))"
        var lines = [
          "\(models.count > 1 ? model.name + ": " : "")\(model.answers[place]), "
            + "\(Self.percent(model.probabilities[place])); \(scores); \(Self.method(model.method, own))"
        ]
        let largest = (own.values + [own.rest]).map(abs).max() ?? 0
        var table = TextTable([("word", .left), ("adds", .right), ("", .left)])
        for (word, value) in zip(own.runs.all, own.values).prefix(Self.mostWords) {
          table.append([word, NumberFormat.signed(value, 3), Self.bar(value, largest)])
        }
        if abs(own.rest) > 1e-9 {
          table.append(["(no word)", NumberFormat.signed(own.rest, 3), Self.bar(own.rest, largest)])
        }
        lines += table.lines.dropFirst().map { "  " + $0 }
        if own.values.count > Self.mostWords { lines.append("  … and \(own.values.count - Self.mostWords) more words") }
        return lines + [""]
      }
    }.dropLast().joined(separator: "\n")
  }

  private static func number(_ value: Double) -> String { NumberFormat.fixed(value, 3) }

  /// Of at most 24 characters; what speaks against the answer is drawn lighter.
  private static func bar(_ value: Double, _ largest: Double) -> String {
    guard largest > 0, value.isFinite, largest.isFinite else { return "" }
    let length = Int((24 * abs(value) / largest).rounded())
    return String(repeating: value < 0 ? "░" : "█", count: length)
  }

  static func method(_ method: AttributionMethod, _ own: WordAttribution) -> String {
    let points = own.nodes.map { ", \($0) points" } ?? ""
    let doubt =
      own.isComplete ? "" : ", incomplete: the words miss \(number(own.error)) of \(number(own.score - own.start))"
    return method.rawValue + points + doubt
  }

  /// How the models' words bear being taken away, for rows of a file. No text.
  public var summary: String {
    var table = TextTable([
      ("model", .left), ("method", .left), ("texts", .right), ("complete", .right), ("needed, points", .right),
      ("enough, points", .right),
    ])
    for model in models {
      table.append([
        model.name, model.method.rawValue + (model.nodes.map { ", ≤ \($0) points" } ?? ""),
        NumberFormat.grouped(model.attributions.count),
        "\(NumberFormat.fixed(100 * Double(model.complete) / Double(max(1, model.attributions.count)), 1)) %",
        model.faithfulness.map { Self.points($0.mean(\.needed)) } ?? "–",
        model.faithfulness.map { Self.points($0.mean(\.enough)) } ?? "–",
      ])
    }
    var lines = table.lines
    if let (a, b) = pair {
      lines += [
        "",
        "\(models[0].name) less \(models[1].name), on the same texts: needed \(Self.points(a)), enough \(Self.points(b))",
      ]
    }
    if models.contains(where: { $0.faithfulness != nil }) { lines += [""] + Self.key }
    return lines.joined(separator: "\n")
  }

  /// The first model less the second.
  var pair: (needed: Faithfulness.Mean, enough: Faithfulness.Mean)? {
    guard models.count == 2, let first = models[0].faithfulness, let second = models[1].faithfulness else { return nil }
    return (first.difference(from: second, \.needed), first.difference(from: second, \.enough))
  }

  static let key = [
    "needed: probability lost without the words that add most, more than without words at random",
    "enough: probability kept with those words alone, more than with words at random",
  ]
}
