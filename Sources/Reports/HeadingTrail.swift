/// Where a block of a report stands: the headings above it, for captions, and for levels without gaps.
struct HeadingTrail {
  /// Headings by their declared level; nil for the title of a folded part.
  private var open: [(level: Int?, text: RichText)] = []
  private var counts: [String: Int] = [:]

  /// A heading begins: those of its level and below end, within the folded part where it stands in one.
  ///
  /// - Returns: its level without gaps: one below the heading that it stands under.
  mutating func enter(_ level: Int, _ text: RichText) -> Int {
    while let last = open.last?.level, last >= level { open.removeLast() }
    open.append((level, text))
    return open.count { $0.level != nil }
  }

  /// A folded part of this title begins.
  mutating func enterFold(_ title: RichText) { open.append((nil, title)) }

  /// A folded part ends: the headings are those before it; its captions have been given.
  mutating func leave(to before: HeadingTrail) { open = before.open }

  /// The caption of the next table: the two headings closest above it, and from the second table of them on its number.
  mutating func caption() -> RichText {
    let titled = open.count > 1 ? Array(open.dropFirst()) : open
    var caption = RichText([])
    for (index, entry) in titled.suffix(2).enumerated() { caption += (index > 0 ? ": " : "") + entry.text }
    let count = counts[caption.plain, default: 0] + 1
    counts[caption.plain] = count
    return count == 1 ? caption : caption + " (\(count))"
  }
}

extension RichText {
  /// Without emphasis and links.
  var plain: String {
    spans.map { span in
      switch span {
      case .text(let text), .strong(let text), .code(let text), .link(let text, _), .shaded(let text, _): text
      }
    }.joined()
  }
}

/// Names of letters, digits and hyphens for addresses and files, no two the same.
struct Slugs {
  private var taken: Set<String>
  private var counts: [String: Int] = [:]

  init(taken: Set<String> = []) { self.taken = taken }

  private static let most = 60

  /// At most 60 characters of the text, whole words in small letters, with a number where another text has the same.
  mutating func next(_ text: String) -> String {
    var slug = ""
    for scalar in text.unicodeScalars where slug.utf8.count <= Self.most {
      if scalar.isASCII, scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) {
        slug += scalar.properties.lowercaseMapping
      } else if !slug.isEmpty, !slug.hasSuffix("-") {
        slug += "-"
      }
    }
    if slug.utf8.count > Self.most {
      slug = String(slug[..<(slug.lastIndex(of: "-") ?? slug.index(slug.startIndex, offsetBy: Self.most))])
    }
    while slug.hasSuffix("-") { slug.removeLast() }
    if slug.isEmpty { slug = "part" }
    var name = slug
    while !taken.insert(name).inserted {
      counts[slug, default: 1] += 1
      name = "\(slug)-\(counts[slug, default: 1])"
    }
    return name
  }
}
