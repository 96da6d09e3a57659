/// Walks through a text and gives BERT's words one after another: normalised bytes, and where each came from.
///
/// Words end at white space; punctuation and ideographs are words of their own; special tokens in the raw text are
/// found before anything is normalised.
struct BertWordScanner {
  struct Special: Sendable {
    let bytes: [UInt8]
    let id: Int32
  }

  /// The text.
  let bytes: [UInt8]
  private let folding: BertFolding
  /// Longest first.
  private let specials: [Special]
  /// Where the next word is looked for; may be moved on past what needs no scanner, while nothing is pending.
  var position = 0
  /// The rest of an expansion in which a word ended.
  private var pending = [(entry: UInt32, combiningClass: UInt8)]()
  private var pendingRange = (start: 0, end: 0)

  /// Whether the last word ended inside the expansion of one scalar.
  var isPending: Bool { !pending.isEmpty }

  /// The word's normalised UTF-8, and for each byte where its source starts and ends in the text; empty for a special
  /// token.
  private(set) var word = [UInt8]()
  private(set) var starts = [Int32]()
  private(set) var ends = [Int32]()
  /// Unicode scalars in the word.
  private(set) var scalars = 0
  /// Punctuation or an ideograph.
  private(set) var isIsolated = false
  /// The special token's id; -1 for a word.
  private(set) var special: Int32 = -1
  private(set) var specialRange = 0..<0

  /// Scalars at the word's end that canonical order may move: combining class and first byte.
  private var tail = [(combiningClass: UInt8, start: Int)]()
  private var tailEnd = -1

  init(_ text: String, folding: BertFolding, specials: [Special]) {
    self.init(Array(text.utf8), folding: folding, specials: specials)
  }

  init(_ bytes: [UInt8], folding: BertFolding, specials: [Special]) {
    self.bytes = bytes
    self.folding = folding
    self.specials = specials
  }

  /// Goes to the next word or special token; false at the end of the text.
  mutating func next() -> Bool {
    word.removeAll(keepingCapacity: true)
    starts.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
    scalars = 0
    isIsolated = false
    special = -1
    tailEnd = -1
    if !pending.isEmpty {
      if takePending() { return true }
    }
    while position < bytes.count {
      let byte = bytes[position]
      let entry: UInt32
      var length = 1
      if byte < 0x80 {
        if byte == UInt8(ascii: "[") || byte == UInt8(ascii: "<"), let index = specialIndex() {
          if !word.isEmpty { return true }
          special = specials[index].id
          specialRange = position..<position + specials[index].bytes.count
          position = specialRange.upperBound
          return true
        }
        entry = folding.plane[Int(byte)]
      } else {
        let scalar = ScalarClass.decode(bytes, at: position)
        length = scalar.length
        entry = scalar.value < 0x10000 ? folding.plane[Int(scalar.value)] : folding.entry(scalar.value)
      }
      switch entry >> 24 {
      case BertFolding.Kind.word:
        append(entry & 0x1F_FFFF, start: position, end: position + length)
      case BertFolding.Kind.dropped:
        break
      case BertFolding.Kind.space:
        if !word.isEmpty {
          position += length
          return true
        }
      case BertFolding.Kind.isolated:
        if !word.isEmpty { return true }
        append(entry & 0x1F_FFFF, start: position, end: position + length)
        isIsolated = true
        position += length
        return true
      case BertFolding.Kind.barrier:
        tailEnd = -1
      default:
        pending = folding.expansion(of: entry & 0x1F_FFFF)
        pendingRange = (position, position + length)
        position += length
        if takePending() { return true }
        continue
      }
      position += length
    }
    return !word.isEmpty
  }

  /// Takes the parts of an expanded scalar; true where a word ends among them.
  private mutating func takePending() -> Bool {
    while let part = pending.first {
      let kind = part.entry >> 24
      if kind == BertFolding.Kind.isolated, !word.isEmpty { return true }
      pending.removeFirst()
      if kind == BertFolding.Kind.barrier {
        tailEnd = -1
        continue
      }
      let value = part.entry & 0x1F_FFFF
      if part.combiningClass == 0 {
        append(value, start: pendingRange.start, end: pendingRange.end)
      } else {
        insert(value, part.combiningClass)
      }
      if kind == BertFolding.Kind.isolated {
        isIsolated = true
        return true
      }
    }
    return false
  }

  @inline(__always)
  private mutating func append(_ value: UInt32, start: Int, end: Int) {
    scalars += 1
    if value < 0x80 {
      word.append(UInt8(value))
      starts.append(Int32(truncatingIfNeeded: start))
      ends.append(Int32(truncatingIfNeeded: end))
      return
    }
    ScalarClass.append(value, to: &word)
    while starts.count < word.count {
      starts.append(Int32(truncatingIfNeeded: start))
      ends.append(Int32(truncatingIfNeeded: end))
    }
  }

  /// Puts a scalar of combining class > 0 before those of a higher class at the word's end (Unicode, section 3.11).
  private mutating func insert(_ value: UInt32, _ combiningClass: UInt8) {
    // Past 100 scalars a word is unknown whatever its order; this also bounds the cost.
    if scalars > 100 { return append(value, start: pendingRange.start, end: pendingRange.end) }
    if tailEnd != word.count { tail.removeAll(keepingCapacity: true) }
    var encoded = [UInt8]()
    ScalarClass.append(value, to: &encoded)
    let index = tail.firstIndex { $0.combiningClass > combiningClass } ?? tail.count
    let place = index < tail.count ? tail[index].start : word.count
    word.insert(contentsOf: encoded, at: place)
    starts.insert(contentsOf: encoded.map { _ in Int32(truncatingIfNeeded: pendingRange.start) }, at: place)
    ends.insert(contentsOf: encoded.map { _ in Int32(truncatingIfNeeded: pendingRange.end) }, at: place)
    for later in index..<tail.count { tail[later].start += encoded.count }
    tail.insert((combiningClass, place), at: index)
    tailEnd = word.count
    scalars += 1
  }

  private func specialIndex() -> Int? {
    specials.firstIndex { special in
      guard position + special.bytes.count <= bytes.count else { return false }
      for index in special.bytes.indices where bytes[position + index] != special.bytes[index] { return false }
      return true
    }
  }
}
