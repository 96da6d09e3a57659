import Foundation

/// Reads the `normalizer` of a tokenizer.json.
enum NormalizerReader {
  static func all(_ field: JSONField?) throws(TextError) -> [TextNormalizer] {
    guard let field else { return [] }
    guard try field.type() == "Sequence" else { return [try one(field)] }
    try field.allow("normalizers")
    var steps = [TextNormalizer]()
    for item in try field.required("normalizers").items() { steps += try all(item) }
    return steps
  }

  private static func one(_ field: JSONField) throws(TextError) -> TextNormalizer {
    switch try field.type() {
    case "NFC": return try plain(field, .form(.nfc))
    case "NFD": return try plain(field, .form(.nfd))
    case "NFKC": return try plain(field, .form(.nfkc))
    case "NFKD": return try plain(field, .form(.nfkd))
    case "Lowercase": return try plain(field, .lowercase)
    case "StripAccents": return try plain(field, .stripAccents)
    case "Nmt": return try plain(field, .nmt)
    case "Strip":
      try field.allow("strip_left", "strip_right")
      return .strip(left: try field.required("strip_left").flag(), right: try field.required("strip_right").flag())
    case "Prepend":
      try field.allow("prepend")
      return .prepend(Array(try field.required("prepend").text().utf8))
    case "Replace": return try replace(field)
    case "BertNormalizer": return try bert(field)
    case "Precompiled": return try precompiled(field)
    default:
      throw try field.required("type").unexpected(
        "one of Sequence, NFC, NFD, NFKC, NFKD, Lowercase, StripAccents, Strip, Replace, Prepend, Nmt, Precompiled, "
          + "BertNormalizer")
    }
  }

  private static func plain(_ field: JSONField, _ step: TextNormalizer) throws(TextError) -> TextNormalizer {
    try field.allow()
    return step
  }

  private static func replace(_ field: JSONField) throws(TextError) -> TextNormalizer {
    try field.allow("pattern", "content")
    let pattern = try field.required("pattern"), content = Array(try field.required("content").text().utf8)
    if let regex = try pattern.optional("Regex") {
      guard try regex.text() == " {2,}" else {
        throw regex.unexpected("the regular expression \" {2,}\", or a String")
      }
      return .replaceSpaces(with: content)
    }
    let string = try pattern.required("String"), spelling = Array(try string.text().utf8)
    if spelling.isEmpty { throw string.error("an empty pattern") }
    return .replace(spelling, with: content)
  }

  private static func bert(_ field: JSONField) throws(TextError) -> TextNormalizer {
    try field.allow("clean_text", "handle_chinese_chars", "strip_accents", "lowercase")
    for key in ["clean_text", "handle_chinese_chars"] {
      let flag = try field.required(key)
      if try !flag.flag() { throw flag.unexpected("true, as only that works") }
    }
    let lowercases = try field.required("lowercase").flag()
    let strips = try field.flag("strip_accents", default: lowercases)
    return .bert(BertCasing(lowercases: lowercases, stripsAccents: strips))
  }

  private static func precompiled(_ field: JSONField) throws(TextError) -> TextNormalizer {
    try field.allow("precompiled_charsmap")
    let map = try field.required("precompiled_charsmap")
    guard let blob = Data(base64Encoded: try map.text()) else { throw map.error("is not base64") }
    do { return .precompiled(try PrecompiledCharacters([UInt8](blob))) } catch { throw map.error(error.what) }
  }
}
