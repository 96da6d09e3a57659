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
      FIT-KEY.model. The new folder holds config.json, vocab.txt, tokenizer_config.json and model.safetensors, and can \
      be a manifest's `pretrained:`. Transformers reads a bert with pooling cls as BertForSequenceClassification; of any \
      other it reads the encoder as BertModel, and config.json says in `bench_pooling` or `bench_head` what stands above \
      it.
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
    if contents.head != nil { return "; head.lstm reads the token vectors, as bench_head in config.json says" }
    if contents.configuration.pooling == .mean { return "; classifier.weight and .bias read the mean of token vectors" }
    return ""
  }
}
