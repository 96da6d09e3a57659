import ArgumentParser
import Experiments
import Foundation
import Models

/// `bench export`: a model that a run kept, as a Hugging Face folder.
struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Saves a model that a run kept as a Hugging Face folder.",
    discussion: """
      For the kinds bert and bert-lstm. A run keeps the model of every fit in FOLDER.fits beside its results, as \
      FIT-KEY.model. The new folder holds config.json, vocab.txt, tokenizer_config.json, model.safetensors and \
      bench_model.py, and can be a manifest's `pretrained:`. `python bench_model.py TEXT` answers as bench predict does, \
      with torch and transformers installed. Transformers itself reads a bert with pooling cls as \
      BertForSequenceClassification; any other it reads with trust_remote_code alone, through bench_model.py.
      """)

  @Argument(help: ArgumentHelp("A model that a run kept.", valueName: "model"))
  var model: String

  @Argument(help: ArgumentHelp("The folder to write; it must not exist.", valueName: "folder"))
  var folder: String

  func run() throws {
    let contents: BERTCheckpoint.Contents
    do { contents = try KeptModel.read(model).checkpoint() } catch let error as CheckpointError {
      Console.errors(["\(model): \(error)"])
      throw Exit.badInput
    }
    guard !FileManager.default.fileExists(atPath: folder) else {
      Console.errors(["\(folder): got a name that is taken, expected that of a new folder"])
      throw Exit.badInput
    }
    do { try BERTCheckpoint.write(contents, to: URL(fileURLWithPath: folder)) } catch {
      Console.errors(["\(folder): cannot be written: \(FileSystem.reason(of: error))"])
      throw Exit.badInput
    }
    Console.line("\(folder): \(contents.architecture), \(contents.labels.count) classes\(note(contents))")
    if !contents.steps.isEmpty {
      Console.line(
        "before the tokenizer, which Transformers does not do: \(contents.steps.joined(separator: ", "))")
    }
  }

  private func note(_ contents: BERTCheckpoint.Contents) -> String {
    if contents.head == nil, contents.configuration.pooling == .cls { return "" }
    let above = contents.head == nil ? "mean of the token vectors" : "LSTM above them"
    return "; \(BERTCheckpoint.loaderName) has the \(above), which Transformers does not"
  }
}
