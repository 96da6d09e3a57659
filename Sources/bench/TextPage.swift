import ArgumentParser
import Files
import Foundation
import Reports
import Text

/// A page with customers' texts, which must not come into a folder that is published.
enum TextPage {
  /// The file of the page, asked before any work.
  ///
  /// Prints what is in the way and throws exit code 2.
  static func url(_ path: String, option: String, besides inputs: [String]) throws -> URL {
    guard path.hasSuffix(".html") else {
      throw ValidationError("\(option): got \(path), expected a file that ends with .html")
    }
    let file = try OutputFile.url(path, besides: inputs)
    var place = file.deletingLastPathComponent()
    while place.path != "/" {
      if OutputFolder.isRun(place.path) {
        Console.errors(["\(option): got \(path), a file in a folder of results, expected one outside: it has texts"])
        throw Exit.badInput
      }
      place.deleteLastPathComponent()
    }
    return file
  }

  /// The runs of a text, nil those that anonymising it alters.
  static func anonymous(_ runs: TextRuns) -> [String?] {
    let kept = TextRuns(Anonymiser.anonymise(runs.text)).all
    var next = 0
    return runs.all.map { run in
      guard let found = kept[next...].firstIndex(of: run) else { return nil }
      next = found + 1
      return run
    }
  }
}
