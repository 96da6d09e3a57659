/// Unicode's four normalisation forms (UAX #15; Unicode, section 3.11) of UTF-8, with a short way past what is in its form
/// already.
enum UnicodeForm: Sendable, CaseIterable {
  case nfc, nfd, nfkc, nfkd

  // Which scalars of the first two planes move, a table a form; each is made when it is first needed.
  private static let nfcTable = nfc.makeTable(), nfdTable = nfd.makeTable()
  private static let nfkcTable = nfkc.makeTable(), nfkdTable = nfkd.makeTable()

  private var table: [Bool] {
    switch self {
    case .nfc: Self.nfcTable
    case .nfd: Self.nfdTable
    case .nfkc: Self.nfkcTable
    case .nfkd: Self.nfkdTable
    }
  }

  private var composes: Bool { self == .nfc || self == .nfkc }

  private var compositions: UnicodeCompositions {
    self == .nfc || self == .nfd ? .canonical : .compatible
  }

  private func makeTable() -> [Bool] {
    let compositions = compositions
    return (0..<UInt32(0x20000)).map { value in
      if value < 0xA0 || 0xD800..<0xE000 ~= value { return false }
      if compositions.mayJoin(value) { return true }
      guard compositions.decomposes(value) else { return false }
      return !composes || form(of: [value], compositions) != [value]
    }
  }

  /// Whether the scalar needs a look at what it becomes.
  private static func moves(_ value: UInt32, _ table: [Bool]) -> Bool {
    if value < 0x20000 { return table[Int(value)] }
    return 0x2F800..<0x2FA20 ~= value || UnicodeCompositions.combiningClass(value) > 0
  }

  /// The text in its form, in `output`; false, and nothing there, where it has that form already.
  func apply(to text: [UInt8], _ output: inout [UInt8]) -> Bool {
    if text.allSatisfy({ $0 < (self == .nfc ? 0xCC : 0x80) }) { return false }
    let table = table
    // What is not yet written, and the scalar before the one that is looked at.
    var kept = 0, last = 0, position = 0
    while position < text.count {
      let (value, length) = ScalarClass.decode(text, at: position)
      guard value >= 0x80, Self.moves(value, table) else {
        last = position
        position += length
        continue
      }
      // All that moves from here on, and the one before it, with which that may compose.
      var scalars = last < position ? [ScalarClass.decode(text, at: last).value] : []
      output += text[kept..<last]
      while position < text.count {
        let (value, length) = ScalarClass.decode(text, at: position)
        if value < 0x80 || !Self.moves(value, table) { break }
        scalars.append(value)
        position += length
      }
      for scalar in form(of: scalars, compositions) { ScalarClass.append(scalar, to: &output) }
      (kept, last) = (position, position)
    }
    if kept == 0 { return false }
    output += text[kept...]
    return true
  }

  private func form(of scalars: [UInt32], _ compositions: UnicodeCompositions) -> [UInt32] {
    var parts = [UInt32]()
    for scalar in scalars { compositions.appendDecomposition(of: scalar, to: &parts) }
    let classes = Self.sort(&parts)
    return composes ? Self.compose(parts, classes, compositions) : parts
  }

  /// Puts marks between two starters in the order of their classes; gives the classes.
  private static func sort(_ parts: inout [UInt32]) -> [UInt8] {
    var classes = parts.map { UnicodeCompositions.combiningClass($0) }
    var start = 0
    while start < parts.count {
      guard classes[start] > 0 else {
        start += 1
        continue
      }
      var end = start
      while end < parts.count, classes[end] > 0 { end += 1 }
      let order = (start..<end).sorted { (classes[$0], $0) < (classes[$1], $1) }
      let (marks, own) = (order.map { parts[$0] }, order.map { classes[$0] })
      parts.replaceSubrange(start..<end, with: marks)
      classes.replaceSubrange(start..<end, with: own)
      start = end
    }
    return classes
  }

  /// Joins each scalar to the last starter before it, where no other of its class or higher stands between.
  private static func compose(
    _ parts: [UInt32], _ classes: [UInt8], _ compositions: UnicodeCompositions
  ) -> [UInt32] {
    var output = [UInt32](), starter = -1
    // The class of the last scalar behind the starter; nil where none is there.
    var between: UInt8?
    for (value, combiningClass) in zip(parts, classes) {
      if starter >= 0, between.map({ $0 > 0 && $0 < combiningClass }) ?? true,
        let composite = compositions.composite(output[starter], value)
      {
        output[starter] = composite
        continue
      }
      if combiningClass == 0 {
        starter = output.count
        between = nil
      } else {
        between = combiningClass
      }
      output.append(value)
    }
    return output
  }
}
