import Compute
import Families
import Manifests
import Models
import Testing

@testable import Execution

/// The estimate against a made-up run on a made-up clock: nobody's time is measured.
@Suite struct TimeLeftTests {
  /// What truly happens to a piece.
  private struct Truth {
    var seconds: Double
    /// The share at which it ends.
    var end = 1.0
    /// Where it goes on from.
    var start = 0.0
    var tells = true
    var isRead = false
  }

  private struct Run {
    var stages: [(jobs: Int, pieces: [(piece: TimeLeft.Piece, truth: Truth)])]

    /// When each piece begins: at the first free job, in order; and when all is over.
    var schedule: (begins: [[Double]], total: Double) {
      var (begins, now): ([[Double]], Double) = ([], 0)
      for stage in stages {
        var free = Array(repeating: now, count: stage.jobs), begun: [Double] = []
        for (_, truth) in stage.pieces {
          let first = free.indices.min { free[$0] < free[$1] }!
          begun.append(free[first])
          free[first] += truth.seconds
        }
        begins.append(begun)
        now = free.max()!
      }
      return (begins, now)
    }

    /// What is estimated at a time, with shares told twenty times a piece.
    func estimate(at time: Double) -> Double? {
      var events: [(time: Double, act: (inout TimeLeft) -> Void)] = []
      for (number, stage) in stages.enumerated() {
        let name = TimeLeft.Name(rawValue: number)!
        for (index, (_, truth)) in stage.pieces.enumerated() {
          let begin = schedule.begins[number][index]
          events.append((begin, { $0.began(index, of: name, at: begin) }))
          for tick in 1...20 where truth.tells && !truth.isRead {
            let part = Double(tick) / 20, moment = begin + part * truth.seconds
            let share = truth.start + part * (truth.end - truth.start)
            events.append((moment, { $0.reached(share, index, of: name, at: moment) }))
          }
          let end = begin + truth.seconds
          events.append((end, { $0.ended(index, of: name, at: end, isRead: truth.isRead) }))
        }
      }
      var left = TimeLeft(
        stages.map { TimeLeft.Stage(jobs: $0.jobs, pieces: $0.pieces.map(\.piece)) })
      let order = events.indices.filter { events[$0].time <= time }.sorted {
        (events[$0].time, $0) < (events[$1].time, $1)
      }
      for index in order { events[index].act(&left) }
      return left.seconds(at: time)
    }

    func expectWithinTwo(_ comment: String, sourceLocation: SourceLocation = #_sourceLocation) {
      let total = schedule.total
      for percent in stride(from: 10, through: 95, by: 5) {
        let now = total * Double(percent) / 100
        let left = estimate(at: now)
        // Of the last seconds, twice as many may be a rounding.
        let slack = 0.02 * total
        #expect(
          left.map { $0 <= 2 * (total - now) + slack && $0 >= (total - now) / 2 - slack } ?? false,
          "\(comment) at \(percent) %: \(left ?? .nan) of \(total - now)", sourceLocation: sourceLocation)
      }
    }
  }

  /// A run of many models: what an operation takes differs by model within `spread`, and how early fits end is by
  /// chance; largest first, as the runner has it.
  private func run(
    seed: UInt64, jobs: Int, fitsEach: Int, spread: Double, secondsPerOperation: Double = 1e-10,
    stopsEarly: Bool = true,
    read: Int = 0
  ) -> Run {
    var random = Random(seed: seed, stream: "time left")
    func factor() -> Double { 1 / spread + random.uniform() * (spread - 1 / spread) }
    var fits: [(piece: TimeLeft.Piece, truth: Truth)] = []
    for (model, kind, operations) in [
      ("bert", "bert", 3e11), ("mlm", "bert", 3.4e11), ("lstm", "lstm", 2e11), ("hybrid", "bert-lstm", 4e11),
      ("tfidf", "tfidf-logistic", 4e9), ("majority", "majority", 1e6),
    ] {
      let speed = secondsPerOperation * factor()
      for number in 0..<fitsEach {
        var piece = TimeLeft.Piece(model: model, kind: kind, operations: operations * (0.7 + 0.6 * random.uniform()))
        var truth = Truth(seconds: 0, tells: operations > 1e10)
        if stopsEarly, truth.tells {
          piece.likely = (9.0 / 25).squareRoot()
          truth.end = 9.0 / 25 + random.uniform() * 16 / 25
        }
        truth.seconds = speed * piece.operations * truth.end
        if number < read {
          (truth.isRead, truth.seconds) = (true, 1e-6)
          piece.operations = 0
        }
        fits.append((piece, truth))
      }
    }
    fits.sort { $0.piece.operations * $0.piece.likely > $1.piece.operations * $1.piece.likely }
    let pretraining = TimeLeft.Piece(model: "mlm pretraining", kind: "bert", operations: 1e12)
    let timing = TimeLeft.Piece(model: "timing", kind: "timing", operations: 8e11)
    return Run(stages: [
      (jobs, [(pretraining, Truth(seconds: 1e12 * secondsPerOperation * factor()))]),
      (jobs, fits), (1, [(timing, Truth(seconds: 8e11 * secondsPerOperation * factor()))]),
    ])
  }

  @Test("within a factor of two from a tenth of the run on, on a fast and a slow machine", arguments: [1, 2, 8])
  func withinTwo(jobs: Int) {
    for seed in 0..<12 as Range<UInt64> {
      for (fits, speed) in [(1, 1e-10), (3, 1e-8), (14, 3e-11)] {
        run(seed: seed, jobs: jobs, fitsEach: fits, spread: 1.3, secondsPerOperation: speed)
          .expectWithinTwo("seed \(seed), \(fits) fits each, \(jobs) jobs")
      }
    }
  }

  @Test("without early stopping and with equal speeds the estimate is right at once")
  func exact() throws {
    let run = run(seed: 1, jobs: 2, fitsEach: 5, spread: 1, stopsEarly: false)
    let total = run.schedule.total
    for percent in stride(from: 5, through: 95, by: 10) {
      let now = total * Double(percent) / 100
      let left = try #require(run.estimate(at: now))
      #expect(abs(left - (total - now)) < 0.02 * total, "\(percent) %")
    }
  }

  @Test("what is only read counts for nothing, and what goes on does not look fast")
  func goingOn() throws {
    for seed in 0..<6 as Range<UInt64> {
      run(seed: seed, jobs: 2, fitsEach: 8, spread: 1.2, read: 5).expectWithinTwo("read, seed \(seed)")
    }
    // One fit from 70 % on, and three like it from the beginning.
    let piece = TimeLeft.Piece(model: "bert", kind: "bert", operations: 1e9)
    let resumed = Run(stages: [
      (1, []),
      (1, [(piece, Truth(seconds: 30, start: 0.7))] + Array(repeating: (piece, Truth(seconds: 100)), count: 3)),
      (1, []),
    ])
    for now in [20.0, 60, 200, 320] {
      let left = try #require(resumed.estimate(at: now))
      #expect(abs(left - (330 - now)) < 20, "\(now): \(left)")
    }
  }

  @Test("a search whose budget cuts it, and fits that all end at their first chance")
  func cut() {
    var piece = TimeLeft.Piece(model: "bert", kind: "bert", operations: 1e12, likely: 0.4)
    let tuned = Array(repeating: (piece: piece, truth: Truth(seconds: 40, end: 0.43)), count: 6)
    Run(stages: [(1, []), (2, tuned), (1, [])]).expectWithinTwo("tuned")
    piece.likely = 0.6
    let early = Array(repeating: (piece: piece, truth: Truth(seconds: 40, end: 0.36)), count: 12)
    Run(stages: [(1, []), (2, early), (1, [])]).expectWithinTwo("early")
  }

  @Test("nothing is said before anything is known, and of nothing there is nothing left")
  func unknown() {
    var left = TimeLeft([
      .init(jobs: 1, pieces: []), .init(jobs: 1, pieces: [.init(model: "a", kind: "b", operations: 1)]),
    ])
    #expect(left.seconds(at: 0) == nil)
    left.began(0, of: .fits, at: 1)
    #expect(left.seconds(at: 2) == nil)
    left.ended(0, of: .fits, at: 3)
    #expect(left.seconds(at: 3) == 0)
  }

  @Test("operations of a network are those that it counts itself")
  func operations() throws {
    var cls = TransformerConfiguration(), mean = TransformerConfiguration(), one = RecurrentConfiguration()
    (cls.layers, cls.hidden, cls.heads, cls.intermediate, mean.pooling) = (3, 24, 2, 40, .mean)
    (one.embedding, one.hidden, one.layers, one.bidirectional, one.pooling) = (12, 10, 2, false, .last)
    var attention = RecurrentConfiguration()
    (attention.layers, attention.pooling) = (3, .attention)
    let configurations: [ModelConfiguration] = [
      .bert(cls), .bert(mean), .lstm(one), .lstm(attention), .lstm(RecurrentConfiguration()), .bertLSTM(cls, one),
      .bertLSTM(mean, attention),
    ]
    for configuration in configurations {
      for length in [1, 13] {
        let family = try #require(configuration.family as? any NetworkFamily)
        let counted = family.withNetwork(
          vocabulary: 50, classes: 7, random: Random(seed: 1, stream: "weights"), workspace: Workspace()
        ) { $0.forwardFLOPs(lengths: [length]) }
        #expect(family.forwardOperations(tokens: Double(length), classes: 7) == counted, "\(configuration)")
      }
    }
  }

  @Test("Before anything runs, the pieces' likely work at a given rate, side by side where there are jobs")
  func fromNothing() {
    func piece(_ operations: Double, likely: Double = 1) -> TimeLeft.Piece {
      TimeLeft.Piece(model: "m", kind: "lstm", operations: operations, likely: likely)
    }
    // 4 beside 3 and half of 2; then 1.
    let left = TimeLeft([
      .init(jobs: 2, pieces: [piece(4e9), piece(3e9), piece(2e9, likely: 0.5)]), .init(jobs: 1, pieces: [piece(1e9)]),
    ])
    #expect(abs(left.expected { _ in 1e-9 } - 5) < 1e-9)
  }
}
