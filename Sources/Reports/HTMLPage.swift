/// Style and script of the page of a report.
enum HTMLPage {
  private struct Colour {
    var name: String
    var light: String
    var dark: String
  }

  /// Text on its ground has a contrast of at least 4.5.
  private static let page = [
    Colour(name: "page", light: "#f6f7f9", dark: "#14171c"), Colour(name: "card", light: "#ffffff", dark: "#1c2027"),
    Colour(name: "head", light: "#eef0f3", dark: "#262c35"), Colour(name: "link", light: "#1a5ba8", dark: "#8bbcf7"),
    Colour(name: "note", light: "#fff5dc", dark: "#2e2716"), Colour(name: "warn", light: "#b77b00", dark: "#d9a441"),
  ]

  /// What pictures are drawn in: in its own file a picture keeps the light ones, in the page it has the page's.
  private static let drawn = [
    Colour(name: "text", light: SVGDocument.Ink.text, dark: "#e6e9ee"),
    Colour(name: "soft", light: SVGDocument.Ink.soft, dark: "#a7b0bc"),
    Colour(name: "rule", light: SVGDocument.Ink.rule, dark: "#353c47"),
    Colour(name: "axis", light: SVGDocument.Ink.axis, dark: "#67717f"),
    Colour(name: "empty", light: SVGDocument.Ink.empty, dark: "#2a303a"),
    Colour(name: "bert", light: ModelColour.of(kind: "bert"), dark: "#6ea8ec"),
    Colour(name: "lstm", light: ModelColour.of(kind: "lstm"), dark: "#ef8b66"),
    Colour(name: "hybrid", light: ModelColour.of(kind: "bert-lstm"), dark: "#c19bdc"),
    Colour(name: "tfidf", light: ModelColour.of(kind: "tfidf-logistic"), dark: "#4dbfac"),
    Colour(name: "other", light: ModelColour.of(kind: ""), dark: "#a0a8b4"),
  ]

  private static func variables(_ value: (Colour) -> String) -> String {
    (page + drawn).map { "--\($0.name): \(value($0));" }.joined(separator: " ")
  }

  private static let pictures = drawn.map {
    ".plot [fill=\"\($0.light)\"] { fill: var(--\($0.name)); } .plot [stroke=\"\($0.light)\"] "
      + "{ stroke: var(--\($0.name)); }"
  }.joined(separator: "\n")

  /// Grounds of words, on light and dark pages alike: blue for, orange against.
  static let shades =
    (1...5).map {
      ".for\($0) { background: rgb(31 119 180 / \($0 * 12)%); } .against\($0) { background: rgb(255 127 14 / \($0 * 12)%); }"
    }.joined(separator: "\n") + "\n[class^=for], [class^=against] { border-radius: 3px; padding: 1px 2px; }"

  static let style = """
    :root { color-scheme: light dark; \(variables(\.light)) }
    @media screen and (prefers-color-scheme: dark) { :root { \(variables(\.dark)) } }
    * { box-sizing: border-box; }
    html { scroll-padding-top: 12px; -webkit-text-size-adjust: 100%; }
    body { margin: 0; background: var(--page); color: var(--text); overflow-wrap: break-word;
      font: 16px/1.55 system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif; }
    main { max-width: 1080px; margin: 0 auto; padding: 8px 24px 64px; min-width: 0; }
    main:focus { outline: none; }
    nav { display: none; }
    h1 { font-size: 30px; line-height: 1.2; margin: 24px 0 8px; } h2 { font-size: 23px; margin: 48px 0 8px; }
    h3 { font-size: 18px; margin: 28px 0 6px; } h4, h5, h6 { font-size: 16px; margin: 22px 0 6px; }
    h1, h2, h3, h4 { text-wrap: balance; }
    p, ul { max-width: 78ch; } p { margin: 10px 0; } ul { padding-left: 22px; } li { margin: 4px 0; }
    a { color: var(--link); } a:hover { text-decoration-thickness: 2px; }
    :focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 3px; }
    code { font: 0.89em/1.4 ui-monospace, 'DejaVu Sans Mono', monospace; overflow-wrap: anywhere;
      unicode-bidi: isolate; }
    pre { background: var(--head); padding: 10px 14px; border-radius: 6px; white-space: pre-wrap; }
    .note { background: var(--note); border-left: 4px solid var(--warn); padding: 8px 14px; border-radius: 4px; }
    .cut { color: var(--soft); font-size: 14px; }
    .skip { position: absolute; left: -9999px; }
    .skip:focus { left: 12px; top: 12px; background: var(--card); padding: 8px 14px; z-index: 3; }
    .box { position: relative; overflow-x: auto; margin: 10px 0; background: var(--card); border: 1px solid var(--rule);
      border-radius: 8px; }
    table { border-collapse: collapse; font-size: 14px; line-height: 1.4; font-variant-numeric: tabular-nums;
      min-width: 100%; }
    caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
      white-space: nowrap; }
    th, td { padding: 6px 12px; text-align: left; vertical-align: top; border-bottom: 1px solid var(--rule);
      max-width: 30em; min-width: 4em; unicode-bidi: isolate; overflow-wrap: normal; }
    tbody tr:last-child > * { border-bottom: 0; }
    tbody tr:hover > * { background: var(--head); }
    tbody td:not(.r) { min-width: 7.5em; }
    thead th { background: var(--head); vertical-align: bottom; font-weight: 600; }
    tbody th { font-weight: 400; background: var(--card); }
    .r { text-align: right; } td.r { white-space: nowrap; } th code, td code { white-space: nowrap; }
    th button { font: inherit; color: inherit; background: none; border: 0; padding: 0; text-align: inherit;
      cursor: pointer; }
    th button::after { content: "\\A0\\2195"; color: var(--soft); }
    th[aria-sort=ascending] button::after { content: "\\A0\\2191"; color: inherit; }
    th[aria-sort=descending] button::after { content: "\\A0\\2193"; color: inherit; }
    .filter { display: flex; gap: 10px; align-items: center; flex-wrap: wrap; font-size: 14px; color: var(--soft);
      margin: 12px 0 -2px; }
    .filter input { font: inherit; color: var(--text); background: var(--card); border: 1px solid var(--axis);
      border-radius: 6px; padding: 5px 10px; width: 220px; max-width: 100%; }
    figure { margin: 14px 0 20px; } figcaption { color: var(--soft); font-size: 14px; }
    .plot svg { display: block; height: auto; max-width: 100%; margin: 0 auto; }
    details { border: 1px solid var(--rule); border-radius: 8px; padding: 0 16px; margin: 12px 0;
      min-width: 0; }
    summary { cursor: pointer; padding: 10px 0; font-weight: 600; }
    \(pictures)
    .plot rect[fill="\(SVGDocument.Ink.background)"] { fill: var(--card); }
    .plot rect[rx="3"] + text[fill="\(SVGDocument.Ink.text)"] { fill: \(SVGDocument.Ink.text); }
    @media screen and (min-width: 1180px) {
      body { display: grid; grid-template-columns: 240px minmax(0, 1fr); }
      nav { display: block; position: sticky; top: 0; align-self: start; max-height: 100vh; overflow-y: auto;
        padding: 28px 8px 28px 24px; font-size: 14px; }
      nav ol { list-style: none; margin: 0; padding: 0; } nav li { margin: 7px 0; }
      nav a { text-decoration: none; } nav a:hover { text-decoration: underline; }
      main { margin: 0; }
    }
    @media screen and (max-width: 640px) {
      main { padding: 4px 14px 48px; } h1 { font-size: 25px; } h2 { font-size: 21px; margin-top: 36px; }
      th, td { padding: 6px 9px; } details { padding: 0 10px; }
      tbody th { position: sticky; left: 0; max-width: 42vw; overflow-wrap: break-word; }
      tbody th code { white-space: normal; overflow-wrap: break-word; }
      .plot svg { max-width: none; width: 660px; }
    }
    @media print {
      @page { margin: 15mm; }
      body { background: #fff; font-size: 10pt; } main { max-width: none; padding: 0; }
      .filter, .skip { display: none; } th button { display: contents; } th button::after { content: none; }
      .box { overflow: visible; border: 0; } table { font-size: 7.5pt; } th, td, tbody td:not(.r) { padding: 2pt 4pt; min-width: 0; }
      td.r, th code, td code { white-space: normal; } .plot svg { max-height: 240mm; }
      thead { display: table-header-group; } tr, figure { break-inside: avoid; }
      h2, h3, h4 { break-after: avoid; } a { color: inherit; }
      .note { border: 1pt solid var(--warn); }
      * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
    }
    """

  /// Sorting by the buttons that it puts into the heads of tables, and a filter above the long ones.
  static let script = """
    (() => {
      "use strict";
      const scale = { k: 1e3, M: 1e6, G: 1e9, T: 1e12 };
      const number = text => {
        const found = /^[<>]?\\s*([+-]?\\d[\\d,]*(?:\\.\\d+)?(?:e[+-]?\\d+)?)(?:\\s([kMGT])B?\\b)?/
          .exec(text.replaceAll("\\u2212", "-"));
        return found ? parseFloat(found[1].replaceAll(",", "")) * (scale[found[2]] || 1) : null;
      };
      const missing = text => text === "" || text === "\\u2013";
      const order = (a, b, isNumber) => {
        if (isNumber && number(a) !== null && number(b) !== null) return number(a) - number(b);
        return a.localeCompare(b, "en", { numeric: true });
      };
      for (const table of document.querySelectorAll("table")) {
        const body = table.tBodies[0], rows = [...body.rows];
        if (rows.length < 2) continue;
        const heads = [...table.tHead.rows[0].cells];
        const text = (row, column) => row.cells[column].textContent.trim();
        heads.forEach((head, column) => {
          const button = document.createElement("button");
          button.type = "button";
          button.append(...head.childNodes);
          head.append(button);
          const isNumber = head.classList.contains("r");
          button.addEventListener("click", () => {
            const before = head.getAttribute("aria-sort");
            const first = isNumber ? "descending" : "ascending", second = isNumber ? "ascending" : "descending";
            const now = before === null ? first : before === first ? second : null;
            heads.forEach(other => other.removeAttribute("aria-sort"));
            if (now) head.setAttribute("aria-sort", now);
            const sign = now === "descending" ? -1 : 1;
            const sorted = now === null ? rows : [...rows].sort((x, y) => {
              const a = text(x, column), b = text(y, column);
              if (missing(a) || missing(b)) return missing(a) - missing(b);
              return sign * order(a, b, isNumber);
            });
            body.append(...sorted);
          });
        });
        if (rows.length < 10) continue;
        const bar = document.createElement("div"), label = document.createElement("label");
        const input = document.createElement("input"), count = document.createElement("span");
        bar.className = "filter";
        label.textContent = "Filter rows ";
        input.type = "search";
        input.setAttribute("aria-describedby", table.caption.id);
        count.setAttribute("role", "status");
        label.append(input);
        bar.append(label, count);
        table.parentElement.before(bar);
        input.addEventListener("input", () => {
          const words = input.value.toLowerCase().split(/\\s+/).filter(word => word);
          let shown = 0;
          for (const row of rows) {
            const content = [...row.cells].map(cell => cell.textContent.toLowerCase()).join(" ");
            row.hidden = !words.every(word => content.includes(word));
            if (!row.hidden) shown += 1;
          }
          count.textContent = words.length ? `${shown} of ${rows.length} rows` : "";
        });
      }
      // A box that has nothing to scroll needs no stop of the Tab key.
      const stops = () => {
        for (const box of document.querySelectorAll(".box")) {
          box.tabIndex = box.scrollWidth > box.clientWidth ? 0 : -1;
        }
      };
      stops();
      addEventListener("resize", stops);
      document.addEventListener("toggle", stops, true);
    })();
    """
}
