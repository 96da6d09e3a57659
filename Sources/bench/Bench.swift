import ArgumentParser

@main
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Compares text classifiers on a CPU, as a manifest declares.",
    subcommands: [Validate.self, Schema.self])
}
