import Files
import Foundation
import Manifests
import Records

/// Names a manifest: every resolved value and every data file's hash. What makes a series is less: `ManifestChange`.
enum ManifestVersion {
  /// Hexadecimal digits. Comments, which say where a value stands, do not count, except for the hashes of the data:
  /// moving a line changes nothing, another row of data does.
  static func of(resolvedYAML text: String) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line -> String in
      let (value, comment) = ResolvedManifest.parts(ofLine: line)
      guard let hash = comment.range(of: "sha256 ") else { return String(value) }
      return value + " " + comment[hash.lowerBound...]
    }
    return FileHash.sha256(of: lines.joined(separator: "\n"))
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
