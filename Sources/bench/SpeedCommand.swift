import ArgumentParser
import Files
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

  @Flag(help: "How time grows with length, batch and width, one at a time, instead of the rows; some minutes.")
  var growth = false

  @Flag(help: "How the time of reading grows with a file's bytes, each reader on what is hardest for it, instead.")
  var readers = false

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Only these rows (with --growth: bert-train-length; with --readers: csv-lost-quotes; and the like).",
      valueName: "name"))
  var only: [String] = []

  func validate() throws {
    if let wrong = threads.first(where: { !(1...256 ~= $0) }) {
      throw ValidationError("--threads: got \(wrong), expected whole numbers from 1 to 256")
    }
    if growth, readers { throw ValidationError("--growth and --readers: expected one of them") }
    if !(1...10_000 ~= rounds) { throw ValidationError("--rounds: got \(rounds), expected from 1 to 10000") }
  }

  func run() throws {
    if readers { return try measureReaders() }
    let texts = try Console.badInput { try SpeedTexts(checkpoint: checkpoint, file: text) }
    let rows = SpeedRow.all(encoder: texts.encoder, vocabulary: texts.vocabulary)
    let growths = growth ? Growth.all(encoder: texts.encoder, vocabulary: texts.vocabulary) : []
    let names = growth ? growths.map(\.name) : rows.map(\.name)
    try checkOnly(names)
    let cores = ProcessInfo.processInfo.activeProcessorCount
    let counts = threads.isEmpty ? (cores > 1 ? [1, cores] : [1]) : threads
    if !json { Console.line(line(SpeedMeasurement.head)) }
    let run = SpeedRun(texts: texts, rounds: rounds)
    for count in counts {
      if growth {
        for growth in growths where isWanted(growth.name) { measure(growth, run, threads: count) }
      } else {
        run.measure(rows.filter { isWanted($0.name) }, threads: count, report: show)
      }
    }
  }

  private func isWanted(_ name: String) -> Bool { only.isEmpty || only.contains(name) }

  private func checkOnly(_ names: [String]) throws {
    let unknown = only.filter { !names.contains($0) }
    guard unknown.isEmpty else {
      Console.errors(unknown.map { "--only: got \($0), expected one of \(names.joined(separator: ", "))" })
      throw Exit.badInput
    }
  }

  private func measureReaders() throws {
    try checkOnly(ReaderGrowth.all.map(\.name))
    for reader in ReaderGrowth.all where isWanted(reader.name) {
      var times: [(size: Double, time: Double)] = []
      try reader.measure(rounds: rounds) { bytes, milliseconds in
        times.append((Double(bytes), milliseconds))
        let time = String(format: "%.1f", milliseconds)
        Console.line(
          json
            ? "{\"reader\": \"\(reader.name)\", \"bytes\": \(bytes), \"milliseconds\": \(time)}"
            : "\(reader.name): \(bytes) bytes in \(time) ms")
      }
      guard let exponent = Growth.exponent(times) else { continue }
      let power = String(format: "%.2f", exponent)
      Console.line(
        json
          ? "{\"growth\": \"\(reader.name)\", \"exponent\": \(power)}"
          : "\(reader.name): time grows as bytes to the \(power)")
    }
  }

  private func measure(_ growth: Growth, _ run: SpeedRun, threads: Int) {
    var medians: [Double] = []
    run.measure(growth.rows.map(\.row), threads: threads) {
      medians.append($0.median)
      show($0)
    }
    let values = growth.rows.map(\.value)
    guard let exponent = Growth.exponent(zip(values, medians).map { (Double($0), $1) }), let first = values.first,
      let last = values.last
    else { return }
    let power = String(format: "%.2f", exponent)
    Console.line(
      json
        ? "{\"growth\": \"\(growth.name)\", \"threads\": \(threads), \"exponent\": \(power)}"
        : "\(growth.name): time grows as \(growth.size.rawValue) to the \(power) from \(first) to \(last)")
  }

  /// At once, also into a pipe.
  private func show(_ measurement: SpeedMeasurement) {
    Console.line(json ? measurement.json(peer: "bench \(Version.text)") : line(measurement.cells))
  }

  private func line(_ cells: [String]) -> String {
    zip(cells, [24, 7, 7, 9, 9, 9, 8, 7]).enumerated().map { index, cell in
      let padding = String(repeating: " ", count: max(0, cell.1 - cell.0.count))
      return index == 0 ? cell.0 + padding : padding + cell.0
    }.joined(separator: "  ")
  }
}
