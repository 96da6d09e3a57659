import Hashing
import Foundation
import TestSupport
import Testing

@testable import Fetching

/// What servers answer that is not the file, and where files are asked for.
extension FetcherTests {
  @Test("redirects are followed, busy servers asked again, missing files named, servers that stay busy given up")
  func servers() throws {
    var behaviour = good
    behaviour.redirects = ["t": "/elsewhere"]
    behaviour.files["elsewhere"] = words
    behaviour.files["t"] = nil
    behaviour.failures = [503, 429]
    try withServer(behaviour) { server, fetcher in
      try fetch(entry(server), with: fetcher)
      #expect(bytes("tiny/words.txt") == words)
    }
    behaviour = good
    behaviour.files["t"] = nil
    try withServer(behaviour) { server, fetcher in
      #expect(throws: FetchError.missing(address: server.url("t"))) { try fetcher.fetch(entry(server)) }
    }
    behaviour.failures = [500, 500, 500, 500, 500]
    try withServer(behaviour) { server, fetcher in
      #expect(throws: FetchError.status(address: server.url("w"), code: 500)) { try fetcher.fetch(entry(server)) }
      #expect(server.requests.count == 4)
    }
    behaviour.failures = [403]
    try withServer(behaviour) { server, fetcher in
      #expect(throws: FetchError.status(address: server.url("w"), code: 403)) { try fetcher.fetch(entry(server)) }
      #expect(server.requests.count == 1)
    }
  }

  @Test("an answer without the file is an error, whatever its status; a part is taken up, and never for the whole")
  func notTheFile() throws {
    let empty = "Content-Length: 0\r\nConnection: close\r\n\r\n"
    for code in [301, 302, 307, 204, 300] {
      var behaviour = good
      behaviour.answers = ["w": "HTTP/1.1 \(code) Odd\r\n" + empty]
      try withServer(behaviour, trusts: true) { server, fetcher in
        #expect(throws: FetchError.status(address: server.url("w"), code: code)) {
          try fetcher.fetch(entry(server, isHashed: false))
        }
        #expect(bytes("tiny/part/weights") == nil && bytes(LockFile.name) == nil, "\(code)")
      }
    }
    var behaviour = good
    behaviour.partial = 5
    try withServer(behaviour) { server, fetcher in
      try fetch(entry(server), with: fetcher)
      #expect(bytes("tiny/part/weights") == weights && bytes("tiny/words.txt") == words)
    }
    // Without a hash and a tag nothing says that the rest is of the same file.
    try withServer(behaviour, trusts: true) { server, fetcher in
      let failure = #expect(throws: FetchError.self) { try fetcher.fetch(entry(server, isHashed: false)) }
      #expect(failure?.description.hasSuffix("the connection ended at byte 5 of 300000") == true)
      #expect(bytes("tiny/part/weights") == nil && bytes(LockFile.name) == nil)
    }
    for range in ["", "Content-Range: bytes 0-3/*\r\n", "Content-Range: bytes 4-7/8\r\n"] {
      behaviour = good
      behaviour.answers = ["w": "HTTP/1.1 206 Partial Content\r\n\(range)" + empty]
      try withServer(behaviour, trusts: true) { server, fetcher in
        let failure = #expect(throws: FetchError.self) { try fetcher.fetch(entry(server, isHashed: false)) }
        #expect(failure?.description.contains("expected those from 0 with the size of the file") == true)
      }
    }
  }

  @Test("a mirror's scheme may have capitals; IPv6's numbers are refused in plain words")
  func spellings() throws {
    var behaviour = LoopbackServer.Behaviour()
    behaviour.files = ["m/models/tiny/part/weights": weights, "m/models/tiny/words.txt": words]
    try withServer(behaviour) { server, _ in
      let place = "HTTP" + server.url("m").dropFirst(4)
      try fetch(entry(server), with: Fetcher(root: root, source: try Fetcher.mirror(place)))
      #expect(bytes("tiny/part/weights") == weights)
    }
    #expect(throws: FetchError.ipv6(address: "http://[::1]:80/m")) { try Fetcher.mirror("http://[::1]:80/m") }
    #expect(throws: FetchError.ipv6(address: "https://[2001:db8::1]/m")) {
      try Fetcher.mirror("https://[2001:db8::1]/m")
    }
    behaviour = good
    behaviour.redirects = ["w": "http://[::1]:80/w"]
    try withServer(behaviour) { server, fetcher in
      #expect(throws: FetchError.ipv6(address: "http://[::1]:80/w")) { try fetcher.fetch(entry(server)) }
    }
  }

  @Test("a mirror is a folder, a file URL or a web address with the same folders")
  func mirrors() throws {
    let mirror = FileManager.default.temporaryDirectory.appendingPathComponent("mirror-\(UUID().uuidString)")
    let folder = mirror.appendingPathComponent("models/tiny/part")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: mirror) }
    try Data(weights).write(to: folder.appendingPathComponent("weights"))
    try Data(words).write(to: mirror.appendingPathComponent("models/tiny/words.txt"))
    var behaviour = LoopbackServer.Behaviour()
    behaviour.files = ["m/models/tiny/part/weights": weights, "m/models/tiny/words.txt": words]
    for place in [mirror.path, mirror.absoluteString, ""] {
      try withServer(behaviour) { server, _ in
        let fetcher = Fetcher(root: root, source: try Fetcher.mirror(place.isEmpty ? server.url("m") : place))
        try fetch(entry(server, hasOptional: true), with: fetcher)
        #expect(bytes("tiny/part/weights") == weights && bytes("tiny/words.txt") == words)
        #expect(server.requests.isEmpty == !place.isEmpty)
      }
    }
    let missing = FetchError.missing(address: mirror.appendingPathComponent("models/tiny/words.txt").path)
    try FileManager.default.removeItem(at: mirror.appendingPathComponent("models/tiny/words.txt"))
    try withServer(behaviour) { server, _ in
      let fetcher = Fetcher(root: root, source: try Fetcher.mirror(mirror.path))
      #expect(throws: missing) { try fetcher.fetch(entry(server)) }
    }
    #expect(throws: FetchError.mirror("ftp://x")) { try Fetcher.mirror("ftp://x") }
    #expect(throws: FetchError.mirror("no/folder")) { try Fetcher.mirror("no/folder") }
  }
}
