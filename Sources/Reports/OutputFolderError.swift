/// Why a run's results cannot be written.
public enum OutputFolderError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The path names a file, not a folder.
  case notAFolder(path: String)
  /// The folder exists and holds no bench run: it is left alone.
  case notABenchRun(path: String)
  /// The folder holds the results of another run than the one that is reported.
  case anotherRun(path: String)
  /// The folder is the one in which bench was started, or above it.
  case isWorkingFolder(path: String)
  /// The path, or a folder that it stands in, is a symbolic link that leads nowhere or in a circle.
  case brokenLink(path: String, reason: String)
  /// The system refused; `reason` in its words.
  case notWritable(path: String, reason: String)

  public var description: String {
    switch self {
    case .notAFolder(let path):
      "\(path): this is a file; results need a folder of their own (--output DIR)"
    case .notABenchRun(let path):
      "\(path): this folder exists and holds no bench run (no manifest.resolved.yaml and machine.json); "
        + "nothing in it was touched: choose another with --output DIR, or move it away"
    case .anotherRun(let path):
      "\(path): this folder holds another run, whose results would be lost; nothing in it was touched: choose another with "
        + "--output DIR"
    case .isWorkingFolder(let path):
      "\(path): the working folder is this or in it, and it cannot be replaced while bench stands there; nothing in it "
        + "was touched: start from another folder, or choose another with --output ../DIR"
    case .brokenLink(let path, let reason):
      "\(path): this is a symbolic link that leads to no folder (\(reason)); nothing was written: make its target a "
        + "folder, or choose another with --output DIR"
    case .notWritable(let path, let reason):
      "\(path): cannot write results here: \(reason)"
    }
  }
}
