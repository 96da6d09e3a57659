import ArgumentParser
import Corpora
import Files
import Foundation
import Manifests
import Reports

/// `bench init`: a manifest from files.
struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Looks at files of messages and writes a manifest that runs as it is.",
    discussion: """
      Finds how the files are written (separator, encoding, header, JSON Lines, a label file beside a text file, a file a \
      class, official parts by their names), which column is the text and which the label, and says in comments what was \
      found, left out and taken for granted. Several files are one corpus; those in folders of their own are a domain \
      each. No text of a row is printed. Files that do not have one label a text give no manifest but a line that says \
      what they are, and exit code 2.
      """)

  @Argument(help: "Files of messages that belong together.")
  var files: [String]

  @Option(help: ArgumentHelp("The column of the texts: its name, or its number.", valueName: "column"))
  var text: String?

  @Option(help: ArgumentHelp("The column of the labels: its name, or its number.", valueName: "column"))
  var label: String?

  @Option(
    name: .shortAndLong, help: ArgumentHelp("Where the manifest goes (default: standard output).", valueName: "file"))
  var output: String?

  @Flag(help: "Replaces an existing manifest.")
  var force = false

  func validate() throws {
    if force, output == nil { throw ValidationError("--force: expected --output with it") }
  }

  func run() throws {
    let file = try output.map { try OutputFile.url($0, besides: files) }
    if let output, !force, FileManager.default.fileExists(atPath: output) || FileSystem.isLink(output) {
      Console.errors(["--output: \(output) is there already; `--force` replaces it"])
      throw Exit.badInput
    }
    let survey: CorpusSurvey
    do throws(CorpusSurvey.Refusal) {
      survey = try CorpusSurvey(files: files.map(Self.fromHere), text: text, label: label)
    } catch {
      Console.errors(error.sentences)
      throw Exit.badInput
    }
    let manifest: String
    let starter = StarterManifest(survey)
    switch starter.text(command: "bench init") {
    case .success(let text): manifest = text
    case .failure(let failure):
      Console.errors(["\(files[0]): texts with labels, but nothing to compare models on: \(failure.reason)"])
      throw Exit.badInput
    }
    guard let output, let file else { return StandardStream.output.write(manifest) }
    if let failure = FileSystem.save(Array(manifest.utf8), to: file) {
      Console.errors(["--output: \(output) cannot be written: \(failure)"])
      throw Exit.badInput
    }
    Console.line(starter.found)
    Console.line("wrote \(output); next: bench validate \(output)")
  }

  /// A path below the working folder as it is from there: an absolute one would tie the manifest to this machine.
  private static func fromHere(_ path: String) -> String {
    let here = FileManager.default.currentDirectoryPath + "/"
    guard let start = [here, "./"].first(where: { path.hasPrefix($0) }) else { return path }
    return String(path.dropFirst(start.count).drop { $0 == "/" })
  }
}
