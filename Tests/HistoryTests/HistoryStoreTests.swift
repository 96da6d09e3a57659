import Foundation
import GRDB
import Synchronization
import Testing

@testable import History

@Suite struct HistoryStoreTests {
  @Test("a run comes back as it was recorded, in a folder that did not exist, with any letters in its name")
  func roundTrip() throws {
    try SyntheticHistory.inFolder { folder in
      let path = folder.appendingPathComponent("Ergebnisse/history.sqlite").path
      var first = SyntheticHistory.run()
      first.trials[1].failure = "the loss is not finite"
      first.trials[1].scores = [:]
      first.trials[0].seed = .max
      first.timings[0].samples = [1e-300, 0.1 + 0.2, 12_345.678]
      var second = SyntheticHistory.run(experiment: "other", branch: nil)
      (second.night, second.roll) = (1, 2)
      do {
        let store = try HistoryStore(path: path)
        #expect(try store.beginNight(isAccepted: false) == 1)
        #expect(try store.record(first) == 1)
        #expect(try store.record(second) == 2)
      }
      let store = try HistoryStore(path: path, mustExist: true)
      #expect(store.setAside == nil)
      var expected = [first, second]
      for index in expected.indices { expected[index].id = Int64(index + 1) }
      #expect(try store.runs() == expected)
      #expect(try store.run(number: 2) == expected[1])
      #expect(try store.run(number: 3) == nil)
    }
  }

  @Test("filters by experiment, branch, machine, manifest version, commit and the latest runs")
  func filters() throws {
    try SyntheticHistory.inFolder { folder in
      let store = try HistoryStore(path: folder.appendingPathComponent("h.sqlite").path)
      let runs = [
        SyntheticHistory.run(), SyntheticHistory.run(branch: "topic"), SyntheticHistory.run(experiment: "other"),
        SyntheticHistory.run(manifest: "version: 1\nname: small\nseed: 2\n"), SyntheticHistory.run(cpu: "Another CPU"),
        SyntheticHistory.run(commit: "fedc"),
      ]
      for run in runs { try store.record(run) }
      func numbers(_ filter: RunFilter) throws -> [Int64] { try store.runs(filter).compactMap(\.id) }
      #expect(try numbers(RunFilter(experiment: "other")) == [3])
      #expect(try numbers(RunFilter(branch: "topic")) == [2])
      #expect(try numbers(RunFilter(machine: String(runs[4].machine.key.prefix(5)))) == [5])
      #expect(try numbers(RunFilter(manifestVersion: runs[3].manifestVersion)) == [4])
      #expect(try numbers(RunFilter(experiment: "small", limit: 2)) == [5, 6])
      #expect(try store.runs(commit: "fe").compactMap(\.id) == [6])
    }
  }

  @Test("a file that is no database is left as it is, by reading and by recording", arguments: [true, false])
  func ownFile(isReading: Bool) throws {
    try SyntheticHistory.inFolder { folder in
      let file = folder.appendingPathComponent("notes.csv")
      let bytes = Data("text,label\n\"hello, world\",greeting\n".utf8)
      try bytes.write(to: file)
      #expect(throws: HistoryError.noHistory(path: file.path)) {
        try HistoryStore(path: file.path, mustExist: isReading)
      }
      #expect(try Data(contentsOf: file) == bytes)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["notes.csv"])
    }
  }

  @Test("a damaged history is set aside byte for byte by recording, never by reading, and begins anew")
  func damaged() throws {
    try SyntheticHistory.inFolder { folder in
      let path = folder.appendingPathComponent("h.sqlite").path
      try SyntheticHistory.write(runs: 20, to: path)
      var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
      // Every page but the first becomes noise.
      for index in bytes.indices.dropFirst(4_096) { bytes[index] = UInt8(truncatingIfNeeded: index &* 31) }
      try bytes.write(to: URL(fileURLWithPath: path))
      for number in 1...2 {
        #expect(throws: HistoryError.damaged(path: path)) { try HistoryStore(path: path, mustExist: true) }
        let store = try HistoryStore(path: path)
        #expect(store.setAside == "\(path).damaged-\(number)")
        #expect(try store.record(SyntheticHistory.run()) == 1)
        #expect(try Data(contentsOf: URL(fileURLWithPath: "\(path).damaged-\(number)")) == bytes)
        try store.queue.close()
        try bytes.write(to: URL(fileURLWithPath: path))
      }
    }
  }

  @Test("a history that was cut off anywhere keeps its bytes where they were or aside, and a sound one is sound")
  func truncated() throws {
    try SyntheticHistory.inFolder { folder in
      let path = folder.appendingPathComponent("h.sqlite").path, url = URL(fileURLWithPath: path)
      try SyntheticHistory.write(runs: 20, to: path)
      let whole = try Data(contentsOf: url)
      let lengths = [1, 2, 15, 16, 99, 100, 511, 512, 4_095] + Array(stride(from: 4_096, to: whole.count, by: 4_096))
      for length in lengths + lengths.suffix(3).map({ $0 + 1_234 }) where length < whole.count {
        try whole.prefix(length).write(to: url)
        #expect(throws: HistoryError.self, "\(length)") { try HistoryStore(path: path, mustExist: true) }
        #expect(try Data(contentsOf: url) == whole.prefix(length))
        do {
          let store = try HistoryStore(path: path)
          let aside = try #require(store.setAside, "\(length)")
          #expect(try Data(contentsOf: URL(fileURLWithPath: aside)) == whole.prefix(length))
          #expect(try store.runs().isEmpty)
          try store.queue.close()
        } catch let error as HistoryError {
          // Too little of it is left to be known as a database.
          #expect(error == .noHistory(path: path) && length < 16)
          #expect(try Data(contentsOf: url) == whole.prefix(length))
        }
      }
    }
  }

  @Test("runs keep their order when the clock goes back, and the newest start is the latest of all")
  func clockWentBack() throws {
    try SyntheticHistory.inFolder { folder in
      let store = try HistoryStore(path: folder.appendingPathComponent("h.sqlite").path)
      #expect(try store.newestStart() == nil)
      for start in [4e9, 1e9, 2e9] {
        var run = SyntheticHistory.run()
        run.startedAt = Date(timeIntervalSince1970: start)
        try store.record(run)
      }
      #expect(try store.runs().map(\.startedAt.timeIntervalSince1970) == [4e9, 1e9, 2e9])
      #expect(try store.runs(RunFilter(limit: 1)).map(\.id) == [3])
      #expect(try store.newestStart() == Date(timeIntervalSince1970: 4e9))
    }
  }

  @Test("a file of a newer version and another program's database are left as they are")
  func foreign() throws {
    try SyntheticHistory.inFolder { folder in
      let newer = folder.appendingPathComponent("newer.sqlite")
      let store = try HistoryStore(path: newer.path)
      try store.queue.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('99 of the future')") }
      try store.queue.close()
      let before = try Data(contentsOf: newer)
      #expect(throws: HistoryError.newer(path: newer.path)) { try HistoryStore(path: newer.path) }
      #expect(try Data(contentsOf: newer) == before)
      let foreign = folder.appendingPathComponent("foreign.sqlite")
      try DatabaseQueue(path: foreign.path).write { try $0.execute(sql: "CREATE TABLE song (title TEXT)") }
      #expect(throws: HistoryError.unusable(path: foreign.path, reason: "it is the database of another program")) {
        try HistoryStore(path: foreign.path)
      }
    }
  }

  @Test("a file of the first version gets the newer tables and keeps its runs")
  func migration() throws {
    try SyntheticHistory.inFolder { folder in
      let path = folder.appendingPathComponent("h.sqlite").path
      let queue = try DatabaseQueue(path: path)
      try Schema.migrate(queue, upTo: "1 runs, trials, scores, timings")
      try queue.write { db in
        try db.execute(
          sql: """
            INSERT INTO machine VALUES (1, 'ab', '{"cpu":"c","cores":2,"memory":1,"os":"o","blasVersion":"","blasCore":"",
            "blasThreads":1,"kernelISA":"","compiler":"","buildConfiguration":""}');
            INSERT INTO run VALUES (7, 'old', 'v', 'name: old', 'f1_macro', 1, 1, 'c0', 0, 'main',
              '2026-01-02T03:04:05Z', 9, NULL, '[]');
            INSERT INTO timing VALUES (1, 7, 't', 'c', 'm', 'lstm', 'query', 1, 32, 'arrival', 9, '[1.5,2]', 0);
            """)
      }
      try queue.close()
      let runs = try HistoryStore(path: path).runs()
      #expect(runs.map(\.id) == [7] && runs[0].roll == 0 && runs[0].night == nil)
      #expect(runs[0].timings[0].samples == [1.5, 2] && runs[0].timings[0].costs.isEmpty)
    }
  }

  @Test("threads that begin one history at once all record in it, and find its tables made once")
  func begunAtOnce() throws {
    for _ in 0..<5 {
      try SyntheticHistory.inFolder { folder in
        let path = folder.appendingPathComponent("h.sqlite").path
        let errors = Mutex<[String]>([])
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
          do {
            let store = try HistoryStore(path: path)
            let night = try store.beginNight(isAccepted: false)
            var run = SyntheticHistory.run()
            run.night = night
            try store.record(run)
            try store.endNight(night, judgements: [])
          } catch { errors.withLock { $0.append("\(error)") } }
        }
        #expect(errors.withLock { $0 } == [])
        let store = try HistoryStore(path: path, mustExist: true)
        #expect(try store.runs().count == 8)
        #expect(try store.nights(before: SyntheticHistory.run()).count == 8)
      }
    }
  }

  @Test("a night's runs are found by an index")
  func index() throws {
    try SyntheticHistory.inFolder { folder in
      let store = try HistoryStore(path: folder.appendingPathComponent("h.sqlite").path)
      let plan = try store.queue.read {
        try Row.fetchAll($0, sql: "EXPLAIN QUERY PLAN SELECT * FROM run WHERE run.night_id = 7").map {
          $0["detail"] as String
        }
      }
      #expect(plan == ["SEARCH run USING INDEX run_by_night (night_id=?)"])
    }
  }

  @Test("damage is looked for where it is met or a writer was interrupted, not at each opening")
  func damageInUse() throws {
    try SyntheticHistory.inFolder { folder in
      let path = folder.appendingPathComponent("h.sqlite").path, url = URL(fileURLWithPath: path)
      try SyntheticHistory.write(runs: 20, to: path)
      var bytes = try Data(contentsOf: url)
      let middle = bytes.count / 8_192 * 4_096
      for index in middle..<(bytes.count - 4_096) { bytes[index] = UInt8(truncatingIfNeeded: index &* 31) }
      try bytes.write(to: url)
      do {
        // The head and the tables' definitions are sound.
        let store = try HistoryStore(path: path, mustExist: true)
        #expect(throws: HistoryError.damaged(path: path)) { try store.runs() }
        #expect(throws: HistoryError.damaged(path: path)) {
          try HistoryStore(path: path, mustExist: true, isSuspect: true)
        }
        try store.queue.close()
      }
      let fresh = try HistoryStore(path: path, isSuspect: true)
      #expect(fresh.setAside == "\(path).damaged-1")
      #expect(try Data(contentsOf: URL(fileURLWithPath: "\(path).damaged-1")) == bytes)
      try fresh.queue.close()
      // A journal says that somebody was interrupted.
      try bytes.write(to: url)
      try Data("x".utf8).write(to: URL(fileURLWithPath: path + "-journal"))
      #expect(try HistoryStore(path: path).setAside == "\(path).damaged-2")
    }
  }

  @Test("a wrong type in a column is an error, not a trap")
  func wrongTypes() throws {
    try SyntheticHistory.inFolder { folder in
      let store = try HistoryStore(path: folder.appendingPathComponent("h.sqlite").path)
      try store.record(SyntheticHistory.run())
      for change in [
        "UPDATE run SET margin = 'wide'", "UPDATE run SET warnings = x'00ff'", "UPDATE timing SET samples = '[1, {}]'",
      ] {
        try store.queue.write { try $0.execute(sql: change) }
        #expect(throws: HistoryError.self, "\(change)") { try store.runs() }
      }
    }
  }

  @Test("a file that does not exist and one in a place that cannot be written are errors")
  func unusable() throws {
    try SyntheticHistory.inFolder { folder in
      let missing = folder.appendingPathComponent("none.sqlite").path
      #expect(throws: HistoryError.noSuchFile(path: missing)) { try HistoryStore(path: missing, mustExist: true) }
      #expect(!FileManager.default.fileExists(atPath: missing))
      try Data().write(to: folder.appendingPathComponent("file"))
      #expect(throws: HistoryError.self) { try HistoryStore(path: folder.appendingPathComponent("file/h.sqlite").path) }
    }
  }
}

@Suite struct ManifestVersionTests {
  @Test("places of values do not count; values, quoted signs and the hashes of data do")
  func version() {
    let base = "name: a  # m.yaml:2\nquestion: \"a # b\"  # m.yaml:3\nfiles:\n  - x.csv  # m.yaml:4, sha256 00ff\n"
    func differs(_ from: String, _ to: String) -> Bool {
      ManifestVersion.of(resolvedYAML: base)
        != ManifestVersion.of(resolvedYAML: base.replacingOccurrences(of: from, with: to))
    }
    #expect(!differs("m.yaml:3", "m.yaml:7"))
    #expect(!differs("m.yaml:4", "other.yaml:9"))
    #expect(differs("name: a", "name: b"))
    #expect(differs("a # b", "a # c"))
    #expect(differs("00ff", "00fe"))
  }

  @Test("the machine's key does not depend on commit, load or a few bytes of memory")
  func machineKey() {
    let machine = SyntheticHistory.run().machine
    var other = machine
    (other.commit, other.dirty, other.load, other.branch) = ("99", true, 7, nil)
    other.memory += 12_345
    #expect(other.key == machine.key)
    other.cores = 4
    #expect(other.key != machine.key)
  }
}
