/// Why fits cannot be kept.
public enum StorageError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Another process works on this output folder.
  case isBusy(output: String, process: Int?)
  /// The system refused; `reason` in its words.
  case cannotStore(path: String, reason: String)

  public var description: String {
    switch self {
    case .isBusy(let output, let process):
      "\(output): another bench\(process.map { " (process \($0))" } ?? "") is running into this folder; "
        + "wait for it, or choose another with --output DIR"
    case .cannotStore(let path, let reason):
      "\(path): cannot store a finished fit: \(reason)"
    }
  }
}
