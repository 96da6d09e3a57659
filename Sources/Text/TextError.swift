/// A mistake in what the user gave: a setting or a vocabulary file. Says where it stands.
public enum TextError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A vocabulary file that cannot be used; `line` from 1, nil where the file as a whole is wrong.
  case vocabulary(file: String, line: Int?, what: String)
  /// A text setting, by its key, that no vocabulary can be made from.
  case setting(key: String, what: String)
  /// A vocabulary was to be fitted on no texts at all.
  case noTexts

  public var description: String {
    switch self {
    case .vocabulary(let file, let line, let what): "\(file):\(line.map { "\($0):" } ?? "") \(what)"
    case .setting(let key, let what): "\(key): \(what)"
    case .noTexts: "no training texts: a vocabulary cannot be fitted"
    }
  }
}
