import Settings

/// The keys of a suite of behaviour tests.
enum SuiteSchema {
  static let root = Section(
    "a suite of behaviour tests",
    [
      Field("name", .name, "What the suite is called.", .required),
      Field("seed", .integer(.from(0)), "Of what is drawn.", .value(.integer(1))),
      Field(
        "lexicons", .table(.list(.text, count: 1...10_000, single: true), keys: .text, minimum: 0),
        "Words by the name that stands for them in templates, as {name}.", .value(.map([]))),
      Field(
        "tests", .table(.section(test.section), keys: .text, minimum: 1), "Tests by name.", .required),
    ])

  static let test = Binding<BehaviourTest>(
    "a test", BehaviourTest(),
    [
      Member(
        field: { _ in
          Field("kind", .choice(BehaviourTest.Kind.allCases.map(\.rawValue)), "What is expected.", .required)
        },
        assign: { test, value in
          if let kind = value["kind"]?.text.flatMap(BehaviourTest.Kind.init) { test.kind = kind }
        }),
      .text("capability", \.capability, "What it is about, for the table."),
      .texts("templates", \.templates, single: true, "Texts with {lexicon} in them; without, the rows that are given."),
      .choices(
        "change", \.changes, "What is done to each text."),
      .texts("prepend", \.prepend, single: true, "One of these is put before each text."),
      .texts("append", \.append, single: true, "One of these is put behind each text."),
      .text("label", \.label, "The class that is expected, or watched."),
      .choice("moves", \.moves, "Where the probability of the class may go."),
      .number("tolerance", \.tolerance, .share, "By how much it may go the wrong way."),
      .optionalNumber("at_most", \.atMost, .share, "Share of cases that may fail."),
      .integer("cases", \.cases, 1...100_000, "Cases at most."),
    ])
}
