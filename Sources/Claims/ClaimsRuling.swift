import Analysis
import Files
import Text

/// All claims of a file with their verdicts.
public struct ClaimsRuling: Sendable {
  public let file: ClaimsFile
  /// In the file's order.
  public let claims: [ClaimRuling]
  /// In the file's order.
  public let decompositions: [DecompositionRuling]

  /// Of all verdicts together at most 5 % of such ledgers hold a false one: the level is shared by all tests that the file
  /// states, whether they have results yet or not.
  ///
  /// - Parameter runs: results by the names of the file's runs; those that are missing stand as missing.
  public init(_ file: ClaimsFile, runs: [String: RunResult]) {
    self.file = file
    let reader = EvidenceReader(file, runs: runs)
    let count = file.claims.reduce(0) { $0 + $1.tests.count }
    claims = file.claims.map { claim in
      let tests = claim.tests.enumerated().map { place, test in
        TestRuling(
          test, reader.evidence(for: test), rules: TestRuling.Rules(test, file: file, tests: count),
          seed: Self.seed(claim.id, place))
      }
      return ClaimRuling(claim, tests, file: file)
    }
    decompositions = file.decompositions.map { DecompositionRuling($0, reader.evidence(for: $0)) }
  }

  /// Of what is drawn for a test: by its place alone.
  private static func seed(_ id: String, _ place: Int) -> UInt64 {
    FileHash.sha256(of: "\(id) \(place)").utf8.prefix(16).reduce(0) { $0 &* 31 &+ UInt64($1) }
  }

  /// How many claims came to each verdict, in the verdicts' order.
  public func tally(coreOnly: Bool = false) -> [(verdict: ClaimVerdict, count: Int)] {
    ClaimVerdict.allCases.map { verdict in
      (verdict, claims.count { $0.verdict == verdict && (!coreOnly || $0.claim.isCore) })
    }
  }
}
