import Families
import Storage
import Synchronization

/// The models of fits that other fits ask: stored ones are read again, and without a store they are held.
final class AskedModels: Sendable {
  private let asked: Set<Int>
  private let slots: [FitSlot]?
  private let held = Mutex<[Int: TrainedModel]>([:])

  /// - Parameter uses: of each fit those that it asks.
  init(_ uses: [[Int]], _ slots: [FitSlot]?) { (asked, self.slots) = (Set(uses.joined()), slots) }

  func keep(_ model: TrainedModel, of fit: Int) {
    guard slots == nil, asked.contains(fit) else { return }
    held.withLock { $0[fit] = model }
  }

  /// nil where the fit has failed.
  func model(of fit: Int) -> TrainedModel? {
    slots.map { $0[fit].load()?.model } ?? held.withLock { $0[fit] }
  }
}
