extension Sentiment {
  /// Judgements in many inflected forms, by kind: one family of words a line, its forms separated by semicolons.
  /// Messages whose words suffice draw on them; a reader of word parts recognises a form that it has not met.
  static let inflected: [[String]] = [
    forms(
      """
      was inconsistent; showed inconsistency; worked inconsistently; stayed inconsistent
      was ambivalent; left us ambivalent; caused ambivalence; felt ambivalent
      was undecided; left us undecided; showed indecision; looked indecisive
      was variable; showed variation; worked variably; left a varied picture
      was contradictory; contradicted itself; was a contradiction; worked contradictorily
      was mediocre; showed mediocrity; stayed in mediocrity; felt mediocre
      was irregular; worked irregularly; showed irregularity; showed irregularities
      was alternating; alternated; was an alternation; worked alternatingly
      was unbalanced; kept a balance; balanced itself; found some balance
      was divided; divided us; showed a division; left us dividedly
      was moderate; worked moderately; showed moderation; moderated itself
      was average; averaged out; looked average; felt average
      was ambiguous; showed ambiguity; worked ambiguously; left ambiguities
      was erratic; worked erratically; showed erratic traits; became erratic
      was passable; just passed; worked passably; felt passable
      was a compromise; made compromises; felt compromising; compromised itself
      """),
    forms(
      """
      left us disappointed; was a disappointment; went disappointingly; disappoints me
      was annoying; left us annoyed; was an annoyance; annoys me
      frustrated us; was a frustration; went frustratingly; frustrates me
      was horrible; was a horror; went horribly; horrified us
      was miserable; caused misery; worked miserably; felt miserable
      was dreadful; filled us with dread; went dreadfully; was dreaded
      was confusing; left us confused; caused confusion; went confusingly
      was irritating; left us irritated; was an irritation; irritates me
      was a failure; failed us; kept failing; brought failures
      was a disaster; was disastrous; went disastrously; led to disasters
      was worthless; showed its worthlessness; worked worthlessly; felt worthless
      was painful; was a pain; went painfully; pained us
      was shameful; was a shame; went shamefully; shamed itself
      was outrageous; caused outrage; left us outraged; went outrageously
      was upsetting; left us upset; upsets me; went upsettingly
      was appalling; left us appalled; went appallingly; appals me
      """),
    forms(
      """
      was delightful; left us delighted; was a delight; worked delightfully
      was pleasing; left us pleased; was a pleasure; went pleasingly
      was satisfying; left us satisfied; gave satisfaction; went satisfyingly
      was convincing; convinced us; worked convincingly; convinces me
      was perfect; reached perfection; worked perfectly; felt perfect
      was brilliant; showed brilliance; worked brilliantly; shone in brilliancy
      was enjoyable; was enjoyed; was an enjoyment; went enjoyably
      was admirable; earned admiration; worked admirably; is admired
      was marvellous; was a marvel; worked marvellously; made us marvel
      was superb; worked superbly; showed superb care; felt superb
      was flawless; worked flawlessly; showed flawlessness; stayed flawless
      was lovely; was loved; was loveable; went lovingly
      was praiseworthy; deserves praise; was praised; earned praises
      was thrilling; left us thrilled; was a thrill; thrills me
      was amazing; left us amazed; caused amazement; worked amazingly
      was commendable; was commended; worked commendably; earned commendation
      """),
  ]

  private static func forms(_ families: String) -> [String] {
    families.split(whereSeparator: \.isNewline).flatMap { $0.split(separator: ";") }.map { trimmed(String($0)) }
  }
}
