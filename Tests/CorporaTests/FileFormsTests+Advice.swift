import Testing

@testable import Corpora

/// What a file is said to be that is not as it was declared, and the key that reads it.
extension FileFormsTests {
  @Test("a quoted header and a file without one get the delimiter too")
  func quotedDelimiter() throws {
    let quoted = Array("\"text\";\"label\"\n\"my parcel; late\";\"order\"\n\"a café\";\"bill\"\n".utf8)
    let message = try read("a.csv", quoted).message
    #expect(
      message
        == "a.csv:1: got text after a closing quote, expected a line of column names, or `delimiter: semicolon`")
    for (delimiter, key) in [(";", "semicolon"), ("\t", "tab")] {
      let bytes = Array(table(delimiter, header: false).utf8)
      let message = try read("a.csv", bytes) { ($0.hasHeader, $0.text, $0.label) = (false, ["1"], "2") }.message
      #expect(message.contains("`delimiter: \(key)`"), "\(message)")
      expectNoText(message)
    }
  }

  @Test("texts that begin with a lone quote get `quoting: none`")
  func loneQuotes() throws {
    let bytes = Array("text,label\n\"my parcel,order\n\"a café,bill\n\"late,order\n".utf8)
    let message = try read("a.csv", bytes).message
    #expect(message.contains("expected a share of at most 0.01, or `quoting: none`"), "\(message)")
    #expect(try read("a.csv", bytes) { $0.quoting = .none }.rows.count == 3)
    let ragged = try read("a.csv", Array("text,label\nparcel,order,late\nx,a,b\n".utf8)).message
    #expect(!ragged.contains("quoting"))
  }

  @Test("JSON in a table, a table in JSON Lines and objects over several lines are named for what they are")
  func otherFormats() throws {
    let lines = Array(
      "{\"text\": \"parcel, late\", \"label\": \"order\"}\n{\"text\": \"café\", \"label\": \"bill\"}\n".utf8)
    for format in [FileSource.Format.csv, .tsv] {
      #expect(
        try read("a.csv", lines) { $0.format = format }.message
          == "a.csv:1: got JSON, an object a line, expected \(format.rawValue) text, or `format: jsonl`")
    }
    let tables = [(",", "csv`"), ("\t", "tsv`"), (";", "csv` with `delimiter: semicolon`")]
    for (delimiter, key) in tables {
      let table = Array("text\(delimiter)label\nparcel\(delimiter)order\nlate\(delimiter)bill\n".utf8)
      #expect(
        try read("a.jsonl", table) { $0.format = .jsonl }.message
          == "a.jsonl:1: got lines that are no JSON objects, expected JSON Lines, an object a line, or `format: \(key)")
    }
    let spread = Array("{\n  \"text\": \"parcel\",\n  \"label\": \"order\"\n}\n{\n  \"text\": \"late\"\n}\n".utf8)
    #expect(
      try read("a.jsonl", spread) { $0.format = .jsonl }.message
        == "a.jsonl:1: got JSON objects over several lines, expected JSON Lines, an object a line: convert it (jq -c . FILE)"
    )
    // A broken line between sound ones shows no character of its own.
    let broken = Array("{\"text\": \"a\", \"label\": \"x\"}\nparcel\n".utf8)
    let message = try read("a.jsonl", broken) { $0.format = .jsonl }.message
    #expect(message.contains("line 2: got another character, expected `{` at byte 1"), "\(message)")
    // Braces alone make no JSON.
    #expect(try read("a.csv", Array("{a},label,text\n{b},order,late\n{c},bill,café\n".utf8)).rows.count == 2)
  }

  @Test("cells of a first row that may be a message are never printed, whatever stands beside them")
  func firstRows() throws {
    for first in [
      "Anna,review", "DE89370400440532013000,topic", "call Anna Mueller,label", "anna@example.com,text", "Anna,label",
      "79618,category", "Mabel,topic",
    ] {
      let bytes = Array("\(first)\nmy parcel is late,order\na café,bill\n".utf8)
      let message = try read("a.csv", bytes).message
      for cell in ["Anna", "anna", "DE89", "79618", "Mabel"] { #expect(!message.contains(cell), "\(message)") }
      #expect(message.contains("no such column"))
    }
    // All of them are words for columns: those of a header in other words, in compounds too.
    let german = try read("a.csv", Array("Nachricht,Thema\nx,a\ny,b\n".utf8)).message
    #expect(
      german.contains("expected one of `Nachricht`, `Thema`, or `header: false` where the first line is a message"))
    let compound = try read("a.csv", Array("conversationId,message_text,topic_2\n1,x,a\n".utf8)).message
    #expect(compound.contains("one of `conversationId`, `message_text`, `topic_2`"))
  }

  @Test("a column that only looks like the one that is asked for is named, with what is not seen of it")
  func lookalike() throws {
    let invisible = try read("a.csv", Array("text,label\u{200B}\nx,a\ny,b\n".utf8)).message
    #expect(
      invisible
        == "a.csv:1: `label`: got no such column, expected one of `text`, `label\\u{200B}`; did you mean `label\\u{200B}`?"
    )
    #expect(try read("a.csv", Array("Text,LABEL\nx,a\n".utf8)).message.contains("did you mean `LABEL`?"))
  }

  @Test("UTF-16 of another script without a mark, and UTF-32, are named")
  func wide() throws {
    let text = "text,label\nгде моя посылка сегодня,заказ\nсчёт неверный,счёт\n"
    for big in [false, true] {
      let bytes = units(text, bigEndian: big), key = big ? "utf-16be" : "utf-16le"
      #expect(try read("a.csv", bytes).message.contains("`encoding: \(key)`"))
      #expect(try read("a.csv", bytes) { $0.encoding = .latin1 }.message.contains("`encoding: \(key)`"))
      let other: FileSource.Encoding = big ? .utf16LittleEndian : .utf16BigEndian
      #expect(try read("a.csv", bytes) { $0.encoding = other }.message.contains("`encoding: \(key)`"))
      let wide = text.unicodeScalars.flatMap { scalar in
        let bytes = (0..<4).map { UInt8(truncatingIfNeeded: scalar.value >> (8 * $0)) }
        return big ? bytes.reversed() : bytes
      }
      for bytes in [wide, (big ? [0, 0, 0xFE, 0xFF] : [0xFF, 0xFE, 0, 0]) + wide] {
        #expect(try read("a.csv", bytes).message.contains("a.csv:1: got UTF-32, expected UTF-8 text, or convert it"))
      }
    }
    let plain = Array("text,label\nx,a\ny,b\n".utf8)
    #expect(try read("a.csv", plain) { $0.encoding = .utf16LittleEndian }.message.contains("`encoding: utf-8`"))
    // A stray NUL makes no UTF-16.
    #expect(try read("a.csv", Array("text,label\na\0b,x\n".utf8)).message.contains("binary data (a NUL byte)"))
  }

  @Test("an encoding of one byte that does not fit is refused, with the one that does")
  func misread() throws {
    let text = Array("text,label\nfür München,a\nok,b\n".utf8)
    for encoding in [FileSource.Encoding.latin1, .windows1252] {
      let message = try read("a.csv", text) { $0.encoding = encoding }.message
      #expect(
        message
          == "a.csv:1: got UTF-8, which would be read as other characters, expected \(encoding.name) text, or `encoding: utf-8`"
      )
    }
    let windows = Array("text,label\n5 ".utf8) + [0x80, 0x93, 0xE9] + Array(",a\nok,b\n".utf8)
    #expect(
      try read("a.csv", windows) { $0.encoding = .latin1 }.message
        == "a.csv:1: got bytes from 0x80 to 0x9F, which are control characters in Latin-1, expected Latin-1 text, or `encoding: windows-1252`"
    )
    // ASCII is all of them.
    #expect(try read("a.csv", Array("text,label\nx,a\ny,b\n".utf8)) { $0.encoding = .latin1 }.rows.count == 2)
  }
}
