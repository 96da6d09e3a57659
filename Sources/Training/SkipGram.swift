import Compute
import Foundation
import Models

/// How word vectors are learned from text alone.
public struct SkipGramSettings: Sendable, Equatable, Codable {
  /// Words on each side that are predicted at most; each word draws its own from 1 to this.
  public var window = 5
  /// Random words that each predicted one is told from.
  public var negatives = 5
  /// Words more frequent than this share of the text are left out at times; 0 keeps all.
  public var subsample = 1e-3
  /// Largest learning rate; it falls linearly to a ten-thousandth.
  public var learningRate = 0.025

  public init() {}
}

/// Word vectors by skip-gram with negative sampling (Mikolov et al. 2013, "Distributed Representations of Words and
/// Phrases", sections 2.2 and 2.3).
///
/// For a word w and a word c near it, log σ(v′c · vw) + Σ log σ(−v′n · vw) is raised by gradient ascent, one pair at a
/// time, with `negatives` words n drawn from the words' frequencies to the power 3/4. One thread does all of it, in order.
public struct SkipGram {
  private let settings: SkipGramSettings
  private let width: Int
  /// `[vocabulary, width]`: a word's own vectors, and those by which it is predicted.
  private var vectors: [Float]
  private var outputs: [Float]
  /// By id: how often it stands in the text, the probability that an occurrence is kept, and the sum of noise up to it.
  private let keep: [Double]
  private let noise: [Double]

  /// - Parameters:
  ///   - vocabulary: ids that there are, from 0.
  ///   - excluded: ids of no words.
  ///   - sequences: ids of words; those in `excluded` are passed over.
  ///   - width: elements of a vector.
  ///   - settings: epochs and `skipGram` count.
  ///   - random: the origin of every stream.
  ///   - isStopped: asked before each sequence.
  ///   - progress: called after every 64 sequences, and after the last.
  /// - Returns: `[vocabulary, width]`, scaled so that the mean square of its elements is 1, as an LSTM's random ones are;
  ///   0 for a word that the sequences do not have.
  /// - Throws: `TrainingFailure` where there are no two words side by side, a vector is not finite, or it is stopped.
  public static func train(
    vocabulary: Int, excluded: Set<Int32>, sequences: [[Int32]], width: Int, settings: PretrainingSettings,
    random: Random, isStopped: () -> Bool = { false }, progress: ((TrainingProgress) -> Void)? = nil
  ) throws(TrainingFailure) -> (vectors: [Float], outcome: PretrainingOutcome) {
    let sentences = sequences.map { $0.filter { !excluded.contains($0) } }.filter { $0.count > 1 }
    var order = Array(sentences.indices), stream = random.stream("held out")
    stream.shuffle(&order)
    let count = Int(Double(order.count) * PretrainingSettings.heldOutShare)
    let heldOut = order.prefix(count).sorted(), rows = order.dropFirst(count).sorted()
    guard !rows.isEmpty else { throw TrainingFailure(epoch: 0, step: 0, reason: "there are no texts to pre-train on") }
    var model = SkipGram(
      vocabulary: vocabulary, sentences: rows.map { sentences[$0] }, width: width, settings: settings.skipGram, random)
    var outcome = PretrainingOutcome()
    (outcome.epochs, outcome.sequences, outcome.heldOut) = (settings.epochs, rows.count, heldOut.count)
    outcome.tokens = rows.reduce(0) { $0 + sentences[$1].count }
    let steps = settings.epochs * rows.count
    var last = Measure()
    for epoch in 1...settings.epochs {
      var order = rows, stream = random.stream("order of epoch \(epoch)")
      stream.shuffle(&order)
      last = Measure()
      for row in order {
        if isStopped() { throw .stopped(epoch: epoch, step: outcome.steps, flops: outcome.flops) }
        let rate = settings.skipGram.learningRate * max(1e-4, 1 - Double(outcome.steps) / Double(steps))
        last += model.pass(sentences[row], rate: Float(rate), random: random.stream("epoch \(epoch), text \(row)"))
        outcome.steps += 1
        if outcome.steps % 64 == 0 || outcome.steps == steps {
          progress?(
            TrainingProgress(
              epoch: epoch, epochs: settings.epochs, step: outcome.steps, steps: steps, loss: last.mean ?? .nan))
        }
      }
      // Of each pair of vectors: the product, and two sums.
      outcome.flops += 6 * Double(last.products) * Double(width)
      guard model.vectors.allSatisfy(\.isFinite) else {
        throw TrainingFailure(
          epoch: epoch, step: outcome.steps, reason: "pre-training: a word vector is not finite", flops: outcome.flops)
      }
    }
    outcome.trainingLoss = last.mean
    var held = Measure()
    for row in heldOut { held += model.pass(sentences[row], rate: 0, random: random.stream("held out, text \(row)")) }
    outcome.loss = held.mean
    outcome.peakBytes = 2 * model.vectors.count * MemoryLayout<Float>.size
    return (model.scaled(), outcome)
  }

  /// Σ of −log σ over pairs of a word and one near it, with its random words.
  private struct Measure {
    var loss = 0.0
    var pairs = 0
    var products = 0
    /// In nats a pair.
    var mean: Double? { pairs == 0 ? nil : loss / Double(pairs) }

    static func += (a: inout Measure, b: Measure) {
      (a.loss, a.pairs, a.products) = (a.loss + b.loss, a.pairs + b.pairs, a.products + b.products)
    }
  }

  private init(vocabulary: Int, sentences: [[Int32]], width: Int, settings: SkipGramSettings, _ random: Random) {
    (self.settings, self.width) = (settings, width)
    var counts = [Double](repeating: 0, count: vocabulary)
    for sentence in sentences { for id in sentence { counts[Int(id)] += 1 } }
    let total = counts.reduce(0, +)
    keep = counts.map { count in
      settings.subsample > 0 && count > 0 ? min(1, (settings.subsample * total / count).squareRoot()) : 1
    }
    var sum = 0.0
    noise = counts.map { count in
      sum += pow(count, 0.75)
      return sum
    }
    var stream = random.stream("vectors")
    vectors = counts.flatMap { count -> [Float] in
      // Drawn for every word, so that a word's first values do not depend on which others occur.
      let drawn = (0..<width).map { _ in Float((stream.uniform() - 0.5) / Double(width)) }
      return count > 0 ? drawn : [Float](repeating: 0, count: width)
    }
    outputs = [Float](repeating: 0, count: vocabulary * width)
  }

  /// One pass over a sentence; with a rate of 0 it only measures.
  private mutating func pass(_ sentence: [Int32], rate: Float, random: Random) -> Measure {
    var random = random, measure = Measure()
    let words = sentence.filter { keep[Int($0)] >= 1 || random.uniform() < keep[Int($0)] }.map { Int($0) }
    var change = [Float](repeating: 0, count: width)
    for (place, word) in words.enumerated() {
      let reach = 1 + random.below(settings.window)
      for other in max(0, place - reach)...min(words.count - 1, place + reach) where other != place {
        for index in change.indices { change[index] = 0 }
        measure.loss += step(word, words[other], isNear: true, rate, &change)
        for _ in 0..<settings.negatives {
          let drawn = draw(&random)
          if drawn == words[other] { continue }
          measure.loss += step(word, drawn, isNear: false, rate, &change)
          measure.products += 1
        }
        for index in change.indices { vectors[word * width + index] += change[index] }
        measure.pairs += 1
        measure.products += 1
      }
    }
    return measure
  }

  /// −log σ(±v′ · v); changes v′, and adds to the change of v.
  private mutating func step(
    _ word: Int, _ other: Int, isNear: Bool, _ rate: Float, _ change: inout [Float]
  ) -> Double {
    let from = word * width, to = other * width
    var product: Float = 0
    for index in 0..<width { product += vectors[from + index] * outputs[to + index] }
    let signed = Double(isNear ? product : -product)
    // Stable for both signs.
    let loss = signed > 0 ? log1p(exp(-signed)) : log1p(exp(signed)) - signed
    if rate == 0 { return loss }
    let slope = rate * Float((isNear ? 1 : 0) - 1 / (1 + exp(-Double(product))))
    for index in 0..<width {
      change[index] += slope * outputs[to + index]
      outputs[to + index] += slope * vectors[from + index]
    }
    return loss
  }

  /// A word from the noise distribution.
  private func draw(_ random: inout Random) -> Int {
    let value = random.uniform() * (noise.last ?? 0)
    var low = 0, high = noise.count - 1
    while low < high {
      let middle = (low + high) / 2
      if noise[middle] > value { high = middle } else { low = middle + 1 }
    }
    return low
  }

  private func scaled() -> [Float] {
    let present = noise.indices.count { noise[$0] > ($0 == 0 ? 0 : noise[$0 - 1]) } * width
    let squares = vectors.reduce(0) { $0 + Double($1) * Double($1) }
    let factor = squares > 0 ? Float((Double(present) / squares).squareRoot()) : 1
    return vectors.map { $0 * factor }
  }
}
