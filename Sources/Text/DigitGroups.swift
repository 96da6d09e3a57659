/// Groups of digits parted by one separator each (space, hyphen, full stop, parentheses): what cards and phone numbers
/// are made of.
struct DigitGroups {
  struct Group {
    /// Digits in the group.
    var count: Int
    /// Position after its last digit.
    var end: Int
    /// The separator before it; 0 for the first.
    var separator: UInt8
  }
  private(set) var groups = [Group]()
  private(set) var digits = [UInt8]()
  let startsWithPlus: Bool

  /// Reads at most 40 digits: no number of interest is longer.
  init(in bytes: [UInt8], at position: Int) {
    var index = position
    startsWithPlus = bytes[index] == UInt8(ascii: "+")
    if startsWithPlus { index += 1 }
    var isOpen = false
    if index < bytes.count, bytes[index] == UInt8(ascii: "(") {
      isOpen = true
      index += 1
    }
    var separator: UInt8 = 0
    while index < bytes.count, ScalarClass.isASCIIDigit(bytes[index]), digits.count < 40 {
      let start = index
      while index < bytes.count, ScalarClass.isASCIIDigit(bytes[index]), digits.count < 40 {
        digits.append(bytes[index] - 0x30)
        index += 1
      }
      groups.append(Group(count: index - start, end: index, separator: separator))
      separator = UInt8(ascii: ")")
      var next = index
      if isOpen {
        guard next < bytes.count, bytes[next] == UInt8(ascii: ")") else { break }
        isOpen = false
        next += 1
        if next < bytes.count, Self.isSeparator(bytes[next]) { next += 1 }
      } else {
        guard next < bytes.count else { break }
        if Self.isSeparator(bytes[next]) {
          separator = bytes[next]
          next += 1
        }
        if next < bytes.count, bytes[next] == UInt8(ascii: "(") {
          isOpen = true
          next += 1
        }
      }
      if next == index { break }
      index = next
    }
    if let last = groups.last, last.end < bytes.count, ScalarClass.isASCIIAlphanumeric(bytes[last.end]) {
      // "4111abc": the last group is part of a word.
      digits.removeLast(last.count)
      groups.removeLast()
    }
  }

  private static func isSeparator(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
  }

  var counts: [Int] { groups.map(\.count) }
}

/// Payment card numbers (ISO/IEC 7812): 13 to 19 digits, the last of them Luhn's check digit.
enum PaymentCard {
  /// The card number that the groups start with, or what only looks like one.
  static func match(_ number: DigitGroups) -> (end: Int, isValid: Bool)? {
    guard !number.startsWithPlus, let first = number.digits.first, first > 0 else { return nil }
    var total = 0
    var shaped: Int?
    var valid: Int?
    for (index, group) in number.groups.enumerated() {
      let separator = index == 0 ? 0 : number.groups[1].separator
      guard group.separator == separator, separator == 0 || separator == 0x20 || separator == UInt8(ascii: "-") else {
        break
      }
      total += group.count
      guard total <= 19 else { break }
      // A plain number is one group; written in groups, each has 3 to 7 digits.
      guard index == 0 || (3...7).contains(group.count), index == 0 || (3...7).contains(number.groups[0].count) else {
        break
      }
      if total >= 13 {
        shaped = group.end
        if isLuhn(number.digits.prefix(total)) { valid = group.end }
      }
    }
    if let valid { return (valid, true) }
    return shaped.map { ($0, false) }
  }

  /// Luhn (1960, US patent 2,950,048): from the right every second digit doubled, digit sums added, divisible by ten.
  static func isLuhn(_ digits: some BidirectionalCollection<UInt8>) -> Bool {
    var sum = 0, doubles = false
    for digit in digits.reversed() {
      let value = Int(digit) * (doubles ? 2 : 1)
      sum += value > 9 ? value - 9 : value
      doubles.toggle()
    }
    return sum % 10 == 0
  }
}

enum PhoneNumber {
  static func end(_ number: DigitGroups) -> Int? {
    guard !number.groups.isEmpty else { return nil }
    if number.startsWithPlus { return longest(number, digits: 8...15, groups: 1...15) }
    if let end = northAmerican(number) { return end }
    guard number.digits[0] == 0, !startsWithDate(number) else { return nil }
    let digits = number.digits.prefix(2) == [0, 0] ? 10...15 : 9...12
    // A longer first group is the whole number: "05252018 1522" is a date and an amount.
    if number.groups[0].count > 5 { return digits.contains(number.groups[0].count) ? number.groups[0].end : nil }
    return longest(number, digits: digits, groups: 2...15)
  }

  /// The longest run of groups from the first whose digits lie in `digits`, each group's in `groups`.
  private static func longest(_ number: DigitGroups, digits: ClosedRange<Int>, groups: ClosedRange<Int>) -> Int? {
    var total = 0
    var end: Int?
    for group in number.groups {
      total += group.count
      guard groups.contains(group.count), total <= digits.upperBound else { break }
      if total >= digits.lowerBound { end = group.end }
    }
    return end
  }

  private static func northAmerican(_ number: DigitGroups) -> Int? {
    let counts = number.counts
    for pattern in [[3, 3, 4], [1, 3, 3, 4]] where counts.starts(with: pattern) {
      if pattern.count == 4, number.digits[0] != 1 { continue }
      return number.groups[pattern.count - 1].end
    }
    return nil
  }

  private static func startsWithDate(_ number: DigitGroups) -> Bool {
    let counts = number.counts
    return counts.starts(with: [2, 2, 4]) || counts.starts(with: [4, 2, 2])
  }
}
