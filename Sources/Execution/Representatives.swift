import Families
import Models
import Planning
import Synchronization

/// The trained models that outlive their fits: of each model on each corpus one, the first of the plan that succeeded.
/// They are what model summaries and timing ask; weights of all other fits are let go when these end.
package final class Representatives: Sendable {
  /// One model on one corpus, by index.
  package struct Place: Hashable {
    package var corpus: Int
    package var model: Int

    package init(_ fit: Plan.Fit) { (corpus, model) = (fit.data.corpus, fit.model) }
  }

  package struct Item {
    /// Index of the fit in the plan.
    package var fit: Int
    package var trained: TrainedModel
  }

  private let fits: [Plan.Fit]
  private let held = Mutex<[Place: Item]>([:])

  package init(of plan: Plan) { fits = plan.fits }

  /// Keeps the model of a fit that has ended where no earlier fit stands for the same; fits may end in any order.
  package func offer(_ fit: Int, _ trained: TrainedModel) {
    held.withLock {
      let place = Place(fits[fit])
      if let earlier = $0[place], earlier.fit < fit { return }
      $0[place] = Item(fit: fit, trained: trained)
    }
  }

  /// In the order of the corpora and, of one corpus, of the models.
  package var items: [Item] {
    let held = held.withLock { $0 }
    return held.sorted { ($0.key.corpus, $0.key.model) < ($1.key.corpus, $1.key.model) }.map(\.value)
  }
}
