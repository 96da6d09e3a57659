import Compute
import Foundation
import Records

/// Reads what kind of machine this is: the key under which two timings may be compared.
public enum Machine {
  public static func facts() -> MachineFacts {
    var facts = MachineFacts()
    facts.cpu = field("model name", in: "/proc/cpuinfo") ?? "unknown"
    facts.cores = ProcessInfo.processInfo.activeProcessorCount
    facts.memory = Int(clamping: ProcessInfo.processInfo.physicalMemory)
    facts.os = operatingSystem
    facts.blasVersion = BLAS.version
    facts.blasCore = BLAS.coreName
    facts.kernelISA = Kernels.isa
    facts.compiler = compiler
    facts.buildConfiguration = buildConfiguration
    (facts.commit, facts.dirty, facts.branch) = checkout
    return facts
  }

  private static func field(_ name: String, in file: String) -> String? {
    guard let text = try? String(contentsOfFile: file, encoding: .utf8) else { return nil }
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 1)
      if parts.count == 2, parts[0].trimmingCharacters(in: .whitespaces) == name {
        return parts[1].trimmingCharacters(in: .whitespaces)
      }
    }
    return nil
  }

  private static var operatingSystem: String {
    let release = try? String(contentsOfFile: "/etc/os-release", encoding: .utf8)
    for line in release?.split(separator: "\n") ?? [] where line.hasPrefix("PRETTY_NAME=") {
      return line.dropFirst("PRETTY_NAME=".count).trimmingCharacters(in: CharacterSet(charactersIn: "\""))
    }
    return ProcessInfo.processInfo.operatingSystemVersionString
  }

  private static var compiler: String {
    #if compiler(>=6.4)
      "Swift 6.4 or newer"
    #elseif compiler(>=6.3)
      "Swift 6.3"
    #else
      "Swift 6.2"
    #endif
  }

  private static var buildConfiguration: String {
    #if DEBUG
      "debug (our targets with -O)"
    #else
      "release"
    #endif
  }

  /// The checkout that the executable was built in, where there is one.
  private static var checkout: (hash: String?, dirty: Bool?, branch: String?) {
    let folder = URL(fileURLWithPath: Bundle.main.executablePath ?? ".").deletingLastPathComponent().path
    guard let hash = git(["rev-parse", "HEAD"], in: folder) else { return (nil, nil, nil) }
    return (
      hash, git(["status", "--porcelain", "--untracked-files=no"], in: folder)?.isEmpty == false,
      git(["symbolic-ref", "--short", "--quiet", "HEAD"], in: folder)
    )
  }

  /// What git prints; nil where there is none, or it fails.
  package static func git(_ arguments: [String], in folder: String) -> String? {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["git", "-C", folder] + arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return nil }
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { return nil }
    return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
