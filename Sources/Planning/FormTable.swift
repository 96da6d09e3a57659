import Corpora
import Files
import Text

/// The form of every text that some trial tests: looked at once, for all models.
package struct FormTable: Sendable {
  /// `[corpus][domain][row]`; nil for rows that no trial tests, no rows where nobody wrote a text.
  private var forms: [[[TextForm?]]] = []

  /// Without any.
  package init() {}

  package init(plan: Plan, corpora: [Corpus], jobs: Int) {
    var isTested = corpora.map { $0.domains.map { [Bool](repeating: false, count: $0.examples.count) } }
    for fit in plan.fits {
      for trial in fit.trials {
        for row in plan.testRows(of: trial, in: fit) { isTested[fit.data.corpus][trial.target][row] = true }
      }
    }
    let places = corpora.indices.flatMap { corpus in corpora[corpus].domains.indices.map { (corpus, $0) } }
    let wanted = isTested
    let found = Jobs.map(Array(places.indices), jobs: jobs) { index -> [TextForm?] in
      let (corpus, domain) = places[index]
      guard corpora[corpus].hasTexts else { return [] }
      return zip(corpora[corpus].domains[domain].examples, wanted[corpus][domain]).map { example, isTested in
        isTested ? TextForm(example.text) : nil
      }
    }
    forms = corpora.map { _ in [] }
    for (index, place) in places.enumerated() { forms[place.0].append(found[index] ?? []) }
  }

  /// In the order of the trial's test rows; none where there are no texts.
  package func forms(of trial: Plan.Trial, in fit: Plan.Fit, _ plan: Plan) -> [TextForm] {
    guard forms.indices.contains(fit.data.corpus) else { return [] }
    let all = forms[fit.data.corpus][trial.target]
    return all.isEmpty ? [] : plan.testRows(of: trial, in: fit).compactMap { all[$0] }
  }
}
