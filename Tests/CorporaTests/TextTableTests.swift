import Testing

@testable import Corpora

/// Rows that come back with more columns: every byte that was there stays.
@Suite struct TextTableTests {
  private func table(_ contents: [UInt8], _ change: (inout FileSource) -> Void = { _ in }) throws -> TextTable {
    var source = FileSource()
    change(&source)
    return try TextTable(path: "file", contents: contents, as: source)
  }

  private func table(_ contents: String, _ change: (inout FileSource) -> Void = { _ in }) throws -> TextTable {
    try table(Array(contents.utf8), change)
  }

  /// The whole file with a column `n` that counts its rows.
  private func counted(_ table: TextTable) -> String {
    let rows = table.inputs.indices.flatMap { row in
      table.isObjects ? table.object(row, adding: "\"n\":\(row)") : table.record(row, adding: ["\(row)"])
    }
    return String(decoding: (table.header(adding: ["n"]) ?? []) + rows, as: UTF8.self)
  }

  private func message(_ contents: [UInt8], _ change: (inout FileSource) -> Void = { _ in }) -> String {
    do {
      _ = try table(contents, change)
      return ""
    } catch { return "\(error)" }
  }

  @Test("fields stay as they are written: quotes, blanks, line ends inside, and the ends of the lines")
  func records() throws {
    for end in ["\n", "\r\n"] {
      let lines = [
        "id,\"text\",note", "007,\"a, b\",  x ", "\"8\",\"say \"\"no\"\"\",", "9,5\" screen,\"two\nlines\"", ",  ,\"\"",
      ]
      for last in [end, ""] {
        let read = try table(lines.joined(separator: end) + last)
        #expect(read.inputs.map { $0?.text } == ["a, b", "say \"no\"", "5\" screen", nil])
        #expect(counted(read) == zip(lines, ["n", "0", "1", "2", "3"]).map { "\($0),\($1)\(end)" }.joined())
      }
    }
    // A record of one column may be blank.
    let single = try table("text\n\nb\n")
    #expect(single.inputs.map { $0?.text } == [nil, "b"] && counted(single) == "text,n\n,0\nb,1\n")
    #expect(counted(try table("\n\na,text\n\n1,b\n\n")) == "a,text,n\n1,b,0\n")
    // A CR alone is no line end of RFC 4180.
    #expect(counted(try table("a,text\r1,b\r")) == "a,text,n\n1,b,0\n")
    #expect(counted(try table("\u{FEFF}a,text\n1,b\n")) == "\u{FEFF}a,text,n\n1,b,0\n")
    #expect(try table("text\n").inputs.isEmpty)
  }

  @Test("what is added is quoted where the delimiter, a quote or a line end asks for it")
  func quoting() throws {
    let read = try table("text;x\na;b\n") { $0.delimiter = "semicolon" }
    #expect(
      String(decoding: read.record(0, adding: ["p;q", "say \"r\"", "s\nt", "u,v", ""]), as: UTF8.self)
        == "a;b;\"p;q\";\"say \"\"r\"\"\";\"s\nt\";u,v;\n")
    #expect(read.canHold("p;q"))
  }

  @Test("without a meaning for quotes they stay, none are added, and what needs them cannot be")
  func noQuotes() throws {
    let read = try table("text;x\n\"a;b\n") { ($0.delimiter, $0.quoting) = ("semicolon", .none) }
    #expect(read.inputs.map { $0?.text } == ["\"a"] && counted(read) == "text;x;n\n\"a;b;0\n")
    #expect(String(decoding: read.record(0, adding: ["say \"r\""]), as: UTF8.self) == "\"a;b;say \"r\"\n")
    #expect(read.canHold("say \"r\"") && !read.canHold("p;q") && !read.canHold("s\nt"))
  }

  @Test("several columns are joined as in a corpus; without a header columns have numbers")
  func columns() throws {
    let rows = "a1,b1,c1\n,b2,c2\na3,,\n\" \",,c4\n"
    let joined = try table("subject,body,rest\n" + rows) { $0.text = ["subject", "body"] }
    #expect(joined.inputs.map { $0?.text } == ["a1 b1", "b2", "a3", nil])
    for mark in ["", "\u{FEFF}"] {
      let bare = try table(mark + rows) { ($0.text, $0.hasHeader) = (["3", "1"], false) }
      #expect(bare.inputs.map { $0?.text } == ["c1 a1", "c2", "a3", "c4"])
      #expect(counted(bare) == mark + "a1,b1,c1,0\n,b2,c2,1\na3,,,2\n\" \",,c4,3\n")
    }
  }

  @Test("objects stay as they are written, whatever else they hold")
  func objects() throws {
    let objects = [
      #"{"text": "a", "n1":[1, {"x" : null}]  }"#, #"{}"#, #"{ }"#, #"{"text":null,"e":1.50e+3}"#,
      #"  {"u":"\u00e9 }","text":7} "#,
    ]
    let read = try table(objects.joined(separator: "\n\n")) { $0.format = .jsonl }
    #expect(read.inputs.map { $0?.text } == ["a", nil, nil, nil, "7"])
    #expect(
      counted(read)
        == #"{"text": "a", "n1":[1, {"x" : null}],"n":0}"# + "\n" + #"{"n":1}"# + "\n" + #"{"n":2}"# + "\n"
        + #"{"text":null,"e":1.50e+3,"n":3}"# + "\n" + #"{"u":"\u00e9 }","text":7,"n":4}"# + "\n")
    for blanks in ["", " \t"] {
      let line = "{\"text\":\"a\"}\(blanks)\r\n"
      #expect(counted(try table(line) { $0.format = .jsonl }) == "{\"text\":\"a\",\"n\":0}\r\n")
    }
  }

  @Test("other encodings come back in UTF-8")
  func encodings() throws {
    let latin: [UInt8] = Array("id,text\n".utf8) + [0x31, 0x2C, 0xE9, 0x0A]
    #expect(counted(try table(latin) { $0.encoding = .latin1 }) == "id,text,n\n1,é,0\n")
    let wide: [UInt8] = [0xFF, 0xFE] + "id,text\né,b\n".utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
    #expect(counted(try table(wide) { $0.encoding = .utf16 }) == "id,text,n\né,b,0\n")
  }

  @Test("a row that cannot be read is an error with its line, in whatever column")
  func mistakes() throws {
    #expect(
      message(Array("id,text\n".utf8) + [0xE9, 0x2C, 0x61, 0x0A])
        == "file:2: got 1 malformed of 1 rows (line 2: not UTF-8), expected none, or `encoding: latin-1`")
    #expect(message(Array("id,text\n1,a\n2\n".utf8)).hasPrefix("file:3: got 1 malformed of 2 rows (line 3: 1 field"))
    #expect(message(Array("{\"text\":\"a\"}\n{\n".utf8)) { $0.format = .jsonl }.hasPrefix("file:2: got 1 malformed"))
    #expect(message(Array("id,Text\n1,a\n".utf8)).contains("did you mean `Text`?"))
    #expect(message([]).contains("an empty file"))
  }

  @Test("a name that is there already is found, at its line; others are not")
  func clashes() throws {
    let read = try table("label,text,n\n1,a,2\n")
    #expect(read.clashes(with: ["label", "n", "m"]).map(\.column) == ["label", "n"])
    #expect(read.clashes(with: ["Label", "m"]).isEmpty)
    #expect(
      read.clashes(with: ["n"]).map(\.description)
        == ["file:1: `n`: got a column of a name that is to be added, expected none of that name"])
    let objects = try table("{\"text\":\"a\"}\n{\"text\":{\"n\":1},\"n\":null}\n".replacing("{\"n\":1}", with: "\"n\""))
    {
      $0.format = .jsonl
    }
    #expect(objects.clashes(with: ["n", "text", "m"]).map(\.line) == [1, 2])
    #expect(objects.clashes(with: ["m"]).isEmpty)
    let bare = try table("1,a\n") { ($0.text, $0.hasHeader) = (["2"], false) }
    #expect(bare.clashes(with: ["1"]).isEmpty)
  }
}
