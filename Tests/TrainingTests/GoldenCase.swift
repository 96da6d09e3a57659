import Autograd
import Compute
import Foundation
import TestSupport
import Testing

@testable import Models
@testable import Training

/// A file of reference values for a network: weights, one padded batch, outputs, gradients, three optimiser steps.
struct GoldenCase {
  struct Fault: Error, CustomStringConvertible { let description: String }

  let name: String
  let file: Safetensors
  let lengths: [Int]
  let batch: TokenBatch
  let rows: LabelledSequences
  private let time: Int

  init(_ name: String) throws { try self.init(Fixtures.golden.appendingPathComponent(name)) }

  init(_ url: URL) throws {
    name = "\(url.deletingLastPathComponent().lastPathComponent)/\(url.lastPathComponent)"
    do {
      file = try Safetensors(contentsOf: url)
      let ids = try file.integers("input.ids"), labels = try file.integers("input.labels")
      guard let extents = file["input.ids"]?.shape, extents.count == 2 else {
        throw CheckpointError.missing(tensor: "input.ids")
      }
      time = extents[1]
      if file["input.lengths"] != nil {
        lengths = try file.integers("input.lengths")
      } else {
        let mask = try file.integers("input.mask"), width = extents[1]
        lengths = (0..<extents[0]).map { row in mask[row * width..<(row + 1) * width].reduce(0, +) }
      }
      let width = time
      let sequences = lengths.enumerated().map { row, length in
        ids[row * width..<row * width + length].map { Int32($0) }
      }
      batch = TokenBatch(sequences)
      rows = LabelledSequences(sequences: sequences, labels: labels)
    } catch { throw Fault(description: "\(name): \(error)") }
  }

  /// Weights of the network at the start.
  func weights() throws -> WeightSnapshot {
    WeightSnapshot(
      try file.entries.filter { $0.name.hasPrefix("weight.") }.map {
        NamedTensor(
          name: String($0.name.dropFirst("weight.".count)), shape: $0.shape, values: try file.floats($0.name))
      })
  }

  func shape(_ tensor: String) throws -> [Int] {
    guard let entry = file[tensor] else { throw Fault(description: "\(name): tensor \(tensor) is missing") }
    return entry.shape
  }

  func metadata(_ key: String) throws -> [Double] {
    guard let text = file.metadata[key] else { throw Fault(description: "\(name): no \(key) in the metadata") }
    return text.split(separator: ",").compactMap { Double($0) }
  }

  /// Compares with a tensor of the file; one of `[batch, time, …]` is packed first where `isPadded`.
  func expect(
    _ actual: some Collection<some BinaryFloatingPoint>, _ tensor: String, isPadded: Bool = false,
    relative: Double = 1e-5
  ) throws {
    let shape = try shape(tensor)
    var values = try file.doubles(tensor)
    if isPadded {
      let width = shape[2]
      values = lengths.enumerated().flatMap { row, length in
        values[row * time * width..<(row * time + length) * width]
      }
    }
    let largest = values.map(abs).max() ?? 0
    expectClose(actual, values, absolute: 1e-6 + relative * largest, "\(name): \(tensor)")
  }

  /// Loss and gradients of the first step, then weights and losses after the optimiser's steps.
  func expectTraining(_ network: some Network) throws {
    try expectLosses(network)
    try expectTensors(network, prefix: "after.", relative: 1e-4) { $0.value.array }
  }

  /// Loss and gradients of the first step, then the losses before the optimiser's steps, and of `more` behind them.
  func expectLosses(_ network: some Network, more: Int = 0) throws {
    let pool = WorkerPool(threads: 2)
    let gradient = BatchGradient(
      network, rows: rows, lengths: lengths, classWeights: nil, pool: pool)
    let order = Array(0..<rows.count), dropout = Random(seed: 1, stream: "golden")
    let betas = try metadata("betas")
    var settings = AdamWSettings()
    settings.learningRate = try metadata("lr")[0]
    (settings.beta1, settings.beta2) = (betas[0], betas[1])
    settings.epsilon = try metadata("eps")[0]
    settings.weightDecay = try metadata("weight_decay")[0]
    let optimizer = AdamW(
      network.parameters, settings: settings, decaysAll: true, workspace: network.workspace)
    var losses = [Double]()
    for step in 0..<Int(try metadata("steps")[0]) + more {
      let (loss, gradients) = gradient.compute(order, dropout: dropout)
      let found = try #require(gradients, "\(name): the loss is not finite")
      losses.append(loss)
      if step == 0 {
        try expect([loss], "output.loss")
        try expectTensors(network, prefix: "grad.", relative: 1e-5) { found.all[$0.index]?.array ?? [] }
      }
      optimizer.update(
        found, rate: settings.learningRate, scale: found.clipScale(try metadata("clip_norm")[0]), on: pool)
    }
    try expect(losses, "after.losses", relative: 1e-4)
  }

  private func expectTensors(
    _ network: some Network, prefix: String, relative: Double, values: (Parameter) -> [Float]
  ) throws {
    var seen: Set<String> = ["after.losses"]
    for parameter in network.parameters {
      let all = values(parameter)
      for part in parameter.checkpointParts {
        guard part.range.upperBound <= all.count else {
          throw Fault(description: "\(name): \(prefix)\(part.name): there is no gradient")
        }
        try expect(all[part.range], prefix + part.name, relative: relative)
        seen.insert(prefix + part.name)
      }
    }
    for entry in file.entries where entry.name.hasPrefix(prefix) && !seen.contains(entry.name) {
      Issue.record("\(name): the network has no tensor for \(entry.name)")
    }
  }
}
