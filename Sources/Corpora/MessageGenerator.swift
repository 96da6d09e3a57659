import Compute

/// The built-in corpus: seeded, generated customer messages of three domains, for three tasks.
///
/// **What decides the label.** A message makes one or more statements, each of a kind (sentiment: positive, negative,
/// mixed; category and intent: the classes). The label is the kind of the statement that the writer makes for herself,
/// now, in the main clause, after negation has been resolved:
/// - what follows "but" outweighs what comes before it, and a main clause outweighs its "although" clause;
/// - the present outweighs the past ("last year …, this week …");
/// - the writer outweighs others ("my neighbour says …, I say …");
/// - what is denied turns into its opposite ("nobody could say that the delivery was good"), or does not count
///   ("this is not about …, it is about …").
/// A sentiment is mixed where that statement is itself two-sided ("hit and miss"), or where a good and a bad one stand
/// as equals ("… while …", "… and yet also …").
///
/// **The `order` dial** is the share of messages whose label needs order and scope. In those, each statement that
/// decides is set against one of another kind, and every frame holds either kind in either place, so that the counts of
/// words and neighbouring words say which two kinds occur, and not which decides. The other messages make statements of
/// their own kind only, so that words suffice; they use far more forms of words ("a delight", "delightfully",
/// "greaaat"), as plain messages do.
public enum MessageGenerator {
  /// The task's classes, sorted by Unicode scalars.
  public static func classes(_ task: GeneratorSettings.Task) -> [String] {
    switch task {
    case .sentiment: Sentiment.classes
    case .category: MessageTopics.category.classes
    case .intent: MessageTopics.intent.classes
    }
  }

  /// A dial outside its range.
  struct Problem: Equatable {
    var setting: String
    var found: String
    var expected: String
  }

  static func problems(_ settings: GeneratorSettings) -> [Problem] {
    var problems: [Problem] = []
    func check(_ setting: String, _ value: Double, _ range: ClosedRange<Double>, _ expected: String) {
      if !range.contains(value) { problems.append(Problem(setting: setting, found: "\(value)", expected: expected)) }
    }
    if !(1...10_000_000).contains(settings.rows) {
      problems.append(Problem(setting: "rows", found: "\(settings.rows)", expected: "from 1 to 10000000 rows"))
    }
    check("label_noise", settings.labelNoise, 0...1, "a share from 0 to 1")
    check("typos", settings.typos, 0...1, "a share from 0 to 1")
    check("length", settings.length, 1...50, "from 1 to 50 clauses")
    check("distance", settings.distance, 0...1, "a share from 0 to 1")
    check("order", settings.order, 0...1, "a share from 0 to 1")
    return problems
  }

  /// `settings.rows` messages with labels as indices into `classes(_:)`, the classes in equal numbers before the label
  /// noise. Exactly the stated share of labels is wrong.
  public static func generate(_ settings: GeneratorSettings) -> [Example] {
    let problems = problems(settings)
    precondition(problems.isEmpty, "MessageGenerator.generate: \(problems[0].setting) is \(problems[0].found)")
    let classCount = classes(settings.task).count
    let random = Random(
      seed: settings.seed, stream: "messages \(settings.task.rawValue) \(settings.domain.rawValue)")

    var labels = (0..<settings.rows).map { $0 % classCount }
    var order = random.stream("labels")
    order.shuffle(&labels)
    var seen: Set<String> = []
    var examples: [Example] = []
    examples.reserveCapacity(settings.rows)
    for (row, label) in labels.enumerated() {
      let text = message(of: label, settings, random.stream("message \(row)"), &seen)
      examples.append(Example(id: "generated:\(row + 1)", text: text, label: label))
    }
    addNoise(&examples, share: settings.labelNoise, classes: classCount, random: random.stream("noise"))
    return examples
  }

  /// A message that has not been made before, unless many attempts make none.
  private static func message(
    of label: Int, _ settings: GeneratorSettings, _ random: Random, _ seen: inout Set<String>
  ) -> String {
    var text = ""
    for attempt in 0..<20 {
      var writer = MessageWriter(settings: settings, random: random.stream("attempt \(attempt)"))
      text = writer.message(of: label)
      if seen.insert(text).inserted { break }
    }
    return text
  }

  private static func addNoise(_ examples: inout [Example], share: Double, classes: Int, random: Random) {
    var random = random
    var rows = Array(examples.indices)
    random.shuffle(&rows)
    for row in rows.prefix(Int((share * Double(rows.count)).rounded())) {
      let other = random.below(classes - 1)
      examples[row].label = other < examples[row].label ? other : other + 1
    }
  }
}
