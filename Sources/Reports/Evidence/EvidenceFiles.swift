import Analysis
import Evidence
import Foundation
import Records
import Statistics
import Text

/// The page of a run's evidence and the files beside it: `evidence.html`, and in `evidence` pictures and tables.
public struct EvidenceFiles {
  static let page = "evidence.html"
  static let folder = "evidence"
  static let rows = "\(folder)/rows.csv"
  static let agreement = "\(folder)/agreement.csv"
  static let confusions = "\(folder)/confusions.csv"
  static let calibration = "\(folder)/calibration.csv"
  static let reliability = "\(folder)/reliability.csv"
  static let slices = "\(folder)/slices.csv"

  let result: RunResult
  let evidence: [Evidence]

  public init(_ result: RunResult, _ evidence: [Evidence]) { (self.result, self.evidence) = (result, evidence) }

  /// Puts them into the folder of the run, in one step with what is there.
  public func write(into directory: URL) throws(OutputFolderError) {
    let there = OutputFolder.files(of: directory).filter { !Self.isEvidence($0.path) }
    try OutputFolder.write(there + all, to: directory)
  }

  static func isEvidence(_ path: String) -> Bool { path == page || path.hasPrefix(folder + "/") }

  /// Those that stand in a folder of results.
  static func stored(in directory: URL) -> [ResultFiles.File] {
    OutputFolder.files(of: directory).filter { isEvidence($0.path) }
  }

  var all: [ResultFiles.File] {
    let report = EvidenceReport(result: result, evidence: evidence, text: nil).report
    return [
      ResultFiles.File(path: Self.page, bytes: Array(HTMLRenderer.render(report).utf8)),
      ResultFiles.File(path: Self.rows, bytes: ErrorListing.rows(evidence.map(\.errors))),
      ResultFiles.File(path: Self.agreement, bytes: agreementTable),
      .init(path: Self.confusions, bytes: confusionTable),
      ResultFiles.File(path: Self.calibration, bytes: calibrationTable),
      ResultFiles.File(path: Self.reliability, bytes: reliabilityTable),
      ResultFiles.File(path: Self.slices, bytes: sliceTable),
    ] + report.figures.map { ResultFiles.File(path: $0.file, bytes: Array($0.svg.utf8)) }
  }

  /// The same page with the texts of the rows that it lists, for a file outside of any folder of results.
  public func page(text: @escaping @Sendable (_ id: String, _ corpus: String) -> String?) -> [UInt8] {
    Array(HTMLRenderer.render(EvidenceReport(result: result, evidence: evidence, text: text).report).utf8)
  }

  /// What was found, a line a data set, for a terminal.
  public var summary: [String] {
    evidence.flatMap { one -> [String] in
      let title = EvidenceReport.title(one, among: evidence)
      let wrong = one.errors.agreement().first { $0.kind == .allWrong }?.share.value
      var table = TextTable([
        (title, .left), ("right", .right), ("stated", .right), ("answered at 2 % wrong", .right), ("slices", .right),
      ])
      for model in one.errors.models {
        let own = one.calibrations.first { $0.model == model }
        let search = one.slices.found.first { $0.model == model }?.search
        func percent(_ value: Double?) -> String { NumberFormat.fixed(value.map { $0 * 100 }, 1, blank: "–") }
        table.append([
          model, percent(one.errors.accuracy(of: model)), percent(own?.confidence),
          percent(own?.coverage(atRisk: 0.02)),
          "\(search?.findings.count { $0.isCalled } ?? 0) of \(search?.candidates ?? 0)",
        ])
      }
      return table.lines + [
        "all models wrong: \(NumberFormat.fixed(wrong.map { $0 * 100 }, 1, blank: "–")) % of answers", "",
      ]
    }.dropLast()
  }

  // MARK: Tables

  private static let place = ["task", "corpus", "protocol", "source", "target"]

  private static func place(_ key: GroupKey) -> [String] {
    [key.task, key.corpus, key.protocolName, key.source, key.target]
  }

  private static func cells(_ share: ErrorAnalysis.Share) -> [String] {
    [
      "\(share.count)", "\(share.all)", NumberFormat.exact(share.value), NumberFormat.exact(share.interval?.low),
      NumberFormat.exact(share.interval?.high),
    ]
  }

  private var agreementTable: [UInt8] {
    var csv = CSVWriter(Self.place + ["answers", "model", "other", "count", "all", "share", "low", "high"])
    for one in evidence {
      for row in one.errors.agreement() {
        csv.append(
          Self.place(one.key) + [row.kind.rawValue, row.model ?? "", row.other ?? ""] + Self.cells(row.share))
      }
    }
    return csv.bytes
  }

  private var confusionTable: [UInt8] {
    var csv = CSVWriter(
      Self.place + ["model", "label", "answer", "count", "all", "share", "low", "high", "rows"])
    for one in evidence {
      for model in one.errors.models {
        for row in one.errors.confusions(of: model) {
          csv.append(
            Self.place(one.key) + [model, row.label, row.answer] + Self.cells(row.share) + ["\(row.rows)"])
        }
      }
    }
    return csv.bytes
  }

  private var calibrationTable: [UInt8] {
    var csv = CSVWriter(
      Self.place + [
        "model", "answers", "passes", "confidence", "accuracy", "difference_low", "difference_high", "ece", "brier",
        "miscalibration", "discrimination", "uncertainty", "p", "aurc", "best_aurc",
      ] + EvidenceReport.risks.map { "coverage_at_\(NumberFormat.plain($0 * 100))_percent" })
    for one in evidence {
      for own in one.calibrations {
        let values: [Double?] =
          [
            own.confidence, own.accuracy, own.overconfidence?.low, own.overconfidence?.high, own.expectedError,
            own.brier, own.miscalibration, own.discrimination, own.uncertainty, own.p, own.area, own.bestArea,
          ] + EvidenceReport.risks.map { own.coverage(atRisk: $0) }
        csv.append(
          Self.place(one.key) + [own.model, "\(own.answers)", "\(own.passes.count)"]
            + values.map { NumberFormat.exact($0) })
      }
    }
    return csv.bytes
  }

  private var reliabilityTable: [UInt8] {
    var csv = CSVWriter(Self.place + ["model", "stated", "right", "band_low", "band_high"])
    for one in evidence {
      for own in one.calibrations {
        for (stated, band) in zip(own.consistency.grid, own.consistency.band) {
          csv.append(
            Self.place(one.key) + [own.model]
              + [stated, own.recalibrated(stated), band.low, band.high].map { NumberFormat.exact($0) })
        }
      }
    }
    return csv.bytes
  }

  private var sliceTable: [UInt8] {
    var csv = CSVWriter(
      Self.place + [
        "list", "model", "other", "kind", "slice", "rows", "inside", "outside", "difference", "low", "high",
        "p_corrected", "least_detectable",
      ])
    func append(_ one: Evidence, _ list: String, _ model: String, _ other: String, _ findings: [SliceFinding]) {
      for row in findings {
        let values = [
          row.inside, row.outside, row.difference, row.interval?.low, row.interval?.high, row.p, row.leastDetectable,
        ]
        csv.append(
          Self.place(one.key) + [list, model, other, row.kind.rawValue, row.name, "\(row.rows)"]
            + values.map { NumberFormat.exact($0) })
      }
    }
    for one in evidence {
      for (model, findings) in one.slices.stated { append(one, "stated", model, "", findings) }
      for (model, search) in one.slices.found { append(one, "found", model, "", search.findings) }
      if let gap = one.slices.gap {
        append(one, "stated", gap.a, gap.b, gap.stated)
        append(one, "found", gap.a, gap.b, gap.found.findings)
      }
    }
    return csv.bytes
  }
}
