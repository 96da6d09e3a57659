import Corpora
import Manifests
import Records
import Tasks

/// What decides between two models on another domain: the primary metric on the texts that are novel after the rows the
/// fits were trained on. A text that stands in both domains says what a model remembers, not what it carries over.
package struct NovelComparison {
  private let whole: TrialGroup
  private let group: TrialGroup
  private let settings: ComparisonSettings
  private let resampling: GroupBootstrap

  package init(_ whole: TrialGroup, _ manifest: Manifest) {
    (self.whole, group, settings) = (whole, whole.part(.novel), manifest.comparisons)
    resampling = GroupBootstrap(of: whole, primary: settings.primary, seed: manifest.seed)
  }

  /// The rows on novel texts, the deciding one first, then `others`, which no longer decide.
  package func rows(_ a: String, _ b: String, beside others: [ComparisonRow]) -> [ComparisonRow] {
    let primary = settings.primary
    var own = Comparison(group, a, b, settings, resampling: resampling).rows().filter { $0.metric == primary.rawValue }
    for index in own.indices {
      own[index].metric = ScoreName.part(primary, .novel).column
      if own[index].contrast == nil, !whole.pairs(a, b).isEmpty, group.pairs(a, b).isEmpty {
        own[index].reason = "no test text is novel"
      }
    }
    return own
      + others.map { row in
        var row = row
        row.role = .sensitivity
        return row
      }
  }
}
