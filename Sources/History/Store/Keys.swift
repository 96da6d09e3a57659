import Experiments
import Foundation

/// What two manifests must share for their runs to be one series: every resolved value and every data file's hash.
enum ManifestVersion {
  /// Hexadecimal digits. Comments, which say where a value stands, do not count, except for the hashes of the data:
  /// moving a line changes nothing, another row of data does.
  static func of(resolvedYAML text: String) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line -> String in
      let (value, comment) = parts(of: line)
      guard let hash = comment.range(of: "sha256 ") else { return value }
      return value + " " + comment[hash.lowerBound...]
    }
    return FileHash.sha256(of: lines.joined(separator: "\n"))
  }

  /// Cuts a line at the ` #` that stands outside quotes.
  private static func parts(of line: Substring) -> (value: String, comment: String) {
    var (isQuoted, isEscaped, afterSpace) = (false, false, false)
    for index in line.indices {
      let character = line[index]
      if isEscaped {
        isEscaped = false
      } else if isQuoted, character == "\\" {
        isEscaped = true
      } else if character == "\"" {
        isQuoted.toggle()
      } else if character == "#", afterSpace, !isQuoted {
        let value = line[..<index].reversed().drop { $0 == " " }.reversed()
        return (String(value), String(line[index...]))
      }
      afterSpace = character == " "
    }
    return (String(line), "")
  }
}

extension MachineFacts {
  /// What two runs must share for their times to be one series: twelve hexadecimal digits of the processor, cores,
  /// memory in GiB, system, BLAS, kernels, compiler and build. No name of a host is in it.
  public var key: String {
    String(FileHash.sha256(of: keyFields.map(\.value).joined(separator: "\n")).prefix(12))
  }

  /// What the key is made of, by name.
  var keyFields: [(name: String, value: String)] {
    [
      ("cpu", cpu), ("cores", "\(cores)"), ("memory", "\((memory + 1 << 29) >> 30) GiB"), ("os", os),
      ("blasVersion", blasVersion), ("blasCore", blasCore), ("blasThreads", "\(blasThreads)"),
      ("kernelISA", kernelISA), ("compiler", compiler), ("buildConfiguration", buildConfiguration),
    ]
  }
}
