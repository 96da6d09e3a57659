import Compute
import Models
import Settings
import Tasks
import Testing
import Training

@testable import Families

/// Columns, rows that are made, and what they would pretend.
@Suite struct FeatureSamplingTests {
  private static let columns = [
    InputColumn(name: "a", kind: .number), InputColumn(name: "b", kind: .number),
    InputColumn(name: "c", kind: .category),
  ]

  /// Rows whose class nothing tells.
  private static func noise(_ count: Int) -> FitJob.Rows {
    var random = Random(seed: 4, stream: "noise")
    let inputs = (0..<count).map { _ in
      Input(
        text: "",
        cells: [
          .number(Float(random.normal())), .number(Float(random.normal())),
          random.uniform() < 0.1 ? .missing : .category("k\(random.below(4))"),
        ])
    }
    return FitJob.Rows(inputs: inputs, targets: .classes((0..<count).map { $0 % 10 == 0 ? 1 : 0 }))
  }

  private func fitter(_ kind: String, _ training: [String: Checked] = [:]) throws -> Fitter {
    var declared = Checked(.map([]))
    declared.set(["kind"], Checked(.text(kind)))
    declared.set(["inputs"], Checked(.list([Checked(.text("columns"))])))
    if kind == "random-forest" { declared.set(["trees"], Checked(.integer(30))) }
    for (key, value) in training.sorted(by: { $0.key < $1.key }) { declared.set(["training", key], value) }
    return Fitter(
      model: try #require(ModelDeclaration("m", declared)), shape: .classification(2),
      random: Random(seed: 1, stream: "fit"), primary: .aucMacro, columns: Self.columns)
  }

  private func answers(_ fitted: Fitted, _ rows: FitJob.Rows) -> [Float] {
    let classifier = fitted.model.classifier(in: Workspace())
    return classifier.answers(classifier.encode(rows.inputs), pool: WorkerPool(threads: 1))
  }

  private static let kinds = ModelFamilies.names { family in
    family.keys.sizes.contains { $0.key == "inputs" } && family.problems.contains(.classification)
  }

  @Test(
    "every kind that reads columns learns from them, with each sampling, and the same from any threads",
    arguments: kinds)
  func sampling(kind: String) throws {
    var rows = Self.noise(120)
    for row in stride(from: 0, to: 120, by: 10) { rows.inputs[row].cells[0] = .number(5) }
    for sampling in TrainingSettings.Sampling.allCases {
      let fitter = try fitter(kind, ["sampling": Checked(.text(sampling.rawValue))])
      let all = try [1, 3].map { threads in
        answers(try fitter.fit(training: rows, validation: nil, pool: WorkerPool(threads: threads)) { _ in }, rows)
      }
      #expect(all[0] == all[1], "\(kind), \(sampling)")
      let found = mostProbable(all[0], classes: 2)
      let right = zip(found, rows.labels).count { $0 == $1 }
      // The majority alone is 108.
      #expect(right >= (kind == "gradient-boosting" ? 108 : 109), "\(kind), \(sampling): \(right)")
    }
  }

  @Test("the models say which columns they read, and no text")
  func columns() throws {
    for kind in Self.kinds {
      let fitted = try fitter(kind).fit(
        training: Self.noise(60), validation: nil, pool: WorkerPool(threads: 1)
      ) { _ in }
      #expect(fitted.model.columns == Self.columns && !fitted.model.readsText, "\(kind)")
    }
  }

  @Test("resampling before the split pretends to find what is not there", arguments: ["over", "smote", "smote-enn"])
  func leak(sampling: String) throws {
    let fitter = try fitter("random-forest", ["sampling": Checked(.text(sampling))]), rows = Self.noise(400)
    let pool = WorkerPool(threads: 2)
    let leaked = try #require(
      try fitter.leaked(rows, testShare: 0.2, pool: pool, session: TrainingSession()))
    #expect(leaked > 0.85)
    #expect(
      try fitter.leaked(rows, testShare: 0.2, pool: WorkerPool(threads: 1), session: TrainingSession()) == leaked)
    let half = Array(0..<200), rest = Array(200..<400)
    func part(_ places: [Int]) -> FitJob.Rows {
      FitJob.Rows(inputs: places.map { rows.inputs[$0] }, targets: rows.targets.rows(places))
    }
    let fitted = try fitter.fit(training: part(half), validation: nil, pool: pool) { _ in }
    let honest = part(rest).targets.score(answers(fitted, part(rest)), of: .classification(2), by: .aucMacro)
    #expect(try #require(honest) < 0.7)
  }

  @Test("calibration and thresholds are learned on validation rows, stored and taken by refits; not without such rows")
  func adjustment() throws {
    let settings = ["calibration": Checked(.text("platt")), "thresholds": Checked(.flag(true))]
    let fitter = try fitter("random-forest", settings), pool = WorkerPool(threads: 1)
    var rows = Self.noise(200)
    for row in stride(from: 0, to: 200, by: 10) { rows.inputs[row].cells[0] = .number(2.2) }
    let without = try fitter.fit(training: rows, validation: nil, pool: pool) { _ in }
    #expect(without.model.adjustment == nil)
    let fitted = try fitter.fit(training: rows, validation: rows, pool: pool) { _ in }
    let learned = try #require(fitted.model.adjustment)
    #expect(learned.calibration != nil)
    #expect(answers(fitted, rows) != answers(without, rows))
    var again = fitter
    again.model.adjustment = learned
    let refit = try again.fit(training: rows, validation: nil, pool: pool) { _ in }
    #expect(answers(refit, rows) == answers(fitted, rows))
  }
}
