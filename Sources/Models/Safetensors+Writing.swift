import Foundation
import Text

extension Safetensors {
  /// The bytes of a file that holds these tensors as F32, in this order; metadata by key.
  public static func encoded(_ tensors: [NamedTensor], metadata: [String: String] = [:]) -> [UInt8] {
    var members = [String](), end = 0
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key < $1.key }.map { "\(JSONText.quoted($0.key)):\(JSONText.quoted($0.value))" }
      members.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
    }
    for tensor in tensors {
      let start = end, shape = tensor.shape.map(String.init).joined(separator: ",")
      end += 4 * tensor.values.count
      members.append(
        "\(JSONText.quoted(tensor.name)):{\"dtype\":\"F32\",\"shape\":[\(shape)],\"data_offsets\":[\(start),\(end)]}")
    }
    var header = Array("{\(members.joined(separator: ","))}".utf8)
    // The format asks that the tensors begin at a multiple of 8 bytes.
    while header.count % 8 != 0 { header.append(UInt8(ascii: " ")) }
    var bytes = [UInt8]()
    bytes.reserveCapacity(8 + header.count + end)
    for shift in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: header.count >> (8 * shift))) }
    bytes += header
    for tensor in tensors {
      for value in tensor.values {
        let word = value.bitPattern
        bytes.append(UInt8(truncatingIfNeeded: word))
        bytes.append(UInt8(truncatingIfNeeded: word >> 8))
        bytes.append(UInt8(truncatingIfNeeded: word >> 16))
        bytes.append(UInt8(truncatingIfNeeded: word >> 24))
      }
    }
    return bytes
  }

  /// Writes a file whole or not at all.
  public static func write(_ tensors: [NamedTensor], metadata: [String: String] = [:], to url: URL) throws {
    try Data(encoded(tensors, metadata: metadata)).write(to: url, options: .atomic)
  }
}
