import Compute

/// Reads corpora as declared: files in any of the formats, and the built-in generator.
public enum CorpusReader {
  /// Reads every domain of a corpus.
  ///
  /// `seed` decides which rows a cap keeps, and nothing else. Errors: all mistakes of the declaration and its files
  /// together.
  public static func read(_ declaration: CorpusDeclaration, seed: UInt64) throws(CorpusErrors) -> Corpus {
    let outcome = outcome(of: declaration, seed: seed)
    guard outcome.errors.isEmpty else { throw CorpusErrors(outcome.errors) }
    return outcome.corpus
  }

  /// The same with the mistakes beside what could be read.
  public static func outcome(
    of declaration: CorpusDeclaration, seed: UInt64
  ) -> (corpus: Corpus, errors: [CorpusError]) {
    let names = fileNames(declaration)
    let generated = declaration.domains.filter { if case .generated = $0.source { true } else { false } }
    var errors: [CorpusError] = []
    var drafts: [DomainDraft] = []
    for domain in declaration.domains {
      switch domain.source {
      case .files(let source):
        var reader = DomainReader(
          corpus: declaration.name, domain: domain.name, source: source, problem: declaration.problem, names: names)
        reader.readFiles()
        let random = Random(seed: seed, stream: "cap \(declaration.name) \(domain.name)")
        drafts.append(reader.finish(random: random))
        errors += reader.errors
      case .generated(let settings):
        let problems = MessageGenerator.problems(settings)
        for problem in problems {
          errors.append(
            CorpusError(
              .invalidSetting, corpus: declaration.name, domain: domain.name, column: problem.setting,
              found: problem.found, expected: problem.expected))
        }
        guard problems.isEmpty else { continue }
        let prefix = generated.count > 1 ? "\(domain.name)/" : ""
        drafts.append(DomainDraft(generated: settings, domain: domain.name, idPrefix: prefix))
      }
    }
    let classes = Set(drafts.flatMap { $0.labels.joined() }).sorted(by: isOrderedByScalars)
    let indices = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, $0) })
    let corpus = Corpus(
      name: declaration.name, task: declaration.task, problem: declaration.problem, classes: classes,
      domains: drafts.map { draft in
        var examples = draft.examples
        for index in examples.indices {
          let labels = draft.labels[index].compactMap { indices[$0] }
          switch declaration.problem {
          case .classification: examples[index].target = .label(labels.first ?? 0)
          case .multiLabel: examples[index].target = .labels(labels.sorted())
          case .regression: break
          }
        }
        return Dataset(domain: draft.domain, examples: examples, reading: draft.report, digests: draft.digests)
      },
      columns: declaration.columns, hasTexts: declaration.hasTexts, isGenerated: !generated.isEmpty)
    return (corpus, errors)
  }

  /// Each file's name in ids, by path, unique over the corpus.
  private static func fileNames(_ declaration: CorpusDeclaration) -> [String: String] {
    var paths: [String] = []
    for domain in declaration.domains {
      if case .files(let source) = domain.source { paths += source.files.map(\.path) }
    }
    let names = FileNames.short(paths)
    return Dictionary(zip(paths, names)) { first, _ in first }
  }
}

/// A domain's rows while the corpus' list of classes is not known yet.
struct DomainDraft {
  var domain: String
  /// Classes and labels stand by name in `labels`, numbers in the examples.
  var examples: [Example] = []
  /// Of each row its class, or its labels; none of a number.
  var labels: [[String]] = []
  var report = ReadingReport()
  /// As `Dataset.digests`.
  var digests: [String: String] = [:]

  init(domain: String) { self.domain = domain }

  mutating func add(_ example: Example, _ target: RowRules.RawTarget) {
    var example = example
    switch target {
    case .names(let names): labels.append(names)
    case .number(let number):
      example.target = .number(number)
      labels.append([])
    }
    examples.append(example)
  }

  mutating func keepFirst(_ count: Int) {
    examples.removeSubrange(count...)
    labels.removeSubrange(count...)
  }

  init(generated settings: GeneratorSettings, domain: String, idPrefix: String) {
    self.domain = domain
    let classes = MessageGenerator.classes(settings.task)
    examples = MessageGenerator.generate(settings)
    labels = examples.map { [classes[$0.label]] }
    for index in examples.indices { examples[index].id = idPrefix + examples[index].id }
    report.records = examples.count
  }
}
