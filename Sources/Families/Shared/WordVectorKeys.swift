import Settings

/// Keys of networks that begin with a table of word vectors.
enum WordVectorKeys {
  static let start: [Field] = [
    Field(
      "vectors", .optional(.path),
      "Word vectors to start from: a file of GloVe's, word2vec's (text or binary) or fastText's (.vec or .bin).",
      .value(.none)),
    PretrainingMethod.wordVectors.field, TeacherKeys.field,
  ]
}

extension ModelDeclaration {
  /// `, word vectors from a file`: where they come from if not from the task; empty else.
  var wordVectorsInWords: String {
    if vectors != nil { return ", word vectors from a file" }
    return pretraining != nil ? ", word vectors pre-trained here" : ""
  }
}
