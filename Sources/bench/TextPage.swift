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
    return try outside(
      try OutputFile.url(path, besides: inputs), path, option: option, reason: "it has texts")
  }

  /// The file, where it is in no folder of results; prints why not, and throws exit code 2.
  static func outside(_ file: URL, _ path: String, option: String, reason: String) throws -> URL {
    var place = file.deletingLastPathComponent()
    while place.path != "/" {
      if OutputFolder.isRun(place.path) {
        Console.errors(["\(option): got \(path), a file in a folder of results, expected one outside: \(reason)"])
        throw Exit.badInput
      }
      place.deleteLastPathComponent()
    }
    return file
  }

  /// The runs of a text, nil those that anonymising it alters.
  static func anonymous(_ runs: TextRuns) -> [String?] {
    var shown = runs.all.map(Optional.some)
    for change in TextRuns(Anonymiser.anonymise(runs.text)).all.difference(from: runs.all).removals {
      if case .remove(let place, _, _) = change { shown[place] = nil }
    }
    return shown
  }
}
