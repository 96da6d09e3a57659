/// What the names of files say: the official part, the class, the folder that stands for a domain.
struct FileParts {
  var path: String
  /// nil where no name says it.
  var part: FileSource.Part?
  /// The folder, without one that is named as a part.
  var folder: [String]
  /// The words of the file's name that are left, in lower case where they have been cut.
  var words: [String]

  init(_ path: String) {
    self.path = path
    var folders = FileNames.components(of: path)
    let name = folders.removeLast()
    let stem =
      name.hasPrefix(".")
      ? name : name.split(separator: ".").dropLast(name.contains(".") ? 1 : 0).joined(separator: ".")
    var words = stem.split { !($0.isLetter || $0.isNumber) }.map(String.init)
    if let index = words.lastIndex(where: { Self.part($0.lowercased()) != nil }) {
      part = Self.part(words[index].lowercased())
      words.remove(at: index)
    }
    if part == nil, let last = folders.last, let named = Self.part(last.lowercased()) { part = named }
    if let last = folders.last, Self.part(last.lowercased()) != nil { folders.removeLast() }
    (folder, self.words) = (folders, words)
  }

  /// The part that a word means.
  static func part(_ word: String) -> FileSource.Part? {
    switch word {
    case "train", "training": .train
    case "dev", "development", "val", "valid", "validation": .validation
    case "test", "testing": .test
    default: nil
    }
  }

  /// What tells each of several files apart, as the name of a class: the words that not all of them have.
  static func classNames(_ files: [FileParts]) -> [String] {
    let common = files.map { Set($0.words) }.reduce(nil as Set<String>?) { $0?.intersection($1) ?? $1 } ?? []
    return files.map { file in
      let own = file.words.filter { !common.contains($0) }
      return (own.isEmpty ? file.words : own).joined(separator: "_")
    }
  }
}
