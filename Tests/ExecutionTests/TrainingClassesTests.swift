import Corpora
import Manifests
import Tasks
import Testing

@testable import Analysis
@testable import Execution
@testable import Planning

/// A fit answers with the classes of its training rows, whatever other parts have.
@Suite struct TrainingClassesTests {
  private static let names = ["a", "b", "late", "new"]

  /// Official parts with so many rows of each class.
  private func corpus(train: [String: Int], validation: [String: Int] = [:], test: [String: Int]) -> Corpus {
    var examples: [Example] = []
    for (part, counts) in [(FileSource.Part.train, train), (.validation, validation), (.test, test)] {
      for name in Self.names {
        for row in 0..<(counts[name] ?? 0) {
          examples.append(
            Example(
              id: "\(part.rawValue).csv:\(examples.count + 1)", text: "\(name) \(part.rawValue) words \(row)",
              label: Self.names.firstIndex(of: name)!, part: part))
        }
      }
    }
    return Corpus(
      name: "c", task: "intent", classes: Self.names,
      domains: [Dataset(domain: "d", examples: examples, reading: ReadingReport())], isGenerated: false)
  }

  private func runner(_ corpus: Corpus, primary: MetricName = .f1Macro) throws -> Runner {
    var manifest = Small.manifest()
    manifest.corpora = [
      CorpusDeclaration(
        name: "c", task: "intent",
        domains: [DomainDeclaration(name: "d", source: .generated(GeneratorSettings()))])
    ]
    manifest.protocols = [ProtocolDeclaration(kind: .official)]
    manifest.comparisons.primary = primary
    return Runner(
      manifest: manifest, corpora: [corpus], plan: try Plan(manifest: manifest, corpora: [corpus]), jobs: 2)
  }

  @Test("no model answers a class that only the test part has, and the trial still counts its rows")
  func unseen() throws {
    let runner = try runner(corpus(train: ["a": 12, "b": 12], test: ["a": 2, "new": 8]))
    let records = runner.run(progress: Progress(style: .quiet)).records
    #expect(records.count == 6)
    for record in records {
      #expect(record.status == .ok && record.classes == Self.names.filter { $0 != "late" }, "\(record.model)")
      let place = record.classes.firstIndex(of: "new")!
      #expect(record.labels.count { $0 == place } == 8 && !record.predictions.contains(place), "\(record.model)")
      for row in record.labels.indices { #expect(record.probabilities[row * 3 + place] == 0) }
      #expect((record.metrics["accuracy"] ?? 1) <= 0.2, "\(record.model)")
    }
    #expect(runner.plan.fits.allSatisfy { runner.plan.classes(of: $0) == [0, 1] })
  }

  @Test("validation rows of such classes choose nothing, and are said")
  func validation() throws {
    let data = corpus(train: ["a": 12, "b": 12], validation: ["a": 3, "late": 4], test: ["a": 2, "b": 2])
    let runner = try runner(data)
    let fit = try #require(runner.plan.fits.first)
    #expect(runner.plan.split(of: fit).validation.count == 7 && runner.plan.validationRows(of: fit).count == 3)
    let records = runner.run(progress: Progress(style: .quiet)).records
    #expect(records.allSatisfy { $0.status == .ok && $0.validationRows == 3 && $0.classes == ["a", "b", "late"] })
    let warning = try #require(DataWarning.all([data], plan: runner.plan).first)
    #expect(warning.kind == .unseen && warning.place == .domain(corpus: "c", name: "d", key: "validation"))
    #expect(
      warning.found
        == "4 of 7 validation rows have a class that training lacks, so that nothing is chosen by them: `late` (4)")
  }

  @Test("a training part of one class is said, and every model answers it alone")
  func oneClass() throws {
    let data = corpus(train: ["a": 12], test: ["a": 2, "b": 2])
    let runner = try runner(data)
    let records = runner.run(progress: Progress(style: .quiet)).records
    #expect(records.allSatisfy { $0.status == .ok && $0.predictions == [0, 0, 0, 0] })
    let warnings = DataWarning.all([data], plan: runner.plan)
    #expect(warnings.map(\.kind) == [.oneClass, .unseen])
    #expect(
      warnings[0].found == "training rows of one class alone, `a`, so that every model answers nothing else")
    #expect(warnings[0].place == .domain(corpus: "c", name: "d", key: "train"))
    let both = try self.runner(corpus(train: ["a": 12, "b": 12], test: ["a": 2, "b": 2]))
    #expect(DataWarning.all(both.corpora, plan: both.plan).isEmpty)
  }
}
