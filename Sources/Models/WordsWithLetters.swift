import Text

/// Words and the buckets of their letters in one sequence of numbers: each word's number, then those of its n-grams,
/// from the number of words on.
///
/// So a word that the vocabulary does not have still says what it looks like.
struct WordsWithLetters {
  /// Of all sequences, joined.
  var words: [Int32] = []
  /// Where each sequence begins in `words`, and the end.
  var offsets: [Int] = [0]
  /// Buckets of all words, joined.
  var buckets: [Int32] = []
  /// Where each word's begin in `buckets`, and the end.
  var bucketOffsets: [Int] = []

  /// - Parameter vocabulary: the number of words; a sequence begins with one.
  init(_ batch: TokenBatch, vocabulary: Int) {
    let first = Int32(vocabulary)
    words.reserveCapacity(batch.count)
    for sequence in 0..<batch.count {
      for id in batch.ids[batch.offsets[sequence]..<batch.offsets[sequence + 1]] {
        if id < first {
          bucketOffsets.append(buckets.count)
          words.append(id)
        } else {
          precondition(words.count > offsets[sequence], "WordsWithLetters: a sequence begins with n-grams of no word")
          buckets.append(id - first)
        }
      }
      offsets.append(words.count)
    }
    bucketOffsets.append(buckets.count)
  }
}

extension HashedWords {
  /// A text's words as such a sequence.
  package func sequence(_ text: String, _ pipeline: TextPipeline) -> [Int32] {
    let vocabulary = Int32(pipeline.embeddingRows)
    return zip(pipeline.encode(text).ids, pipeline.words(text)).flatMap { id, word in
      [id] + buckets(letters: word).map { vocabulary + $0 }
    }
  }
}
