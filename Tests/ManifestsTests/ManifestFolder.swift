import Foundation
import Settings
import Testing

@testable import Manifests

/// Manifests written to a folder of their own, gone with it.
final class ManifestFolder {
  let path: String

  init(_ files: [String: String] = [:]) throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("bench-\(UUID().uuidString)").path + "/"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    for (name, text) in files { try write(name, Data(text.utf8)) }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ name: String, _ data: Data) throws {
    let url = URL(fileURLWithPath: path + name)
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try data.write(to: url)
  }

  func load(
    _ name: String, set overrides: [String] = [], environment: [String: String] = [:], checkFiles: Bool = false
  ) -> Result<LoadedManifest, ManifestErrors> {
    ManifestLoader.load(file: path + name, overrides: overrides, environment: environment, checkFiles: checkFiles)
  }

  /// Messages without the folder and without excerpts; empty where there is no error.
  func messages(
    _ name: String, set overrides: [String] = [], environment: [String: String] = [:], checkFiles: Bool = false
  ) -> [String] {
    guard
      case .failure(let errors) = load(name, set: overrides, environment: environment, checkFiles: checkFiles)
    else { return [] }
    return errors.errors.map { error in
      let line = error.description.split(separator: "\n").first.map(String.init) ?? ""
      return line.replacingOccurrences(of: path, with: "")
    }
  }

  /// A small valid manifest with all forms of corpora and models.
  static let everything = """
    version: 1
    name: everything
    question: 'Which "one", ${region}?'
    seed: 11
    vars:
      region: north
      data: "${env:BENCH_DATA:-Data}"
      rows: 80
      grams: [1, 3]
    corpora:
      messages:
        task: sentiment
        generated: {rows: "${rows}", seed: 5}
        domains:
          ecommerce: {}
          telecom: {generated: {order: 1}}
          shops: {generated: {domain: finance, rows: 90}}
      bank:
        task: intent
        about: {licence: CC BY 4.0, consent: none}
        train: "${data}/bank/train.csv"
        test: ["${data}/bank/test.csv", "$${kept}/odd: name#1.csv"]
        text: [title, body]
        label: category
        group: conversation
        cap: 500
        label_map: {"1": "no", "10": positive}
        drop_labels: ["3", none]
        drop_where: {source: [d, e], channel: app}
        missing: {label: placeholder}
      reviews:
        task: sentiment
        cap: 100
        domains:
          books: {classes: {positive: a/positive, negative: [a/negative, b/negative]}}
          dvd: {train: {positive: c/positive, negative: c/negative}, test: {positive: d/positive, negative: d/negative}}
      clinc: {task: intent, files: data_full.json, keep_labels: [a, b]}
    text: {lowercase: false, maximum_tokens: 40, vocabulary_file: v/vocab.txt}
    split: {train: 0.8, validation: 0.1, test: 0.1, duplicates: drop}
    protocols:
      - {kind: holdout, seeds: 2, corpora: messages, models: [bert.small, lstm]}
      - {kind: kfold, folds: 3, repeats: 2, validation_share: 0.2, domains: [shops]}
      - {kind: official, corpora: [bank, clinc], validation: none}
      - {kind: cross-domain, corpora: [messages, reviews], seeds: 2}
    models:
      bert.small: {kind: bert, hidden: 32, training: {epochs: 3, early_stopping: none, learning_rate: 5e-5}}
      lstm: {kind: lstm, pooling: attention, seed_offset: 9}
      hybrid: {kind: bert-lstm, encoder: {heads: 4, dropout: 0}, lstm: {hidden: 16}, text: {maximum_tokens: 30}}
      tfidf: {kind: tfidf-logistic, word_ngrams: "${grams}", character_ngrams: none, maximum_features: 5000}
      majority: {kind: majority}
      lookup: {kind: lookup}
    training: {epochs: 7, clip_norm: none, early_stopping: {metric: loss, patience: 2}, class_weights: balanced}
    timing: false
    comparisons: {primary: accuracy, margin: 0.5, pairs: [[bert.small, lstm]]}
    outputs: {predictions: false}
    """
}
