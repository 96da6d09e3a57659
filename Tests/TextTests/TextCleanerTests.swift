import Testing

@testable import Text

@Suite("TextCleaner")
struct TextCleanerTests {
  private func clean(_ text: String) -> String { TextCleaner.clean(text, keepsLinks: false) }

  @Test(
    "removes markup and keeps what only looks like it",
    arguments: [
      ("Hello<br/>world", "Hello world"),
      ("<p class=\"a\">The <b>card</b> failed</p>", "The card failed"),
      ("a<!-- hidden > still hidden -->b", "a b"),
      ("x<script>if (a > b) { f() }</script>y<STYLE>p { }</STYLE>z", "x y z"),
      ("<o:p>Word</o:p>", "Word"),
      ("fee < 5 and > 3", "fee < 5 and > 3"),
      ("I <3 it", "I <3 it"),
      ("<john@example.com> wrote", "<john@example.com> wrote"),
      ("open <b and no end", "open <b and no end"),
      ("kept <email> here", "kept <email> here"),
    ])
  func markup(text: String, expected: String) { #expect(clean(text) == expected) }

  @Test(
    "decodes entities, those that were escaped twice too",
    arguments: [
      ("Tom &amp; Co", "Tom & Co"), ("5 &lt; 6", "5 < 6"), ("caf&eacute; &#8364;5 &#x20AC;6", "café €5 €6"),
      ("&amp;amp;quot;x&amp;quot;", "\"x\""), ("a&nbsp;&nbsp;b", "a b"), ("it&#146;s", "it’s"),
      ("&lt;b&gt;bold&lt;/b&gt;", "bold"), ("AT&T; R&D", "AT&T; R&D"),
      ("&#0;&#xD800;&#99999999;", "&#xD800;&#99999999;"),
      ("&", "&"), ("&;", "&;"), ("&#;", "&#;"),
    ])
  func entities(text: String, expected: String) { #expect(clean(text) == expected) }

  @Test("removes links, control characters and repeated white space, and composes")
  func rest() {
    #expect(clean("see https://a.example/x?y=1#z, or WWW.example.org.") == "see , or .")
    #expect(TextCleaner.clean("see https://a.example/x", keepsLinks: true) == "see https://a.example/x")
    #expect(clean("a\u{0}b\u{200B}c\u{AD}d\u{FEFF}") == "abcd")
    #expect(clean(" \t a \r\n\u{A0} b\u{2028}c ") == "a b c")
    #expect(Array(clean("cafe\u{301}").unicodeScalars) == Array("caf\u{E9}".unicodeScalars))
    #expect(clean("👨\u{200D}👩\u{200D}👧 stays") == "👨\u{200D}👩\u{200D}👧 stays")
    #expect(clean("") == "")
    #expect(clean(" \n ") == "")
  }

  @Test("changes nothing the second time")
  func idempotent() {
    let fragments = [
      "<", ">", "<b", "</", "<!--", "-->", "<a ", "<script>", "</script", "&", "&amp;", "&lt;", "&#60;", "&#894;",
      "&#59;",
      "&#1;", "#", "38", "amp", "lt", ";", "/", " ", "\t", "\u{0}", "http://", "www.", "x", "name", ".", ")", "\u{338}",
      "\u{301}", "e", "<email>", "\u{37E}", "&nbsp;", "\u{200D}", "\u{200B}", ":", "@", "\u{1E9}", "\u{212A}",
    ]
    var random = RandomText(seed: 2)
    for _ in 0..<6_000 {
      let text = random.fragments(fragments, count: 1 + random.below(14))
      for keepsLinks in [false, true] {
        let once = TextCleaner.clean(text, keepsLinks: keepsLinks)
        let twice = TextCleaner.clean(once, keepsLinks: keepsLinks)
        #expect(Array(once.utf8) == Array(twice.utf8), "\(text.debugDescription)")
      }
    }
  }

  @Test("takes any Unicode without a trap and gives composed text")
  func anyText() {
    var random = RandomText(seed: 3)
    for _ in 0..<500 {
      let once = clean(random.scalars(30))
      #expect(Array(CanonicalForm.composed(once).utf8) == Array(once.utf8), "\(once.debugDescription)")
    }
  }
}
