import ArgumentParser
import Experiments
import Foundation
import Manifests

/// `bench validate`: checks manifests and does nothing else.
struct Validate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Checks manifests without running them.",
    discussion: """
      Prints `ok FILE` for each manifest without a mistake. Mistakes go to
      standard error, each with file, line and column, and the exit code is
      then 2. No more than the first 1,000 rows of a data file are read.
      """)

  @Argument(help: "Manifests (YAML).")
  var files: [String]

  @Flag(name: .customLong("without-data"), help: "Leaves data files out: they need not exist.")
  var withoutData = false

  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp(
      "Replaces a value, for example models.bert.layers=4; `*` stands for all entries of a map.",
      valueName: "key.path=value"))
  var overrides: [String] = []

  func run() throws {
    var isFaulty = false
    for file in files {
      let result = ManifestLoader.load(
        file: file, overrides: overrides, environment: ProcessInfo.processInfo.environment, checkFiles: !withoutData)
      switch result {
      case .success:
        Console.line(withoutData ? "ok \(file) (data files left out)" : "ok \(file)")
      case .failure(let errors):
        isFaulty = true
        StandardStream.error.write(errors.description + "\n")
      }
    }
    if isFaulty { throw Exit.badInput }
  }
}
