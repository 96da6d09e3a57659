import Analysis
import Measurement
import Records
import Statistics
import Tasks
import Text

extension Report {
  /// Everything that a clock or a memory counter gave, in one marked part.
  static func measured(_ context: ReportContext) -> [Block] {
    let result = context.result
    var inner: [Block] = []
    for warning in result.timingWarnings {
      inner.append(.note(.strong("Timing is unfit for comparison:") + RichText(" " + warning)))
    }
    let compared = Set(context.declared.candidates)
    let latencies = result.timings.filter { !$0.isTraining && compared.contains($0.model) }
    let places = latencies.reduce(into: [[String]]()) { places, row in
      if !places.contains([row.task, row.corpus]) { places.append([row.task, row.corpus]) }
    }
    for place in places {
      let rows = latencies.filter { [$0.task, $0.corpus] == place }
      let batches = Set(rows.map(\.batch)).sorted().map(String.init).joined(separator: ", ")
      inner.append(.heading(3, "\(place[1]): time for a batch of \(batches), from raw text to label"))
      inner.append(.table(latencyTable(rows.filter { $0.work == .query && $0.order != .sorted })))
    }
    if !latencies.isEmpty {
      inner.append(
        .paragraph(
          "A percentile is given where there are enough batches for it (p90 from 64, p95 from 130, p99 from 662). Share "
            + "of peak: floating-point operations a second over those of this machine's best matrix product on one "
            + "thread, times the threads. Order: texts as they arrive, or padded to the longest of the batch as in the study."
            + " The interval of a ratio of medians is a bootstrap over rounds, in each of which "
            + "every model had the same texts. Forward passes alone, and texts sorted by length: "
            + RichText([.link("timing.csv", to: "timing.csv")]) + "."))
    }
    inner += paretoFigures(context)
    let fits = result.timings.filter { $0.isTraining && compared.contains($0.model) }
    if !fits.isEmpty {
      inner.append(.heading(3, "Training: one whole fit"))
      inner.append(.table(trainingTable(fits)))
    }
    let disturbed = Set(result.records.filter(\.measured.isDisturbed).map(\.fit)).count
    if disturbed > 0 {
      inner.append(
        .paragraph(
          "Left out: the training times of \(disturbed) fit\(disturbed == 1 ? "" : "s"), during which other processes used "
            + "more than \(NumberFormat.plain(TrialRecord.Measured.largestLoad * 100)) % of the processors."))
    }
    inner.append(.heading(3, "Machine"))
    inner.append(.list(machine(result)))
    return [.heading(2, "Time and memory"), .measured(inner)]
  }

  /// What an answer costs, in the first corpus and on the fewest threads: one model's time, and the others' beside it.
  static func time(_ context: ReportContext) -> RichText? {
    let result = context.result, compared = Set(context.declared.candidates)
    let rows = result.timings.filter {
      $0.work == .query && $0.order == .arrival && !$0.isTraining && compared.contains($0.model)
    }
    guard let first = rows.first, let threads = rows.map(\.threads).min(), let batch = rows.map(\.batch).max() else {
      return nil
    }
    let own = rows.filter {
      [$0.task, $0.corpus] == [first.task, first.corpus] && $0.threads == threads && $0.batch == batch
    }
    let reference = own.compactMap(\.ratio).first?.reference
    guard let base = own.first(where: { $0.model == reference }), let median = LatencySummary(base.samples)?.median
    else {
      return nil
    }
    let others = own.compactMap { row -> RichText? in
      guard row.model != base.model, let ratio = row.ratio, let own = LatencySummary(row.samples)?.median else {
        return nil
      }
      return .code(row.model) + RichText(" \(milliseconds(own)) (\(factor(ratio.value)))")
    }
    func milliseconds(_ value: Double) -> String { NumberFormat.fixed(value, value < 1 ? 2 : 1) + " ms" }
    var text: RichText =
      .strong("Time:") + " to label \(batch) raw texts takes " + .code(base.model)
      + RichText(" \(milliseconds(median))")
    if !others.isEmpty { text += ", " + .enumeration(others) }
    text += " on this machine, " + (threads == 1 ? "one thread" : "\(threads) threads")
    return text + (result.timingWarnings.isEmpty ? "." : "; these times are unfit for comparison, see below.")
  }

  /// `180 times as fast`, `1.5 times as long`: two digits of a ratio of times.
  private static func factor(_ ratio: Double) -> String {
    if (0.95...1.05).contains(ratio) { return "as long, within 5 %" }
    let times = ratio < 1 ? 1 / ratio : ratio
    guard times < 1e9 else { return "no ratio" }
    var unit = 0.1
    while times / unit >= 99.5 { unit *= 10 }
    let rounded = (times / unit).rounded() * unit
    let text = rounded < 9.95 ? NumberFormat.fixed(rounded, 1) : NumberFormat.grouped(Int(rounded.rounded()))
    return "\(text) times as \(ratio < 1 ? "fast" : "long")"
  }

  private static func latencyTable(_ rows: [TimingRecord]) -> Table {
    var table = Table(
      [
        ("Model", .left), ("Threads", .right), ("Order", .left), ("Median, ms", .right), ("p90", .right),
        ("p95", .right), ("p99", .right), ("Queries a second", .right), ("Share of peak", .right),
        ("Time against the reference (95 %)", .right), ("Batches", .right),
      ], all: "timing.csv")
    func milliseconds(_ value: Double?) -> RichText {
      RichText(NumberFormat.fixed(value, (value ?? 0) < 1 ? 3 : 2, blank: "–"))
    }
    for row in rows {
      let figures = LatencySummary(row.samples)
      table.append([
        .code(row.model), "\(row.threads)", RichText(row.order.rawValue), milliseconds(figures?.median),
        milliseconds(figures?.p90), milliseconds(figures?.p95), milliseconds(figures?.p99),
        RichText(row.queriesPerSecond.map { NumberFormat.grouped(Int($0.rounded())) } ?? "–"),
        RichText(row.peakShare.map { NumberFormat.fixed($0 * 100, 1) + " %" } ?? "–"),
        row.ratio.map(ratio) ?? "–", "\(row.samples.count)",
      ])
    }
    return table
  }

  /// `0.42 × bert (0.40 to 0.45)`
  private static func ratio(_ ratio: TimingRecord.Ratio) -> RichText {
    func figure(_ value: Double) -> String { NumberFormat.fixed(value, value < 0.1 ? 4 : 2) }
    return "\(figure(ratio.value)) × " + .code(ratio.reference)
      + " (\(figure(ratio.interval.low)) to \(figure(ratio.interval.high)))"
  }

  private static func trainingTable(_ rows: [TimingRecord]) -> Table {
    var table = Table(
      [
        ("Corpus", .left), ("Model", .left), ("Fits", .right), ("Median, s", .right), ("Shortest, s", .right),
        ("Peak of live buffers", .right),
      ], all: "timing.csv")
    for row in rows {
      let figures = LatencySummary(row.samples)
      table.append([
        RichText(row.corpus), .code(row.model) + (row.work == .pretrain ? " (pre-training)" : ""),
        "\(row.samples.count)",
        RichText(NumberFormat.fixed(figures.map { $0.median / 1_000 }, 2, blank: "–")),
        RichText(NumberFormat.fixed(figures.map { $0.minimum / 1_000 }, 2, blank: "–")),
        RichText(row.peakBytes > 0 ? NumberFormat.scaled(Double(row.peakBytes), unit: "B") : "–"),
      ])
    }
    return table
  }

  private static func machine(_ result: RunResult) -> [RichText] {
    let facts = result.machine
    var lines: [RichText] = [
      "\(facts.cpu), \(facts.cores) cores, \(NumberFormat.scaled(Double(facts.memory), unit: "B")) of memory, \(facts.os)",
      "OpenBLAS \(facts.blasVersion) (\(facts.blasCore), \(facts.blasThreads) thread\(facts.blasThreads == 1 ? "" : "s") a product), own kernels \(facts.kernelISA)",
      "\(facts.compiler), \(facts.buildConfiguration)",
    ]
    if let commit = facts.commit {
      let state = facts.dirty.map { $0 ? ", with changes" : ", without changes" } ?? ""
      lines.append("Commit " + RichText.code(commit) + RichText(state))
    }
    if let load = facts.load { lines.append("Load average when timing began: \(NumberFormat.fixed(load, 2))") }
    lines.append("The whole run took \(NumberFormat.duration(result.elapsedSeconds))")
    if result.reusedFits > 0 {
      let fits = Set(result.records.map(\.fit)).count
      lines.append(
        "Of \(fits) fits \(result.reusedFits) were stored by an earlier run, whose time is not in this one's")
    }
    return lines
  }
}
