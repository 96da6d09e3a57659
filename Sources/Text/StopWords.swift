/// English function words that say little about a message's topic.
///
/// The list includes "not", "no" and "nor", as the study's does: removing them hides negation, so that "not good" reads
/// like "good". That is why the step is off unless a manifest asks for it.
public enum StopWords {
  /// The words, lower-cased, with a plain apostrophe, in the order of Unicode scalars.
  public static let english: [String] = lines.split(separator: " ").map(String.init).sorted()

  /// Whether the word is on the list, in any case; a typographic apostrophe counts as a plain one, and contractions that
  /// are no other word match without it too ("dont", but not "were" for "we're").
  public static func contains(_ word: some StringProtocol) -> Bool {
    let lower = word.lowercased()
    return members.contains(lower.utf8.allSatisfy { $0 < 0x80 } ? lower : lower.replacing("\u{2019}", with: "'"))
  }

  private static let members: Set<String> = {
    var members = Set(english)
    for word in english where word.contains("'") {
      let bare = word.replacing("'", with: "")
      if !ambiguous.contains(bare) { members.insert(bare) }
    }
    return members
  }()

  private static let ambiguous: Set<String> = ["hell", "id", "ill", "its", "shed", "shell", "wed", "well", "were"]

  private static let lines = """
    a about above after again against all am an and any are aren't as at be because been before being below between both \
    but by can can't cannot could couldn't did didn't do does doesn't doing don't down during each few for from further \
    had hadn't has hasn't have haven't having he he'd he'll he's her here here's hers herself him himself his how how's \
    i i'd i'll i'm i've if in into is isn't it it'd it'll it's its itself just me might mightn't more most must mustn't \
    my myself needn't no nor not now of off on once only or other ought our ours ourselves out over own same shan't she \
    she'd she'll she's should shouldn't so some such than that that's the their theirs them themselves then there there's \
    these they they'd they'll they're they've this those through to too under until up very was wasn't we we'd we'll \
    we're we've were weren't what what's when when's where where's which while who who's whom why why's will with won't \
    would wouldn't you you'd you'll you're you've your yours yourself yourselves
    """
}
