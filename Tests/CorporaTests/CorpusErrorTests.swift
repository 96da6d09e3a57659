import Compute
import Testing

@testable import Corpora

@Suite("CorpusError")
struct CorpusErrorTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func declaration(_ paths: [String], _ change: (inout FileSource) -> Void = { _ in }) -> CorpusDeclaration {
    var source = FileSource()
    source.files = paths.map { FileSource.File(path: $0) }
    change(&source)
    return CorpusDeclaration(name: "c", task: "t", domains: [DomainDeclaration(name: "d", source: .files(source))])
  }

  /// The errors of the declaration, which stand beside what could be read or are thrown.
  private func errors(_ paths: [String], _ change: (inout FileSource) -> Void = { _ in }) -> [CorpusError] {
    let declaration = declaration(paths, change)
    let checked = CorpusReader.outcome(of: declaration, seed: 0).errors
    do throws(CorpusErrors) {
      _ = try CorpusReader.read(declaration, seed: 1)
      #expect(checked.isEmpty)
      return []
    } catch {
      #expect(checked == error.errors)
      return error.errors
    }
  }

  @Test("A missing file, a folder, an empty file and one of white space are told apart")
  func files() throws {
    let empty = try folder.write("empty.csv", "")
    let blank = try folder.write("blank.csv", "\u{FEFF} \n\r\n")
    let found = errors(["\(folder.path)/none.csv", folder.path, empty, blank])
    #expect(found.map(\.kind) == [.missingFile, .unreadable, .emptyFile, .emptyFile])
    #expect(found[0].description == "\(folder.path)/none.csv: got no such file, expected a readable file")
    #expect(found.map(\.found) == ["no such file", "a folder", "an empty file", "a file of white space"])
  }

  @Test("A missing column is located, with the nearest spelling and the columns that exist")
  func column() throws {
    let path = try folder.write("rows.csv", "utterance,lable,x\na,b,c\n")
    let found = errors([path]) { $0.text = ["uterance"] }
    #expect(found.map(\.kind) == [.missingColumn, .missingColumn])
    #expect(found.map(\.column) == ["uterance", "label"])
    #expect(found.map(\.suggestion) == ["utterance", "lable"])
    #expect(
      found[1].description
        == "\(path):1: `label`: got no such column, expected one of `utterance`, `lable` and 1 more, or `header: false` where the first line is a message, with columns by number; did you mean `lable`?"
    )
  }

  @Test("What stands in place of a header is not quoted, a class short and anonymised: it may be a message")
  func quoted() throws {
    let message = "Please call me on +44 20 7946 0958 or write to jo@example.com because my card was stolen again"
    let path = try folder.write("rows.csv", "\(message),x\nand another message,y\n")
    // The temporary folder's random name may hold any digits.
    let found = errors([path]).map { $0.description.replacing(folder.path, with: "") }
    #expect(found.count == 2 && found[0].contains("the first line has 2 columns"))
    #expect(found.allSatisfy { !$0.contains("0958") && !$0.contains("jo@") && !$0.contains("stolen") })
    #expect(ClassNames.list([(message, 1)]) == "`Please… (78 characters)` (1)")
  }

  @Test("Binary noise is reported with its line, in every format", arguments: FileSource.Format.allCases)
  func binary(format: FileSource.Format) throws {
    var random = Random(seed: 8, stream: "noise")
    let noise = (0..<4_096).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    let path = try folder.write("noise.bin", Array("text,label\n".utf8) + noise)
    let found = errors([path]) {
      $0.format = format
      $0.files[0].label = "x"
    }
    #expect(found.map(\.kind) == [.notText])
    #expect(found.first?.line != nil)
    #expect(found.first?.found == "binary data (a NUL byte)")
  }

  @Test("UTF-16 and a header that is not UTF-8 are named")
  func encodings() throws {
    let utf16 = try folder.write("a.csv", [0xFF, 0xFE] + Array("t".utf8) + [0])
    let latin = try folder.write("b.csv", Array("text,label,".utf8) + [0xE9, 0x0A] + Array("a,b,c\n".utf8))
    let found = errors([utf16, latin])
    #expect(found.map(\.kind) == [.notText, .notText])
    #expect(found.map(\.found) == ["UTF-16", "a header that is not UTF-8"])
  }

  @Test("Malformed rows are counted with their lines; more than the allowed share of them is an error")
  func malformed() throws {
    let rows = (0..<200).map { $0 == 57 ? "broken" : $0 == 120 ? "a,b,c" : "text \($0),\($0 % 2)" }
    let path = try folder.write("rows.csv", "text,label\n" + rows.joined(separator: "\n"))
    let found = errors([path])
    #expect(found.isEmpty, "2 of 200 is a share of 0.01")
    let corpus = try CorpusReader.read(declaration([path]), seed: 1)
    #expect(corpus.domains[0].reading.malformed.map(\.line) == [59, 122])
    #expect(corpus.domains[0].examples.count == 198)
    let strict = errors([path]) { $0.malformedShare = 0.005 }
    #expect(strict.map(\.kind) == [.malformed])
    #expect(strict.first?.line == 59)
    #expect(
      strict.first?.found
        == "2 malformed of 200 rows (line 59: 1 field where the header has 2; line 122: 3 fields where the header has 2)"
    )
  }

  @Test("No rows left and a single class are errors of the domain")
  func rows() throws {
    let path = try folder.write("rows.csv", "text,label\na,x\nb,x\n")
    #expect(errors([path]).map(\.kind) == [.tooFewClasses])
    #expect(errors([path]).first?.found == "only the class `x`")
    let none = errors([path]) { $0.dropLabels = ["x"] }
    #expect(none.map(\.kind) == [.noRows])
    #expect(none.first?.found.contains("2 dropped by label") == true)
    let header = errors([try folder.write("header.csv", "text,label\n")])
    #expect(header.map(\.kind) == [.noRows] && header[0].found == "no rows below the header")
  }

  @Test("All mistakes of a declaration are reported together, in its order")
  func together() throws {
    let good = try folder.write("good.csv", "text,label\na,x\nb,y\n")
    let wrong = try folder.write("wrong.csv", "txt,label\na,x\n")
    let noColumn = try folder.write("lines.csv", "text\na\n")
    let found = errors([wrong, "\(folder.path)/none.csv", good, good, noColumn]) { $0.cap = 0 }
    #expect(found.map(\.kind) == [.invalidSetting, .missingColumn, .missingFile, .invalidSetting, .missingColumn])
    #expect(found.map(\.column) == ["cap", "text", nil, nil, "label"])
  }

  @Test("Formats with fixed columns have no group, slice or filter; plain lines need a class a file")
  func fixedColumns() throws {
    let path = try folder.write("x.txt", "a\nb\n")
    #expect(errors([path]) { $0.format = .lines }.map(\.kind) == [.missingColumn])
    let found = errors([path]) {
      $0.format = .lines
      $0.files[0].label = "x"
      $0.group = "talk"
      $0.dropWhere = ["source": ["d"]]
    }
    #expect(found.map(\.column) == ["talk", "source"])
  }

  @Test("The generator's dials are checked")
  func generator() {
    var settings = GeneratorSettings()
    settings.rows = 0
    settings.order = 1.5
    settings.typos = .nan
    let declaration = CorpusDeclaration(
      name: "c", task: "t", domains: [DomainDeclaration(name: "d", source: .generated(settings))])
    let found = CorpusReader.outcome(of: declaration, seed: 0).errors
    #expect(found.map(\.column) == ["rows", "typos", "order"])
    #expect(found.allSatisfy { $0.kind == .invalidSetting })
  }
}
