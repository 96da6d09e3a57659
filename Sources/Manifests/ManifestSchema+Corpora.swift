import Corpora
import Settings
import Tasks

extension ManifestSchema {
  /// A corpus as it may be written: source keys beside `task` are the defaults of its domains.
  static let corpus = Section(
    "a corpus",
    [
      Field("task", .name, "What is predicted: sentiment, intent, category, or another word.", .required),
      Field("about", .section(about.section), "What only people know of it, for the data card."),
      Field("domain", .name, "Name of the only domain; the corpus' name where neither this nor `domains` is written."),
      Field(
        "domains", .table(.either(key: "generated", generatedDomain, fileDomain), keys: .name, minimum: 1),
        "Domains by name."),
    ] + fileDomain.withoutDefaults.fields + generatedDomain.withoutDefaults.fields)

  static let about = Binding<CorpusDescription>(
    "a description of a corpus", CorpusDescription(),
    [
      .optionalText("source", \.source, "Who collected it, from where, when."),
      .optionalText("language", \.language, "The language or languages of its texts."),
      .optionalText("licence", \.licence, "Its licence."),
      .optionalText("consent", \.consent, "On what ground the writers' messages may be used."),
      .optionalText("labelling", \.labelling, "Who gave the labels, and how."),
    ])

  /// Keys that say where rows come from; a domain's own replace those of its corpus.
  static let inputKeys = ["files", "classes", "train", "validation", "test"]
  static let sourceKeys = fileDomain.fields.map(\.key) + ["generated"]

  private static let paths = Shape.list(.path, count: 1...Int.max, single: true)
  /// Texts and their labels, line by line: `{text: seq.in, label: label}`.
  private static let pairs = Shape.section(
    Section(
      "a pair of parallel files",
      [
        Field("text", paths, "Files of texts, one a line.", .required),
        Field("label", paths, "Files of labels, one a line, for the lines of the texts.", .required),
      ]))
  private static let classFiles = Shape.table(paths, keys: .text, minimum: 1)

  static let fileDomain = Section(
    "a domain read from files",
    [
      Field(
        "files", .union([pairs, paths]), "Files without official parts, or text → file and label → file, line by line."),
      Field("classes", classFiles, "Class → file, one text a line (format lines)."),
      Field(
        "train", .union([classFiles, paths]),
        "Files of the official training part, or class → file, or a pair as under `files`."),
      Field(
        "validation", .union([classFiles, paths]),
        "Files of the official validation part, or class → file, or a pair as under `files`."),
      Field(
        "test", .union([classFiles, paths]),
        "Files of the official test part, or class → file, or a pair as under `files`."),
    ] + source.section.fields)

  /// Rows whose labels nobody asks for.
  static let unlabelledFiles = Section(
    "texts without labels, read from files",
    [Field("files", paths, "Files of texts.", .required)]
      + ["format", "delimiter", "encoding", "header", "quoting", "text", "minimum_words", "cap", "malformed_share"]
      .compactMap { source.section.field($0) })

  static let generatedDomain = Section(
    "a generated domain",
    [
      Field(
        "generated", .section(generator.section), "The built-in corpus: seeded, generated messages.", .value(.map([])))
    ])

  static let generator = Binding<GeneratorSettings>(
    "generator settings", GeneratorSettings(),
    [
      .choice("task", \.task, derived: "the corpus' task", "What is predicted."),
      .choice(
        "domain", \.domain, derived: "the domain's name where it is one of these, else ecommerce", "Whose messages."),
      .integer("rows", \.rows, 1...10_000_000, "Messages."),
      .unsigned("seed", \.seed, "Seed of the messages."),
      .number("label_noise", \.labelNoise, .share, "Share of labels replaced by another class."),
      .number("typos", \.typos, .share, "Share of words with a typing error."),
      .number("length", \.length, .from(1, to: 50), "Mean number of clauses in a message."),
      .number("distance", \.distance, .share, "How little the domains' words overlap."),
      .number("order", \.order, .share, "How far the label depends on word order and scope; 0: words suffice."),
    ])

  static let source = Binding<FileSource>(
    "a domain read from files", FileSource(),
    [
      .choice(
        "format", \.format,
        derived: "by the first file's ending: .csv, .tsv, .jsonl, .json (clinc), .conll, else lines",
        "How the files are written."),
      .unfilled(
        .optionalText("delimiter", \.delimiter, "Between fields: a character, or \(FileSource.delimiterNames)."),
        "that of the format: comma, or tab (tsv)"),
      .choice("encoding", \.encoding, derived: "utf-8", "How bytes stand for text; utf-16 has a byte order mark."),
      .unfilled(
        .flag("header", \.hasHeader, "Whether the first line names the columns; else they are 1, 2, …"), "true"),
      .choice("quoting", \.quoting, derived: "double", "Whether quotes enclose fields (RFC 4180) or mean nothing."),
      .unfilled(
        .texts("text", \.text, single: true, of: .column, "Column of the text, or several, joined by a space."),
        "text; none beside `columns`, from which a text is written then"),
      Member(
        field: { _ in
          Field(
            "columns", .table(.choice(InputColumn.Kind.allCases.map(\.rawValue)), keys: .text, minimum: 0),
            "Columns that models may read, each a `number` or a `category`.")
        },
        assign: { source, value in
          guard let columns = value["columns"] else { return }
          source.columns = columns.entries.compactMap { entry in
            entry.value.text.flatMap { InputColumn.Kind(rawValue: $0) }.map { InputColumn(name: entry.key, kind: $0) }
          }
        }),
      .text("label", \.label, as: .column, "Column of the label."),
      .text("label_separator", \.labelSeparator, "Stands between the labels of a row (problem: multi-label)."),
      .optionalText(
        "group", \.group, as: .column,
        "Column whose equal values stay on one side of every split, and are the unit of intervals over test rows."),
      .optionalText("slice", \.slice, as: .column, "Column by whose values results are broken down (slices.csv)."),
      Member(
        field: { _ in
          Field("label_map", .table(.text, keys: .text, minimum: 0), "Label as read → class.", .value(.map([])))
        },
        assign: { source, value in
          for entry in value["label_map"]?.entries ?? [] { source.labelMap[entry.key] = entry.value.text }
        }),
      .texts("drop_labels", \.dropLabels, single: true, "Labels (after the map) whose rows are left out."),
      .texts("keep_labels", \.keepLabels, single: true, "Labels (after the map) whose rows are kept; all where empty."),
      Member(
        field: { _ in
          Field(
            "drop_where", .table(.list(.text, count: 1...Int.max, single: true), keys: .text, minimum: 0),
            "Column → values whose rows are left out.", .value(.map([])))
        },
        assign: { source, value in
          for entry in value["drop_where"]?.entries ?? [] { source.dropWhere[entry.key] = entry.value.texts }
        }),
      .integer("minimum_words", \.minimumWords, 0...1_000_000, "Rows with fewer words are left out."),
      .optionalInteger(
        "minimum_rows", \.minimumRows, 1...1_000_000_000,
        "A class with fewer rows outside the official test part is left out, or part of `rare_label`."),
      .optionalText("rare_label", \.rareLabel, "The one class that classes below `minimum_rows` become."),
      .optionalInteger("cap", \.cap, 1...1_000_000_000, "At most so many rows, by a stratified sample."),
      .group(
        "missing", "settings for missing values",
        [
          .choice("text", \.missingText, among: [.drop, .placeholder, .error], "A row without text."),
          .choice("label", \.missingLabel, "A row without label; `keep`: it has none (problem: multi-label)."),
          .text("placeholder", \.placeholder, "What stands for a missing value under `placeholder`."),
          .unfilled(
            .texts(
              "cells", \.missingCells, single: true,
              "What stands in `columns` where there is no value, beside nothing: NA, ?."), "none"),
        ], "What happens to a row without text or label."),
      .number("malformed_share", \.malformedShare, .share, "Largest share of malformed rows; more is an error."),
    ])
}
