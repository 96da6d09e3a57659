/// A report as one HTML page: style, script and pictures are in it, nothing is loaded, and without the script all of it
/// can be read.
///
/// The page has at most `largest` bytes: of folded tables, then of large pictures, then of all tables less is shown
/// until it fits, and the page says so. What a clock gave has room of its own, so that it moves nothing else.
struct HTMLRenderer {
  /// In bytes.
  static let largest = 700_000
  static let largestMeasured = 100_000
  static let largestBody = 560_000
  /// Entries of the table of contents, and Unicode scalars of each.
  private static let contents = (entries: 40, length: 80)

  static func render(_ report: Report) -> String {
    let body = HTMLBody.fitting(report.blocks, in: largestBody)
    let title = report.blocks.lazy.compactMap { if case .heading(1, let text) = $0 { text.plain } else { nil } }.first
    let entries = body.sections.prefix(contents.entries).map {
      "<li><a href=\"#\($0.id)\">\(MarkdownRenderer.xml(SVGDocument.cut($0.title, to: contents.length)))</a></li>"
    }
    let hasShades = body.lines.contains { $0.contains("<span class=\"") }
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8"/>
      <meta name="viewport" content="width=device-width, initial-scale=1"/>
      <meta name="color-scheme" content="light dark"/>
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; \
      script-src 'unsafe-inline'"/>
      <title>\(MarkdownRenderer.xml(SVGDocument.cut(title ?? "Report", to: 200)))</title>
      <style>
      \(HTMLPage.style)\(hasShades ? "\n" + HTMLPage.shades : "")
      </style>
      </head>
      <body>
      <a class="skip" href="#report">Skip to the report</a>
      <nav aria-label="Contents">
      <ol>
      \(entries.joined(separator: "\n"))
      </ol>
      </nav>
      <main id="report" tabindex="-1">
      \(([body.notice].filter { !$0.isEmpty } + body.lines).joined(separator: "\n"))
      </main>
      <script>
      \(HTMLPage.script)
      </script>
      </body>
      </html>

      """
  }

  /// Emphasis, code and links; no link but to a page of the web or a file beside the report.
  static func inline(_ text: RichText) -> String {
    let xml = MarkdownRenderer.xml
    return text.spans.map { span in
      switch span {
      case .text(let text): xml(text)
      case .strong(let text): "<strong>\(xml(text))</strong>"
      case .code(let text): "<code>\(xml(text))</code>"
      case .shaded(let text, let strength): "<span\(shade(strength))>\(xml(text))</span>"
      case .link(let text, let url): isSafe(url) ? "<a href=\"\(xml(url))\">\(xml(text))</a>" : xml(text)
      }
    }.joined()
  }

  /// One of five grounds of either sign; none of what is nearly nothing.
  private static func shade(_ strength: Double) -> String {
    guard strength.isFinite else { return "" }
    let step = min(5, Int((abs(strength) * 5).rounded()))
    return step == 0 ? "" : " class=\"\(strength > 0 ? "for" : "against")\(step)\""
  }

  private static func isSafe(_ url: String) -> Bool {
    guard let colon = url.firstIndex(of: ":") else { return !url.hasPrefix("//") }
    return url.hasPrefix("https://") || url.hasPrefix("http://") || url[..<colon].contains("/")
  }
}
