import ArgumentParser
import Doctor
import Foundation
import History
import Reports

/// `bench doctor`: whether this machine is fit to run and to measure.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Checks this machine, and says what to do about what it finds.",
    discussion: """
      Looks at the BLAS library, processors, clock rate, load, memory, disks, the folders of data, models and results, \
      the history and the clock, in about a second; changes nothing. A warning is what makes times unfit for comparison \
      or work slow, an error what a run would end with. Exit code 2 where there is an error, else 0.
      """)

  @Flag(help: "One JSON object a line.")
  var json = false

  @Option(name: .shortAndLong, help: ArgumentHelp("Where results are to go.", valueName: "folder"))
  var output = "Results"

  @OptionGroup var history: HistoryLocation

  func run() throws {
    func place(_ kind: Fetch.Root) -> (String, Bool) { (kind.url.relativePath, kind.isStated) }
    let places = Doctor.Places(
      results: output, history: history.path ?? HistoryStore.defaultPath, data: place(Fetch.Root(.corpus)),
      models: place(Fetch.Root(.model)))
    let style = TerminalSummary.Style.standardOutput
    var counts: [Finding.Level: Int] = [:]
    let worst = Doctor(places).examine { finding in
      counts[finding.level, default: 0] += 1
      Console.line(json ? finding.json : Self.text(finding, style))
    }
    if !json {
      let parts = [(Finding.Level.error, "error"), (.warning, "warning")].map { level, noun in
        let count = counts[level] ?? 0
        return "\(count) \(noun)\(count == 1 ? "" : "s")"
      }
      Console.line(parts.joined(separator: ", "))
    }
    if worst == .error { throw Exit.badInput }
  }

  private static func text(_ finding: Finding, _ style: TerminalSummary.Style) -> String {
    func padded(_ text: String, _ width: Int) -> String {
      text + String(repeating: " ", count: max(1, width - text.count))
    }
    let paint: TerminalSummary.Style.Paint =
      switch finding.level {
      case .ok: .green
      case .warning: .yellow
      case .error: .red
      }
    let name = finding.level.rawValue
    let level = style.paint(name, paint) + String(repeating: " ", count: 9 - name.count)
    let advice = finding.advice.map { "\n" + padded("", 27) + "→ \($0)" } ?? ""
    return level + padded(finding.check, 18) + finding.found + advice
  }
}
