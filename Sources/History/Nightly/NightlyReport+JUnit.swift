import Reports

extension NightlyReport {
  /// JUnit XML, as continuous integration reads it: a test case a series; a regression fails, what could not be
  /// measured or has ended is an error, a new baseline is skipped.
  public func junit() -> String {
    var lines = ["<?xml version=\"1.0\" encoding=\"UTF-8\"?>", "<testsuites name=\"bench nightly\">"]
    for part in parts {
      let failed = part.failure == nil ? 0 : 1
      let counts =
        "tests=\"\(part.judgements.count + failed)\" failures=\"\(part.count(.regression))\" "
        + "errors=\"\(part.count(.unmeasured) + part.count(.ended) + failed)\" skipped=\"\(part.count(.baseline))\""
      lines.append("  <testsuite name=\"\(MarkdownRenderer.xml(part.experiment))\" \(counts)>")
      if let failure = part.failure { lines += testCase(part, "experiment", "error", failure) }
      for judgement in part.judgements {
        switch judgement.status {
        case .regression:
          lines += testCase(
            part, judgement.series, "failure",
            "\(judgement.change), alarm from \(judgement.text(judgement.line)), "
              + "since \(judgement.since)")
        case .unmeasured: lines += testCase(part, judgement.series, "error", judgement.note ?? "not measured")
        case .ended: lines += testCase(part, judgement.series, "error", judgement.end)
        case .baseline: lines += testCase(part, judgement.series, "skipped", "baseline created")
        case .steady, .improvement: lines += testCase(part, judgement.series, nil, "")
        }
      }
      lines.append("  </testsuite>")
    }
    return (lines + ["</testsuites>", ""]).joined(separator: "\n")
  }

  private func testCase(_ part: Part, _ name: String, _ outcome: String?, _ message: String) -> [String] {
    let start =
      "    <testcase classname=\"\(MarkdownRenderer.xml(part.experiment))\" name=\"\(MarkdownRenderer.xml(name))\""
    guard let outcome else { return [start + "/>"] }
    return [start + ">", "      <\(outcome) message=\"\(MarkdownRenderer.xml(message))\"/>", "    </testcase>"]
  }
}
