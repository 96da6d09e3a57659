import Analysis
import Manifests
import Records
import Text

extension Report {
  /// What fewer trials would have lost, and how far the choice flattered itself, for each model. Of runs of versions whose
  /// searches did not begin with the declared model there is none.
  static func searchCourse(_ searches: [TuningRecord], _ context: ReportContext) -> [Block] {
    guard beginWithDeclared(searches) else { return [] }
    let metric = context.result.trainingMetric, name = metric.rawValue
    let counts = [1, 5, 10, 20]
    var table = Table(
      [("Model", .left), ("Fits", .right)]
        + counts.map { (RichText($0 == 1 ? "Regret after 1 trial" : "after \($0)"), .right) }
        + [("Optimism", .right)], all: "tuning.csv")
    for model in context.models {
      let own = searches.filter { $0.model == model }
      guard !own.isEmpty else { continue }
      let course = SearchCourse(
        mean: own.map { search in
          let tested = context.result.records.first { $0.fit == search.fit && $0.target == search.source }
          return SearchCourse(search, metric: metric, fresh: tested?.metrics[name])
        })
      table.append(
        [.code(model), "\(own.count)"]
          + counts.map { count in
            RichText(course.regrets.count < count ? "–" : ReportContext.text(course.regrets[count - 1], name))
          }
          + [
            RichText(
              NumberFormat.signed(course.optimism.map { ReportContext.shown($0, name) }, ReportContext.digits(name)))
          ]
      )
    }
    return [
      .collapsed(
        "Regret and optimism",
        [
          .paragraph(
            "Regret: by how much the best of the first trials lies behind the best of all on validation rows, mean over "
              + "the fits; after 1 trial it is what searching gained over the model as declared. Optimism: the validation "
              + "score of the setting chosen less its score on test rows of the same domain, which no search saw; what is "
              + "above 0 comes of choosing, and of any difference between the two parts."),
          .table(table),
        ])
    ]
  }

  /// Whether the first trial of each search is the model as declared, as it is since searches begin so.
  static func beginWithDeclared(_ searches: [TuningRecord]) -> Bool {
    searches.allSatisfy { $0.trials.first.map { $0.isDeclared == true } ?? true }
  }
}
