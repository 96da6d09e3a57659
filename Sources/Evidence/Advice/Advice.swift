import Analysis
import Foundation
import Statistics

/// Which model to use for rows that nobody has tested yet, by stored settings like them, or that these do not tell.
///
/// Settings count the more the nearer their rows, classes and lengths are, by ratios; rows of one file count as one source.
public struct Advice: Sendable {
  /// What is to be read, and what it may cost.
  public struct Question: Sendable, Equatable {
    public var rows: Double
    public var classes: Double
    /// nil where it is not known.
    public var words: Double?
    /// Of one text.
    public var queryMilliseconds: Double?
    public var bytes: Double?
    /// Of one training.
    public var coreHours: Double?

    public init(rows: Double, classes: Double, words: Double? = nil) {
      (self.rows, self.classes, self.words) = (rows, classes, words)
    }
  }

  public struct Candidate: Sendable {
    public var identity: String
    /// Points of accuracy, and in which range that of other rows like these would lie (95 %).
    public var accuracy: Double
    public var interval: Interval
    /// That it comes within a point of the best of all candidates.
    public var probability: Double
    public var queryMilliseconds: Double?
    public var bytes: Double?
    public var coreHours: Double?
    public var sources: Int
  }

  /// The best first; none where nothing is comparable.
  public let candidates: [Candidate]
  /// Settings that were comparable, the nearest first.
  public let comparable: [StoredSetting]
  /// Why there is no advice; nil where there is.
  public let reason: String?

  /// A ratio of so many makes a setting half as good as far away: its weight is exp(−½), at twice as many doublings exp(−2).
  private static let doublings = 1.5
  /// Settings with less weight say nothing.
  private static let leastWeight = exp(-2.0)
  public static let fewestSources = 3
  private static let draws = 2_000
  /// Points that do not matter.
  public static let margin = 1.0

  public init(_ question: Question, from settings: [StoredSetting], seed: UInt64 = 1) {
    let weighed = settings.map { ($0, Self.weight($0, question)) }.filter { $1 >= Self.leastWeight }
      .sorted { $0.1 > $1.1 }
    comparable = weighed.map(\.0)
    let sources = Self.sources(weighed.map(\.0))
    guard Set(sources).count >= Self.fewestSources else {
      candidates = []
      let count = Set(sources).count
      reason =
        "\(count == 0 ? "no" : "\(count)") comparable \(count == 1 ? "source" : "sources") of rows, advice takes "
        + "\(Self.fewestSources)"
      return
    }
    // What stands several times in one file counts once.
    let weights = weighed.indices.map { place in
      weighed[place].1 / Double(sources.count { $0 == sources[place] })
    }
    let places = Places(settings: weighed.map(\.0), weights: weights, sources: sources)
    let names = places.identities.filter { places.sources(of: $0) >= Self.fewestSources }
    let allowed = names.filter { places.isWithin(question, $0) }
    guard !allowed.isEmpty else {
      candidates = []
      reason = "no model of the comparable settings keeps within these limits"
      return
    }
    let near = places.shareNearBest(allowed, draws: Self.draws, margin: Self.margin, seed: seed)
    let found = allowed.map { places.candidate($0, probability: near[$0] ?? 0, rows: question.rows) }
    candidates = found.sorted {
      ($0.probability, $0.accuracy, $1.identity) > ($1.probability, $1.accuracy, $0.identity)
    }
    reason = nil
  }

  private static func weight(_ setting: StoredSetting, _ question: Question) -> Double {
    let pairs =
      [(setting.rows, question.rows), (setting.classes, question.classes)]
      + (question.words.map { [(setting.words, $0)] } ?? [])
    let distance = pairs.reduce(0.0) { sum, pair in
      let ratio = log2(max(1, pair.0) / max(1, pair.1)) / doublings
      return sum + ratio * ratio
    }
    return exp(-distance / 2)
  }

  /// Numbers of sources: settings that share a file have one.
  static func sources(_ settings: [StoredSetting]) -> [Int] {
    var numbers = Array(settings.indices)
    for place in settings.indices {
      for other in settings.indices.prefix(place) where !settings[place].files.isDisjoint(with: settings[other].files) {
        let (from, to) = (max(numbers[place], numbers[other]), min(numbers[place], numbers[other]))
        for index in numbers.indices where numbers[index] == from { numbers[index] = to }
      }
    }
    return numbers
  }

  // MARK: Judged

  /// How good such advice is: each source left out and asked about by its own rows.
  public struct Judgement: Sendable {
    /// Settings asked about, and those that got an answer.
    public var asked = 0
    public var answered = 0
    /// Points behind the best candidate of each setting that was answered.
    public var regrets: [Double] = []

    public var shareWithinMargin: Double? {
      regrets.isEmpty ? nil : Double(regrets.count { $0 <= Advice.margin }) / Double(regrets.count)
    }
  }

  public static func judged(_ settings: [StoredSetting], limits: Question? = nil) -> Judgement {
    let sources = sources(settings)
    var judgement = Judgement()
    for (place, setting) in settings.enumerated() {
      judgement.asked += 1
      var question = Question(rows: setting.rows, classes: setting.classes, words: setting.words)
      (question.queryMilliseconds, question.bytes) = (limits?.queryMilliseconds, limits?.bytes)
      question.coreHours = limits?.coreHours
      let others = settings.indices.filter { sources[$0] != sources[place] }.map { settings[$0] }
      let advice = Advice(question, from: others)
      let known = advice.candidates.compactMap { candidate in
        setting.scores.first { $0.identity == candidate.identity }
      }
      guard let first = known.first, let best = known.map(\.accuracy).max() else { continue }
      judgement.answered += 1
      judgement.regrets.append(best - first.accuracy)
    }
    return judgement
  }
}

/// Comparable settings with their weights, and what they say of a model.
private struct Places {
  let settings: [StoredSetting]
  let weights: [Double]
  let sources: [Int]

  var identities: [String] {
    settings.flatMap { $0.scores.map(\.identity) }.uniqued()
  }

  private func scores(of identity: String) -> [(score: StoredSetting.Score, place: Int)] {
    settings.indices.compactMap { place in
      settings[place].scores.first { $0.identity == identity }.map { ($0, place) }
    }
  }

  func sources(of identity: String) -> Int { Set(scores(of: identity).map { sources[$0.place] }).count }

  /// The weighted mean of a cost's logarithm; nil where one setting does not have it.
  private func cost(_ identity: String, _ value: (StoredSetting.Score, StoredSetting) -> Double?) -> Double? {
    var sum = 0.0, total = 0.0
    for (score, place) in scores(of: identity) {
      guard let own = value(score, settings[place]), own > 0 else { continue }
      sum += weights[place] * log(own)
      total += weights[place]
    }
    return total > 0 ? exp(sum / total) : nil
  }

  func isWithin(_ question: Advice.Question, _ identity: String) -> Bool {
    func keeps(_ limit: Double?, _ cost: Double?) -> Bool {
      limit.map { limit in cost.map { $0 <= limit } ?? false } ?? true
    }
    return keeps(question.queryMilliseconds, cost(identity) { score, _ in score.queryMilliseconds })
      && keeps(question.bytes, cost(identity) { score, _ in score.bytes })
      && keeps(question.coreHours, coreHours(identity, rows: question.rows))
  }

  /// Training time grows as the rows do.
  private func coreHours(_ identity: String, rows: Double) -> Double? {
    cost(identity) { score, setting in score.coreSeconds.map { $0 * rows / setting.rows } }.map { $0 / 3_600 }
  }

  func candidate(_ identity: String, probability: Double, rows: Double) -> Advice.Candidate {
    let own = scores(of: identity), count = Double(sources(of: identity))
    let total = own.reduce(0) { $0 + weights[$1.place] }
    let mean = own.reduce(0) { $0 + weights[$1.place] * $1.score.accuracy } / total
    let spread =
      own.reduce(0) { sum, one in
        let (away, error) = (one.score.accuracy - mean, one.score.error)
        return sum + weights[one.place] * (away * away + error * error)
      } / total
    // Of another corpus like these.
    let half = StudentT(degreesOfFreedom: count - 1).quantile(0.975) * (spread * (1 + 1 / count)).squareRoot()
    return Advice.Candidate(
      identity: identity, accuracy: mean, interval: Interval(low: max(0, mean - half), high: min(100, mean + half)),
      probability: probability, queryMilliseconds: cost(identity) { score, _ in score.queryMilliseconds },
      bytes: cost(identity) { score, _ in score.bytes }, coreHours: coreHours(identity, rows: rows), sources: Int(count)
    )
  }

  /// For each model how often it comes within the margin of the best: settings drawn by their weights, scores with their
  /// errors. A model counts where its setting has it.
  func shareNearBest(_ identities: [String], draws: Int, margin: Double, seed: UInt64) -> [String: Double] {
    var generator = ResamplingGenerator(seed: seed)
    var near: [String: Int] = [:], seen: [String: Int] = [:]
    let total = weights.reduce(0, +)
    for _ in 0..<draws {
      var left = generator.uniform() * total
      var place = weights.count - 1
      for (index, weight) in weights.enumerated() {
        left -= weight
        if left <= 0 {
          place = index
          break
        }
      }
      let drawn = identities.compactMap { identity -> (String, Double)? in
        settings[place].scores.first { $0.identity == identity }.map {
          (identity, $0.accuracy + $0.error * generator.normal())
        }
      }
      guard let best = drawn.map(\.1).max() else { continue }
      for (identity, score) in drawn {
        seen[identity, default: 0] += 1
        if best - score <= margin { near[identity, default: 0] += 1 }
      }
    }
    return seen.reduce(into: [:]) { shares, entry in
      shares[entry.key] = Double(near[entry.key] ?? 0) / Double(entry.value)
    }
  }
}
