import ArgumentParser
import Foundation
import Storage

/// A model that a run kept, named on the command line.
enum KeptModel {
  /// Prints what is wrong with the file and throws exit code 2 where it is no model.
  static func read(_ path: String) throws -> ModelFile {
    do { return try ModelFile(contentsOf: URL(fileURLWithPath: path)) } catch {
      Console.errors(["\(path): \(error); expected a model that a run kept" + kept(in: path)])
      throw Exit.badInput
    }
  }

  /// A model of classes that reads texts alone; prints what it is else, and throws exit code 2.
  static func ofTexts(_ path: String) throws -> Predictor {
    let file = try read(path)
    let mistake =
      file.model.shape.problem != .classification
      ? "a model of `problem: \(file.model.shape.problem.rawValue)`, expected one of classes"
      : !file.model.columns.isEmpty ? "a model that reads columns, expected one of texts alone" : nil
    if let mistake {
      Console.errors(["\(path): got \(mistake)"])
      throw Exit.badInput
    }
    return Predictor(file, threads: ProcessInfo.processInfo.activeProcessorCount)
  }

  /// The models beside or in a folder, for whom names the folder.
  private static func kept(in folder: String) -> String {
    let url = URL(fileURLWithPath: folder)
    // Of results behind a link, the fits stand beside what it points to.
    for place in [folder, url.relativePath + ".fits", url.resolvingSymlinksInPath().path + ".fits"] {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []
      let models = names.filter { $0.hasSuffix(".model") }.sorted()
      if !models.isEmpty { return ", as these in \(place):\n  " + models.joined(separator: "\n  ") }
    }
    return " (FOLDER.fits/*.model)"
  }

  /// What two models are called beside one another: the names that their files have after the fit, `A` and `B` where these
  /// are the same; `model` of one alone.
  static func names(_ paths: [String]) -> [String] {
    guard paths.count > 1 else { return ["model"] }
    let names = paths.map { path in
      let file = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
      let name = file.split(separator: ".").last.map(String.init) ?? file
      return name.replacing(/-[0-9a-f]{16}$/, with: "")
    }
    return Set(names).count == names.count && !names.contains("") ? names : ["A", "B"]
  }
}
