import ArgumentParser
import Corpora
import Files
import Foundation
import Text

@main
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Compares BERT, LSTM, a hybrid of the two and simpler models on customer messages.",
    discussion: """
      An experiment is a YAML manifest; `bench Experiments/quickstart.yaml` runs one and writes its report under \
      Results. Exit codes: 0 done, 1 a trial failed (of reproduce and selftest: not as demanded), 2 usage, manifest, \
      data, or files that cannot be written (of doctor: an error), 3 a regression was found, 4 something could not be \
      measured, 130 and 143 ended by Ctrl-C or SIGTERM.
      """,
    version: Version.text,
    subcommands: [
      Run.self, InitCommand.self, Validate.self, PlanCommand.self, Predict.self, Export.self, Fetch.self,
      ClaimsCommand.self, AdviseCommand.self, HistoryCommand.self, CompareCommand.self, ReportCommand.self,
      ErrorsCommand.self,
      EvidenceCommand.self,
      LabelsCommand.self, CheckCommand.self, ExplainCommand.self, BiasCommand.self, ReproduceCommand.self,
      NightlyCommand.self,
      DashboardCommand.self, SelftestCommand.self, Schema.self, SpeedCommand.self, DoctorCommand.self,
    ],
    defaultSubcommand: Run.self)

  /// As ArgumentParser's, but a mistake in the usage ends with 2 as every other bad input does, not with its 64.
  static func main() {
    if let mistake = mistypedCommand(CommandLine.arguments.dropFirst().first) {
      Console.errors([mistake])
      exit(withError: Exit.badInput)
    }
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      guard exitCode(for: error) == .validationFailure else { exit(withError: error) }
      StandardStream.error.write(fullMessage(for: error) + "\n")
      exit(withError: Exit.badInput)
    }
  }
}

extension Bench {
  /// What to say of a first word that is neither a command nor a file and nearly a command; the default command would take
  /// it for a manifest.
  private static func mistypedCommand(_ word: String?) -> String? {
    let names = configuration.subcommands.map { $0._commandName }
    guard let word, !word.hasPrefix("-"), !names.contains(word), word != "help",
      !FileManager.default.fileExists(atPath: word), let near = Spelling.nearest(to: word, among: names)
    else { return nil }
    return "\(ClassNames.visible(word)): got neither a command nor a manifest; did you mean `\(near)`?"
  }
}

/// The codes that `bench` ends with.
enum Exit {
  static let trialFailed = ExitCode(1)
  /// Figures that did not come out again, rates that were missed.
  static let notAsDemanded = ExitCode(1)
  static let badInput = ExitCode(2)
}
