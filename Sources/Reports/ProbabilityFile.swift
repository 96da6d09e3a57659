import Foundation
import Records

/// `probabilities.f32`: one line of JSON, then the numbers.
///
/// The header is `{"format":"bench-probabilities","order":"little","rows":N,"trials":[…],"type":"float32","version":1}`
/// and a line feed; each trial is `{"classes":[…],"rows":n,"trial":"…"}`. After the line feed come the trials in this
/// order, but for those of models that give no probabilities, each as n rows of one little-endian IEEE 754 Float32 for each of its classes. The rows are those of
/// predictions.csv, in its order. Where a row has several labels each has its own probability; numbers are not here.
enum ProbabilityFile {
  private struct Header: Encodable {
    struct Trial: Encodable {
      var classes: [String]
      var rows: Int
      var trial: String
    }
    var format = "bench-probabilities"
    var order = "little"
    var rows: Int
    var trials: [Trial]
    var type = "float32"
    var version = 1
  }

  static func bytes(of records: [TrialRecord]) -> [UInt8] {
    let records = records.filter { $0.status == .ok && $0.outcome.hasProbabilities }
    let header = Header(
      rows: records.reduce(0) { $0 + $1.ids.count },
      trials: records.map { Header.Trial(classes: $0.classes, rows: $0.ids.count, trial: $0.trial) })
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var bytes = Array((try? encoder.encode(header)) ?? Data("{}".utf8))
    bytes.append(UInt8(ascii: "\n"))
    bytes.reserveCapacity(bytes.count + 4 * records.reduce(0) { $0 + $1.outcome.probabilities.count })
    for record in records {
      for value in record.outcome.probabilities {
        let bits = value.bitPattern
        bytes.append(UInt8(truncatingIfNeeded: bits))
        bytes.append(UInt8(truncatingIfNeeded: bits >> 8))
        bytes.append(UInt8(truncatingIfNeeded: bits >> 16))
        bytes.append(UInt8(truncatingIfNeeded: bits >> 24))
      }
    }
    return bytes
  }
}
