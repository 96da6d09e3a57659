import Foundation

/// JSON that is the same for equal values, and keeps every number to the bit.
public enum StoredJSON {
  private static let (infinity, minus, nan) = ("inf", "-inf", "nan")

  /// Keys in order; numbers that are none as `inf`, `-inf` and `nan`.
  public static func encode(_ value: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: infinity, negativeInfinity: minus, nan: nan)
    do { return String(decoding: try encoder.encode(value), as: UTF8.self) } catch {
      preconditionFailure("\(type(of: value)) cannot be JSON: \(error)")
    }
  }

  /// - Throws: `DecodingError` where the text is no such value.
  public static func decode<Value: Decodable>(_ type: Value.Type, from json: String) throws -> Value {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: infinity, negativeInfinity: minus, nan: nan)
    return try decoder.decode(type, from: Data(json.utf8))
  }
}
