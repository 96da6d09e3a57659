import Compute
import Families
import Manifests
import Models
import Records
import Settings
import Testing

@testable import Execution

@Suite struct TuningMethodTests {
  private func search(_ search: TuningSettings.Search, trials: Int, parallel: Int = 1) throws -> [TuningRecord] {
    var manifest = Tuned.manifest(search, trials: trials, parallel: parallel)
    manifest.protocols[0].seeds = 1
    return try Tuned.run(manifest).tuning
  }

  @Test("every search begins with the model as declared", arguments: TuningSettings.Search.allCases)
  func declared(method: TuningSettings.Search) throws {
    let found = try search(method, trials: 3)
    #expect(found.count == 2)
    for (own, model) in zip(found, Tuned.manifest(method).models) {
      #expect(own.trials[0].settings == model.space.declared && own.trials[0].isDeclared == true)
      #expect(model.with(own.trials[0].settings) == model)
      #expect(own.trials.count == 3 || method == .grid || method == .halving)
    }
  }

  @Test("a grid has every combination once, and the declared setting first, in the grid or beside it")
  func grid() throws {
    let found = try search(.grid, trials: 10)
    #expect(found[0].trials.map { $0.settings.map(\.text) } == [["hidden=8"], ["hidden=4"]])
    #expect(found[1].trials.map { $0.settings.map(\.text) } == [["c=20.0"], ["c=0.01"], ["c=10.0"]])
  }

  @Test("a Bayesian search draws its first trials as a random one does, then goes ways of its own")
  func bayesian() throws {
    let own = try search(.bayesian, trials: 9)[0].trials, random = try search(.random, trials: 9)[0].trials
    #expect(own.count == 9 && random.count == 9)
    #expect(own[..<3].map(\.settings) == random[..<3].map(\.settings))
    #expect(own[3...].map(\.settings) != random[3...].map(\.settings))
    for (index, trial) in own.enumerated() { #expect(!own[..<index].contains { $0.settings == trial.settings }) }
    // A space of three settings is tried whole.
    #expect(try search(.bayesian, trials: 9)[1].trials.count == 3)
  }

  @Test("trials that are chosen together do not know of each other, and what they cost is added up in their order")
  func together() throws {
    var manifest = Tuned.manifest(.random, trials: 6, parallel: 5)
    manifest.protocols[0].seeds = 1
    manifest.models.removeLast()
    manifest.tuning?.rate = 0.01
    let free = try Tuned.run(manifest).tuning[0].trials
    manifest.tuning?.parallel = 1
    #expect(try Tuned.run(manifest).tuning[0].trials.map(\.bytes) == free.map(\.bytes))
    // Room for three: the others of the round are there, and are not chosen.
    manifest.tuning?.parallel = 5
    manifest.tuning?.budget = free[..<3].reduce(0) { $0 + $1.flops } * 1.0001 / 1e7
    let cut = try Tuned.run(manifest).tuning[0].trials
    #expect(cut.map(\.status) == [.ok, .ok, .ok, .overBudget, .overBudget, .overBudget])
    #expect(cut[..<3].map(\.score) == free[..<3].map(\.score))
    #expect(cut[3...].allSatisfy { $0.score == nil && !$0.isChosen && $0.flops > 0 })
    #expect(try Tuned.run(manifest, jobs: 5).tuning[0].trials.map(\.bytes) == cut.map(\.bytes))
  }
}

@Suite struct SettingDomainTests {
  private static let space = SearchSpace([
    .init("layers", .list([.integer(4), .integer(1), .integer(2)])),
    .init("pooling", .list([.text("cls"), .text("mean"), .none])),
    .init("rate", .logUniform(low: 1e-5, high: 1e-2, isInteger: false)),
    .init("dropout", .uniform(low: 0, high: 0.6, isInteger: false)),
    .init("hidden", .logUniform(low: 8, high: 512, isInteger: true)),
    .init("epochs", .uniform(low: 3, high: 9, isInteger: true)),
    .init("decay", .list([.number(0.5)])),
  ])

  private static func domain(_ space: SearchSpace) -> SettingDomain {
    var model = ModelDeclaration(name: "bert", configuration: .bert(TransformerConfiguration()))
    model.space = space
    return SettingDomain(model)
  }

  @Test("settings that are drawn come back from their point, which is its own nearest one")
  func roundTrip() {
    let domain = Self.domain(Self.space)
    #expect(domain.dimensionOfColumn == [0, 1, 1, 1, 2, 3, 4, 5, 6])
    #expect(domain.isContinuous == [true, false, false, false, true, true, true, true, false])
    for index in 0..<2_000 {
      let settings = Self.space.draw(Random(seed: 1, stream: "\(index)")), point = domain.point(settings)
      #expect(domain.settings(point) == settings)
      #expect(domain.snapped(point) == point && point.allSatisfy { (0...1).contains($0) })
    }
  }

  @Test("ranks of numbers, logarithms of ranges; what lies between or outside keeps its side")
  func columns() {
    let domain = Self.domain(Self.space)
    func column(_ key: String, _ value: SettingValue) -> [Double] {
      let point = domain.point([Setting(key, value)])
      let index = Self.space.dimensions.firstIndex { $0.key == key } ?? 0
      return point.indices.filter { domain.dimensionOfColumn[$0] == index }.map { point[$0] }
    }
    #expect([1, 2, 4].map { column("layers", .integer($0)) } == [[0], [0.5], [1]])
    #expect([0, 3, 9].map { column("layers", .integer($0)) } == [[-0.25], [0.75], [1.25]])
    #expect(column("pooling", .text("mean")) == [0, 1, 0] && column("pooling", .text("last")) == [0, 0, 0])
    #expect(abs(column("rate", .number(1e-3))[0] - 2.0 / 3) < 1e-12 && column("rate", .number(0)) == [0.5])
    #expect(column("dropout", .number(0.9))[0] > 1 && abs(column("hidden", .integer(64))[0] - 0.5) < 1e-12)
    // A key that is left out stands in the middle.
    #expect(domain.point([]) == [0.5, 0, 0, 0, 0.5, 0.5, 0.5, 0.5, 0])
  }

  @Test("a key that another one makes idle is left out, and no distance depends on it")
  func idle() {
    let space = SearchSpace([
      .init("training.layer_decay", .list([.number(0.3), .number(1)]), declared: .number(1)),
      .init("training.frozen_layers", .list([.integer(0), .integer(2)]), declared: .integer(0)),
    ])
    var sizes = TransformerConfiguration()
    sizes.layers = 2
    var model = ModelDeclaration(name: "bert", configuration: .bert(sizes))
    model.space = space
    let domain = SettingDomain(model)
    #expect(domain.settings([0, 1]).map(\.text) == ["training.frozen_layers=2"])
    #expect(domain.settings([0, 0]).map(\.text) == ["training.layer_decay=0.3", "training.frozen_layers=0"])
    #expect(domain.snapped([0, 1]) == domain.snapped([1, 1]) && domain.snapped([0, 1]) == [0.5, 1])
    var settings = TuningSettings()
    (settings.search, settings.trials, settings.parallel) = (.grid, 9, 9)
    let fitter = Fitter(
      model: model, shape: .classification(2), random: Random(seed: 1, stream: "fit"), primary: .f1Macro)
    let first = TuningRecord.Trial(settings: space.declared)
    let proposals = TuningProposals(settings, fitter)
    #expect(
      proposals.next(after: [first], atMost: 9).map { $0.map(\.text) } == [
        ["training.layer_decay=0.3", "training.frozen_layers=0"], ["training.frozen_layers=2"],
      ])
    #expect(space.gridHasDeclared && space.mostTrials(9) == 4)
    settings.search = .random
    let draws = TuningProposals(settings, fitter).next(after: [first], atMost: 9)
    #expect(draws.count == 2 && !draws.contains(space.declared))
  }

  @Test("settings between those that there are go to the nearest, those outside to the end")
  func nearest() {
    let domain = Self.domain(Self.space)
    #expect(
      domain.settings([0.7, 0.1, 0.9, 0.3, 2, -1, 0.5, 0.49, 0]).map(\.text) == [
        "layers=2", "pooling=mean", "rate=0.01", "dropout=0.0", "hidden=64", "epochs=6", "decay=0.5",
      ])
  }
}
