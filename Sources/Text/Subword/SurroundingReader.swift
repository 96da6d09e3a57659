/// Reads the `post_processor` of a tokenizer.json: the special tokens before and behind a single text.
enum SurroundingReader {
  static func read(_ field: JSONField?) throws(TextError) -> (prefix: [Int32], suffix: [Int32]) {
    guard let field else { return ([], []) }
    switch try field.type() {
    case "Sequence":
      try field.allow("processors")
      var all = (prefix: [Int32](), suffix: [Int32]())
      // Each works on what the one before it has made.
      for item in try field.required("processors").items() {
        let own = try read(item)
        all = (own.prefix + all.prefix, all.suffix + own.suffix)
      }
      return all
    case "ByteLevel":
      // It changes offsets alone.
      try field.allow("add_prefix_space", "trim_offsets", "use_regex")
      return ([], [])
    case "BertProcessing":
      try field.allow("sep", "cls")
    case "RobertaProcessing":
      try field.allow("sep", "cls", "trim_offsets", "add_prefix_space")
    case "TemplateProcessing": return try template(field)
    default:
      throw try field.required("type").unexpected(
        "one of Sequence, ByteLevel, BertProcessing, RobertaProcessing, TemplateProcessing")
    }
    return ([try pair(field.required("cls"))], [try pair(field.required("sep"))])
  }

  /// `["[CLS]", 101]`.
  private static func pair(_ field: JSONField) throws(TextError) -> Int32 {
    let items = try field.items()
    guard items.count == 2 else { throw field.unexpected("a token and its id") }
    return try items[1].id()
  }

  private static func template(_ field: JSONField) throws(TextError) -> (prefix: [Int32], suffix: [Int32]) {
    try field.allow("single", "pair", "special_tokens")
    let special = try field.required("special_tokens"), single = try field.required("single")
    var sides = [[Int32](), []], hasText = false
    for item in try single.items() {
      try item.allow("SpecialToken", "Sequence")
      if let sequence = try item.optional("Sequence") {
        let id = try sequence.required("id")
        guard try id.text() == "A", !hasText else { throw id.unexpected("the one text, A, once") }
        hasText = true
        continue
      }
      let name = try item.required("SpecialToken").required("id")
      guard let entry = try special.entries().first(where: { UTF8Key($0.key) == UTF8Key((try? name.text()) ?? "") })
      else { throw name.unexpected("one of special_tokens") }
      for id in try special.entry(entry).required("ids").items() { sides[hasText ? 1 : 0].append(try id.id()) }
    }
    if !hasText { throw single.error("has no place for the text, {\"Sequence\": {\"id\": \"A\"}}") }
    return (sides[0], sides[1])
  }
}
