/// How long a run will still take: the work of its pieces, in operations, at the speed that pieces of their kind went.
///
/// A pure value: whoever holds it says what begins and ends, and when. Stages follow one another (pre-training, fits,
/// timing, refits); the pieces of a stage run side by side in their order.
///
/// Where nothing of a model has run yet, its kind's speed is taken, and where nothing of the kind has, the machine's: an
/// operation takes networks of all kinds about as long, and the work of the others is given in the same unit
/// (`ExpectedWork`). What may stop early is expected to end at `Piece.likely` of its operations until one has ended.
package struct TimeLeft: Sendable {
  package struct Piece: Sendable {
    /// Pieces whose operations take about as long as each other's.
    package var model: String
    package var kind: String
    /// Operations, if it goes on to its end.
    package var operations: Double
    /// The share of them that are likely to be needed.
    package var likely = 1.0
  }

  package struct Stage: Sendable {
    package var jobs: Int
    /// In the order in which they begin.
    package var pieces: [Piece]
  }

  /// Stages of a run; refits and what they start from come before timing, but a sum of times has no order.
  package enum Name: Int { case pretraining, fits, timing, refits, refitPretraining }

  private typealias Told = (time: Double, share: Double)

  private enum Standing {
    case waiting, ended
    /// When it first and last told a share, and which; one that goes on from what is stored begins far from 0.
    case running(since: Double, first: Told?, last: Told?)
  }
  /// Operations done and what they took.
  private struct Work {
    var operations = 0.0
    var seconds = 0.0
    var rate: Double? { operations > 0 && seconds > 0 ? seconds / operations : nil }
    static func += (sum: inout Work, more: Work) {
      sum.operations += more.operations
      sum.seconds += more.seconds
    }
  }

  private let stages: [Stage]
  private var standings: [[Standing]]
  /// Of ended pieces, by model; operations as they were expected, so that early ends are in the rate.
  private var done: [String: (kind: String, work: Work)] = [:]

  package init(_ stages: [Stage] = []) {
    self.stages = stages
    standings = stages.map { $0.pieces.map { _ in .waiting } }
  }

  package mutating func began(_ piece: Int, of name: Name, at now: Double) {
    standings[name.rawValue][piece] = .running(since: now, first: nil, last: nil)
  }

  /// - Parameter share: of the operations that it would take to its end.
  package mutating func reached(_ share: Double, _ piece: Int, of name: Name, at now: Double) {
    guard case .running(let since, let first, _) = standings[name.rawValue][piece] else { return }
    let told = (time: now, share: min(max(share, 0), 1))
    standings[name.rawValue][piece] = .running(since: since, first: first ?? told, last: told)
  }

  /// - Parameter isRead: it was only read, and says nothing of how long others take.
  package mutating func ended(_ piece: Int, of name: Name, at now: Double, isRead: Bool = false) {
    if !isRead, case .running(let since, let first, _) = standings[name.rawValue][piece],
      first.map({ $0.share < Self.mostFirstShare }) ?? true
    {
      let (piece, model) = (stages[name.rawValue].pieces[piece], stages[name.rawValue].pieces[piece].model)
      var known = done[model] ?? (piece.kind, Work())
      known.work += Work(operations: piece.operations * piece.likely, seconds: now - since)
      done[model] = known
    }
    standings[name.rawValue][piece] = .ended
  }

  /// Whether it has told a share.
  package func hasBegun(_ piece: Int, of name: Name) -> Bool {
    if case .running(_, .some, _) = standings[name.rawValue][piece] { true } else { false }
  }

  /// nil before anything has run for long enough to say.
  package func seconds(at now: Double) -> Double? {
    let speeds = Speeds(running: running, done: done)
    guard speeds.isKnown else { return nil }
    var left = 0.0
    for (stage, standings) in zip(stages, standings) {
      var (begun, waiting): ([Double], [Double]) = ([], [])
      for (piece, standing) in zip(stage.pieces, standings) {
        switch standing {
        case .ended: continue
        case .waiting: waiting.append(piece.operations * piece.likely * speeds.rate(of: piece))
        case .running(let since, _, let last):
          begun.append(rest(of: piece, since, last, speeds, at: now))
        }
      }
      left += Self.end(begun, waiting, jobs: stage.jobs)
    }
    return left
  }

  /// Seconds of all pieces from their beginnings, where an operation of each takes so long.
  package func expected(secondsPerOperation rate: (Piece) -> Double) -> Double {
    stages.reduce(0) { sum, stage in
      sum + Self.end([], stage.pieces.map { $0.operations * $0.likely * rate($0) }, jobs: stage.jobs)
    }
  }

  /// What has been done of running pieces, by model.
  private var running: [String: (kind: String, work: Work)] {
    var found: [String: (kind: String, work: Work)] = [:]
    for (stage, standings) in zip(stages, standings) {
      for (piece, standing) in zip(stage.pieces, standings) {
        guard case .running(_, let first?, let last?) = standing, last.share - first.share >= Self.leastShare else {
          continue
        }
        var known = found[piece.model] ?? (piece.kind, Work())
        known.work += Work(operations: piece.operations * (last.share - first.share), seconds: last.time - first.time)
        found[piece.model] = known
      }
    }
    return found
  }

  /// Of less than this, the clock says little.
  private static let leastShare = 0.01
  /// Larger where a training goes on from what is stored.
  private static let mostFirstShare = 0.2

  private func rest(of piece: Piece, _ since: Double, _ last: Told?, _ speeds: Speeds, at now: Double) -> Double {
    let rate = speeds.rate(of: piece)
    let expected = piece.operations * piece.likely * rate - (now - since)
    guard let last, !speeds.hasEnded(piece.model) || expected <= 0 else { return max(0, expected) }
    // Beyond what was likely, half of what it may still take.
    let share = last.share < piece.likely ? piece.likely - last.share : (1 - last.share) / 2
    return max(0, piece.operations * share * rate - (now - last.time))
  }

  /// When the last piece ends, if each waiting one begins where the first running one ends.
  private static func end(_ begun: [Double], _ waiting: [Double], jobs: Int) -> Double {
    var free = begun + Array(repeating: 0, count: max(0, max(1, jobs) - begun.count))
    for piece in waiting {
      let first = free.indices.min { free[$0] < free[$1] } ?? 0
      free[first] += piece
    }
    return free.max() ?? 0
  }

  /// Seconds an operation takes, from the nearest that is known.
  private struct Speeds {
    private var models: [String: Double] = [:]
    private var kinds: [String: Work] = [:]
    private var machine = Work()
    private let ended: Set<String>

    init(running: [String: (kind: String, work: Work)], done: [String: (kind: String, work: Work)]) {
      ended = Set(done.keys)
      for (name, known) in running.sorted(by: { $0.key < $1.key }) + done.sorted(by: { $0.key < $1.key }) {
        // What has ended comes last and stands for its model.
        models[name] = known.work.rate ?? models[name]
        kinds[known.kind, default: Work()] += known.work
        machine += known.work
      }
    }

    var isKnown: Bool { machine.rate != nil }

    func hasEnded(_ model: String) -> Bool { ended.contains(model) }

    func rate(of piece: Piece) -> Double {
      models[piece.model] ?? kinds[piece.kind]?.rate ?? machine.rate ?? 0
    }
  }
}
