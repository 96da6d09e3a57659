import Foundation
import Settings
import Text

/// Reads suites of behaviour tests: every mistake at once, with its place.
public enum SuiteLoader {
  public static func load(file: String) -> Result<BehaviourSuite, ManifestErrors> {
    tree(of: file, SuiteSchema.root, what: "a suite of tests") { mistakes(in: $0) }.map { tree in
      var suite = BehaviourSuite()
      suite.name = tree["name"]?.text ?? ""
      suite.seed = UInt64(clamping: tree["seed"]?.integer ?? 1)
      suite.lexicons = (tree["lexicons"]?.entries ?? []).map { .init(name: $0.key, words: $0.value.texts) }
      suite.tests = (tree["tests"]?.entries ?? []).map { entry in
        var test = SuiteSchema.test.value(entry.value)
        test.name = entry.key
        return test
      }
      return suite
    }
  }

  /// A YAML file of such keys, checked.
  ///
  /// - Parameter mistakes: what the shapes cannot tell.
  package static func tree(
    of file: String, _ section: Section, what: String, mistakes: (Checked) -> [ManifestError]
  ) -> Result<Checked, ManifestErrors> {
    do {
      let text = try YAMLReader.text(of: file, name: file, order: 0, what: what)
      return tree(text, name: file, section, what: what, mistakes: mistakes)
    } catch { return .failure(ManifestErrors([error])) }
  }

  /// The same of a file's text.
  package static func tree(
    _ text: String, name: String, _ section: Section, what: String, mistakes: (Checked) -> [ManifestError]
  ) -> Result<Checked, ManifestErrors> {
    let root: YAMLValue
    do {
      root = try YAMLReader.read(text, source: ManifestSource(name: name, order: 0, text: text), what: what)
    } catch { return .failure(ManifestErrors([error])) }
    var checker = Checker()
    let tree = checker.check(root, .section(section), path: KeyPathText(), place: root.position)
    let errors = checker.errors + mistakes(tree)
    return errors.isEmpty ? .success(tree) : .failure(ManifestErrors(ManifestError.ordered(errors)))
  }

  /// What the shapes cannot tell.
  private static func mistakes(in tree: Checked) -> [ManifestError] {
    let lexicons = (tree["lexicons"]?.entries ?? []).map(\.key)
    return (tree["tests"]?.entries ?? []).flatMap { entry -> [ManifestError] in
      let path = KeyPathText("tests")[entry.key], test = entry.value
      guard let kindValue = test["kind"], let place = kindValue.position, let kind = kindValue.text else { return [] }
      var errors: [ManifestError] = []
      func wrong(_ key: String, got: String, expected: String) {
        errors.append(
          ManifestError(at: test[key]?.position ?? place, keyPath: path[key].text, got: got, expected: expected))
      }
      func isWritten(_ key: String) -> Bool { test[key]?.position != nil }
      let changes = ["change", "prepend", "append"].filter { !(test[$0]?.list.isEmpty ?? true) }
      let hasLabel = !(test["label"]?.text ?? "").isEmpty
      switch kind {
      case "minimum":
        if (test["templates"]?.list.isEmpty ?? true) {
          wrong("templates", got: "no templates", expected: "texts whose class is known")
        }
        if !hasLabel { wrong("label", got: "no class", expected: "the class of the texts") }
      default:
        if changes.isEmpty {
          wrong("kind", got: "a test of kind \(kind) that changes nothing", expected: "change, prepend or append")
        }
        if kind == "direction", !hasLabel { wrong("label", got: "no class", expected: "the class that is watched") }
        if kind == "invariance", hasLabel {
          wrong("label", got: "a class", expected: "none: an invariance test is of every class")
        }
      }
      for key in ["moves", "tolerance"] where isWritten(key) && kind != "direction" {
        wrong(key, got: "`\(key)` of a test of kind \(kind)", expected: "a test of kind direction")
      }
      for key in ["templates", "prepend", "append"] {
        for (index, item) in (test[key]?.list ?? []).enumerated() {
          let rest = (item.text ?? "").replacing(/\{[^{}]+\}/, with: "")
          if rest.contains("{") || rest.contains("}") || (item.text ?? "").allSatisfy(\.isWhitespace) {
            errors.append(
              ManifestError(
                at: item.position ?? place, keyPath: path[key][index].text,
                got: rest.isEmpty ? "no text" : "a brace that stands alone, or nothing in braces",
                expected: "a text with names of lexicons in braces, as {name}"))
          }
          for name in names(in: item.text ?? "") where !lexicons.contains(name) {
            errors.append(
              ManifestError(
                at: item.position ?? place, keyPath: path[key][index].text, got: "{\(name)}",
                expected: "a lexicon of the suite", suggestion: Spelling.nearest(to: name, among: lexicons)))
          }
        }
      }
      return errors
    }
  }

  /// What stands in braces.
  package static func names(in template: String) -> [String] {
    template.matches(of: /\{([^{}]+)\}/).map { String($0.1) }
  }
}
