import Evidence
import Models
import Statistics
import Text

extension ExplainedTexts {
  /// A page with the texts, their words shaded by what they add. For the machine that has the texts.
  ///
  /// - Parameter shown: what is shown of the runs of a text; nil of one that is hidden.
  public func page(shown: (TextRuns) -> [String?]) -> [UInt8] {
    var blocks: [Report.Block] = [
      .heading(1, "Which words the answers hang on"),
      .note("This page has customers' texts: it is for this machine, and not for publishing."),
      .paragraph(
        RichText([
          .text("Words that speak for the answer are "), .shaded("shaded so", 0.7), .text(", those against it "),
          .shaded("so", -0.7),
          .text(
            """
            , each text by its strongest word. Attributions say what a model's score is made of, and not why anything is \
            true; whether they are faithful is measured below.
            """),
        ])),
    ]
    if models.contains(where: { $0.faithfulness != nil }) { blocks += faithfulness }
    blocks.append(.heading(2, "Texts"))
    var room = Self.room
    for place in texts.indices {
      room -= models.count * (400 + texts[place].id.utf8.count) + size(of: place)
      guard room >= 0 else {
        blocks.append(
          .paragraph("\(NumberFormat.grouped(texts.count - place)) more texts have no room on this page (`--most`)."))
        break
      }
      blocks += strip(place, shown)
    }
    return Array(HTMLRenderer.render(Report(blocks: blocks)).utf8)
  }

  /// Bytes of the texts on the page, about.
  private static let room = 500_000

  /// Bytes of a text's words with their shades, about.
  private func size(of place: Int) -> Int {
    models.reduce(0) { sum, model in
      let runs = model.attributions[place].runs
      return sum + runs.text.utf8.count + 32 * runs.count
    }
  }

  private var faithfulness: [Report.Block] {
    var blocks: [Report.Block] = [.heading(2, "Whether the answers hang on these words")]
    func rows(_ value: KeyPath<Faithfulness.Row, Double> & Sendable) -> [DotPlot.Row] {
      models.compactMap { model in
        model.faithfulness.map { own in
          let mean = own.mean { $0[keyPath: value] }
          return DotPlot.Row(
            model: model.name, kind: "", mean: mean.value * 100, low: mean.interval.map { $0.low * 100 },
            high: mean.interval.map { $0.high * 100 })
        }
      }
    }
    let plot = DotPlot(
      title: "Words that add most against words at random", axisLabel: "points of probability", digits: 1,
      limits: nil,
      panels: [
        DotPlot.Panel(title: "needed: lost without them", rows: rows(\.needed)),
        DotPlot.Panel(title: "enough: kept with them alone", rows: rows(\.enough)),
      ])
    blocks.append(
      .figure(
        Report.Figure(
          file: "", alternative: "What the words that add most bring beyond words at random, with 95 % intervals",
          svg: plot.svg())))
    var table = Report.Table([
      ("Model", .left), ("Method", .left), ("Texts", .right), ("Complete", .right), ("Needed", .right),
      ("Enough", .right),
    ])
    for model in models {
      table.append([
        .code(model.name), RichText(model.method.rawValue), RichText(NumberFormat.grouped(model.attributions.count)),
        RichText(NumberFormat.grouped(model.complete)),
        RichText(model.faithfulness.map { Self.points($0.mean(\.needed)) } ?? "–"),
        RichText(model.faithfulness.map { Self.points($0.mean(\.enough)) } ?? "–"),
      ])
    }
    blocks.append(.table(table))
    if let (needed, enough) = pair {
      blocks.append(
        .paragraph(
          RichText([
            .code(models[0].name), .text(" less "), .code(models[1].name),
            .text(
              ", on the same texts: needed \(Self.points(needed)), enough \(Self.points(enough)) points, each with its own "
                + "95 % interval."),
          ])))
    }
    blocks.append(
      .paragraph(
        RichText(
          "The first 1, 5, 10, 20 and 50 % of a text's words are taken away, or kept alone (DeYoung et al. 2020); both "
            + "figures are the mean difference to \(Faithfulness.draws) rankings by chance.")))
    return blocks
  }

  private func strip(_ place: Int, _ shown: (TextRuns) -> [String?]) -> [Report.Block] {
    let text = texts[place]
    var blocks: [Report.Block] = [
      .heading(3, RichText(text.id) + (text.label.map { RichText([.text(": "), .code($0)]) } ?? ""))
    ]
    for model in models {
      let own = model.attributions[place], largest = own.values.map(abs).max() ?? 0
      let answer = RichText([
        .code(model.name), .text(": "),
        text.label == nil || text.label == model.answers[place]
          ? .text(model.answers[place]) : .strong("\(model.answers[place]), wrong"),
        .text(
          ", \(Self.percent(model.probabilities[place])) (\(Self.method(model.method, own)))"),
      ])
      var words: [RichText.Span] = []
      for (word, value) in zip(shown(own.runs), own.values) {
        if !words.isEmpty { words.append(.text(" ")) }
        words.append(.shaded(word ?? "•••", largest > 0 ? value / largest : 0))
      }
      blocks += [.paragraph(answer), .paragraph(RichText(words))]
    }
    return blocks
  }
}
