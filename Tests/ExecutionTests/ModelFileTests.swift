import Compute
import Corpora
import Families
import Foundation
import Models
import Settings
import Tasks
import Testing

@testable import Storage

@Suite struct ModelFileTests {
  private let pool = WorkerPool(threads: 1)

  /// One trained model of each kind, with texts that it has not seen.
  static let trained = train(.classification)

  /// Those of the other kinds of task.
  static let others = [Problem.multiLabel, .regression].flatMap { train($0).files }

  private static func train(
    _ problem: Problem
  ) -> (files: [ModelFile], trainingTexts: [String], testTexts: [String]) {
    var manifest = Small.manifest()
    manifest.protocols = [.init(kind: .holdout)]
    manifest.protocols[0].domains = ["ecommerce"]
    (manifest.problem, manifest.comparisons.primary) = (problem, problem.primary)
    manifest.models = Small.models(of: problem)
    guard let runner = try? Small.runner(manifest, jobs: 1) else { return ([], [], []) }
    let examples = runner.corpora[0].domains[0].examples
    let files = runner.plan.fits.compactMap { fit in
      runner.result(of: fit).trained.map {
        ModelFile(model: $0, labels: runner.corpora[0].classes)
      }
    }
    let split = runner.plan.split(of: runner.plan.fits[0])
    return (files, split.train.map { examples[$0].text }, split.test.map { examples[$0].text })
  }

  private func probabilities(_ file: ModelFile, _ texts: [String]) -> [UInt32] {
    let classifier = file.model.classifier(in: Workspace())
    return classifier.answers(classifier.encode(texts), pool: pool).map(\.bitPattern)
  }

  @Test("every kind comes back with the same bytes, the same answers to the bit, and the same sizes")
  func roundTrip() throws {
    let tasks = ModelFamilies.all.flatMap { Array($0.problems) }
    #expect((Self.trained.files + Self.others).count == tasks.count)
    for file in Self.trained.files + Self.others {
      let kind = "\(file.model.configuration.kind), \(file.model.shape.problem)"
      let read = try ModelFile(bytes: file.bytes)
      #expect(read.bytes == file.bytes && read.labels == file.labels, "\(kind)")
      #expect(read.model.shape == file.model.shape && read.model.threshold == file.model.threshold, "\(kind)")
      #expect(probabilities(read, Self.trained.testTexts) == probabilities(file, Self.trained.testTexts), "\(kind)")
      let (a, b) = (read.model.classifier(in: Workspace()), file.model.classifier(in: Workspace()))
      #expect(a.byteCount == b.byteCount && a.parameterCount == b.parameterCount, "\(kind)")
    }
  }

  @Test("no file holds a training text, and that of a lookup holds no word of one")
  func privacy() throws {
    for file in Self.trained.files + Self.others {
      let bytes = Data(file.bytes)
      for example in Self.trained.trainingTexts {
        for text in [example, example.lowercased()] {
          #expect(bytes.range(of: Data(text.utf8)) == nil)
          guard file.model.configuration.kind == .lookup else { continue }
          for word in text.split(separator: " ") where word.utf8.count > 6 {
            #expect(bytes.range(of: Data(word.utf8)) == nil)
          }
        }
      }
    }
  }

  @Test("every damage is an error")
  func damage() {
    for file in Self.trained.files + Self.others {
      let whole = file.bytes
      for step in 0..<60 {
        let place = step * (whole.count - 1) / 59
        var flipped = whole
        flipped[place] ^= 1 << (step % 8)
        #expect(throws: CheckpointError.self, "byte \(place) flipped") { try ModelFile(bytes: flipped) }
        #expect(throws: CheckpointError.self, "cut to \(place)") { try ModelFile(bytes: Array(whole[..<place])) }
      }
      #expect(throws: CheckpointError.self) { try ModelFile(bytes: whole + [0]) }
    }
  }

  @Test("sizes that the tensors do not have are an error before a network is made")
  func hostileOutline() throws {
    let (encoders, all) = ([ModelKind.bert, .bertLSTM], ModelFamilies.kinds)
    let changes: [(kinds: [ModelKind], old: String, new: String)] = [
      (encoders, #""hidden":16,"#, #""hidden":16777216,"#), (encoders, #""hidden":16,"#, #""hidden":-16,"#),
      (encoders, #""hidden":16,"#, #""hidden":9000000000000000000,"#), (encoders, #""heads":2,"#, #""heads":0,"#),
      (encoders, #""heads":2,"#, #""heads":3,"#), (all, #""layers":1,"#, #""layers":0,"#),
      (all, #""layers":1,"#, #""layers":16777216,"#), (encoders, #""intermediate":32,"#, #""intermediate":1,"#),
      (encoders, #""maximumTokens":128"#, #""maximumTokens":1"#),
      (encoders, #""maximumTokens":128"#, #""maximumTokens":1000000"#),
      ([.lstm], #""embedding":12,"#, #""embedding":0,"#),
      ([.tfidfLogistic], #""low":1}"#, #""low":0}"#), ([.tfidfLogistic], #""low":1}"#, #""low":7}"#),
      ([.tfidfLogistic], #""high":2,"#, #""high":21,"#),
      ([.tfidfLogistic], #""high":2,"#, #""high":9223372036854775807,"#),
      (all, #""counts":["#, #""counts":[-1,"#), (all, #""problem":"multi-label""#, #""problem":"regression""#),
      (all, #""sums":["#, #""sums":[1,"#), (all, #""threshold":0"#, #""threshold":-0"#),
      (all, #""labels":["#, #""labels":["another","#),
      (encoders, "[CLS]", "[UNK]"), (all, "[PAD]", "[UNK]"),
      (all, #""labels":["#, String(repeating: "[", count: 10_000)),
    ]
    var applied = Set<Int>()
    for file in Self.trained.files + Self.others {
      let stored = try StoredFile(bytes: file.bytes, format: "bench-model 1")
      let tensors = try stored.tensors.entries.map { entry -> Safetensors.Tensor in
        switch entry.element {
        case .i64: .init(entry.name, entry.shape, .integers(try stored.tensors.integers(entry.name)))
        case .i32: .init(entry.name, entry.shape, .indices(try stored.tensors.integers(entry.name).map(Int32.init)))
        case .u8: .init(entry.name, entry.shape, .bytes(try stored.tensors.bytes(entry.name)))
        default: .init(entry.name, entry.shape, .floats(try stored.tensors.floats(entry.name)))
        }
      }
      func sealed(_ outline: String, _ tensors: [Safetensors.Tensor]) -> [UInt8] {
        StoredFile.Draft(format: "bench-model 1", outline: outline, tensors: tensors).bytes
      }
      #expect(sealed(stored.outline, tensors) == file.bytes)
      let kind = file.model.configuration.kind
      for (index, change) in changes.enumerated()
      where change.kinds.contains(kind) && stored.outline.contains(change.old) {
        let outline = stored.outline.replacingOccurrences(of: change.old, with: change.new)
        applied.insert(index)
        #expect(throws: CheckpointError.self, "\(kind): \(change.old) → \(change.new.prefix(40))") {
          try ModelFile(bytes: sealed(outline, tensors))
        }
      }
      for index in tensors.indices {
        var fewer = tensors
        fewer.remove(at: index)
        #expect(throws: CheckpointError.self, "without \(tensors[index].name)") {
          try ModelFile(bytes: sealed(stored.outline, fewer))
        }
      }
    }
    #expect(applied.count == changes.count, "not tried: \(Set(changes.indices).subtracting(applied))")
  }

  @Test("the size that a configuration states is the network's")
  func parameterCount() {
    for layers in 1...2 {
      var encoder = TransformerConfiguration()
      (encoder.layers, encoder.hidden, encoder.heads, encoder.intermediate) = (layers, 12, 3, 20)
      (encoder.maximumPositions, encoder.typeVocabulary) = (30, 3)
      for pooling in TransformerConfiguration.Pooling.allCases {
        encoder.pooling = pooling
        expectSize(.bert(encoder))
      }
      for pooling in RecurrentConfiguration.Pooling.allCases {
        var lstm = RecurrentConfiguration()
        (lstm.layers, lstm.hidden, lstm.embedding, lstm.pooling) = (layers, 6, 5, pooling)
        for bidirectional in [true, false] {
          lstm.bidirectional = bidirectional
          expectSize(.lstm(lstm))
          expectSize(.bertLSTM(encoder, lstm))
        }
      }
    }
    var impossible = TransformerConfiguration()
    impossible.heads = 7
    #expect(ModelConfiguration.bert(impossible).parameterCount(vocabulary: 10, classes: 2) == nil)
  }

  private func expectSize(_ configuration: ModelConfiguration) {
    let random = Random(seed: 1, stream: "size")
    let count = (configuration.family as? any NetworkFamily)?.withNetwork(
      vocabulary: 40, classes: 3, random: random, workspace: Workspace()
    ) { $0.parameterCount }
    #expect(configuration.parameterCount(vocabulary: 40, classes: 3) == count.map(Double.init), "\(configuration)")
  }
}
