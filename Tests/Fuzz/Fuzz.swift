import Foundation

// Feeds a reader of files with bytes that libFuzzer (https://llvm.org/docs/LibFuzzer.html) makes up, guided by the code
// that they reach. Its main calls the two functions here; Scripts/fuzz runs it:
//
//     fuzz list                                the readers
//     fuzz seeds FOLDER                        a folder of good files for each reader
//     fuzz READER [libFuzzer's options] CORPUS with FUZZ_TALLY=FILE a file of counts
//     fuzz READER FILE                         reads it once; with FUZZ_SHOW=1 the message of a refusal is shown

/// libFuzzer calls from one thread alone.
nonisolated(unsafe) private var session: Session?

/// Takes the reader's name off the arguments.
@_cdecl("LLVMFuzzerInitialize") public func begin(
  _ count: UnsafeMutablePointer<Int32>, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafePointer<CChar>?>>
) -> Int32 {
  let texts = CommandLine.arguments
  switch texts.dropFirst().first {
  case "list":
    print(Reader.allCases.map(\.rawValue).joined(separator: "\n"))
    exit(0)
  case "seeds" where texts.count == 3:
    do { try Seeds.write(to: URL(fileURLWithPath: texts[2])) } catch { fatalError("no seeds: \(error)") }
    exit(0)
  case let name?:
    guard let reader = Reader(rawValue: name) else { fallthrough }
    do { session = try Session(reader) } catch { fatalError("no folder to work in: \(error)") }
    atexit { session?.end() }
    arguments.pointee[1] = arguments.pointee[0]
    arguments.pointee += 1
    count.pointee -= 1
    return 0
  default:
    print("usage: fuzz list | seeds FOLDER | READER [OPTION…] [CORPUS]")
    exit(2)
  }
}

@_cdecl("LLVMFuzzerTestOneInput") public func read(_ data: UnsafePointer<UInt8>?, _ size: Int) -> Int32 {
  session?.take([UInt8](UnsafeBufferPointer(start: data, count: size)))
  return 0
}

/// One reader, its folder and its counts.
private struct Session {
  let reader: Reader
  let folder: URL
  var tally = Tally()
  private let shows = ProcessInfo.processInfo.environment["FUZZ_SHOW"] != nil

  init(_ reader: Reader) throws {
    self.reader = reader
    let root = ProcessInfo.processInfo.environment["FUZZ_FOLDER"] ?? NSTemporaryDirectory()
    folder = URL(fileURLWithPath: root).appendingPathComponent("fuzz-\(ProcessInfo.processInfo.processIdentifier)")
    try reader.prepare(folder)
  }

  func end() {
    tally.write()
    try? FileManager.default.removeItem(at: folder)
  }

  mutating func take(_ bytes: [UInt8]) {
    do {
      try reader.read(bytes, in: folder)
      tally.count(isAccepted: true)
    } catch {
      let message = "\(error)"
      if shows { print(message) }
      precondition(message.utf8.count > 10, "a rejection that says nothing: \(message)")
      tally.count(isAccepted: false)
    }
  }
}

/// How many inputs were read, and how many refused; written now and then, since a crash ends without notice.
private struct Tally {
  private var accepted = 0, rejected = 0
  private let path = ProcessInfo.processInfo.environment["FUZZ_TALLY"]
  private var last = ContinuousClock.now

  mutating func count(isAccepted: Bool) {
    if isAccepted { accepted += 1 } else { rejected += 1 }
    guard (accepted + rejected) % 16 == 0, ContinuousClock.now - last > .seconds(1) else { return }
    last = .now
    write()
  }

  func write() {
    guard let path else { return }
    try? Data("{\"accepted\": \(accepted), \"rejected\": \(rejected)}\n".utf8).write(to: URL(fileURLWithPath: path))
  }
}
