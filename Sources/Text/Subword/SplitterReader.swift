/// Reads the `pre_tokenizer` of a tokenizer.json.
enum SplitterReader {
  static func all(_ field: JSONField?) throws(TextError) -> [WordSplitter] {
    guard let field else { return [] }
    let steps = try sequence(field)
    for (place, step) in steps.dropLast() {
      guard case .byteLevel = step else { continue }
      throw place.error("got ByteLevel before other steps, expected it as the last one")
    }
    return steps.map(\.step)
  }

  private static func sequence(_ field: JSONField) throws(TextError) -> [(place: JSONField, step: WordSplitter)] {
    guard try field.type() == "Sequence" else { return [(field, try one(field))] }
    try field.allow("pretokenizers")
    var steps = [(place: JSONField, step: WordSplitter)]()
    for item in try field.required("pretokenizers").items() { steps += try sequence(item) }
    return steps
  }

  private static func one(_ field: JSONField) throws(TextError) -> WordSplitter {
    switch try field.type() {
    case "ByteLevel":
      try field.allow("add_prefix_space", "trim_offsets", "use_regex")
      return .byteLevel(
        addsPrefixSpace: try field.required("add_prefix_space").flag(),
        usesPattern: try field.flag("use_regex", default: true))
    case "Metaspace": return try metaspace(field)
    case "WhitespaceSplit":
      try field.allow()
      return .whitespaceSplit
    case "Whitespace":
      try field.allow()
      return .whitespace
    case "Punctuation":
      try field.allow("behavior")
      return .punctuation(try field.optional("behavior")?.choice(SplitBehavior.names) ?? .isolated)
    case "Digits":
      try field.allow("individual_digits")
      return .digits(individual: try field.required("individual_digits").flag())
    case "Split": return try split(field)
    case "BertPreTokenizer":
      try field.allow()
      return .bert
    default:
      throw try field.required("type").unexpected(
        "one of Sequence, ByteLevel, Metaspace, WhitespaceSplit, Whitespace, Punctuation, Digits, Split, "
          + "BertPreTokenizer")
    }
  }

  private static func metaspace(_ field: JSONField) throws(TextError) -> WordSplitter {
    try field.allow("replacement", "prepend_scheme", "split", "add_prefix_space", "str_rep")
    let replacement = try field.required("replacement")
    guard try replacement.text().unicodeScalars.count == 1 else { throw replacement.unexpected("one character") }
    let scheme: WordSplitter.PrependScheme =
      try field.optional("prepend_scheme")?.choice(["always": .always, "first": .first, "never": .never]) ?? .always
    if let old = try field.optional("add_prefix_space"), try !old.flag(), scheme != .never {
      throw old.error("got false, which contradicts prepend_scheme; expected \"prepend_scheme\": \"never\"")
    }
    return .metaspace(
      replacement: Array(try replacement.text().utf8), prepend: scheme, splits: try field.flag("split", default: true))
  }

  private static func split(_ field: JSONField) throws(TextError) -> WordSplitter {
    try field.allow("pattern", "behavior", "invert")
    let behavior = try field.required("behavior"), cut = try behavior.choice(SplitBehavior.names)
    let inverted = try field.flag("invert", default: false)
    let pattern = try field.required("pattern")
    guard let regex = try pattern.optional("Regex") else {
      let string = try pattern.required("String"), spelling = Array(try string.text().utf8)
      if spelling.isEmpty { throw string.error("an empty pattern") }
      return .string(spelling, cut, inverted: inverted)
    }
    let text = try regex.text()
    guard let known = SplitPattern.known.first(where: { $0.key == text })?.value else {
      throw regex.unexpected("a String, or a regular expression of GPT-2, cl100k, Llama 3 or Qwen 2")
    }
    // All of a text belongs to matches, so these two say the same.
    guard inverted ? cut == .removed : cut == .isolated else {
      throw behavior.unexpected("Isolated, or Removed with invert")
    }
    return .pattern(known)
  }
}
