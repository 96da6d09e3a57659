extension RunResult {
  /// What the terminal says of files of word vectors: that a vocabulary has nothing of one, that words stand there twice.
  public var vectorWarnings: [String] {
    models.flatMap { model -> [String] in
      guard let coverage = model.vectorCoverage,
        let file = manifest.models.first(where: { $0.name == model.model })?.vectors?.declaredPath
      else { return [] }
      var warnings: [String] = []
      if coverage == 0 {
        warnings.append(
          "\(model.model) in \(model.corpus): none of the vocabulary's words is in \(file), "
            + "so all word vectors are random; see its language, capitals and form")
      }
      if let repetitions = model.vectorRepetitions, repetitions > 0 {
        let words = repetitions == 1 ? "1 line has a word" : "\(repetitions) lines have a word"
        warnings.append(
          "\(model.model) in \(model.corpus): \(words) that stands further up in \(file): the first counts")
      }
      return warnings
    }
  }
}
