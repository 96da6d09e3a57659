import Files
import Foundation
import Planning
import Storage
import Training

/// Seconds spent on one training by this run and earlier ones; measured.
package final class TrainingClock {
  private var earlier = 0.0
  private let started = ProcessInfo.processInfo.systemUptime

  package var seconds: Double { earlier + ProcessInfo.processInfo.systemUptime - started }

  /// Stops where the run is to stop, goes on from what is stored, and stores where training stands now and then.
  ///
  /// - Parameter storedEvery: the least time between two stored states, in seconds.
  package func session(
    store: FitStore, name: String, key: FitKey, stop: StopRequest, storedEvery: Double
  ) -> TrainingSession {
    var (last, isPossible) = (started, true)
    return TrainingSession(
      isStopped: { stop.isMade },
      resumed: {
        let begun = store.loadTraining(name, key)
        self.earlier = begun?.seconds ?? 0
        return begun?.state
      },
      keep: { state in
        guard isPossible, ProcessInfo.processInfo.systemUptime - last >= storedEvery else { return }
        let training = StoredTraining(key: key.digest, seconds: self.seconds, state: state())
        // It only saves time, so a disk without room for it ends nothing.
        do throws(StorageError) { try store.save(name, key, training: training) } catch { isPossible = false }
        last = ProcessInfo.processInfo.systemUptime
      })
  }
}
