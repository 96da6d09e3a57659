import Foundation
import Testing

@testable import Reports

@Suite struct LaTeXRendererTests {
  /// Where `latexmk` stands; nil where it does not.
  static let latexmk: URL? = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").lazy
    .map { URL(fileURLWithPath: "\($0)/latexmk") }.first { FileManager.default.isExecutableFile(atPath: $0.path) }

  private func files(_ blocks: [Report.Block]) -> [String: String] {
    Dictionary(
      uniqueKeysWithValues: LaTeXRenderer.files(Report(blocks: blocks)).map {
        ($0.path, String(decoding: $0.bytes, as: UTF8.self))
      })
  }

  private static func table(_ cell: RichText, rows: Int = 1) -> Report.Table {
    var table = Report.Table([("Model", .left), ("Score", .right)])
    for _ in 0..<rows { table.append([cell, "−1.50 ± 0.25"]) }
    return table
  }

  @Test("Text is printed as it is: commands, ligatures, ends of cells and options of rows are not in it")
  func escaping() {
    for (text, latex) in [
      ("a_b%c&d#e{f}$g", ##"a\_b\%c\&d\#e\{f\}\$g"##),
      (#"\^~"#, #"\textbackslash{}\textasciicircum{}\textasciitilde{}"#),
      ("[1]*", "{[}1{]}{*}"), ("a--b---c", "a-{}-b-{}-{}-c"), ("x''y,,z", "x'{}'y,{},z"),
      ("<a>|\"`", "$<$a$>$\\textbar{}\\symbol{34}\\symbol{96}"), ("−1.5 ± 0.25", "$-$1.5 $\\pm$ 0.25"),
      ("a → b\n\u{1}\u{202E}c\u{FEFF}", "a $\\to$ b c"), ("e\u{301}ä", "éä"), ("عربي 😀", "عربي 😀"),
      ("–-", "\\textendash{}-"),
    ] { #expect(LaTeXRenderer.escaped(text) == latex) }
  }

  @Test("Each table that is not folded has a file, and the document of all has them in order")
  func tables() throws {
    let files = files([
      .heading(1, "Title"), .heading(2, "Scores"), .heading(3, "a_b · 3 seeds"), .table(Self.table(.strong("m"))),
      .table(Self.table("n")), .collapsed("Folded", [.table(Self.table("hidden"))]), .heading(2, "Time"),
      .measured([.table(Self.table("clock", rows: 70))]),
    ])
    #expect(
      files.keys.sorted() == [
        "tables/measured-time.tex", "tables/scores-a-b-3-seeds-2.tex", "tables/scores-a-b-3-seeds.tex",
        "tables/tables-all.tex",
      ])
    #expect(
      files["tables/scores-a-b-3-seeds.tex"] == #"""
        % In the preamble: \usepackage{array,booktabs,graphicx}
        \begin{table}[htbp]
          \centering
          \caption{Scores: a\_b $\cdot$ 3 seeds}
          \label{tab:scores-a-b-3-seeds}
          \smallskip
          \resizebox{\ifdim\width>\linewidth\linewidth\else\width\fi}{!}{%
            \begin{tabular}{@{}lr@{}}
              \toprule
              Model & Score \\
              \midrule
              \textbf{m} & $-$1.50 $\pm$ 0.25 \\
              \bottomrule
            \end{tabular}}
        \end{table}

        """#)
    let all = try #require(files["tables/tables-all.tex"])
    #expect(
      all.contains(
        "\\input{scores-a-b-3-seeds}\n\\input{scores-a-b-3-seeds-2}\n\\input{measured-time}\n\\end{document}"))
    let long = try #require(files["tables/measured-time.tex"])
    #expect(long.contains("(50 of 70 rows)}") && long.components(separatedBy: "clock").count == 51)
    #expect(!files.values.contains { $0.contains("hidden") })
    #expect(LaTeXRenderer.files(Report(blocks: [.heading(1, "Title"), .paragraph("No table.")])).isEmpty)
  }

  /// Names as people give them, and as nobody should.
  private static let names = [
    #"a_b%c&d#e{f}g\h^i~j$k"#, "[first] * of row", "ZażółćĐß–“”…", "Ελλάδα", "عربي", "分類", "👩‍👩‍👧", "e\u{301}\u{327}",
    "a--b''`<<>>\"|",
    "\\input{x}", "%", "}", "{", "$$", "^^M", "\u{202E}rtl\u{200D}", "½ € ™ ℓ", "\\\\", "~", "?`!`",
  ]

  @Test(
    "latexmk compiles the document of all tables, with any names",
    .enabled(if: latexmk != nil, "latexmk is not installed (latexmk, texlive-latex-base, texlive-latex-recommended)"))
  func compiles() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tables-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      at: folder.appendingPathComponent("tables"), withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var blocks = Report(SyntheticRun.result).blocks
    for name in Self.names {
      blocks += [.heading(2, RichText(name)), .table(Self.table(RichText(name))), .table(Self.table(.code(name)))]
    }
    for file in LaTeXRenderer.files(Report(blocks: blocks)) {
      try Data(file.bytes).write(to: folder.appendingPathComponent(file.path))
    }
    let process = Process()
    process.executableURL = Self.latexmk
    process.arguments = ["-pdf", "-interaction=nonstopmode", "-halt-on-error", "tables-all.tex"]
    process.currentDirectoryURL = folder.appendingPathComponent("tables")
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    let log = try String(
      decoding: Data(contentsOf: folder.appendingPathComponent("tables/tables-all.log")), as: UTF8.self)
    #expect(
      process.terminationStatus == 0, "\(log.split(separator: "\n").filter { $0.hasPrefix("!") || $0.hasPrefix("l.") })"
    )
    let missing = log.split(separator: "\n").filter {
      $0.contains("Missing character") || $0.contains("undefined references")
    }
    #expect(missing.isEmpty, "\(missing.prefix(5))")
  }
}
