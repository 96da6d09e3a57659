import ArgumentParser
import Experiments
import Foundation
import Reports
import Speed

struct SpeedCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "speed", abstract: "Measures how fast the models answer and train on this machine.",
    discussion: """
      Rows have the names and the meaning of Scripts/peers/torch_speed.py, so that PyTorch can be measured beside them: \
      -query is text in, label out; -forward token ids in, probabilities out; -train forward, backward, clipping and \
      AdamW's step; batches of 32. GFLOP/s counts 2·m·n·k for every product; "of peak" is that over threads times the \
      best one-thread sgemm at the model's shapes. Weights are random: their values do not change the time.
      """)

  @Flag(help: "One JSON object a line.")
  var json = false

  @Option(
    parsing: .upToNextOption, help: ArgumentHelp("Numbers of threads (default: 1 and the cores).", valueName: "n"))
  var threads: [Int] = []

  @Option(help: ArgumentHelp("Timed batches of a row.", valueName: "n"))
  var rounds = 7

  @Option(
    help: ArgumentHelp(
      "A BERT folder with config.json and vocab.txt (default: MiniLM-L6's shape, a tokenizer trained on the texts).",
      valueName: "folder"))
  var checkpoint: String?

  @Option(
    help: ArgumentHelp(
      "Texts: CSV or TSV with a column `text`, or a text a line (default: the built-in corpus).", valueName: "file"))
  var text: String?

  @Option(parsing: .upToNextOption, help: ArgumentHelp("Only these rows.", valueName: "name"))
  var only: [String] = []

  func validate() throws {
    if let wrong = threads.first(where: { !(1...256 ~= $0) }) {
      throw ValidationError("--threads: got \(wrong), expected whole numbers from 1 to 256")
    }
    if !(1...10_000 ~= rounds) { throw ValidationError("--rounds: got \(rounds), expected from 1 to 10000") }
  }

  func run() throws {
    let texts = try Console.badInput { try SpeedTexts(checkpoint: checkpoint, file: text) }
    var rows = SpeedRow.all(encoder: texts.encoder, vocabulary: texts.vocabulary)
    let unknown = only.filter { name in !rows.contains { $0.name == name } }
    guard unknown.isEmpty else {
      Console.errors(
        unknown.map { "--only: got \($0), expected one of \(rows.map(\.name).joined(separator: ", "))" })
      throw Exit.badInput
    }
    if !only.isEmpty { rows = rows.filter { only.contains($0.name) } }
    let cores = ProcessInfo.processInfo.activeProcessorCount
    let counts = threads.isEmpty ? (cores > 1 ? [1, cores] : [1]) : threads
    let widths = [22, 7, 7, 9, 9, 9, 8, 7]
    func line(_ cells: [String]) -> String {
      zip(cells, widths).enumerated().map { index, cell in
        let padding = String(repeating: " ", count: max(0, cell.1 - cell.0.count))
        return index == 0 ? cell.0 + padding : padding + cell.0
      }.joined(separator: "  ")
    }
    if !json { Console.line(line(SpeedMeasurement.head)) }
    for count in counts {
      SpeedRun(texts: texts, rounds: rounds).measure(rows, threads: count) { measurement in
        // At once, also into a pipe.
        Console.line(json ? measurement.json(peer: "bench \(Version.text)") : line(measurement.cells))
      }
    }
  }
}
