import Analysis
import Claims
import Corpora
import Foundation
import Statistics
import Text

extension ClaimsLedger {
  /// One row a claim.
  var claimsTable: [UInt8] {
    var csv = CSVWriter([
      "id", "core", "says", "place", "verdict", "certainty", "steps", "sentence", "toothless", "missing", "rests_on",
      "made_by", "fixed_before",
    ])
    for claim in ruling.claims {
      let own = claim.runs.compactMap { name in origins[name].map { (name: name, origin: $0) } }
      let isFixed = own.map { $0.origin.fixedBefore.map { $0.contains(claim.claim.id) } }
      // One run whose commit does not tell leaves it open.
      let fixed = own.isEmpty || isFixed.contains(nil) ? "" : isFixed.allSatisfy { $0 == true } ? "yes" : "no"
      csv.append([
        claim.claim.id, claim.claim.isCore ? "yes" : "no", claim.claim.says, claim.claim.place, claim.verdict.rawValue,
        claim.certainty?.word ?? "", claim.steps.joined(separator: "; "), claim.sentence,
        claim.isToothless.map { $0 ? "yes" : "no" } ?? "", claim.missing.joined(separator: "; "),
        own.map { "\($0.name)@\($0.origin.hash)" }.joined(separator: " "),
        own.map { $0.origin.commit ?? "" }.uniqued().joined(separator: " "), fixed,
      ])
    }
    return csv.bytes
  }

  /// One row a test.
  var testsTable: [UInt8] {
    var csv = CSVWriter([
      "id", "test", "kind", "a", "b", "metric", "published", "margin", "estimate", "level", "low", "high",
      "p_corrected",
      "mean_over_sources", "mean_low", "mean_high", "tau", "i_squared", "prediction_low", "prediction_high", "sources",
      "corpora", "trials", "rows", "verdict", "found_as_claimed", "refuted_as_claimed", "false_at_none",
      "power_1_margin", "power_2_margins", "power_3_margins",
    ])
    for claim in ruling.claims {
      for (place, test) in claim.tests.enumerated() {
        let own = test.test, meta = test.pooled.meta, planted = test.planted
        let isTime = own.kind == .time
        func unit(_ value: Double?) -> String { NumberFormat.exact(value.map { isTime ? exp($0) : $0 }) }
        let mean = meta?.interval(), prediction = test.predictionInterval
        var fields = [
          claim.claim.id, "\(place + 1)", own.kind.rawValue, own.a, own.b, isTime ? "" : own.metric.rawValue,
          NumberFormat.exact(own.published), own.kind == .value ? "" : unit(test.rules.margin),
          unit(test.pooled.contrast?.estimate), own.kind == .value ? "" : NumberFormat.exact(test.rules.level),
          unit(test.interval?.low), unit(test.interval?.high), NumberFormat.exact(test.p), unit(meta?.mean),
          unit(mean?.low), unit(mean?.high), NumberFormat.exact(meta?.variance.squareRoot()),
          NumberFormat.exact(meta?.inconsistency), unit(prediction?.low), unit(prediction?.high),
        ]
        fields += [
          "\(test.pooled.sources.count)", "\(test.evidence.settings.count)", "\(test.trials)", "\(test.rows)",
          test.verdict.rawValue,
        ]
        fields += [planted?.found, planted?.refuted, planted?.falseAtNone].map { NumberFormat.exact($0) }
        fields += [0, 1, 2].map { place in
          NumberFormat.exact(planted.flatMap { $0.power.isEmpty ? nil : $0.power[place] })
        }
        csv.append(fields)
      }
    }
    return csv.bytes
  }

  /// One row a test and corpus, with 95 % intervals of their own.
  var corporaTable: [UInt8] {
    var csv = CSVWriter([
      "id", "test", "corpus", "source", "labels", "a", "b", "estimate", "low", "high", "trials", "rows",
    ])
    for claim in ruling.claims {
      for (place, test) in claim.tests.enumerated() {
        let isTime = test.test.kind == .time
        func unit(_ value: Double) -> String { NumberFormat.exact(isTime ? exp(value) : value) }
        for setting in test.evidence.settings {
          let interval = setting.contrast.interval(level: 0.95)
          csv.append([
            claim.claim.id, "\(place + 1)", setting.corpus.name, setting.corpus.source, setting.corpus.labels.rawValue,
            NumberFormat.exact(setting.a), NumberFormat.exact(setting.b), unit(setting.contrast.estimate),
            unit(interval.low), unit(interval.high), "\(setting.trials)", "\(setting.rows)",
          ])
        }
      }
    }
    return csv.bytes
  }

  /// What is stored and does not follow, each as a sentence; `stored` gives a file's bytes by its name.
  ///
  /// What only the repository's history tells is not compared.
  public func differences(from stored: (String) -> [UInt8]?) throws -> [String] {
    func rows(_ bytes: [UInt8]) throws -> [[String]] { try CSVTable.records(bytes, columns: Self.compared) }
    let now = try rows(claimsTable), then = try rows(stored(Self.table) ?? [])
    let known = Dictionary(then.map { ($0[0], $0) }, uniquingKeysWith: { first, _ in first })
    var found: [String] = []
    for row in now {
      guard let old = known[row[0]] else {
        found.append("\(Self.table): \(row[0]): got no row, expected `\(row[1])`")
        continue
      }
      for (place, column) in Self.compared.enumerated() where row[place] != old[place] {
        found.append(
          column == "rests_on"
            ? "\(Self.table): \(row[0]) rests on other results: got \(old[place]), expected \(row[place])"
            : "\(Self.table): \(row[0]), \(column): got `\(old[place])`, expected `\(row[place])`")
      }
    }
    let ids = Set(now.map { $0[0] })
    found += then.filter { !ids.contains($0[0]) }.map { "\(Self.table): \($0[0]) is no claim of the file" }
    guard found.isEmpty else { return found }
    return files.filter { $0.name != Self.table && stored($0.name) != $0.bytes }.map {
      "\($0.name): it is not what these results give"
    }
  }

  private static let compared = [
    "id", "verdict", "certainty", "steps", "sentence", "toothless", "missing", "rests_on",
  ]
}
