import Foundation

/// The tables that a report shows openly, each as a `table` of booktabs for a paper to `\input`, and a document of all.
///
/// They need `array`, `booktabs` and `graphicx`, and compile with pdfLaTeX, LuaLaTeX and XeLaTeX. What stands in folded
/// parts is left to the report.
struct LaTeXRenderer {
  static let folder = "tables"
  private static let driver = "tables-all"
  /// Rows of a table that a page has room for.
  static let mostRows = 50
  /// A column of words wider than so many characters is set in lines.
  private static let wide = 36

  private var files: [ResultFiles.File] = []
  private var names: [String] = []
  private var slugs = Slugs(taken: [driver])
  private var trail = HeadingTrail()
  private var letters: Set<Unicode.Scalar> = []

  /// Paths are relative to the run's folder; no file where there is no table.
  static func files(_ report: Report) -> [ResultFiles.File] {
    var renderer = LaTeXRenderer()
    renderer.add(report.blocks, isMeasured: false)
    guard !renderer.files.isEmpty else { return [] }
    let all = ResultFiles.File(path: "\(folder)/\(driver).tex", bytes: Array(renderer.document.utf8))
    return renderer.files + [all]
  }

  private mutating func add(_ blocks: [Report.Block], isMeasured: Bool) {
    for block in blocks {
      switch block {
      case .heading(let level, let text): _ = trail.enter(level, text)
      case .table(let table): add(table, isMeasured: isMeasured)
      case .measured(let inner): add(inner, isMeasured: true)
      default: break
      }
    }
  }

  private mutating func add(_ table: Report.Table, isMeasured: Bool) {
    let caption = trail.caption()
    let name = (isMeasured ? ResultFiles.measuredPrefix : "") + slugs.next(caption.plain)
    names.append(name)
    let text = Self.table(table, caption: caption, name: name)
    letters.formUnion(text.unicodeScalars.filter { $0.value > 126 })
    files.append(ResultFiles.File(path: "\(Self.folder)/\(name).tex", bytes: Array(text.utf8)))
  }

  // MARK: A table

  private static func table(_ table: Report.Table, caption: RichText, name: String) -> String {
    let columns = table.header.indices.map { column in
      guard table.alignments[column] == .left else { return "r" }
      let width = ([table.header[column]] + table.rows.map { $0[column] }).map(\.plain.count).max() ?? 0
      return width > wide ? ">{\\raggedright\\arraybackslash}p{0.34\\linewidth}" : "l"
    }.joined()
    func row(_ cells: [RichText]) -> String { "      " + cells.map(text).joined(separator: " & ") + " \\\\" }
    let shown = table.rows.prefix(mostRows)
    let cut: RichText = shown.count == table.rows.count ? "" : " (\(shown.count) of \(table.rows.count) rows)"
    return """
      % In the preamble: \\usepackage{array,booktabs,graphicx}
      \\begin{table}[htbp]
        \\centering
        \\caption{\(text(caption + cut))}
        \\label{tab:\(name)}
        \\smallskip
        \\resizebox{\\ifdim\\width>\\linewidth\\linewidth\\else\\width\\fi}{!}{%
          \\begin{tabular}{@{}\(columns)@{}}
            \\toprule
      \(row(table.header))
            \\midrule
      \((shown.map(row) + ["      \\bottomrule"]).joined(separator: "\n"))
          \\end{tabular}}
      \\end{table}

      """
  }

  // MARK: All tables

  private var document: String {
    let declared = letters.sorted { $0.value < $1.value }.map { letter -> String in
      let code = String(letter.value, radix: 16, uppercase: true)
      return "  \\benchletter{\(String(repeating: "0", count: max(0, 4 - code.count)) + code)}{\(letter)}"
    }
    // pdfLaTeX stops at a letter that it has no glyph for; what joins and turns letters has none anywhere.
    let missing =
      declared.isEmpty
      ? ""
      : """

      \\ifPDFTeX % its fonts have few letters: the code of one stands in its place, LuaLaTeX has more
        \\makeatletter
        \\newcommand\\benchletter[2]{\\@ifundefined{u8:\\detokenize{#2}}{\\DeclareUnicodeCharacter{#1}{[U+#1]}}{}}
        \\makeatother
      \(declared.joined(separator: "\n"))
      \\fi
      """
    return """
      % All tables of the report: latexmk -pdf \(Self.driver).tex
      \\documentclass{article}
      \\usepackage{iftex,array,booktabs,graphicx}
      \\usepackage[margin=2cm]{geometry}
      \\ifPDFTeX
        \\usepackage[T1]{fontenc}
        \\IfFileExists{lmodern.sty}{\\usepackage{lmodern}}{}
      \\else
        \\usepackage{fontspec} % \\setmainfont{...}: a font that has the letters of all names
      \\fi\(missing)
      \\begin{document}
      \(names.enumerated().map { "\\input{\($1)}" + ($0 % 8 == 7 ? "\\clearpage" : "") }.joined(separator: "\n"))
      \\end{document}

      """
  }

  // MARK: Text

  private static func text(_ text: RichText) -> String {
    text.spans.map { span in
      switch span {
      case .text(let text), .link(let text, _), .shaded(let text, _): escaped(text)
      case .strong(let text): "\\textbf{\(escaped(text))}"
      case .code(let text): "\\texttt{\(escaped(text))}"
      }
    }.joined()
  }

  /// Text that LaTeX prints as it is, whatever the packages: no command, no ligature, nothing that ends a cell.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.precomposedStringWithCanonicalMapping.unicodeScalars {
      if let command = commands[scalar] {
        result += command
      } else if scalar.value > 126 {
        if isPrinted(scalar) { result.unicodeScalars.append(scalar) }
      } else if scalar.value >= 32 {
        // Two of them, or one at a row's start, mean something else.
        let isPair = ligated.contains(scalar) && result.unicodeScalars.last == scalar
        result += isPair ? "{}\(scalar)" : "\(scalar)"
      } else if scalar == "\n" || scalar == "\t" {
        result += " "
      }
    }
    return result
  }

  /// Controls, noncharacters, and what only joins, parts, turns or varies other letters, are not.
  private static func isPrinted(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .unassigned, .privateUse, .lineSeparator, .paragraphSeparator: false
    default: !scalar.properties.isVariationSelector
    }
  }

  private static let ligated: Set<Unicode.Scalar> = ["-", "'", ","]

  private static let commands: [Unicode.Scalar: String] = [
    "\\": "\\textbackslash{}", "{": "\\{", "}": "\\}", "$": "\\$", "&": "\\&", "#": "\\#", "%": "\\%", "_": "\\_",
    "^": "\\textasciicircum{}", "~": "\\textasciitilde{}", "<": "$<$", ">": "$>$", "|": "\\textbar{}",
    "\"": "\\symbol{34}", "`": "\\symbol{96}", "[": "{[}", "]": "{]}", "*": "{*}",
    "\u{A0}": "~", "−": "$-$", "±": "$\\pm$", "×": "$\\times$", "÷": "$\\div$", "·": "$\\cdot$", "→": "$\\to$",
    "←": "$\\leftarrow$", "↓": "$\\downarrow$", "↑": "$\\uparrow$", "≤": "$\\le$", "≥": "$\\ge$", "≠": "$\\ne$",
    "≈": "$\\approx$", "∞": "$\\infty$", "–": "\\textendash{}", "—": "\\textemdash{}", "…": "\\ldots{}",
    "“": "\\textquotedblleft{}", "”": "\\textquotedblright{}", "‘": "\\textquoteleft{}",
    "™": "\\textsuperscript{TM}", "’": "\\textquoteright{}", "†": "\\dag{}", "‡": "\\ddag{}", "§": "\\S{}",
    "°": "$^\\circ$", "µ": "$\\mu$",
    "²": "$^2$", "³": "$^3$",
    "⁹": "$^9$", "χ": "$\\chi$", "α": "$\\alpha$", "κ": "$\\kappa$", "Δ": "$\\Delta$",
  ]
}
