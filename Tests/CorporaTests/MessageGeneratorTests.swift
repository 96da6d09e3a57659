import Testing

@testable import Corpora

@Suite("MessageGenerator")
struct MessageGeneratorTests {
  private func settings(
    _ task: GeneratorSettings.Task = .sentiment, _ domain: GeneratorSettings.Domain = .ecommerce, rows: Int = 600,
    order: Double = 0.5, noise: Double = 0, typos: Double = 0, seed: UInt64 = 1
  ) -> GeneratorSettings {
    var settings = GeneratorSettings()
    (settings.task, settings.domain, settings.rows, settings.order) = (task, domain, rows, order)
    (settings.labelNoise, settings.typos, settings.seed) = (noise, typos, seed)
    return settings
  }

  /// Multinomial naive Bayes on single words, fitted on the first half: the accuracy on the second.
  private func bagOfWordsAccuracy(_ examples: [Example]) -> Double {
    func words(_ example: Example) -> [String] {
      example.text.lowercased().split { !$0.isLetter }.map(String.init)
    }
    let half = examples.count / 2
    let classes = (examples.map(\.label).max() ?? 0) + 1
    var counts = [[String: Double]](repeating: [:], count: classes)
    var totals = [Double](repeating: 0, count: classes)
    for example in examples[..<half] {
      for word in words(example) {
        counts[example.label][word, default: 0] += 1
        totals[example.label] += 1
      }
    }
    let vocabulary = Double(Set(counts.flatMap(\.keys)).count)
    let right = examples[half...].count { example in
      let scores = (0..<classes).map { label in
        words(example).reduce(0.0) {
          $0 + naturalLog((counts[label][$1, default: 0] + 1) / (totals[label] + vocabulary))
        }
      }
      return scores.indices.max { scores[$0] < scores[$1] } == example.label
    }
    return Double(right) / Double(examples.count - half)
  }

  private let cases = GeneratorSettings.Task.allCases.flatMap { task in
    GeneratorSettings.Domain.allCases.map { (task, $0) }
  }

  @Test("The same settings give the same messages; another seed, domain or dial gives others")
  func determinism() {
    for (task, domain) in cases {
      let base = settings(task, domain, rows: 100)
      #expect(MessageGenerator.generate(base) == MessageGenerator.generate(base))
      var other = base
      other.seed = 2
      #expect(MessageGenerator.generate(base).map(\.text) != MessageGenerator.generate(other).map(\.text))
    }
  }

  @Test("The messages of a seed never change: published results name them by their settings")
  func pinned() {
    func hash(_ task: GeneratorSettings.Task, _ domain: GeneratorSettings.Domain) -> String {
      let examples = MessageGenerator.generate(settings(task, domain, rows: 200, noise: 0.04, typos: 0.02))
      return Split.hash(of: examples.map { "\($0.label) \($0.text)" })
    }
    #expect(hash(.sentiment, .ecommerce) == "1cff57555071c95cf6b0dd392c97dbc1659f2f5a11bb7fbcac0e0bbfe16cc935")
    #expect(hash(.category, .telecom) == "2903f6b1e8158121a5ec024c6008e17a7fab4fb6820b20d6f04975088bc6d4a9")
    #expect(hash(.intent, .finance) == "fd84a4bf5f9821e8ceab9f4e88f357aa0bbfec3ee7aba8b39c5b5d635a656649")
  }

  @Test("Classes are sorted by scalars and occur in equal numbers before noise")
  func classes() {
    for (task, domain) in cases {
      let classes = MessageGenerator.classes(task)
      #expect(classes == classes.sorted(by: isOrderedByScalars) && Set(classes).count == classes.count)
      let counts = MessageGenerator.generate(settings(task, domain, rows: 600)).reduce(
        into: [Int](repeating: 0, count: classes.count)
      ) {
        $0[$1.label] += 1
      }
      #expect(counts.allSatisfy { $0 == 600 / classes.count }, "\(task) \(domain): \(counts)")
    }
    #expect(MessageGenerator.classes(.sentiment).count == 3)
    #expect(MessageGenerator.classes(.category).count == 6)
    #expect(MessageGenerator.classes(.intent).count == 10)
  }

  @Test("Every phrase table is full: no empty phrase, no phrase in two classes of a domain")
  func tables() {
    for topics in [MessageTopics.category, MessageTopics.intent] {
      for domain in GeneratorSettings.Domain.allCases {
        let phrases = zip(topics.shared, topics.own(domain)).flatMap { $0 + $1 }
        #expect(phrases.allSatisfy { !$0.isEmpty && !$0.contains("|") && !$0.contains("\n") })
        #expect(Set(phrases).count == phrases.count, "\(domain)")
        #expect(topics.shared.count == topics.classes.count && topics.own(domain).count == topics.classes.count)
      }
    }
    for domain in GeneratorSettings.Domain.allCases {
      let words =
        Sentiment.words.flatMap { $0 } + Sentiment.ownWords(domain).flatMap { $0 }
        + Sentiment.inflected.flatMap { $0 }
      #expect(Set(words).count == words.count)
    }
  }

  @Test("Nearly all messages are distinct, of 10 to 30 words on average, one sentence after another")
  func shape() {
    for (task, domain) in cases {
      for order in [0.0, 1.0] {
        let texts = MessageGenerator.generate(settings(task, domain, rows: 1_200, order: order)).map(\.text)
        #expect(Set(texts).count >= 1_190)
        let words = Double(texts.reduce(0) { $0 + $1.split(separator: " ").count }) / 1_200
        #expect((10...30).contains(words), "\(task) \(domain) \(order): \(words) words")
        #expect(texts.allSatisfy { !$0.contains("{") && !$0.contains("}") && !$0.contains("  ") })
        #expect(texts.allSatisfy { $0.first?.isUppercase == true && ".!?,".contains($0.last ?? " ") })
      }
    }
  }

  @Test("Label noise replaces exactly its share and leaves the texts alone")
  func noise() {
    let clean = MessageGenerator.generate(settings(rows: 500))
    let noisy = MessageGenerator.generate(settings(rows: 500, noise: 0.04))
    #expect(zip(clean, noisy).count { $0.label != $1.label } == 20)
    #expect(clean.map(\.text) == noisy.map(\.text))
    #expect(clean.map(\.id).prefix(2) == ["generated:1", "generated:2"])
  }

  @Test("Typing errors touch their share of the words and nothing else")
  func typos() {
    let clean = MessageGenerator.generate(settings(rows: 400)).map { $0.text.split(separator: " ") }
    let typed = MessageGenerator.generate(settings(rows: 400, typos: 0.1)).map { $0.text.split(separator: " ") }
    #expect(zip(clean, typed).allSatisfy { $0.count == $1.count })
    let long = clean.joined().count { $0.count { $0.isLetter } >= 3 }
    let changed = zip(clean.joined(), typed.joined()).count { $0 != $1 }
    // Some slips change nothing (two equal neighbours swapped).
    #expect((0.08...0.11).contains(Double(changed) / Double(long)), "\(changed) of \(long)")
  }

  @Test("The length dial sets the mean number of clauses")
  func length() {
    func words(_ length: Double) -> Double {
      var settings = settings(rows: 400, order: 0)
      settings.length = length
      return Double(MessageGenerator.generate(settings).reduce(0) { $0 + $1.text.split(separator: " ").count }) / 400
    }
    let (one, two, four) = (words(1), words(2), words(4))
    #expect(abs((two - one) * 2 - (four - two)) < 0.25 * (four - two), "\(one) \(two) \(four)")
    #expect(two > one + 4)
  }

  @Test("Domains share fewer words the larger the distance")
  func distance() {
    /// The share of one domain's words, counted as often as they occur, that the other domain uses too.
    func overlap(_ distance: Double) -> Double {
      let words = [GeneratorSettings.Domain.ecommerce, .finance].map { domain in
        var settings = settings(.sentiment, domain, rows: 600, order: 0)
        settings.distance = distance
        return MessageGenerator.generate(settings).flatMap {
          $0.text.lowercased().split { !$0.isLetter }.map(String.init)
        }
      }
      let other = Set(words[1])
      return Double(words[0].count { other.contains($0) }) / Double(words[0].count)
    }
    let overlaps = [0, 0.5, 1].map(overlap)
    #expect(overlaps[0] > 0.97, "only drawn-out words differ: \(overlaps)")
    #expect(overlaps[0] > overlaps[1] + 0.03 && overlaps[1] > overlaps[2] + 0.03, "\(overlaps)")
  }

  @Test("Words suffice at order 0 and say little at order 1")
  func order() {
    for task in GeneratorSettings.Task.allCases {
      let words = bagOfWordsAccuracy(MessageGenerator.generate(settings(task, rows: 1_500, order: 0)))
      let scoped = bagOfWordsAccuracy(MessageGenerator.generate(settings(task, rows: 1_500, order: 1)))
      #expect(words > 0.8, "\(task) at order 0: \(words)")
      #expect(scoped < 0.55, "\(task) at order 1: \(scoped)")
    }
  }

  @Test("At every order the label follows from the text by the documented rule")
  func rule() {
    for (task, domain) in cases {
      for order in [0.0, 0.5, 1.0] {
        let examples = MessageGenerator.generate(settings(task, domain, rows: 150, order: order))
        for example in examples {
          let read = MessageReading(task: task, domain: domain).label(of: example.text)
          #expect(read == example.label, "\(task) \(domain) \(order): \(example.text)")
        }
      }
    }
  }
}
