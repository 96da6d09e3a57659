import Foundation
import TestSupport
import Testing

@testable import Models

@Suite struct SafetensorsTests {
  private let tensors = [
    NamedTensor(name: "a", shape: [2, 3], values: [1, -2, 3.5, 0, .infinity, 0x1p-130]),
    NamedTensor(name: "empty", shape: [0, 4], values: []),
    NamedTensor(name: "a \"name\" \\ with é\n", shape: [], values: [7]),
  ]

  /// A file of this header, padded as the format asks, and so many bytes of data.
  private func file(_ header: String, data: Int = 0) -> [UInt8] {
    let length = header.utf8.count
    return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + Array(header.utf8)
      + [UInt8](repeating: 1, count: data)
  }

  @Test("what is written is read again, name by name, from bytes and from a file")
  func roundTrip() throws {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).safetensors")
    defer { try? FileManager.default.removeItem(at: url) }
    try Safetensors.write(tensors, metadata: ["format": "pt", "b": "\u{1}"], to: url)
    for read in [
      try Safetensors(contentsOf: url),
      try Safetensors(bytes: Safetensors.encoded(tensors, metadata: ["b": "\u{1}", "format": "pt"])),
    ] {
      #expect(read.metadata == ["format": "pt", "b": "\u{1}"])
      #expect(read.entries.count == 3)
      for tensor in tensors {
        #expect(read[tensor.name]?.shape == tensor.shape)
        #expect(try read.floats(tensor.name) == tensor.values)
      }
    }
  }

  @Test("integers of four and eight bytes are read again")
  func integers() throws {
    let read = try Safetensors(
      bytes: Safetensors.encoded([
        Safetensors.Tensor("wide", [3], .integers([0, -5, 1 << 40])),
        Safetensors.Tensor("narrow", [2, 2], .indices([0, -1, .max, .min])),
      ]))
    #expect(try read.integers("wide") == [0, -5, 1 << 40])
    #expect(try read.integers("narrow") == [0, -1, Int(Int32.max), Int(Int32.min)])
    #expect(read["narrow"]?.element == .i32 && read["narrow"]?.shape == [2, 2])
  }

  @Test("half and bfloat16 tensors become floats")
  func halves() throws {
    let header =
      #"{"h":{"dtype":"F16","shape":[6],"data_offsets":[0,12]},"b":{"dtype":"BF16","shape":[2],"data_offsets":[12,16]}}"#
    // 1, −2, 65504, the smallest subnormal, infinity, 0.333251953125; 1, −3.140625
    let words: [UInt16] = [0x3C00, 0xC000, 0x7BFF, 0x0001, 0x7C00, 0x3555, 0x3F80, 0xC049]
    let read = try Safetensors(bytes: file(header) + words.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] })
    #expect(try read.floats("h") == [1, -2, 65504, 0x1p-24, .infinity, 0.333251953125])
    #expect(try read.floats("b") == [1, -3.140625])
  }

  @Test("every cut of a file is an error, not a trap")
  func truncated() {
    let whole = Safetensors.encoded(tensors, metadata: ["format": "pt"])
    for length in 0..<whole.count {
      #expect(throws: CheckpointError.self, "cut to \(length)") {
        try Safetensors(bytes: Array(whole[..<length]))
      }
    }
  }

  @Test("every flipped byte of a header is an error or a file that reads without a trap")
  func flipped() throws {
    let whole = Safetensors.encoded(tensors)
    let header = whole.count - 28
    var errors = 0
    for at in 0..<header {
      for flip in [0x01, 0x20, 0x80] as [UInt8] {
        var bytes = whole
        bytes[at] ^= flip
        do {
          let read = try Safetensors(bytes: bytes)
          for entry in read.entries { _ = try? read.floats(entry.name) }
        } catch { errors += 1 }
      }
    }
    #expect(errors > header)
  }

  @Test(
    "malformed headers are errors that say what is wrong",
    arguments: [
      (#"{"a":{"dtype":"F32","shape":[9223372036854775807,9],"data_offsets":[0,4]}}"#, "too large"),
      (#"{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,4]}}"#, "too large"),
      (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, "tensor a"),
      (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, "tensor a"),
      (
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}"#,
        "tensor b"
      ),
      (
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
        "tensor b"
      ),
      (
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
        "tensor a"
      ),
      (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, "tensor a"),
      (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, "the tensors end"),
      (#"{"a":{"dtype":"F32","shape":[100],"data_offsets":[0,400]}}"#, "tensor a"),
      (#"{"a":{"dtype":"F99","shape":[1],"data_offsets":[0,4]}}"#, "tensor a"),
      (#"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, "whole number"),
      (#"{"a":{"dtype":"F32","shape":[1]}}"#, "tensor a"),
      (#"{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, "tensor a"),
      (#"{"a":7}"#, "an object"),
      (#"{"\ud800":{}}"#, "surrogate"),
      (#"[]"#, "an object"),
      (#"{} x"#, "after the closing brace"),
    ])
  func malformed(header: String, says: String) {
    do {
      _ = try Safetensors(bytes: file(header, data: 8))
      Issue.record("read without an error: \(header)")
    } catch {
      #expect(error.description.contains(says), "\(header): \(error)")
    }
  }

  @Test("a header of 200,000 brackets is an error", arguments: ["[", "{\"a\":", "{\"a\":{\"shape\":["])
  func deep(opening: String) {
    let header = String(repeating: opening, count: 200_000)
    #expect(throws: CheckpointError.self) { try Safetensors(bytes: file(header)) }
    #expect(throws: CheckpointError.self) { try Safetensors(bytes: file("{\"a\":" + header)) }
  }

  @Test(
    "a header length beyond the file is an error before memory is taken",
    arguments: [
      UInt64.max, 1 << 63, 1 << 40, 100_000_001, 9,
    ])
  func hugeLength(length: UInt64) {
    let bytes = (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + Array("{}      ".utf8)
    #expect(throws: CheckpointError.self) { try Safetensors(bytes: bytes) }
  }

  @Test("a missing file, a missing tensor and a tensor of another kind are errors that name it")
  func missing() throws {
    #expect(throws: CheckpointError.unreadable("cannot read nothing.safetensors")) {
      try Safetensors(contentsOf: URL(fileURLWithPath: "nothing.safetensors"))
    }
    let read = try Safetensors(bytes: Safetensors.encoded(tensors))
    #expect(throws: CheckpointError.missing(tensor: "x")) { try read.floats("x") }
    #expect(throws: CheckpointError.kind(tensor: "a", got: "F32", expected: "I64 or I32")) { try read.integers("a") }
  }
}
