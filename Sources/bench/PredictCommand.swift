import ArgumentParser
import Experiments
import Foundation
import Text

/// `bench predict`: labels texts with a model that a run kept.
struct Predict: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Labels texts with a model that a run kept.",
    discussion: """
      A run keeps the model of every fit in FOLDER.fits beside its results, as FIT-KEY.model. Each line of the input is \
      a text (UTF-8), and each gives one line of JSON, in the same order: label, its probability, and the probabilities \
      of all classes. A line without anything but white space gives the label null. Texts are answered as they arrive, \
      up to 32 at a time; no number depends on the other texts or on the number of threads.
      """)

  @Argument(help: ArgumentHelp("A model that a run kept.", valueName: "model"))
  var model: String

  @Argument(help: ArgumentHelp("A text a line; - is standard input.", valueName: "file"))
  var file = "-"

  @Flag(
    name: .customLong("with-text"),
    help: "Gives each text as well, under the key text, without the personal data that a pattern finds.")
  var withText = false

  @Flag(
    inversion: .prefixedNo, help: "With --with-text: <email>, <phone>, <card> and the like stand for personal data.")
  var anonymise = true

  private static let batch = 32

  func validate() throws {
    if !anonymise, !withText { throw ValidationError("--no-anonymise: expected --with-text with it") }
  }

  func run() throws {
    let predictor = Predictor(try KeptModel.read(model), threads: ProcessInfo.processInfo.activeProcessorCount)
    StandardStream.outlivesReaders()
    var lines = try Console.badInput { try LineStream(path: file) }
    while true {
      let texts = try Console.badInput { try lines.next(Self.batch) }
      if texts.isEmpty { return }
      guard try write(answers(to: texts, predictor)) else { return }
    }
  }

  private func answers(to texts: [String], _ predictor: Predictor) -> String {
    let isBlank = texts.map { $0.unicodeScalars.allSatisfy(\.properties.isWhitespace) }
    var predictions = predictor.predict(zip(texts, isBlank).filter { !$1 }.map(\.0)).makeIterator()
    return zip(texts, isBlank).map { text, isBlank in
      predictor.json(isBlank ? nil : predictions.next(), text: withText ? shown(text) : nil) + "\n"
    }.joined()
  }

  private func shown(_ text: String) -> String { anonymise ? Anonymiser.anonymise(text) : text }

  /// False where nobody reads any more; exit code 2 where it cannot be written.
  private func write(_ text: String) throws -> Bool {
    do { try FileHandle.standardOutput.write(contentsOf: Data(text.utf8)) } catch {
      if FileSystem.number(of: error) == EPIPE { return false }
      Console.errors(["standard output: cannot be written: \(FileSystem.reason(of: error))"])
      throw Exit.badInput
    }
    return true
  }
}
