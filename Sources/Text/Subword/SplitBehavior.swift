/// What becomes of the places at which a text is cut (`SplitDelimiterBehavior` of Hugging Face's tokenizers).
enum SplitBehavior: Sendable {
  case removed, isolated, mergedWithPrevious, mergedWithNext, contiguous

  static let names: KeyValuePairs<String, SplitBehavior> = [
    "Removed": .removed, "Isolated": .isolated, "MergedWithPrevious": .mergedWithPrevious,
    "MergedWithNext": .mergedWithNext, "Contiguous": .contiguous,
  ]

  /// A part of a text, and whether it is a place to cut at.
  struct Part {
    var start: Int
    var end: Int
    var isMatch: Bool
  }

  /// Appends the bounds of what is left of the parts of a piece, which cover it in order.
  func append(_ parts: [Part], to bounds: inout [Int32]) {
    func append(_ start: Int, _ end: Int) {
      guard start < end else { return }
      bounds.append(Int32(truncatingIfNeeded: start))
      bounds.append(Int32(truncatingIfNeeded: end))
    }
    switch self {
    case .removed: for part in parts where !part.isMatch { append(part.start, part.end) }
    case .isolated: for part in parts { append(part.start, part.end) }
    case .contiguous, .mergedWithPrevious:
      var index = 0
      while index < parts.count {
        var last = index
        if self == .contiguous {
          while last + 1 < parts.count, parts[last + 1].isMatch == parts[index].isMatch { last += 1 }
        } else if last + 1 < parts.count, parts[last + 1].isMatch, !parts[last].isMatch {
          // A second place in a row stays alone.
          last += 1
        }
        append(parts[index].start, parts[last].end)
        index = last + 1
      }
    case .mergedWithNext:
      var index = 0
      while index < parts.count {
        let last = parts[index].isMatch && index + 1 < parts.count && !parts[index + 1].isMatch ? index + 1 : index
        append(parts[index].start, parts[last].end)
        index = last + 1
      }
    }
  }
}
