import Claims
import Text

extension ClaimsLedger {
  /// Pictures of the gaps that have results, by their files.
  var waterfalls: [(file: String, plot: WaterfallPlot, ruling: DecompositionRuling)] {
    ruling.decompositions.compactMap { own in
      guard let ends = own.ends else { return nil }
      func called(_ place: Int?) -> String {
        let model = place.map { own.decomposition.cells[$0].model } ?? ""
        return ruling.file.models.first { $0.name == model }?.called ?? model
      }
      let first = own.decomposition.first, last = own.decomposition.last
      let plot = WaterfallPlot(
        title: own.decomposition.called, start: (called(first), ends.first), end: (called(last), ends.second),
        steps: own.parts.map {
          .init(name: $0.factor, size: $0.contrast.estimate, low: $0.interval.low, high: $0.interval.high)
        })
      return ("ledger-\(own.decomposition.name).svg", plot, own)
    }
  }

  var gaps: [Report.Block] {
    let own = waterfalls
    guard !own.isEmpty else { return [] }
    return [
      .heading(2, "Where the difference comes from"),
      .paragraph(
        """
        Two models differ in several things at once. Each is changed alone, in every order for which all steps were trained; \
        a factor's part is the mean of what it adds (Shapley shares). Parts add up to the whole gap.
        """),
    ]
      + own.flatMap { file, plot, found -> [Report.Block] in
        var table = Report.Table([("Factor", .left), ("Adds, points", .right), ("Of the gap", .right)])
        for part in found.parts {
          let range = "\(NumberFormat.signed(part.interval.low, 1)) to \(NumberFormat.signed(part.interval.high, 1))"
          table.append([
            RichText(part.factor), RichText("\(NumberFormat.signed(part.contrast.estimate, 1)) (\(range))"),
            RichText(part.share.map { NumberFormat.fixed($0 * 100, 0, typographic: true) + " %" } ?? "–"),
          ])
        }
        let orders = NumberFormat.plain(found.decomposition.orders)
        var words = "Over \(found.corpora.joined(separator: ", ")); \(orders) orders."
        if !found.missing.isEmpty { words += " Missing: \(found.missing.joined(separator: "; "))." }
        return [
          .heading(3, RichText(found.decomposition.called)),
          .figure(Report.Figure(file: file, alternative: plot.description, svg: plot.svg())), .table(table),
          .paragraph(RichText(words)),
        ]
      }
  }

  /// One row a gap and factor.
  var gapsTable: [UInt8] {
    var csv = CSVWriter(["decomposition", "factor", "estimate", "low", "high", "share", "gap", "orders", "corpora"])
    for own in ruling.decompositions where own.ends != nil {
      for part in own.parts {
        csv.append([
          own.decomposition.name, part.factor, NumberFormat.exact(part.contrast.estimate),
          NumberFormat.exact(part.interval.low), NumberFormat.exact(part.interval.high), NumberFormat.exact(part.share),
          NumberFormat.exact(own.gap?.estimate), NumberFormat.exact(own.decomposition.orders), "\(own.corpora.count)",
        ])
      }
    }
    return csv.bytes
  }
}
