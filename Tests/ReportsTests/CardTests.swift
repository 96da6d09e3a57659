import Corpora
import Foundation
import Models
import Testing

@testable import Analysis
@testable import Reports

@Suite struct CardTests {
  private func modelCard(_ result: RunResult = SyntheticRun.result) -> String {
    MarkdownRenderer.render(ModelCard(context: ReportContext(result)).report)
  }

  private func dataCard(_ result: RunResult = SyntheticRun.result) -> String {
    MarkdownRenderer.render(DataCard(context: ReportContext(result)).report)
  }

  /// What stands between the heading and the next one of its level.
  private func section(_ heading: String, of card: String) throws -> String {
    let parts = card.components(separatedBy: "\n## ")
    return try #require(parts.dropFirst().first { $0.hasPrefix(heading) })
  }

  @Test("Every model has a section with its scores of every setting, interval and hardest class beside")
  func models() throws {
    let result = SyntheticRun.result
    let context = ReportContext(result)
    for model in SyntheticRun.models.map(\.name) {
      let section = try section("`\(model)`", of: modelCard())
      for group in context.groups where group.isOwnDomain {
        let row = try #require(group.row(model, "f1_macro"))
        let line = try #require(section.split(separator: "\n").first { $0.hasPrefix("| \(group.title) |") })
        #expect(line.contains("| \(ReportContext.text(row.mean, "f1_macro"))"), "\(line)")
        let trials = group.trials(of: model).filter { $0.status == .ok }
        let means = trials[0].perClass.indices.map { index in
          trials.reduce(0) { $0 + $1.perClass[index].f1 } / Double(trials.count)
        }
        let worst = try #require(means.min())
        #expect(line.contains(": \(ReportContext.text(worst, "f1_macro")) |"), "\(line)")
      }
      #expect(section.contains("**Its kept file holds**") && section.contains("**Reads**"))
      // Only shop and telecom were crossed.
      #expect(section.contains("**In a domain of messages that it was not trained on** it loses "))
    }
  }

  @Test("A run without validation rows does not say that they chose anything")
  func withoutValidation() throws {
    var result = SyntheticRun.result
    #expect(try section("Training and evaluation data", of: modelCard(result)).contains("Validation rows chose"))
    for index in result.records.indices { result.records[index].validationRows = 0 }
    let section = try section("Training and evaluation data", of: modelCard(result))
    #expect(!section.contains("Validation rows chose") && section.contains("No rows were kept for validation"))
  }

  @Test("Refits are what the manifest asks for: what came of them is in no record")
  func refits() throws {
    var result = SyntheticRun.result
    #expect(try !section("Training and evaluation data", of: modelCard(result)).contains("outputs.refit"))
    result.manifest.outputs.refit = .models(["bert"])
    let section = try section("Training and evaluation data", of: modelCard(result))
    #expect(
      section.contains("`outputs.refit` asks for these to be trained once more") && section.contains(": `bert`. "))
  }

  @Test("Where a corpus names a slice column, the card says on which of its values a model is worst and best")
  func slices() throws {
    let section = try section("`bert`", of: modelCard())
    let line = try #require(section.split(separator: "\n").first { $0.contains("**By slice, banking") })
    let rows = SyntheticRun.result.analysis.slices.filter { $0.model == "bert" && $0.metric == "f1_macro" }
    #expect(rows.count == 3 && rows.map(\.slice) == ["", "app", "e|mail"])
    let means = rows.map(\.mean)
    for (word, value) in [("worst", means.min()), ("best", means.max())] {
      let row = try #require(rows.first { $0.mean == value })
      let name = row.slice.isEmpty ? "rows without a value" : row.slice.replacingOccurrences(of: "|", with: "\\|")
      #expect(line.contains("\(word) on \(name) (\(ReportContext.text(row.mean, "f1_macro")), "), "\(line)")
    }
  }

  @Test("Caveats are those of the run: failures, random weights, undertrained fits, cut texts, floors")
  func caveats() throws {
    let card = modelCard()
    let bert = try section("`bert`", of: card), lstm = try section("`lstm`", of: card)
    #expect(bert.contains("random weights") && bert.contains("May be undertrained") && bert.contains("behind the cut"))
    #expect(
      lstm.contains("1 of 19 trials failed") && lstm.contains("1 of 13 fits not finite")
        && !lstm.contains("behind the cut"))
    #expect(try section("`majority`", of: card).contains("a floor for the others"))
    #expect(try !section("`tfidf`", of: card).contains("### Caveats"))
  }

  @Test("TF-IDF at its limit of iterations is said as such, beside networks at their last epoch")
  func undertrained() throws {
    var result = SyntheticRun.result
    for index in result.records.indices where result.records[index].model == "tfidf" {
      result.records[index].mayBeUndertrained = result.records[index].status == .ok
    }
    let report = MarkdownRenderer.render(Report(result))
    #expect(
      report.contains(
        "**May be undertrained:** `bert` (3 of 13 fits) ended at the last allowed epoch, before early stopping would have ended them; marked †. Longer training might change their scores."
      ))
    #expect(
      report.contains(
        "`tfidf` (13 of 13 fits) ended at L-BFGS's last allowed iteration, before it had converged; marked †. Longer training might change their scores."
      ))
  }

  @Test("What a model's file holds is said by its kind and settings")
  func kept() throws {
    var result = SyntheticRun.result
    result.manifest.models[2].configuration = .tfidfLogistic(.init())
    result.manifest.models[1].text.vocabularyFile = "vocab.txt"
    result.manifest.models[0].text.minimumFrequency = 5
    result.manifest.models[0].text.anonymise = true
    let card = modelCard(result)
    #expect(try section("`tfidf`", of: card).contains("names too that stand in at least 2"))
    #expect(try section("`lstm`", of: card).contains("a vocabulary that is not made of training texts"))
    #expect(try section("`bert`", of: card).contains("names too that stand in training texts at least 5 times"))
    #expect(card.contains("`bert` reads placeholders in their place, the others the messages as they are."))
    #expect(card.contains("patterns find some in 6 of 1,050 rows ("))
    result.audits[2].texts.personalRows = 0
    result.manifest.models[0].pretraining = .init()
    #expect(modelCard(result).contains("patterns find none in 1,050 rows ("))
    #expect(
      try section("`bert`", of: modelCard(result)).contains("stand in the texts of its pre-training at least 5 times"))
    #expect(modelCard().contains("No model reads placeholders in their place (`text.anonymise` is off)."))
  }

  @Test("The data card counts personal data by kind, and says what nobody knows")
  func data() throws {
    let card = dataCard()
    let banking = try section("`banking`: intent", of: card)
    #expect(banking.contains("| banking | e-mail addresses | 7 | 5 |"))
    #expect(banking.contains("| banking | **any kind** | 9 | 6 of 450 |"))
    #expect(banking.contains("**Licence:** CC BY 4.0 (catalogue)") && banking.contains("at 0123abc (catalogue)"))
    #expect(banking.contains("**Ground on which the messages may be used:** not known to bench"))
    #expect(banking.contains(#"**Who gave the labels, and how:** two clerks \| one row each"#))
    #expect(banking.contains("| 0.25 % |"), "letters that are not Latin")
    let messages = try section("`messages`: sentiment", of: card)
    #expect(messages.contains("**No pattern finds any.**") && messages.contains("**Generated text**."))
    #expect(!messages.contains("Licence"))
    #expect(card.contains("\n## What is not known\n"))
  }

  @Test("What a corpus' owner says comes before the catalogue")
  func about() throws {
    var result = SyntheticRun.result
    result.manifest.corpora[1].about.licence = "in house only"
    result.manifest.corpora[1].about.consent = "contract"
    let banking = try section("`banking`: intent", of: dataCard(result))
    #expect(banking.contains("**Licence:** in house only\n") && !banking.contains("CC BY"))
    #expect(banking.contains("may be used:** contract\n"))
  }

  @Test("Texts without labels have a section of their own; a run whose trials all failed has both cards")
  func edges() throws {
    var result = SyntheticRun.result
    result.manifest.unlabelled = CorpusDeclaration(
      name: "unlabelled", task: "", domains: [DomainDeclaration(name: "mail", source: .generated(GeneratorSettings()))])
    #expect(try section("Texts without labels", of: dataCard(result)).contains("| mail | the built-in generator"))
    for index in result.records.indices {
      (result.records[index].status, result.records[index].failure) = (.failed, "no memory")
      (result.records[index].metrics, result.records[index].perClass) = ([:], [])
    }
    result.analysis = Analysis(records: result.records, manifest: result.manifest)
    (result.models, result.audits) = ([], [])
    #expect(modelCard(result).contains("19 of 19 trials failed") && dataCard(result).contains("`banking`: intent"))
  }
}
