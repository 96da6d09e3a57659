import ArgumentParser
import Corpora
import Files
import Foundation
import Manifests
import Tasks

/// Rows of a file that are a text, with a class where a column has one.
struct TextRows: Sendable {
  struct Row {
    var id: String
    var text: String
    var label: String?
    /// Of the columns asked for; nil where a cell is blank.
    var cells: [String?]
  }

  let rows: [Row]

  /// Prints what is wrong with the file and throws exit code 2.
  ///
  /// - Parameters:
  ///   - path: of a table or JSON Lines.
  ///   - text: the column or key of the text.
  ///   - label: that of the class; nil where none is read.
  ///   - known: the classes of the model, of which one at least is to stand there.
  ///   - columns: others that are read.
  init(_ path: String, text: String, label: String?, known: [String], columns: [String] = []) throws {
    guard let format = FileSource.Format(endingOf: path), [.csv, .tsv, .jsonl].contains(format) else {
      throw ValidationError("--rows: got \(path), expected a file that ends with .csv, .tsv or .jsonl")
    }
    var source = FileSource()
    source.files = [FileSource.File(path: path)]
    (source.format, source.text, source.isLabelled) = (format, [text], label != nil)
    if let label { source.label = label }
    source.columns = columns.map { InputColumn(name: $0, kind: .category) }
    let declaration = CorpusDeclaration(
      name: "rows", task: "check", domains: [DomainDeclaration(name: "rows", source: .files(source))])
    let corpus = try Console.badInput { try CorpusReader.read(declaration, seed: 1) }
    rows = corpus.domains[0].examples.map { example in
      let cells = example.cells.map { cell -> String? in if case .category(let text) = cell { text } else { nil } }
      return Row(
        id: example.id, text: example.text, label: label == nil ? nil : corpus.classes[example.label], cells: cells)
    }
    if let label, !rows.isEmpty, !rows.contains(where: { $0.label.map(known.contains) ?? false }) {
      Console.errors(["--label: got \(label), a column without a class of the model, expected that of its classes"])
      throw Exit.badInput
    }
  }
}
