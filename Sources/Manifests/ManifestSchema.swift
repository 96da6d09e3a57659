import Corpora
import Families
import Models
import Settings
import Tasks
import Text
import Training

/// The manifest format, version 1: every key with type, default, range and meaning.
///
/// Checking, defaults, `--set`, the resolved manifest and the JSON Schema all follow from this tree. Defaults are those
/// of the settings themselves.
enum ManifestSchema {
  static let root: Section = {
    let sharedText = Field(
      "text", .section(SharedKeys.text.section),
      "Text preparation: the defaults of all models; a model's own `text` overrides.")
    let sharedTraining = Field(
      "training", .section(SharedKeys.training.section),
      "Training: the defaults of all networks, of `class_weights`, `sampling` and `shots` for \(ModelFamilies.names(where: isBalanced).joined(separator: ", ")) too; a model's own `training` overrides."
    )
    return Section(
      "a manifest",
      head.section.fields + [
        Field(
          "extends", .text,
          "A manifest below this one: maps merge, single values and lists replace. Relative to this file."),
        Field(
          "vars", .table(.any, keys: .name, minimum: 0),
          "Variables, used as ${name}; a value that is only ${name} keeps the variable's type."),
        Field("corpora", .table(.section(corpus), keys: .name, minimum: 1), "Corpora by name.", .required),
        Field(
          "unlabelled", .table(.either(key: "generated", generatedDomain, unlabelledFiles), keys: .name, minimum: 1),
          "Texts without labels by name of their source, for `pretrain`."),
        sharedText,
        settings.section.fields[0],
        Field(
          "protocols", .list(.variants(protocols), count: 1...Int.max, single: false),
          "Ways to divide rows into training and test.", .required),
        Field(
          "models", .table(.variants(models), keys: .name, minimum: 1), "Models by name, in the order of the reports.",
          .required),
        sharedTraining,
      ] + settings.section.fields.dropFirst())
  }()

  static let models = ModelFamilies.all.map { Shape.Variant(kind: $0.kind.rawValue, section: $0.keys.section($0.kind)) }

  /// What has no epochs and takes the remedies for classes of unequal size.
  private static func isBalanced(_ family: any ModelFamily.Type) -> Bool {
    !family.kind.isNeural && family.keys.training != nil
  }

  static let head = Binding<Manifest>(
    "a manifest", Manifest(name: "", corpora: [], protocols: [], models: []),
    [
      .integer("version", \.version, 1...1, "Version of the manifest format."),
      Member(
        field: { _ in Field("name", .name, "Name of the experiment: the folder under Results.", .required) },
        assign: { manifest, value in if let name = value["name"]?.text { manifest.name = name } }),
      .text("question", \.question, "What the experiment settles, in a sentence."),
      .choice(
        "problem", \.problem,
        "What is asked of each text: `classification`: one class; `multi-label`: any number of labels; `regression`: a number."
      ),
      .unsigned("seed", \.seed, "Every random stream derives from it."),
      .integer(
        "series", \.series, 1...1_000_000,
        "Raised by one where changed settings are meant: `bench nightly` begins all series of figures anew."),
    ])

  static let settings = Binding<Manifest>(
    "a manifest", Manifest(name: "", corpora: [], protocols: [], models: []),
    [
      .nested("split", \.split, split, "Fractions of hold-out, and what happens to duplicates."),
      .optional(
        "tuning", \.tuning, tuning, "Searching the models' settings on validation rows; `none` takes them as they are."),
      .nested("timing", \.timing, timing, switchable: true, "Measuring the time of a batch."),
      .nested("comparisons", \.comparisons, comparisons, "Which models are compared, by what."),
      .nested("outputs", \.outputs, outputs, "Optional files of a run."),
    ])

  static let split = Binding<SplitSettings>(
    "split settings", SplitSettings(),
    [
      .number("train", \.train, .above(0, to: 1), "Fraction of rows to train on."),
      .number("validation", \.validation, .from(0, below: 1), "Fraction of rows for early stopping and choices."),
      .number("test", \.test, .above(0, to: 1), "Fraction of rows to test on."),
      .flag("stratify", \.stratify, "Keeps class shares equal in all parts."),
      .choice(
        "duplicates", \.duplicates,
        "Rows with equal text: `group` keeps them on one side, `near` also those with near ones, `drop` keeps the first, "
          + "`keep` ignores it."),
      .unfilled(
        .optionalInteger(
          "train_rows", \.trainRows, 1...1_000_000_000,
          "Rows of hold-out's training part, about, where its fraction would give more; all others are tested."), "none"
      ),
    ])

  static let tuning = Binding<TuningSettings>(
    "tuning settings", TuningSettings(),
    [
      .choice(
        "search", \.search,
        "`random` draws from each model's space; `grid` tries every combination of it; `bayesian` tries what promises "
          + "most by the trials before; `halving` draws settings and trains the better ones for more epochs."),
      .integer(
        "trials", \.trials, 1...10_000, "Trials of one model in one fit at most; the first is the model as declared."),
      .integer(
        "parallel", \.parallel, 1...64, "Trials that are chosen together, so that they can run side by side."),
      .optionalNumber(
        "budget", \.budget, .above(0),
        "Nominal core-seconds for the trials of one model in one fit; the same for every model."),
      .number(
        "rate", \.rate, .above(0, to: 1e6),
        "Floating-point operations of a nominal core-second, in thousands of millions."),
      .optionalInteger(
        "rows", \.rows, 10...1_000_000_000,
        "Training rows that each trial learns from, in the classes' shares; what is chosen then learns from all."),
      .group(
        "at_most", "limits of a model",
        [
          .optionalNumber(
            "query_ms", \.atMost.queryMilliseconds, .above(0),
            "Nominal milliseconds of one thread for the answer to one text, of its operations at `rate`."),
          Member(
            field: { _ in
              Field(
                "bytes", .optional(.union([.integer(.from(1)), .text])), "Size of a model: a number, or 20 MB, 512 kB.",
                .value(.none))
            },
            assign: { settings, value in
              guard let found = value["bytes"] else { return }
              settings.atMost.bytes = found.integer ?? found.text.flatMap { TuningSettings.Limits.bytes($0) }
            }),
        ], "Settings whose model costs more are never trained."),
    ])

  static let timing = Binding<TimingSettings>(
    "timing settings", TimingSettings(),
    [
      .flag("enabled", \.enabled, "Measures time; `timing: false` for short."),
      .integer("batch", \.batch, 1...65_536, "Texts in a batch."),
      .integer("batches", \.batches, 1...1_000_000, "Timed batches of each model."),
      .integer("warmup", \.warmup, 0...100_000, "Batches before the timed ones."),
      .choices("works", \.works, "`query`: raw text to label; `forward`: token ids to logits."),
      .choices("threads", \.threads, "`one` thread; `all` cores."),
      .choices("orders", \.orders, "Texts as they arrive, sorted by length, or padded to one length."),
    ])

  private static let primaryDefault = Problem.allCases.map {
    $0.primary.rawValue + ($0 == .classification ? "" : " (\($0.rawValue))")
  }.joined(separator: ", ")

  static let comparisons = Binding<ComparisonSettings>(
    "comparison settings", ComparisonSettings(),
    [
      .choice(
        "primary", \.primary, among: MetricName.deciding, derived: primaryDefault, "The metric that decides."),
      .number("margin", \.margin, .from(0, to: 100), "The smallest difference that matters, in points."),
      Member(
        field: { _ in
          Field(
            "pairs", .list(.list(.name, count: 2...2, single: false), count: 0...Int.max, single: false),
            "Pairs of models that get words; where empty the first `bert` against the first `lstm`, and all others but the floors against the first of these.",
            .value(.list([])))
        },
        assign: { settings, value in
          settings.pairs = (value["pairs"]?.list ?? []).compactMap { pair in
            pair.texts.count == 2 ? ComparisonSettings.Pair(a: pair.texts[0], b: pair.texts[1]) : nil
          }
        }),
      .choice(
        "protocol", \.deciding,
        "The protocol that decides: `first` is the first that divides a corpus; the others are sensitivity analyses."),
    ])

  static let outputs = Binding<OutputSettings>(
    "output settings", OutputSettings(),
    [
      .flag("predictions", \.predictions, "Writes predictions.csv and probabilities.f32."),
      Member(
        field: { _ in
          Field(
            "refit", .union([.list(.name, count: 1...Int.max, single: false), .flag]),
            "Trains every model, or those named, once more on all rows of each domain when all is evaluated.",
            .value(.flag(false)))
        },
        assign: { settings, value in
          guard let refit = value["refit"] else { return }
          if let flag = refit.flag {
            settings.refit = flag ? .all : .none
          } else {
            settings.refit = .models(refit.texts)
          }
        }),
    ])

  static let protocols: [Shape.Variant] = ProtocolDeclaration.Kind.allCases.map { kind in
    Shape.Variant(kind: kind.rawValue, section: protocolBinding(kind).section)
  }

  static func protocolBinding(_ kind: ProtocolDeclaration.Kind) -> Binding<ProtocolDeclaration> {
    typealias Protocol = Member<ProtocolDeclaration>
    let seeds = Protocol(
      field: { _ in
        Field(
          "seeds", .integer(Bounds(1...1_000)),
          "Repetitions, each with its own split and initialisation; as many for every model.",
          .derived("10, or 5 where that is more than about half an hour of work"))
      },
      assign: { declared, value in declared.seeds = value["seeds"]?.integer })
    let share = Protocol.number(
      "validation_share", \.validationShare, .from(0, below: 1),
      "Share of the training part that becomes validation rows.")
    let validation = Protocol.choice(
      "validation", \.validation,
      "`carve`: the official validation file, else a share of the training part; `none`: train on all rows for the stated epochs."
    )
    let base = Protocol.choice(
      "base", \.base, among: [.holdout, .official], "How each domain is divided.")
    let sizes = Protocol(
      field: { _ in
        Field(
          "sizes", .list(.union([.integer(Bounds(1...1_000_000)), .text]), count: 0...100, single: false),
          "Learning curves: models are trained on so much of each class too, `10%` or a number of rows; smaller parts are "
            + "within larger ones.", .absent)
      },
      assign: { declared, value in
        declared.sizes = (value["sizes"]?.list ?? []).compactMap { item in
          TrainingSize(item.text ?? item.integer.map { "\($0)" } ?? "")
        }
      })
    let own: [Protocol] =
      switch kind {
      case .holdout: [seeds, sizes]
      case .kfold:
        [
          .integer("folds", \.folds, 2...1_000, "Parts of the rows; each is the test part once."),
          .integer("repeats", \.repeats, 1...1_000, "Repetitions with other folds."), share,
        ]
      case .official: [seeds, validation, share, sizes]
      case .crossDomain:
        [
          .texts(
            "sources", \.sources, single: true, of: .name,
            "Those of its domains that models are trained on; all where empty. Tested is on all."), base, seeds,
          validation, share,
        ]
      }
    return Binding(
      "a protocol of kind \(kind.rawValue)", ProtocolDeclaration(kind: kind),
      [
        Member(
          field: { _ in
            Field("kind", .choice(ProtocolDeclaration.Kind.allCases.map(\.rawValue)), "The way of dividing.", .required)
          }, assign: { _, _ in }),
        .texts("corpora", \.corpora, single: true, of: .name, "Names of corpora; all where empty."),
        .texts("domains", \.domains, single: true, of: .name, "Names of domains; all where empty."),
        .texts("models", \.models, single: true, of: .name, "Names of models; all where empty."),
      ] + own)
  }
}
