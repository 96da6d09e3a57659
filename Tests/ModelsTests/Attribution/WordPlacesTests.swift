import Compute
import Tasks
import TestSupport
import Testing
import Text

@testable import Models

@Suite struct WordPlacesTests {
  private let texts = [
    "my card was declined", "where is my new card?", "please close the account, the card is late!", "thanks",
    "the app is slow today", "why was the card charged twice by the app",
  ]
  private let pool = WorkerPool(threads: 2)

  private var encoder: FeatureEncoder {
    get throws {
      var sizes = Features()
      sizes.minimumDocuments = 1
      return FeatureEncoder(
        text: TextSettings(), vectorizer: try TFIDFVectorizer(fitting: texts, configuration: sizes))
    }
  }

  @Test("shares of every known n-gram add up to 1, and stand at words that have its letters")
  func shares() throws {
    let vectorizer = try encoder.vectorizer
    for text in texts + ["my  CARD,card twice?! by the new app", "…", ""] {
      let runs = TextRuns(text), preparation = TextPreparation(TextSettings())
      let places = vectorizer.places(in: runs, preparation)
      let row = vectorizer.transform([preparation.prepare(text)])
      #expect(places.columns == Set(row.indices.map(Int.init)))
      for column in places.columns {
        let own = places[column]
        expectClose(own.reduce(0) { $0 + $1.share }, 1, absolute: 1e-12, "shares")
        let letters = Set(vectorizer.feature(column).filter { $0.isLetter })
        let there = Set(own.flatMap { runs[$0.run].lowercased() })
        #expect(letters.isSubset(of: there), "\(vectorizer.feature(column)) at \(own.map { runs[$0.run] })")
      }
    }
  }

  @Test("a linear model's words add up to its score less its bias, and the word with the weight has the share")
  func linear() throws {
    let encoder = try encoder
    let weights = (0..<encoder.count).flatMap { column -> [Float] in
      encoder.vectorizer.feature(column) == "declined" ? [0, 2] : [0, 0]
    }
    let model = LinearTextClassifier(
      LinearText(encoder: encoder, classes: 2, weights: weights, biases: [0.25, -0.5]))
    let found = model.attributions([texts[0], texts[3]], outputs: [1, 1], pool: pool)
    #expect(found[0].ranking.first == 3 && found[0].values[3] > 0)
    #expect(found[0].values.prefix(3).allSatisfy { $0 == 0 })
    #expect(found[1].values == [0] && found[1].score == -0.375)
    for one in found {
      expectClose(one.values.reduce(one.rest, +), one.score - one.start, absolute: 1e-9, "sum")
      #expect(one.isComplete && one.nodes == nil)
    }
    let scores = model.scores(model.encode(texts), pool: pool)
    expectClose(found[0].score, Double(scores[1] - scores[0]) / 2, absolute: 1e-6, "score above the mean of both")
  }

  @Test("a perceptron's words add up to the difference of its logits")
  func perceptron() throws {
    let encoder = try encoder
    let model = MLP(
      problem: .classification, inputs: encoder.count, hidden: [7, 5], outputs: 3,
      random: Random(seed: 1, stream: "mlp"))
    for text in texts {
      let row = encoder.features([Input(text: text)])
      let found = model.attribution(row, output: 2)
      let logits = model.logits(row, pool: pool),
        none = model.logits(SparseRows(columns: encoder.count, rows: 1), pool: pool)
      expectClose(found.score, Double(logits[2]), absolute: 1e-5, "score")
      expectClose(found.start, Double(none[2]), absolute: 1e-5, "start")
      #expect(
        WordAttribution.isComplete(
          abs(found.values.values.reduce(0, +) - (found.score - found.start)), of: found.score - found.start))
    }
  }

  @Test("of word pieces and of words each token belongs to the run that its letters stand in; marks to none")
  func owners() throws {
    for tokenizer in [TextSettings.Tokenizer.wordpiece, .words] {
      var settings = TextSettings()
      (settings.tokenizer, settings.minimumFrequency, settings.maximumTokens) = (tokenizer, 1, 12)
      let pipeline = try TextPipeline.fit(settings, texts: texts)
      for text in texts + ["Why?   the CARD, twice!", "a b c d e f g h i j k l m n o p", "", "   "] {
        let runs = TextRuns(text), ids = pipeline.encode(text).ids, owners = pipeline.owners(in: runs)
        #expect(owners.count == ids.count)
        if tokenizer == .wordpiece { #expect(owners.first == .some(nil) && owners.last == .some(nil)) }
        let known = owners.compactMap(\.self)
        #expect(known == known.sorted())
        for (id, owner) in zip(ids, owners) {
          guard let owner, id != pipeline.unknownID else { continue }
          let piece = pipeline.vocabularyTokens[Int(id)].replacing("##", with: "")
          #expect(runs[owner].lowercased().contains(piece), "\(piece) in \(runs[owner])")
        }
      }
    }
  }

  @Test("runs are what stands between white space; what is kept is joined by one space")
  func runs() {
    let runs = TextRuns("  Where's\tmy\u{a0}card? \n")
    #expect(runs.all == ["Where's", "my", "card?"])
    #expect(runs.prefix(2) == "  Where's\tmy" && runs.prefix(0) == "")
    #expect(runs.keeping { $0 != 1 } == "Where's card?")
    #expect(TextRuns("").count == 0)
    // Parts that need their neighbours: a part belongs to the run that first brings it.
    let cut: (String) -> [Int] = { text in Array(0..<text.count / 3) }
    #expect(TextRuns("ab cd ef").owners(of: cut("ab cd ef"), cut: cut) == [1, 2])
    // What is taken away once it is whole brings no part, and moves none.
    let tagged = "see <a href='x y z'> please cancel"
    let words: (String) -> [String] = { text in
      text.replacing(/<[^>]*>/, with: "").split { !$0.isLetter }.map(String.init)
    }
    let all = TextRuns(tagged)
    #expect(all.owners(of: words(tagged), cut: words).map { all[$0] } == ["see", "please", "cancel"])
  }
}
