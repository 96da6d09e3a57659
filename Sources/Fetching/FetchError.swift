/// Why something could not be fetched. What had arrived is kept for the next try, and nothing that is not right is put
/// in place.
public enum FetchError: Error, Equatable, CustomStringConvertible {
  /// No mirror.
  case mirror(String)
  /// The address has no such file.
  case missing(address: String)
  /// The server's answer, an HTTP status.
  case status(address: String, code: Int)
  /// The connection, or what came over it.
  case network(address: String, reason: String)
  case size(path: String, got: Int, expected: Int)
  /// `source` says where the expected hash stands.
  case hash(path: String, got: String, expected: String, source: String)
  /// A file or folder of this machine; `reason` in the system's words.
  case file(path: String, reason: String)
  /// Another process fetches into the same folder.
  case busy(folder: String, process: Int?)
  case package(String)

  public var description: String {
    switch self {
    case .mirror(let text): "--mirror: got \(text), expected a URL (https, http or file) or a folder"
    case .missing(let address): "\(address): there is no such file"
    case .status(let address, let code): "\(address): the server answered \(code), expected 200"
    case .network(let address, let reason): "\(address): \(reason)"
    case .size(let path, let got, let expected):
      "\(path): got \(got) bytes, expected \(expected) (the catalogue); what arrived is thrown away"
    case .hash(let path, let got, let expected, let source):
      "\(path): got SHA-256 \(got), expected \(expected) (\(source)); what arrived is thrown away"
    case .file(let path, let reason): "\(path): \(reason)"
    case .busy(let folder, let process):
      "\(folder): another bench\(process.map { " (process \($0))" } ?? "") is fetching into this folder; wait for it"
    case .package(let reason): reason
    }
  }

  /// Whether another try may do.
  var isTransient: Bool {
    switch self {
    case .network: true
    case .status(_, let code): code == 408 || code == 429 || code >= 500
    default: false
    }
  }
}
