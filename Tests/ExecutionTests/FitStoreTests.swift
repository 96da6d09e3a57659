import Corpora
import Families
import Foundation
import Manifests
import Models
import Synchronization
import TestSupport
import Testing
import Text

@testable import Execution
@testable import Files
@testable import Planning
@testable import Storage
@testable import Training

/// Calls `body` with an output folder that does not exist yet, in a fresh folder.
func inFolder(_ body: (URL) throws -> Void) throws {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("fits-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  try body(folder.appendingPathComponent("out"))
}

@Suite struct FitStoreTests {
  private static func manifest() -> Manifest {
    var manifest = Small.manifest()
    manifest.protocols = Array(manifest.protocols.prefix(2))
    for index in manifest.protocols.indices { manifest.protocols[index].seeds = 1 }
    return manifest
  }

  private func run(
    _ manifest: Manifest, _ output: URL, change: (inout Runner) -> Void = { _ in }
  ) throws -> Runner.Outcome {
    var runner = try Small.runner(manifest, jobs: 2)
    runner.store = try FitStore(beside: output, fresh: false)
    runner.trainingStoredEvery = 0
    change(&runner)
    return runner.run(progress: Progress(style: .quiet))
  }

  private func outlook(_ manifest: Manifest, _ output: URL) throws -> [Plan.Outlook] {
    try Small.runner(manifest, jobs: 1).outlook(FitStore(lookingBeside: output))
  }

  private func expectEqual(_ a: Runner.Outcome, _ b: Runner.Outcome, _ what: String = "") {
    #expect(a.records.map(\.trial) == b.records.map(\.trial), "\(what)")
    for (a, b) in zip(a.records, b.records) {
      #expect(a.status == b.status && a.epochs == b.epochs && a.mayBeUndertrained == b.mayBeUndertrained, "\(a.trial)")
      #expect(a.probabilities.map(\.bitPattern) == b.probabilities.map(\.bitPattern), "\(what) \(a.trial)")
      #expect(a.curve == b.curve && (a.curve != nil) == a.kind.isNeural, "\(what) \(a.trial)")
      #expect(a.metrics == b.metrics && a.splitHash == b.splitHash && a.ids == b.ids, "\(what) \(a.trial)")
    }
    #expect(a.models.map { "\($0)" } == b.models.map { "\($0)" }, "\(what)")
  }

  @Test("a second run reads every fit and gives what the first gave, and what a run without a store gives")
  func reuse() throws {
    try inFolder { output in
      let manifest = Self.manifest()
      let plain = try Small.runner(manifest, jobs: 2).run(progress: Progress(style: .quiet))
      let first = try run(manifest, output), second = try run(manifest, output)
      #expect(first.reusedFits == 0 && first.storedFits == 12 && plain.storedFits == 0)
      #expect(second.reusedFits == 12 && second.storedFits == 12)
      expectEqual(plain, first)
      expectEqual(plain, second)
      #expect(second.records.map(\.measured.trainSeconds) == first.records.map(\.measured.trainSeconds))
      #expect(try outlook(manifest, output).allSatisfy { $0.isReused && $0.reason == "reused: stored" })
      #expect(try FitStore(beside: output, fresh: true).folder.lastPathComponent == "out.fits")
      #expect(try outlook(manifest, output).allSatisfy { $0.reason == "runs: nothing is stored" })
    }
  }

  @Test("a changed setting runs the fits that it touches, named with what changed, and others are read")
  func changedSetting() throws {
    try inFolder { output in
      var manifest = Self.manifest()
      _ = try run(manifest, output)
      manifest.models[1].training.epochs = 3
      manifest.comparisons.margin = 2
      manifest.name = "renamed"
      for line in try outlook(manifest, output) {
        #expect(line.isReused == !line.fit.hasSuffix(".lstm"), "\(line)")
        if !line.isReused { #expect(line.reason == "runs: changed: training.epochs") }
      }
      #expect(try run(manifest, output).reusedFits == 10)
      // What no plan asks for any more is gone.
      manifest.models[1].training.epochs = 2
      #expect(try run(manifest, output).reusedFits == 10)
    }
  }

  @Test("every field of a model is in the key, and the content of a vocabulary file")
  func keys() throws {
    let manifest = Self.manifest()
    func digest(_ change: (inout ModelDeclaration) -> Void, code: String = "1") throws -> String {
      var manifest = manifest
      change(&manifest.models[0])
      let runner = try Small.runner(manifest, jobs: 1)
      return FitKeys(manifest: manifest, corpora: runner.corpora, plan: runner.plan, code: code).keys[0].digest
    }
    let changes: [(inout ModelDeclaration) -> Void] = [
      { _ in }, { $0.seedOffset = 1 }, { $0.training.optimizer.epsilon = 1e-7 }, { $0.training.clipNorm = nil },
      { $0.training.earlyStopping = nil }, { $0.training.earlyStopping?.metric = .loss }, { $0.text.stem = true },
      { $0.text.vocabularyFile = "none.txt" }, { $0.configuration = .majority },
    ]
    var digests = try changes.map { try digest($0) }
    digests.append(try digest({ _ in }, code: "2"))
    #expect(Set(digests).count == digests.count)
    #expect(try digest { _ in } == digests[0])
  }

  @Test("the content of a checkpoint's files is in the key, its place and its name are not")
  func checkpoint() throws {
    let manifest = Self.manifest(), runner = try Small.runner(manifest, jobs: 1)
    func digest(_ folder: URL, display: String = "Tiny") -> String {
      var manifest = manifest
      manifest.models[0].pretrained = PretrainedSource(
        path: folder.path, declaredPath: folder.path, display: display)
      return FitKeys(manifest: manifest, corpora: runner.corpora, plan: runner.plan, code: "1").keys[0].digest
    }
    let tiny = try TinyCheckpoint()
    let first = digest(tiny.folder)
    try inFolder { elsewhere in
      try FileManager.default.copyItem(at: tiny.folder, to: elsewhere)
      #expect(digest(elsewhere, display: "Tiny again") == first)
    }
    var tensors = try Data(contentsOf: tiny.url("model.safetensors"))
    tensors[tensors.count - 1] ^= 1
    try tensors.write(to: tiny.url("model.safetensors"))
    let second = digest(tiny.folder)
    try tiny.replace("vocab.txt", "##z", with: "##ž")
    let plain = FitKeys(manifest: manifest, corpora: runner.corpora, plan: runner.plan, code: "1").keys[0].digest
    #expect(Set([first, second, digest(tiny.folder), plain]).count == 4)
  }

  @Test("files that are not the store's stay where they are")
  func strangers() throws {
    try inFolder { output in
      let folder = try FitStore(beside: output, fresh: false).folder
      let names = ["notes.txt", "galaxy-42.fit", "galaxy-0123456789abcdef.fits", "lock"]
      for name in names { try Data("mine".utf8).write(to: folder.appendingPathComponent(name)) }
      let (stored, partial) = ("a-b.c-0123456789abcdef.model", ".partial-1")
      for name in [stored, partial] { try Data().write(to: folder.appendingPathComponent(name)) }
      _ = try FitStore(beside: output, fresh: false)
      func listing() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() }
      #expect(try listing() == (names + [stored]).sorted())
      _ = try FitStore(beside: output, fresh: true)
      #expect(try listing() == names.sorted())
    }
  }

  @Test("a changed test text is tested anew without training, a changed training text trains again")
  func changedRows() throws {
    try inFolder { output in
      let manifest = Self.manifest()
      _ = try run(manifest, output)
      var rows: (test: Int, train: Int) = (0, 0)
      let changed = try run(manifest, output) { runner in
        let split = runner.plan.split(of: runner.plan.fits[0])
        rows = (split.test[0], split.train[0])
        runner.corpora[0].domains[0].examples[rows.test].text = "quite another text"
      }
      #expect(changed.reusedFits == 12)
      var plain = try Small.runner(manifest, jobs: 2)
      plain.corpora[0].domains[0].examples[rows.test].text = "quite another text"
      expectEqual(plain.run(progress: Progress(style: .quiet)), changed)
      let retrained = try run(manifest, output) {
        $0.corpora[0].domains[0].examples[rows.train].text = "quite another text"
      }
      #expect(retrained.reusedFits == 6)
    }
  }

  @Test("damaged files count as missing: the fit runs again and comes to the same")
  func damage() throws {
    try inFolder { output in
      let manifest = Self.manifest()
      let first = try run(manifest, output)
      let folder = FitStore(lookingBeside: output).folder
      for (index, name) in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().enumerated()
      where name != "lock" {
        let url = folder.appendingPathComponent(name)
        var bytes = [UInt8](try Data(contentsOf: url))
        switch index % 4 {
        case 0: bytes[bytes.count / 2] ^= 4
        case 1: bytes.removeLast(bytes.count / 3)
        case 2: bytes = []
        default: continue
        }
        try Data(bytes).write(to: url)
      }
      let damaged = try outlook(manifest, output).count { $0.reason == "runs: what is stored is damaged" }
      #expect(damaged > 6)
      let second = try run(manifest, output)
      #expect(second.reusedFits == 12 - damaged)
      expectEqual(first, second)
    }
  }

  @Test("what an earlier version stored of a fit, without its curve, is read; with it, it comes back as it was")
  func curves() throws {
    let old =
      #"{"epochs":2,"flops":8,"mayBeUndertrained":true,"measured":{"peakBytes":1,"threads":1,"trainSeconds":1}}"#
    var summary = try StoredJSON.decode(StoredFit.Summary.self, from: old)
    #expect(summary.epochs == 2 && summary.curve == nil && summary.mayBeUndertrained)
    summary.curve = TrainingCurve(
      losses: [1.5, 0.1], validation: [ValidationPoint(epoch: 1, step: 3, loss: 1.0 / 3, primary: nil)])
    let read = try StoredJSON.decode(StoredFit.Summary.self, from: StoredJSON.encode(summary))
    #expect(read.curve == summary.curve)
  }

  @Test("a run that is stopped at any moment goes on from its last epoch and comes to the same")
  func stopped() throws {
    try inFolder { output in
      var manifest = Self.manifest()
      manifest.models = manifest.models.filter(\.configuration.kind.isNeural)
      for index in manifest.models.indices { manifest.models[index].training.epochs = 4 }
      let plain = try Small.runner(manifest, jobs: 1).run(progress: Progress(style: .quiet))
      let novelty = try Small.runner(manifest, jobs: 1).noveltyTable
      var goneOn = 0
      for steps in 1...200 {
        let runner = try Small.runner(manifest, jobs: 1)
        // Ends the run in the middle of a fit, a little later each time.
        let left = Mutex(steps * 2)
        var stopping = runner
        stopping.store = try FitStore(beside: output, fresh: false)
        stopping.trainingStoredEvery = 0
        for (slot, fit) in zip(try #require(stopping.slots(stopping.keys)), runner.plan.fits) {
          if slot.load() == nil, slot.loadTraining() != nil { goneOn += 1 }
          _ = FitRun(runner: stopping, fit: fit, threads: 1, novelty: novelty, slot: slot).run { _, _ in
            left.withLock { $0 -= 1 }
            if left.withLock({ $0 < 0 }) { runner.stop.make(.signal(2)) }
          }
          if runner.stop.isMade { break }
        }
        if !runner.stop.isMade { break }
        #expect(runner.run(progress: Progress(style: .quiet)).stopped == .signal(2))
      }
      #expect(goneOn > 3, "no training was gone on with")
      let last = try run(manifest, output)
      #expect(last.reusedFits == 6)
      expectEqual(plain, last)
    }
  }

  @Test("the second to work on a folder is refused while the first is there")
  func lock() throws {
    try inFolder { output in
      try withExtendedLifetime(FitStore(beside: output, fresh: false)) { _ in
        let busy = StorageError.isBusy(
          output: output.relativePath, process: Int(ProcessInfo.processInfo.processIdentifier))
        #expect(throws: busy) { try FitStore(beside: output, fresh: false) }
        #expect("\(busy)".contains("is running into this folder"))
      }
      _ = try FitStore(beside: output, fresh: false)
    }
  }

  @Test("a fit that cannot be stored ends the run, and says why")
  func unstorable() throws {
    try inFolder { output in
      let manifest = Self.manifest()
      let outcome = try run(manifest, output) { runner in
        guard let slot = runner.slots(runner.keys)?[0], let store = runner.store else {
          Issue.record("no store")
          return
        }
        // A folder in the file's place cannot be replaced by it.
        let place = store.folder.appendingPathComponent("\(slot.name)-\(slot.key.digest.prefix(16)).fit/in-the-way")
        try? FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
      }
      guard case .storage(.cannotStore(let path, let reason)) = outcome.stopped else {
        Issue.record("not stopped: \(String(describing: outcome.stopped))")
        return
      }
      #expect(path.hasSuffix(".fit") && !reason.isEmpty && outcome.records.isEmpty)
    }
  }

  @Test("a fit that is read keeps the threads that it was trained on; no fit gets more than there are cores")
  func threads() throws {
    try inFolder { output in
      var manifest = Self.manifest()
      manifest.protocols = [ProtocolDeclaration(kind: .holdout)]
      manifest.protocols[0].domains = ["ecommerce"]
      manifest.models = [manifest.models[3]]
      func threads(jobs: Int) throws -> [Int] {
        try run(manifest, output) { ($0.jobs, $0.cores) = (jobs, 3) }.timings.filter { $0.work == .train }
          .map(\.threads)
      }
      let many = try threads(jobs: 1_000), one = try threads(jobs: 1)
      #expect(many == [3] && one == [3])
    }
  }

  @Test("a first request ends work where it can be gone on from, a second at once, and after training each at once")
  func answers() {
    let stop = StopRequest()
    #expect([2, 15, 2].map { stop.answer(to: $0) } == [.ending, .endedAtOnce, .endedAtOnce])
    #expect(stop.reason == .signal(2))
    let late = StopRequest()
    #expect(late.endsAtOnce() == nil && late.answer(to: 2) == .endedAfterTraining && late.reason == nil)
  }

  @Test("a progress line shows every loss", arguments: [(0.12345, "0.123"), (1e300, "1e+300"), (.infinity, "inf")])
  func loss(value: Double, shown: String) { #expect(Progress.shown(loss: value) == shown) }

  @Test("with failsFast the first failure ends the run")
  func failsFast() throws {
    try inFolder { output in
      var manifest = Self.manifest()
      manifest.models[1].training.optimizer.learningRate = 1e38
      manifest.models[1].training.clipNorm = nil
      let outcome = try run(manifest, output) { $0.failsFast = true }
      guard case .failure(let fit, let reason) = outcome.stopped else {
        Issue.record("not stopped: \(String(describing: outcome.stopped))")
        return
      }
      #expect(fit.hasSuffix(".lstm") && reason.contains("finite") && outcome.records.isEmpty)
    }
  }

  @Test("what is kept holds no text and no row's id")
  func privacy() throws {
    try inFolder { output in
      let manifest = Self.manifest()
      _ = try run(manifest, output)
      let examples = try Small.runner(manifest, jobs: 1).corpora[0].domains.flatMap(\.examples)
      let folder = FitStore(lookingBeside: output).folder
      for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
        let bytes = try Data(contentsOf: folder.appendingPathComponent(name))
        for example in examples {
          for text in [example.text, example.text.lowercased(), "\"\(example.id)\""] {
            #expect(bytes.range(of: Data(text.utf8)) == nil, "\(name)")
          }
        }
      }
    }
  }
}
