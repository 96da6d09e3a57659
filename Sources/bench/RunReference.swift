import ArgumentParser
import Files
import Foundation
import History

/// What a user calls a run: a folder of results, the number of a recorded run, or a commit.
struct RunReference {
  var text: String

  /// The run, or a commit's latest run of each experiment; a folder first, since its name may look like anything.
  func runs(in location: HistoryLocation) throws -> [StoredRun] {
    if FileSystem.isFolder(text) { return [try Console.badInput { try ResultFolder.read(text) }] }
    let store = try location.open()
    return try Console.badInput {
      if let number = Int64(text), let run = try store.run(number: number) { return [run] }
      let isHash = text.count >= 4 && text.allSatisfy { $0.isHexDigit }
      let found = isHash ? try store.runs(commit: text.lowercased()).filter { $0.roll == 0 } : []
      var latest: [StoredRun] = []
      for run in found.reversed() where !latest.contains(where: { $0.experiment == run.experiment }) {
        latest.append(run)
      }
      guard !latest.isEmpty else { throw Unknown(text: text) }
      return latest.reversed()
    }
  }

  /// The one run that it names.
  func run(in location: HistoryLocation) throws -> StoredRun {
    let found = try runs(in: location)
    guard found.count == 1 else {
      let names = found.map(\.experiment).joined(separator: ", ")
      Console.errors(["\(text): got a commit with runs of \(names), expected one run: give its number or folder"])
      throw Exit.badInput
    }
    return found[0]
  }

  private struct Unknown: Error, CustomStringConvertible {
    var text: String
    var description: String {
      "\(text): got neither the number of a recorded run, nor a commit that ran, nor a folder of results"
    }
  }
}
