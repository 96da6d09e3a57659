import Tasks
import Testing

@Suite("Targets")
struct TargetsTests {
  private let rows: [Problem: [Target]] = [
    .classification: [.label(2), .label(0), .label(1)],
    .multiLabel: [.labels([0, 2]), .labels([]), .labels([1])],
    .regression: [.number(1.5), .number(-2), .number(1.5)],
  ]

  @Test("are the rows that they were made of, one by one and some of them in any order", arguments: Problem.allCases)
  func roundTrip(problem: Problem) throws {
    let rows = try #require(rows[problem])
    let targets = Targets(rows, of: problem)
    #expect(targets.problem == problem && targets.count == 3)
    #expect((0..<3).map { targets[$0] } == rows)
    #expect(targets.rows([2, 0, 2]) == Targets([rows[2], rows[0], rows[2]], of: problem))
    #expect(Targets.none(of: problem).count == 0 && Targets.none(of: problem).problem == problem)
  }

  @Test("classes are those of rows that have one each; a target has its class, its labels or none")
  func classes() {
    #expect(Targets.classes([2, 0]).classes == [2, 0])
    #expect(Targets.labels([[2], [0]]).classes.isEmpty && Targets.numbers([2, 0]).classes.isEmpty)
    #expect(Target.label(3).classes == [3] && Target.labels([0, 3]).classes == [0, 3])
    #expect(Target.labels([]).classes.isEmpty && Target.number(3).classes.isEmpty)
  }

  @Test("ideal outputs are 1 for the class or the labels and 0 for the others, or the number")
  func outputs() {
    #expect(Targets.classes([2, 0]).outputs(of: .classification(3)) == [0, 0, 1, 1, 0, 0])
    let labels = Targets.labels([[0, 2], [], [1]])
    #expect(labels.outputs(of: TaskShape(.multiLabel, classes: 3)) == [1, 0, 1, 0, 0, 0, 0, 1, 0])
    #expect(Targets.numbers([1.5, -2]).outputs(of: TaskShape(.regression, classes: 0)) == [1.5, -2])
    #expect(Targets.none(of: .multiLabel).outputs(of: TaskShape(.multiLabel, classes: 3)).isEmpty)
  }

  @Test("fit outputs that have a place for every class or label; numbers need one output")
  func fit() {
    #expect(Targets.classes([0, 2]).fit(outputs: 3) && !Targets.classes([0, 3]).fit(outputs: 3))
    #expect(!Targets.classes([-1]).fit(outputs: 3))
    #expect(Targets.labels([[], [2]]).fit(outputs: 3) && !Targets.labels([[], [0, 3]]).fit(outputs: 3))
    #expect(Targets.numbers([1e9]).fit(outputs: 1) && !Targets.numbers([0]).fit(outputs: 2))
  }

  @Test("among other classes a class moves, labels move and stay ascending, those without a place go; a number stays")
  func mapped() {
    let places = [0: 5, 1: 3, 2: 0]
    #expect(Target.label(1).mapped { places[$0] } == .label(3))
    #expect(Target.labels([0, 1, 2]).mapped { places[$0] } == .labels([0, 3, 5]))
    #expect(Target.labels([1, 4]).mapped { places[$0] } == .labels([3]))
    #expect(Target.labels([4]).mapped { places[$0] } == .labels([]))
    #expect(Target.number(1).mapped { places[$0] } == .number(1))
  }

  @Test("targets that differ have different keys")
  func keys() {
    let targets: [Target] = [
      .label(1), .label(12), .labels([]), .labels([1]), .labels([12]), .labels([1, 2]), .labels([1, 2, 12]),
      .labels([11, 2]), .number(1), .number(12), .number(1.0.nextUp), .number(-1), .number(1e300),
    ]
    #expect(Set(targets.map(\.key)).count == targets.count)
  }
}
