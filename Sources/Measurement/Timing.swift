import Compute
import Corpora
import Families
import Foundation
import Manifests
import Models
import Records
import Statistics
import Tasks

/// Time per batch of every model, on the same texts, interleaved in seeded random order.
///
/// Runs when nothing trains. `query` is raw text to label, `forward` is token ids to probabilities. Every model reads
/// the same texts, as they arrive, sorted by length, and padded to the longest of a batch as in the study.
package struct Timing {
  /// A model of one corpus that is timed.
  package struct Subject {
    package var task: String
    package var corpus: String
    package var model: String
    package var kind: ModelKind
    package var trained: TrainedModel

    package init(task: String, corpus: String, model: String, kind: ModelKind, trained: TrainedModel) {
      (self.task, self.corpus, self.model, self.kind) = (task, corpus, model, kind)
      self.trained = trained
    }
  }

  package var settings: TimingSettings
  package var random: Random
  package var cores: Int

  package init(settings: TimingSettings, random: Random, cores: Int) {
    (self.settings, self.random, self.cores) = (settings, random, cores)
  }

  private struct Case {
    var subject: Int
    var work: TimingSettings.Work
    var threads: Int
    var order: TimingSettings.Order
    var samples: [Double] = []
    var costs: [Double] = []
    var calibrations: [Double] = []
    var items = 0.0
    var flops = 0.0
    var peakBytes = 0
  }

  /// A classifier with the workspace that its buffers come from.
  private struct Loaded {
    var classifier: any TextClassifier
    var workspace: Workspace
  }

  /// - Parameter inputs: test rows of the corpus, in arrival order; fewer than a batch are repeated.
  ///   `peak` is the matrix product's rate on one thread, in FLOP/s. `progress` is told the share done, and in words.
  package func measure(
    _ subjects: [Subject], inputs: [Input], peak: Double,
    progress: (_ share: Double, _ text: String) -> Void = { _, _ in }
  ) -> [TimingRecord] {
    guard settings.enabled, !inputs.isEmpty, !subjects.isEmpty else { return [] }
    let loaded = subjects.map { subject in
      let workspace = Workspace()
      return Loaded(classifier: subject.trained.classifier(in: workspace), workspace: workspace)
    }
    var cases: [Case] = []
    for threads in threadCounts {
      for order in settings.orders {
        for work in settings.works {
          for subject in subjects.indices where order != .padded || subjects[subject].kind.isNeural {
            cases.append(Case(subject: subject, work: work, threads: threads, order: order))
          }
        }
      }
    }
    let pools = Dictionary(uniqueKeysWithValues: threadCounts.map { ($0, WorkerPool(threads: $0)) })
    let batches = makeBatches(inputs)
    let calibration = Calibration()
    var random = random
    let seed = random.next()
    let rounds = settings.warmup + settings.batches
    for round in 0..<rounds {
      var order = Array(cases.indices)
      random.shuffle(&order)
      for index in order {
        let current = cases[index]
        // Warm-up takes batches from all over: the same ones are timed afterwards.
        let place = round < settings.warmup ? round % settings.batches : round - settings.warmup
        let batch = batches[current.order == .sorted ? 1 : 0][place]
        let yardstick = clocked { calibration.run() }
        let sample = time(current, loaded[current.subject], batch: batch, pool: pools[current.threads]!)
        guard round >= settings.warmup else { continue }
        cases[index].samples.append(sample.clocks.wall)
        cases[index].costs.append(sample.clocks.cost(threads: current.threads))
        cases[index].calibrations.append(yardstick.cost(threads: current.threads))
        cases[index].items += sample.items
        cases[index].flops += sample.flops
        cases[index].peakBytes = max(cases[index].peakBytes, sample.peakBytes)
      }
      progress(Double(round + 1) / Double(rounds), "timing \(subjects[0].corpus): batch \(round + 1) of \(rounds)")
    }
    let records = cases.map { record($0, subjects[$0.subject], peak: peak) }
    return zip(cases, records).map { current, record in
      var record = record
      let base = reference(among: subjects)
      let place = cases.firstIndex {
        $0.subject == base && $0.work == current.work && $0.threads == current.threads && $0.order == current.order
      }
      guard let place, current.subject != base else { return record }
      // The same draws for all models.
      record.ratio = RatioOfMedians(record.samples, to: records[place].samples, generatorSeed: seed)
        .map { TimingRecord.Ratio(reference: subjects[base].model, value: $0.estimate, interval: $0.interval) }
      return record
    }
  }

  /// What the others' times are held against: the first BERT, or the first model where there is none.
  private func reference(among subjects: [Subject]) -> Int { subjects.firstIndex { $0.kind.role == .transformer } ?? 0 }

  private var threadCounts: [Int] {
    var counts: [Int] = []
    for threads in settings.threads {
      let count = threads == .one ? 1 : cores
      if !counts.contains(count) { counts.append(count) }
    }
    return counts
  }

  /// As many batches as are timed, in arrival order, and the same rows sorted by their texts' length. Rows begin again where
  /// there are too few.
  package func makeBatches(_ inputs: [Input]) -> [[[Input]]] {
    let taken = (0..<settings.batch * settings.batches).map { inputs[$0 % inputs.count] }
    let lengths = taken.map(\.text.utf8.count)
    let sorted = taken.indices.sorted { (lengths[$0], $0) < (lengths[$1], $1) }.map { taken[$0] }
    return [taken, sorted].map { list in
      stride(from: 0, to: list.count, by: settings.batch).map { Array(list[$0..<($0 + settings.batch)]) }
    }
  }

  /// What one piece of work took, in milliseconds.
  private struct Clocks {
    var wall: Double
    var processor: Double

    /// The processor's time of the whole process says what one thread's work costs, whoever else works.
    func cost(threads: Int) -> Double { threads == 1 ? processor : wall }
  }

  private func clocked(_ work: () -> Void) -> Clocks {
    let clock = ContinuousClock()
    let (start, processor) = (clock.now, ProcessorClock.milliseconds)
    work()
    let spent = ProcessorClock.milliseconds - processor
    return Clocks(wall: (clock.now - start).seconds * 1000, processor: spent)
  }

  private struct Sample {
    var clocks: Clocks
    var items: Double
    var flops: Double
    var peakBytes: Int
  }

  private func time(_ current: Case, _ loaded: Loaded, batch: [Input], pool: WorkerPool) -> Sample {
    let classifier = loaded.classifier
    var encoded = classifier.encode(batch)
    if current.order == .padded { encoded = encoded.padded }
    loaded.workspace.resetPeak()
    let clocks = clocked {
      if current.work == .query {
        var fresh = classifier.encode(batch)
        if current.order == .padded { fresh = fresh.padded }
        let probabilities = classifier.answers(fresh, pool: pool)
        precondition(mostProbable(probabilities, classes: classifier.classes).count == batch.count)
      } else {
        let probabilities = classifier.answers(encoded, pool: pool)
        precondition(probabilities.count == batch.count * classifier.classes)
      }
    }
    return Sample(
      clocks: clocks, items: Double(encoded.itemCount), flops: classifier.flops(encoded),
      peakBytes: loaded.workspace.peakBytes)
  }

  private func record(_ current: Case, _ subject: Subject, peak: Double) -> TimingRecord {
    let seconds = current.samples.reduce(0, +) / 1000
    let share = current.flops > 0 && seconds > 0 ? current.flops / seconds / (Double(current.threads) * peak) : nil
    return TimingRecord(
      task: subject.task, corpus: subject.corpus, model: subject.model, kind: subject.kind,
      work: TimingRecord.Work(current.work), threads: current.threads, batch: settings.batch,
      tokens: current.items / Double(max(1, current.samples.count)), order: current.order,
      samples: current.samples, peakShare: subject.kind.isNeural ? share : nil, peakBytes: current.peakBytes,
      costs: current.costs, calibrations: current.calibrations)
  }
}

extension EncodedTexts {
  /// Tokens, n-grams or texts that a classifier reads.
  package var itemCount: Int {
    switch self {
    case .tokens(let sequences): sequences.reduce(0) { $0 + $1.count }
    case .features(let rows): rows.indices.count
    case .table(let table): table.rows * table.columns.count
    case .rows(let inputs): inputs.count
    case .beside(let other, let tokens): other.itemCount + tokens.reduce(0) { $0 + $1.count }
    case .keys(let keys): keys.count
    }
  }

  /// Every sequence as long as the longest, as the study's padded batch of 32.
  package var padded: EncodedTexts {
    guard case .tokens(let sequences) = self else { return self }
    let longest = sequences.map(\.count).max() ?? 0
    return .tokens(sequences.map { $0 + Array(repeating: 0, count: longest - $0.count) })
  }
}
