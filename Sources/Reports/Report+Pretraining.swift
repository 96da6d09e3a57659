import Manifests
import Records
import Text

extension Report {
  /// What encoders and word vectors were pre-trained on in this run, and how well they name hidden tokens.
  static func pretraining(_ context: ReportContext) -> [Block] {
    let models = context.result.models.filter { $0.pretraining != nil }
    guard !models.isEmpty else { return [] }
    let several = Set(models.map(\.corpus)).count > 1
    var table = Table(
      (several ? [("Corpus", .left)] : []) + [
        ("Model", .left), ("Pre-trainings", .right), ("Texts", .right), ("Tokens a pass", .right), ("Passes", .right),
        ("Loss, nats", .right), ("Hidden tokens named", .right), ("Operations", .right),
      ])
    for model in models {
      guard let record = model.pretraining else { continue }
      let place: [RichText] = several ? [RichText(model.corpus)] : []
      table.append(
        place + [
          .code(model.model), "\(record.count)", RichText(NumberFormat.grouped(Int(record.texts.rounded()))),
          RichText(NumberFormat.grouped(Int(record.tokens.rounded()))), "\(record.epochs)",
          RichText(NumberFormat.fixed(record.loss, 3, blank: "–")),
          RichText(record.accuracy.map { NumberFormat.fixed($0 * 100, 1) + " %" } ?? "–"),
          RichText(NumberFormat.scaled(record.flops)),
        ])
    }
    return [.heading(3, "Pre-training"), .table(table), .paragraph(manner(models, context))]
  }

  private static func manner(_ models: [ModelRecord], _ context: ReportContext) -> RichText {
    var text: RichText =
      "Before its task, an encoder learned to name hidden tokens of texts without their labels (masked language model), "
      + "an LSTM's word vectors to tell a word's neighbours from random words (skip-gram). Fits that read the same texts "
      + "share a pre-training; figures are means over them. Loss and share are those of a twentieth of the texts, which "
      + "was held out; losses of the two ways cannot be compared. No validation or test text of a fit was read"
    let removed = models.compactMap(\.pretraining?.removed).max() ?? 0
    if context.result.manifest.unlabelled != nil {
      text +=
        "; of the unlabelled texts those that are validation or test texts of any fit were left out "
        + "(\(NumberFormat.grouped(removed)))"
    }
    let across = models.map(\.model).filter { name in
      context.result.manifest.models.first { $0.name == name }?.pretraining?.texts == .corpus
    }.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    if !across.isEmpty {
      text +=
        ". " + .enumeration(across.map { .code($0) })
        + " read the training texts of all domains, so in another domain it is no stranger to the texts there"
    }
    return text + "."
  }
}
