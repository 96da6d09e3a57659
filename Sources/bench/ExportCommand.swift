import ArgumentParser
import Families
import Files
import Foundation
import Models

/// `bench export`: a model that a run kept, for other programs.
struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Saves a model that a run kept as a folder for Python.",
    discussion: """
      For networks and linear models of n-grams. A run keeps the model of every fit in FOLDER.fits beside its results, as \
      FIT-KEY.model. The new folder holds config.json, model.safetensors and bench_model.py: `python bench_model.py TEXT` \
      answers as bench predict does.

      Models of n-grams and networks over words need NumPy for it. bert and bert-lstm need torch and transformers: theirs \
      is a Hugging Face folder of the encoder's architecture with its tokenizer's files, which can be a manifest's \
      `pretrained:`. Transformers itself reads a bert with pooling cls by its class for sequence classification; any \
      other it reads with trust_remote_code alone, through bench_model.py.
      """)

  @Argument(help: ArgumentHelp("A model that a run kept.", valueName: "model"))
  var model: String

  @Argument(help: ArgumentHelp("The folder to write; it must not exist.", valueName: "folder"))
  var folder: String

  func run() throws {
    let export: ModelExport
    do { export = try KeptModel.read(model).export() } catch let error as CheckpointError {
      Console.errors(["\(model): \(error)"])
      throw Exit.badInput
    }
    guard !FileManager.default.fileExists(atPath: folder) else {
      Console.errors(["\(folder): got a name that is taken, expected that of a new folder"])
      throw Exit.badInput
    }
    let place = URL(fileURLWithPath: folder)
    do {
      switch export {
      case .checkpoint(let contents): try BERTCheckpoint.write(contents, to: place)
      case .numPy(let contents): try contents.write(to: place)
      }
    } catch {
      Console.errors(["\(folder): cannot be written: \(FileSystem.reason(of: error))"])
      throw Exit.badInput
    }
    switch export {
    case .checkpoint(let contents):
      say("\(contents.architecture), \(contents.labels.count) classes\(note(contents))")
      if !contents.steps.isEmpty {
        Console.line(
          "before the tokenizer, which Transformers does not do: \(contents.steps.joined(separator: ", "))")
      }
    case .numPy(let contents):
      say("\(contents.kind), \(contents.labels.count) classes, for NumPy")
    }
  }

  private func say(_ text: String) { Console.line("\(folder): \(text)") }

  private func note(_ contents: BERTCheckpoint.Contents) -> String {
    if contents.isTransformers { return "" }
    let above = contents.head == nil ? "mean of the token vectors" : "LSTM above them"
    return "; \(BERTCheckpoint.loaderName) has the \(above), which Transformers does not"
  }
}
