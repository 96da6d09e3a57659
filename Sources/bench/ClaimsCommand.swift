import Analysis
import ArgumentParser
import Claims
import Corpora
import Files
import Foundation
import Measurement
import Reports
import Text

/// `bench claims FILE`: published claims against stored results.
struct ClaimsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "claims", abstract: "Rules on published claims from stored results.",
    discussion: """
      FILE says what is claimed, which runs have the results, and what quantity decides (Experiments/study/claims.yaml). \
      Verdicts, intervals and sentences follow from the stored predictions alone; nothing is trained, no data are read. With \
      --write they become the ledger: ledger.md, ledger.html and tables in Results/NAME. Without, they are held against the \
      ledger that stands there. With --planted the command says of each test how often it comes to the right verdict where \
      the truth is planted: below 80 % it is toothless. Exit codes: 0 done, 1 the ledger does not follow from the results, \
      2 usage, or files that cannot be read or written.
      """)

  @Argument(help: ArgumentHelp("The file of claims.", valueName: "file"))
  var file: String

  @Option(
    name: .shortAndLong, help: ArgumentHelp("Where the ledger stands (default: Results/NAME).", valueName: "folder"))
  var output: String?

  @Flag(help: "Writes the ledger.")
  var write = false

  @Flag(help: "How often each test comes to the right verdict.")
  var planted = false

  @Flag(name: .shortAndLong, help: "No verdicts.")
  var quiet = false

  func run() throws {
    let claims: ClaimsFile
    switch ClaimsFile.load(file: file) {
    case .success(let read): claims = read
    case .failure(let errors):
      StandardStream.error.write("\(errors)\n")
      throw Exit.badInput
    }
    var runs: [String: RunResult] = [:], origins: [String: ClaimsLedger.Origin] = [:]
    for run in claims.runs where OutputFolder.isRun(run.results) {
      let result = try Console.badInput {
        try PublishedRun(
          folder: run.results, environment: ProcessInfo.processInfo.environment, isAnalysed: false
        ).result
      }
      runs[run.name] = result
      origins[run.name] = try Console.badInput { try origin(of: result, in: run.results, claims) }
    }
    let ruling = ClaimsRuling(claims, runs: runs)
    let ledger = ClaimsLedger(ruling, origins: origins)
    if !quiet {
      for line in ClaimsListing(ruling, isPlanted: planted, style: .standardOutput).lines { Console.line(line) }
    }
    let folder = output ?? "Results/\(claims.name)"
    if write { try save(ledger, in: folder) } else { try check(ledger, in: folder) }
  }

  // MARK: Where results come from

  private func origin(
    of result: RunResult, in folder: String, _ claims: ClaimsFile
  ) throws -> ClaimsLedger.Origin {
    let files = try ["predictions.csv.gz", "test-rows.csv.gz", "measured.json"].map {
      try FileHash.sha256(of: URL(fileURLWithPath: "\(folder)/\($0)")).sha256
    }
    let parts = [result.manifestHash] + files + result.inputs.map(\.sha256)
    let commit = result.machine.dirty == true ? nil : result.machine.commit
    return ClaimsLedger.Origin(
      hash: FileHash.sha256(of: parts.joined(separator: "\n")), commit: commit,
      fixedBefore: commit.flatMap { fixed(before: $0, claims) })
  }

  /// Claims whose tests were then as they are now; nil where the repository does not tell.
  private func fixed(before commit: String, _ claims: ClaimsFile) -> Set<String>? {
    let url = URL(fileURLWithPath: file).standardizedFileURL
    let folder = url.deletingLastPathComponent().path
    guard Machine.git(["cat-file", "-e", "\(commit)^{commit}"], in: folder) != nil else { return nil }
    // No such file then: no claim was fixed.
    guard let text = Machine.git(["show", "\(commit):./\(url.lastPathComponent)"], in: folder),
      case .success(let then) = ClaimsFile.load(text: text, name: file)
    else { return [] }
    return claims.unchanged(since: then)
  }

  // MARK: The ledger

  private func save(_ ledger: ClaimsLedger, in folder: String) throws {
    let directory = URL(fileURLWithPath: folder).resolvingSymlinksInPath()
    var reason = FileSystem.makeFolder(directory.path)
    // The table that a check reads comes last.
    for file in ledger.files where reason == nil {
      reason = FileSystem.save(file.bytes, to: directory.appendingPathComponent(file.name))
    }
    if let reason {
      Console.errors(["\(folder): cannot be written: \(reason)"])
      throw Exit.badInput
    }
    Console.line("ledger: \(folder)/\(ClaimsLedger.markdown)")
  }

  private func check(_ ledger: ClaimsLedger, in folder: String) throws {
    func stored(_ name: String) -> [UInt8]? {
      (try? Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)"))).map { [UInt8]($0) }
    }
    guard stored(ClaimsLedger.table) != nil else {
      Console.line("no ledger in \(folder): --write makes it")
      return
    }
    let differing = try Console.badInput { try ledger.differences(from: stored) }
    guard !differing.isEmpty else {
      Console.line("the ledger in \(folder) follows from the results")
      return
    }
    Console.errors(differing.map { "\(folder)/\($0)" })
    Console.warning("--write makes it anew")
    throw Exit.notAsDemanded
  }
}
