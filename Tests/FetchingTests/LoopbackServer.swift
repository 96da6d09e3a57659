import Foundation
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A small HTTP server on 127.0.0.1 for tests: files by path, ranges, and the ways in which servers fail.
final class LoopbackServer: Sendable {
  struct Behaviour: Sendable {
    var files: [String: [UInt8]] = [:]
    /// Path → where it is.
    var redirects: [String: String] = [:]
    var takesRanges = true
    /// Path → a whole answer that is none as it should be.
    var answers: [String: String] = [:]
    /// Answers without a range have so many bytes, as a part.
    var partial: Int?
    /// Of all files.
    var tag: String?
    /// The connection ends after this many bytes of a body; once for each number.
    var cuts: [Int] = []
    /// Statuses that come before the first good answer.
    var failures: [Int] = []
  }

  struct Request: Sendable, Equatable {
    var path: String
    var range: String?
    /// If-Range.
    var tag: String?
  }

  let port: UInt16
  private let socket: Int32
  private let state: Mutex<(behaviour: Behaviour, requests: [Request])>

  init(_ behaviour: Behaviour) throws {
    #if canImport(Glibc)
      socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #else
      socket = Darwin.socket(AF_INET, SOCK_STREAM, 0)
    #endif
    state = Mutex((behaviour, []))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let listener = socket
    let bound = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        bind(listener, pointer, size) == 0 && listen(listener, 16) == 0 && getsockname(listener, pointer, &size) == 0
      }
    }
    guard bound else { throw POSIXError(.EADDRINUSE) }
    port = UInt16(bigEndian: address.sin_port)
    Thread.detachNewThread { [self] in
      while true {
        let connection = accept(listener, nil, nil)
        guard connection >= 0 else { break }
        answer(connection)
        shutdown(connection, Int32(SHUT_RDWR))
        close(connection)
      }
      close(listener)
    }
  }

  /// The thread that accepts ends, and closes the socket: nobody else takes its number before.
  func stop() { shutdown(socket, Int32(SHUT_RDWR)) }

  var requests: [Request] { state.withLock { $0.requests } }
  func url(_ path: String) -> String { "http://127.0.0.1:\(port)/\(path)" }

  private func answer(_ connection: Int32) {
    var received = [UInt8](), buffer = [UInt8](repeating: 0, count: 4096)
    while !String(decoding: received, as: UTF8.self).contains("\r\n\r\n") {
      let count = recv(connection, &buffer, buffer.count, 0)
      guard count > 0 else { return }
      received += buffer[..<count]
    }
    let lines = String(decoding: received, as: UTF8.self).split(separator: "\r\n").map(String.init)
    let path = String((lines.first?.split(separator: " ").dropFirst().first ?? "/").dropFirst())
    func field(_ name: String) -> String? {
      lines.first { $0.lowercased().hasPrefix(name + ":") }.map {
        String($0.dropFirst(name.count + 1)).trimmingCharacters(in: .whitespaces)
      }
    }
    let (head, body) = response(Request(path: path, range: field("range"), tag: field("if-range")))
    send(connection, Array(head.utf8))
    send(connection, body)
  }

  private func response(_ request: Request) -> (head: String, body: [UInt8]) {
    state.withLock { state in
      state.requests.append(request)
      func plain(_ status: String, _ more: String = "") -> (String, [UInt8]) {
        ("HTTP/1.1 \(status)\r\n\(more)Content-Length: 0\r\nConnection: close\r\n\r\n", [])
      }
      if !state.behaviour.failures.isEmpty { return plain("\(state.behaviour.failures.removeFirst()) Failure") }
      if let answer = state.behaviour.answers[request.path] { return (answer, []) }
      if let target = state.behaviour.redirects[request.path] { return plain("302 Found", "Location: \(target)\r\n") }
      guard let file = state.behaviour.files[request.path] else { return plain("404 Not Found") }
      var status = "200 OK", extra = "", body = file
      let isSame = request.tag == nil || request.tag == state.behaviour.tag
      if state.behaviour.takesRanges, isSame, let start = request.range.flatMap({ Int($0.dropFirst(6).dropLast()) }) {
        guard start < file.count else { return plain("416 Range Not Satisfiable") }
        body = Array(file[start...])
        status = "206 Partial Content"
        extra = "Content-Range: bytes \(start)-\(file.count - 1)/\(file.count)\r\n"
      }
      if request.range == nil, let count = state.behaviour.partial {
        body = Array(file.prefix(count))
        status = "206 Partial Content"
        extra = "Content-Range: bytes 0-\(count - 1)/\(file.count)\r\n"
      }
      if let tag = state.behaviour.tag { extra += "ETag: \(tag)\r\n" }
      let head = "HTTP/1.1 \(status)\r\n\(extra)Content-Length: \(body.count)\r\nConnection: close\r\n\r\n"
      let cut = state.behaviour.cuts.isEmpty ? body.count : min(state.behaviour.cuts.removeFirst(), body.count)
      return (head, Array(body[..<cut]))
    }
  }

  private func send(_ connection: Int32, _ bytes: [UInt8]) {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes { pointer in
        #if canImport(Glibc)
          Glibc.send(connection, pointer.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
        #else
          Darwin.send(connection, pointer.baseAddress! + sent, bytes.count - sent, 0)
        #endif
      }
      guard count > 0 else { return }
      sent += count
    }
  }
}
