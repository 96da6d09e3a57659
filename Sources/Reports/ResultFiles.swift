import Analysis
import Foundation

/// The files of one run, as bytes. All but timing.csv, machine.json, files whose names begin with `measuredPrefix` and
/// the marked parts of report.md and report.html depend on the manifest and the data alone.
struct ResultFiles {
  struct File: Equatable {
    /// Relative to the run's folder.
    var path: String
    var bytes: [UInt8]
  }

  /// What bench writes into a run's folder: files, and the folders of the report's pictures and tables.
  static let names: Set = [
    "report.md", "report.html", "model-card.md", "data-card.md", figuresFolder, LaTeXRenderer.folder, "trials.csv",
    "summary.csv", "comparisons.csv",
    "cross-domain.csv", "transfer.csv", "slices.csv", "curves.csv", "models.csv", "tuning.csv", "leaks.csv",
    "timing.csv",
    "confusion.csv",
    "predictions.csv",
    "probabilities.f32", "manifest.resolved.yaml", "machine.json", PublishedRun.runFile, PublishedRun.measuredFile,
    PredictionTables.rowsFile, PredictionTables.predictionsFile, EvidenceFiles.page, EvidenceFiles.folder,
  ]
  static let figuresFolder = "figures"
  /// The folders of these, and how the files end that bench writes there.
  static let folders = [
    figuresFolder: [".svg"], LaTeXRenderer.folder: [".tex"], EvidenceFiles.folder: [".svg", ".csv"],
  ]
  /// Of pictures and tables of what a clock gave.
  static let measuredPrefix = "measured-"

  let all: [File]

  init(_ result: RunResult) {
    let stored = PublishedRun.files(of: result)
    guard result.manifest.outputs.predictions else {
      self.init(result, carrying: stored)
      return
    }
    self.init(
      result,
      carrying: stored + [
        File(path: "predictions.csv", bytes: ResultTables(result).predictions),
        File(path: "probabilities.f32", bytes: ProbabilityFile.bytes(of: result.records)),
      ])
  }

  /// The files that follow from the result, with those that the result itself can be read back from.
  init(_ result: RunResult, carrying stored: [File]) {
    let context = ReportContext(result)
    let report = Report(context)
    let tables = ResultTables(result)
    var files = [
      File(path: "report.md", bytes: Array(MarkdownRenderer.fitted(report).utf8)),
      File(path: "report.html", bytes: Array(HTMLRenderer.render(report).utf8)),
      File(path: "model-card.md", bytes: Self.markdown(ModelCard(context: context).report)),
      File(path: "data-card.md", bytes: Self.markdown(DataCard(context: context).report)),
      File(path: "trials.csv", bytes: tables.trials),
      File(path: "summary.csv", bytes: tables.summary),
      File(path: "comparisons.csv", bytes: tables.comparisons),
      File(path: "cross-domain.csv", bytes: tables.crossDomain),
      File(path: "transfer.csv", bytes: tables.transfer),
      File(path: "models.csv", bytes: tables.models),
      File(path: "timing.csv", bytes: tables.timing),
      File(path: "confusion.csv", bytes: tables.confusion),
      File(path: "manifest.resolved.yaml", bytes: Array(result.resolvedYAML.utf8)),
    ]
    if result.manifest.hasSlices { files.append(File(path: "slices.csv", bytes: tables.slices)) }
    if result.records.contains(where: { $0.facts.sample != nil }) {
      files.append(File(path: "curves.csv", bytes: tables.curves))
    }
    if result.manifest.tuning != nil { files.append(File(path: "tuning.csv", bytes: tables.tuning)) }
    if result.records.contains(where: { $0.leaked != nil }) {
      files.append(File(path: "leaks.csv", bytes: tables.leaks))
    }
    files += report.figures.map { File(path: $0.file, bytes: Array($0.svg.utf8)) }
    files += LaTeXRenderer.files(report)
    all = files + stored
  }

  private static func markdown(_ report: Report) -> [UInt8] { Array(MarkdownRenderer.render(report).utf8) }
}
