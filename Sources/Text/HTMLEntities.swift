/// Character references of HTML: named ones in common use, decimal and hexadecimal ones. Only with their semicolon.
enum HTMLEntities {
  /// Decodes until nothing is left to decode: scraped text is often escaped twice.
  ///
  /// Each `;` that comes to stand in the output is looked at once, with what stands before it, so that the cost is linear.
  static func decode(_ bytes: [UInt8]) -> [UInt8] {
    var output = [UInt8]()
    output.reserveCapacity(bytes.count)
    for byte in bytes {
      output.append(byte)
      while output.last == UInt8(ascii: ";"), let reference = reference(atEndOf: output) {
        output.removeLast(reference.length)
        output.append(contentsOf: reference.replacement)
      }
    }
    return output
  }

  /// The reference that ends with the last byte, and what stands for it: white space and control characters become
  /// a space, all else its composed form.
  private static func reference(atEndOf output: [UInt8]) -> (length: Int, replacement: [UInt8])? {
    let semicolon = output.count - 1
    var start = semicolon - 1
    while start >= 0, semicolon - start <= 12, output[start] != UInt8(ascii: "&") {
      guard ScalarClass.isASCIIAlphanumeric(output[start]) || output[start] == UInt8(ascii: "#") else { return nil }
      start -= 1
    }
    guard start >= 0, output[start] == UInt8(ascii: "&"), semicolon - start > 1 else { return nil }
    let body = String(decoding: output[start + 1..<semicolon], as: UTF8.self)
    guard let value = body.hasPrefix("#") ? number(body.dropFirst()) : named[body], let scalar = Unicode.Scalar(value)
    else { return nil }
    let length = semicolon - start + 1
    if scalar.properties.isWhitespace || ScalarClass.isControl(scalar) { return (length, [0x20]) }
    return (length, Array(CanonicalForm.composed(String(scalar)).utf8))
  }

  private static func number(_ digits: Substring) -> UInt32? {
    let isHexadecimal = digits.first == "x" || digits.first == "X"
    let body = isHexadecimal ? digits.dropFirst() : digits
    guard body.utf8.first.map(ScalarClass.isASCIIAlphanumeric) == true else { return nil }
    guard let value = UInt32(body, radix: isHexadecimal ? 16 : 10) else { return nil }
    // HTML reads 128 to 159 as Windows-1252.
    if value >= 0x80, value < 0xA0 { return windows1252[Int(value) - 0x80] }
    return value
  }

  private static let windows1252: [UInt32] = [
    0x20AC, 0x20, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x20, 0x017D,
    0x20, 0x20, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x20,
    0x017E, 0x0178,
  ]

  private static let named: [String: UInt32] = {
    var names: [String: UInt32] = [
      "amp": 0x26, "lt": 0x3C, "gt": 0x3E, "quot": 0x22, "apos": 0x27, "AMP": 0x26, "LT": 0x3C, "GT": 0x3E,
      "QUOT": 0x22,
      "euro": 0x20AC, "hellip": 0x2026, "ndash": 0x2013, "mdash": 0x2014, "lsquo": 0x2018, "rsquo": 0x2019,
      "sbquo": 0x201A, "ldquo": 0x201C, "rdquo": 0x201D, "bdquo": 0x201E, "bull": 0x2022, "trade": 0x2122,
      "lsaquo": 0x2039, "rsaquo": 0x203A, "ensp": 0x2002, "emsp": 0x2003, "thinsp": 0x2009, "zwnj": 0x200C,
      "zwj": 0x200D, "larr": 0x2190, "uarr": 0x2191, "rarr": 0x2192, "darr": 0x2193, "minus": 0x2212, "ne": 0x2260,
      "le": 0x2264, "ge": 0x2265, "hearts": 0x2665, "OElig": 0x152, "oelig": 0x153, "Scaron": 0x160, "scaron": 0x161,
      "Yuml": 0x178, "permil": 0x2030, "newline": 0x0A, "NewLine": 0x0A, "Tab": 0x09, "lpar": 0x28, "rpar": 0x29,
      "comma": 0x2C, "period": 0x2E, "colon": 0x3A, "semi": 0x3B, "excl": 0x21, "quest": 0x3F, "num": 0x23,
      "dollar": 0x24, "percnt": 0x25, "sol": 0x2F, "commat": 0x40, "lowbar": 0x5F,
    ]
    // Latin-1 from U+00A0, in order.
    let latin = """
      nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro \
      para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil \
      Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave \
      Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml \
      igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute \
      thorn yuml
      """
    for (offset, name) in latin.split(separator: " ").enumerated() { names[String(name)] = 0xA0 + UInt32(offset) }
    return names
  }()
}
