import ArgumentParser
import Corpora
import Doctor
import Experiments
import Foundation
import Manifests
import Reports

/// A manifest read, its corpora read, its plan made: all that can go wrong before any work.
struct Experiment {
  var loaded: LoadedManifest
  var corpora: [Corpus]
  /// A domain for each source of unlabelled texts; nil where there are none.
  var unlabelled: Corpus?
  var plan: Plan

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
  init(file: String, text: String? = nil, overrides: [String], progress: Experiments.Progress) throws {
    switch ManifestLoader.load(
      file: file, text: text, overrides: overrides, environment: ProcessInfo.processInfo.environment, checkFiles: true)
    {
    case .success(let loaded): self.loaded = loaded
    case .failure(let errors):
      progress.end()
      StandardStream.error.write(errors.description + "\n")
      throw Exit.badInput
    }
    corpora = []
    var errors: [String] = []
    for declaration in loaded.manifest.corpora {
      progress.stage("reading \(declaration.name)")
      do {
        corpora.append(try CorpusReader.read(declaration, seed: loaded.manifest.seed))
      } catch {
        errors.append("\(error)")
      }
    }
    if let declaration = loaded.manifest.unlabelled {
      progress.stage("reading unlabelled texts")
      do { unlabelled = try CorpusReader.read(declaration, seed: loaded.manifest.seed) } catch {
        errors.append("\(error)")
      }
    }
    guard errors.isEmpty else {
      progress.end()
      Console.errors(errors)
      throw Exit.badInput
    }
    do {
      plan = try Plan(manifest: loaded.manifest, corpora: corpora)
    } catch {
      progress.end()
      Console.errors(["\(file): \(error)"])
      throw Exit.badInput
    }
  }

  /// Refuses fits that this machine's memory cannot hold side by side.
  func checkSizes(_ progress: Experiments.Progress, jobs: Int) throws {
    let tooLarge = runner(jobs: jobs).memoryErrors(for: Double(MachineSource().memory))
    guard tooLarge.isEmpty else {
      progress.end()
      Console.errors(tooLarge)
      throw Exit.badInput
    }
  }
}

/// Where messages for people go.
enum Console {
  static func errors(_ messages: [String]) { write("error", messages) }
  static func warnings(_ messages: [String]) { write("warning", messages) }

  private static func write(_ kind: String, _ messages: [String]) {
    for message in messages { StandardStream.error.write("\(kind): \(message)\n") }
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
    _ progress: Experiments.Progress? = nil, note: String? = nil, _ body: () throws -> T
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
