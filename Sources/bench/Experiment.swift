import Analysis
import ArgumentParser
import Corpora
import Doctor
import Execution
import Files
import Foundation
import Manifests
import Planning
import Records
import Reports
import Storage

/// A manifest read, its corpora read, its plan made: all that can go wrong before any work. `bench validate` is this and
/// nothing else, so that it finds what a run finds.
struct Experiment {
  /// What it is read for.
  enum Purpose {
    /// To be looked at, or measured without results.
    case looking
    /// To run on this machine, so many fits side by side, into a folder; `Results/NAME` where nil.
    case running(output: String?, jobs: Int)
  }

  var loaded: LoadedManifest
  var plan: Plan
  /// The files that a run reads; none where it is only looked at.
  var inputs: [RunResult.Input] = []

  var corpora: [Corpus] { loaded.corpora }
  /// A domain for each source of unlabelled texts; nil where there are none.
  var unlabelled: Corpus? { loaded.unlabelled }

  /// - Parameter manifest: the loaded one, or one that differs in what neither the rows nor their division depend on.
  func runner(
    _ manifest: Manifest? = nil, jobs: Int, store: FitStore? = nil, stop: StopRequest = StopRequest()
  ) -> Runner {
    Runner(
      manifest: manifest ?? loaded.manifest, corpora: corpora, unlabelled: unlabelled, plan: plan, jobs: jobs,
      store: store, stop: stop)
  }

  /// With the unlabelled texts, for what asks for files alone.
  var allCorpora: [Corpus] { corpora + (unlabelled.map { [$0] } ?? []) }

  /// Prints every error and throws exit code 2 where there are any.
  ///
  /// - Parameter text: what stands in `file`, where that has been read already.
  init(
    file: String, text: String? = nil, overrides: [String], for purpose: Purpose = .looking,
    progress: Execution.Progress
  ) throws {
    func refuse(_ errors: String) -> ExitCode {
      progress.end()
      StandardStream.error.write(errors + "\n")
      return Exit.badInput
    }
    switch ManifestLoader.load(
      file: file, text: text, overrides: overrides, environment: ProcessInfo.processInfo.environment, checkFiles: true,
      reading: { progress.stage("reading \($0)") })
    {
    case .success(let loaded): self.loaded = loaded
    case .failure(let errors):
      throw refuse(([errors.description] + FetchAdvice.lines(for: errors.errors)).joined(separator: "\n"))
    }
    progress.stage("dividing the rows")
    Preflight.chooseSeeds(&loaded)
    var errors: [String] = []
    var plan: Plan?
    switch Preflight.plan(loaded) {
    case .success(let made):
      plan = made
      errors += Preflight.errors(loaded, plan: made).map(\.description)
    case .failure(let found): errors.append(found.description)
    }
    if case .running(let output, _) = purpose {
      do { try OutputFolder.check(OutputFolder.url(output, experiment: loaded.manifest.name)) } catch {
        errors.append("error: \(error)")
      }
      do {
        inputs = try RunResult.Input.inputs(
          of: loaded.manifest, corpora: loaded.corpora + (loaded.unlabelled.map { [$0] } ?? []))
      } catch { errors.append("error: \(error)") }
    }
    if case .running(_, let jobs) = purpose, let plan {
      let runner = Runner(
        manifest: loaded.manifest, corpora: loaded.corpora, unlabelled: loaded.unlabelled, plan: plan, jobs: jobs)
      errors += runner.sizeErrors.map { "error: \($0)" }
    }
    guard let plan, errors.isEmpty else { throw refuse(errors.joined(separator: "\n")) }
    self.plan = plan
    loaded.warnings += loaded.located(DataWarning.all(corpora, plan: plan))
  }

  /// Refuses fits that this machine's memory cannot hold side by side.
  func checkSizes(_ progress: Execution.Progress, jobs: Int) throws {
    let errors = runner(jobs: jobs).sizeErrors
    guard errors.isEmpty else {
      progress.end()
      Console.errors(errors)
      throw Exit.badInput
    }
  }
}

extension Runner {
  /// Fits that this machine's memory cannot hold side by side.
  fileprivate var sizeErrors: [String] { memoryErrors(for: Double(MachineSource().memory)) }
}

/// Where messages for people go.
enum Console {
  static func errors(_ messages: [String]) { write("error", messages) }
  static func warnings(_ messages: [String]) { write("warning", messages) }

  private static func write(_ kind: String, _ messages: [String]) {
    for message in messages { StandardStream.error.write("\(kind): \(message)\n") }
  }

  /// What is allowed in a manifest and its data, and likely a mistake.
  static func warnings(of manifest: LoadedManifest) {
    for warning in manifest.warnings { StandardStream.error.write(warning.warning + "\n") }
  }

  static func warning(_ message: String) { warnings([message]) }

  /// Why fits failed, each reason once and whole, quiet or not: what they gave is missing from every figure.
  static func failures(_ records: [TrialRecord]) {
    var reasons: [String] = [], fits: [String: [String]] = [:]
    for record in records where record.status == .failed {
      let reason = record.failure ?? "no reason given"
      if fits[reason] == nil { reasons.append(reason) }
      if fits[reason]?.last != record.fit { fits[reason, default: []].append(record.fit) }
    }
    errors(
      reasons.map { reason in
        let names = fits[reason] ?? []
        return (names.first ?? "") + (names.count > 1 ? " and \(names.count - 1) more fits" : "") + ": " + reason
      })
  }

  /// A line of standard output.
  static func line(_ text: String) { StandardStream.output.write(text + "\n") }

  /// Turns an error into its message, with `note` as a warning behind it, and exit code 2.
  static func badInput<T>(
    _ progress: Execution.Progress? = nil, note: String? = nil, _ body: () throws -> T
  ) throws -> T {
    do { return try body() } catch {
      progress?.end()
      errors(["\(error)"])
      if let note { warning(note) }
      throw Exit.badInput
    }
  }
}

extension TerminalSummary.Style {
  /// For standard output as it is.
  static var standardOutput: TerminalSummary.Style {
    TerminalSummary.Style(
      isTerminal: Terminal.isTerminal(STDOUT_FILENO), width: Terminal.width(STDOUT_FILENO),
      environment: ProcessInfo.processInfo.environment)
  }
}
