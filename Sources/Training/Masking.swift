import Compute

/// Hides tokens so that a model can learn to name them (Devlin et al. 2019, section 3.1, task 1).
///
/// Of a sequence's tokens `share` are chosen, at least one: whole words in random order while they fit (the authors'
/// whole-word masking of 2019), or single pieces. Of those chosen 80 % become `[MASK]`, 10 % a random piece, 10 % stay.
/// Special tokens are never chosen, and never drawn. Each epoch hides other tokens (Liu et al. 2019, section 4.1).
public struct Masking: Sendable {
  /// Of the tokens that may be chosen, from 0 to 1.
  public let share: Double
  /// A word is hidden with all its pieces or not at all.
  public let isWholeWords: Bool
  private let mask: Int32
  /// By id: whether it may be chosen, and whether it goes on with the word of the piece before it.
  private let isOrdinary: [Bool]
  private let continues: [Bool]
  /// What a random piece is drawn from.
  private let ordinary: [Int32]

  /// A sequence with hidden tokens.
  public struct Masked: Sendable, Equatable {
    public var ids: [Int32]
    /// Where tokens were chosen, ascending, and what stands there in truth.
    public var places: [Int]
    public var labels: [Int]
  }

  /// - Parameters:
  ///   - pieces: the vocabulary in order of ids; a piece that begins with `##` goes on with a word.
  ///   - special: ids that stand for no text.
  ///   - mask: the id of `[MASK]`.
  ///   - share: of the tokens that may be chosen, from 0 to 1.
  ///   - isWholeWords: a word is hidden with all its pieces or not at all.
  public init(pieces: [String], special: Set<Int32>, mask: Int32, share: Double, isWholeWords: Bool) {
    precondition(0...1 ~= share, "Masking: a share of \(share)")
    (self.share, self.isWholeWords, self.mask) = (share, isWholeWords, mask)
    isOrdinary = pieces.indices.map { !special.contains(Int32($0)) && Int32($0) != mask }
    continues = pieces.map { $0.utf8.count > 2 && $0.utf8.starts(with: "##".utf8) }
    ordinary = pieces.indices.filter { [isOrdinary] in isOrdinary[$0] }.map { Int32($0) }
  }

  /// Whether a sequence has a token that may be chosen.
  public func canMask(_ ids: [Int32]) -> Bool { ids.contains { isOrdinary[Int($0)] } }

  /// The sequence with tokens hidden as `random` says; none only where none may be chosen.
  public func mask(_ ids: [Int32], random: Random) -> Masked {
    var random = random
    var words = words(in: ids)
    let count = words.reduce(0) { $0 + $1.count }
    let wanted = max(1, Int((share * Double(count)).rounded()))
    random.shuffle(&words)
    var chosen = [Int]()
    for word in words where chosen.isEmpty || chosen.count + word.count <= wanted { chosen += word }
    chosen.sort()
    var hidden = ids
    for place in chosen {
      let draw = random.uniform()
      if draw < 0.8 {
        hidden[place] = mask
      } else if draw < 0.9 {
        hidden[place] = ordinary[random.below(ordinary.count)]
      }
    }
    return Masked(ids: hidden, places: chosen, labels: chosen.map { Int(ids[$0]) })
  }

  /// The places that are chosen together.
  private func words(in ids: [Int32]) -> [[Int]] {
    var words = [[Int]]()
    for (place, id) in ids.enumerated() where isOrdinary[Int(id)] {
      if isWholeWords, continues[Int(id)], let last = words.last?.last, last == place - 1 {
        words[words.count - 1].append(place)
      } else {
        words.append([place])
      }
    }
    return words
  }
}
