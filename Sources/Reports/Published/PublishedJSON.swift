import Analysis
import Foundation
import Records

/// The JSON files of a run's folder.
package enum PublishedJSON {
  /// In a fixed order of keys, numbers with the fewest digits that read back as the same; each of the outermost members,
  /// and each item of one that is a list, on a line of its own.
  static func bytes(_ value: some Encodable) -> [UInt8] { inLines(encoded(value, [])) + [UInt8(ascii: "\n")] }

  /// The same with each member on a line of its own, however deep.
  static func indented(_ value: some Encodable) -> [UInt8] { encoded(value, .prettyPrinted) + [UInt8(ascii: "\n")] }

  private static func encoded(_ value: some Encodable, _ formatting: JSONEncoder.OutputFormatting) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, formatting]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    // Strings, integers and finite or named numbers: nothing here that JSON cannot say.
    return Array((try? encoder.encode(value)) ?? Data("{}".utf8))
  }

  /// - Throws: where it goes wrong, in words: `trials.3.seed: …`.
  package static func decode<Value: Decodable>(_ type: Value.Type, _ bytes: [UInt8]) throws(PublishedJSONError) -> Value
  {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    do { return try decoder.decode(type, from: Data(bytes)) } catch {
      throw PublishedJSONError(error)
    }
  }

  private static func inLines(_ bytes: [UInt8]) -> [UInt8] {
    var lines: [UInt8] = []
    lines.reserveCapacity(bytes.count + bytes.count / 64)
    var open: [UInt8] = [], isText = false, isEscaped = false
    for byte in bytes {
      if isText {
        lines.append(byte)
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
          isText = false
        }
        continue
      }
      switch byte {
      case UInt8(ascii: "\""): isText = true
      case UInt8(ascii: "{"), UInt8(ascii: "["): open.append(byte)
      case UInt8(ascii: "}"), UInt8(ascii: "]"): _ = open.popLast()
      default: break
      }
      lines.append(byte)
      let isItem = open.count == 1 || open.count == 2 && open[1] == UInt8(ascii: "[")
      if byte == UInt8(ascii: ","), isItem { lines.append(UInt8(ascii: "\n")) }
    }
    return lines
  }
}

/// Why a JSON file cannot be read.
package struct PublishedJSONError: Error, Equatable {
  package let reason: String

  init(_ error: any Error) {
    func place(_ path: [any CodingKey]) -> String {
      path.isEmpty ? "" : path.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".") + ": "
    }
    switch error {
    case DecodingError.keyNotFound(let key, let context):
      reason = place(context.codingPath + [key]) + "got nothing, expected a value"
    case DecodingError.valueNotFound(_, let context): reason = place(context.codingPath) + "got null, expected a value"
    case DecodingError.typeMismatch(let type, let context):
      reason = place(context.codingPath) + "got another kind of value, expected \(type)"
    case DecodingError.dataCorrupted(let context) where !context.codingPath.isEmpty:
      reason = place(context.codingPath) + "got a value that is none of those known"
    default: reason = "it is not the JSON that bench writes"
    }
  }
}

/// machine.json: the facts, and how long the run took.
package struct MachineFile: Codable {
  package var machine: MachineFacts
  package var elapsedSeconds: Double
  package var timingWarnings: [String]

  init(_ result: RunResult) {
    (machine, elapsedSeconds, timingWarnings) = (result.machine, result.elapsedSeconds, result.timingWarnings)
  }
}
