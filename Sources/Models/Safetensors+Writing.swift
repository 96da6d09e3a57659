import Foundation
import Text

extension Safetensors {
  /// A tensor of one of the kinds that can be written.
  public struct Tensor: Sendable, Equatable {
    public enum Values: Sendable, Equatable {
      case floats([Float])
      case doubles([Double])
      case integers([Int])
      /// Half the bytes of `integers`.
      case indices([Int32])
      case bytes([UInt8])
    }
    public let name: String
    public let shape: [Int]
    public let values: Values

    public init(_ name: String, _ shape: [Int], _ values: Values) {
      (self.name, self.shape, self.values) = (name, shape, values)
      precondition(shape.reduce(1, *) == count, "tensor \(name): \(count) values for the shape \(shape)")
    }

    /// The same under another name.
    package func named(_ name: String) -> Tensor { Tensor(name, shape, values) }

    private var count: Int {
      switch values {
      case .floats(let values): values.count
      case .doubles(let values): values.count
      case .integers(let values): values.count
      case .indices(let values): values.count
      case .bytes(let values): values.count
      }
    }

    package var element: Element {
      switch values {
      case .floats: .f32
      case .doubles: .f64
      case .integers: .i64
      case .indices: .i32
      case .bytes: .u8
      }
    }

    var byteCount: Int { count * element.size }

    /// Elements of a piece: few enough that a piece is small beside any large tensor.
    private static let pieceCount = 1 << 18

    /// The tensor's bytes from first to last, in pieces, so that a large tensor never stands in memory twice.
    public func eachPiece(_ body: ([UInt8]) throws -> Void) rethrows {
      for start in stride(from: 0, to: count, by: Self.pieceCount) {
        let range = start..<min(start + Self.pieceCount, count)
        var bytes = [UInt8]()
        bytes.reserveCapacity(range.count * element.size)
        switch values {
        case .floats(let values): for value in values[range] { Safetensors.append(value.bitPattern, to: &bytes) }
        case .doubles(let values): for value in values[range] { Safetensors.append(value.bitPattern, to: &bytes) }
        case .integers(let values):
          for value in values[range] { Safetensors.append(UInt64(bitPattern: Int64(value)), to: &bytes) }
        case .indices(let values):
          for value in values[range] { Safetensors.append(UInt32(bitPattern: value), to: &bytes) }
        case .bytes(let values): bytes += values[range]
        }
        try body(bytes)
      }
    }
  }

  /// The bytes of a file that holds these tensors as F32, in this order; metadata by key.
  public static func encoded(_ tensors: [NamedTensor], metadata: [String: String] = [:]) -> [UInt8] {
    encoded(tensors.map(\.tensor), metadata: metadata)
  }

  /// The same for tensors of several kinds. Those of 8-byte elements come first where they are to be aligned.
  public static func encoded(_ tensors: [Tensor], metadata: [String: String] = [:]) -> [UInt8] {
    var bytes = header(of: tensors, metadata: metadata)
    bytes.reserveCapacity(bytes.count + tensors.reduce(0) { $0 + $1.byteCount })
    for tensor in tensors { tensor.eachPiece { bytes += $0 } }
    return bytes
  }

  /// What stands before the tensors' bytes: the header's length, and the header.
  public static func header(of tensors: [Tensor], metadata: [String: String]) -> [UInt8] {
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
    append(UInt64(header.count), to: &bytes)
    return bytes + header
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

  /// Writes a new file, piece by piece, and waits until it is on the disk. A file that stands there is an error.
  public static func write(_ tensors: [NamedTensor], metadata: [String: String] = [:], to url: URL) throws {
    try write(tensors.map(\.tensor), metadata: metadata, to: url)
  }

  /// The same for tensors of several kinds.
  static func write(_ tensors: [Tensor], metadata: [String: String], to url: URL) throws {
    try Data().write(to: url, options: .withoutOverwriting)
    let file = try FileHandle(forWritingTo: url)
    defer { try? file.close() }
    try file.write(contentsOf: Data(header(of: tensors, metadata: metadata)))
    for tensor in tensors { try tensor.eachPiece { try file.write(contentsOf: Data($0)) } }
    try file.synchronize()
  }
}

extension NamedTensor {
  /// As it is written.
  public var tensor: Safetensors.Tensor { Safetensors.Tensor(name, shape, .floats(values)) }
}
