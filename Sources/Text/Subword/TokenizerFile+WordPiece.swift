extension TokenizerFile {
  /// The WordPiece tokenizer of the file, where it is BERT's.
  ///
  /// - Throws: `TextError` where the file says what `WordPiece` does not do.
  func wordPiece() throws(TextError) -> WordPiece {
    try model.allow("unk_token", "continuing_subword_prefix", "max_input_chars_per_word", "vocab")
    for (key, expected) in [("unk_token", "[UNK]"), ("continuing_subword_prefix", "##")] {
      let field = try model.required(key)
      guard try field.text() == expected else { throw field.unexpected("\"\(expected)\"") }
    }
    let longest = try model.required("max_input_chars_per_word")
    guard try longest.number() == Double(WordPiece.longestWord) else {
      throw longest.unexpected("\(WordPiece.longestWord)")
    }
    let pieces = try BytePairReader.pieces(model.required("vocab")).tokens
    let listed = try listedTokens(pieces)
    let wordPiece: WordPiece
    do {
      wordPiece = try WordPiece(
        tokens: pieces, casing: casing(),
        added: listed.map {
          AddedToken(
            $0.content, id: $0.id, isControl: $0.isSpecial && PlaceholderToken(rawValue: $0.content) == nil,
            isNormalized: $0.isNormalized, isSingleWord: $0.isSingleWord)
        })
    } catch { throw model.error("\(error)") }
    let around = try SurroundingReader.read(root.optional("post_processor"))
    guard around.prefix == [wordPiece.classID], around.suffix == [wordPiece.separatorID] else {
      throw root.error("post_processor: got other tokens around a text, expected [CLS] and [SEP]")
    }
    return wordPiece
  }

  private func casing() throws(TextError) -> BertCasing {
    let splitter = try root.required("pre_tokenizer")
    guard case .bert? = try SplitterReader.all(splitter).first, try splitter.type() == "BertPreTokenizer" else {
      throw splitter.unexpected("BertPreTokenizer, as WordPiece has")
    }
    let normalizer = try root.required("normalizer"), steps = try NormalizerReader.all(normalizer)
    guard steps.count == 1, case .bert(let casing) = steps[0] else {
      throw normalizer.unexpected("BertNormalizer, as WordPiece has")
    }
    return casing
  }
}
