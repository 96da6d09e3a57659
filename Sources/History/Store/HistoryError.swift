/// Why the history cannot be read or written; a run goes on without it.
public enum HistoryError: Error, Equatable, CustomStringConvertible {
  /// Written by a later version, whose tables this one does not know.
  case newer(path: String)
  case unusable(path: String, reason: String)
  case noSuchFile(path: String)
  case noHistory(path: String)
  case damaged(path: String)

  public var description: String {
    switch self {
    case .newer(let path):
      "\(path): got a history written by a newer bench, expected one of this version or older; it was left as it is"
    case .unusable(let path, let reason): "\(path): the history cannot be used: \(reason)"
    case .noHistory(let path): "\(path): got a file that is no database, expected a history; it was left as it is"
    case .damaged(let path):
      "\(path): got a damaged history, expected a whole one; it was left as it is; a run that meets the damage sets it aside"
    case .noSuchFile(let path): "\(path): no such history; a run records itself there"
    }
  }
}
