import Foundation
import Text

extension Safetensors {
  /// A tensor of one of the kinds that can be written.
  public struct Tensor: Sendable, Equatable {
    public enum Values: Sendable, Equatable {
      case floats([Float])
      case doubles([Double])
      case integers([Int])
      case bytes([UInt8])
    }
    public let name: String
    public let shape: [Int]
    public let values: Values

    public init(_ name: String, _ shape: [Int], _ values: Values) {
      (self.name, self.shape, self.values) = (name, shape, values)
      precondition(shape.reduce(1, *) == count, "tensor \(name): \(count) values for the shape \(shape)")
    }

    private var count: Int {
      switch values {
      case .floats(let values): values.count
      case .doubles(let values): values.count
      case .integers(let values): values.count
      case .bytes(let values): values.count
      }
    }

    var element: Element {
      switch values {
      case .floats: .f32
      case .doubles: .f64
      case .integers: .i64
      case .bytes: .u8
      }
    }

    var byteCount: Int { count * element.size }

    func append(to bytes: inout [UInt8]) {
      switch values {
      case .floats(let values): for value in values { Safetensors.append(value.bitPattern, to: &bytes) }
      case .doubles(let values): for value in values { Safetensors.append(value.bitPattern, to: &bytes) }
      case .integers(let values):
        for value in values { Safetensors.append(UInt64(bitPattern: Int64(value)), to: &bytes) }
      case .bytes(let values): bytes += values
      }
    }
  }

  /// The bytes of a file that holds these tensors as F32, in this order; metadata by key.
  public static func encoded(_ tensors: [NamedTensor], metadata: [String: String] = [:]) -> [UInt8] {
    encoded(tensors.map { Tensor($0.name, $0.shape, .floats($0.values)) }, metadata: metadata)
  }

  /// The same for tensors of several kinds. Those of 8-byte elements come first where they are to be aligned.
  public static func encoded(_ tensors: [Tensor], metadata: [String: String] = [:]) -> [UInt8] {
    var members = [String](), end = 0
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key < $1.key }.map { "\(JSONText.quoted($0.key)):\(JSONText.quoted($0.value))" }
      members.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
    }
    for tensor in tensors {
      let start = end, shape = tensor.shape.map(String.init).joined(separator: ",")
      end += tensor.byteCount
      members.append(
        "\(JSONText.quoted(tensor.name)):{\"dtype\":\"\(tensor.element.rawValue)\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(start),\(end)]}")
    }
    var header = Array("{\(members.joined(separator: ","))}".utf8)
    // The format asks that the tensors begin at a multiple of 8 bytes.
    while header.count % 8 != 0 { header.append(UInt8(ascii: " ")) }
    var bytes = [UInt8]()
    bytes.reserveCapacity(8 + header.count + end)
    append(UInt64(header.count), to: &bytes)
    bytes += header
    for tensor in tensors { tensor.append(to: &bytes) }
    return bytes
  }

  private static func append(_ word: UInt32, to bytes: inout [UInt8]) {
    bytes.append(UInt8(truncatingIfNeeded: word))
    bytes.append(UInt8(truncatingIfNeeded: word >> 8))
    bytes.append(UInt8(truncatingIfNeeded: word >> 16))
    bytes.append(UInt8(truncatingIfNeeded: word >> 24))
  }

  private static func append(_ word: UInt64, to bytes: inout [UInt8]) {
    append(UInt32(truncatingIfNeeded: word), to: &bytes)
    append(UInt32(truncatingIfNeeded: word >> 32), to: &bytes)
  }

  /// Writes a file whole or not at all.
  public static func write(_ tensors: [NamedTensor], metadata: [String: String] = [:], to url: URL) throws {
    try Data(encoded(tensors, metadata: metadata)).write(to: url, options: .atomic)
  }
}
