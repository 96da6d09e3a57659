/// Why something could not be fetched. What had arrived is kept for the next try, and nothing that is not right is put
/// in place.
public enum FetchError: Error, Equatable, CustomStringConvertible {
  /// No mirror.
  case mirror(String)
  /// A host given as numbers of IPv6.
  case ipv6(address: String)
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
  /// Plain HTTP to another machine; `source` redirects there.
  case insecure(address: String, source: String?)
  /// Files by path of which no hash was known, with the SHA-256 that they have; `lock` is the file that would keep it.
  case untrusted(name: String, hashes: [String: String], lock: String)
  /// Another process fetches into the same folder.
  case busy(folder: String, process: Int?)
  case package(String)

  public var description: String {
    switch self {
    case .mirror(let text): "--mirror: got \(text), expected a URL (https, http or file) or a folder"
    case .ipv6(let address):
      "\(address): got a host of IPv6's numbers in brackets, expected a name or IPv4's numbers (localhost, 127.0.0.1): "
        + "Foundation cannot ask such addresses"
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
    case .insecure(let address, let source):
      "\(source.map { "\($0) redirects to " } ?? "")\(address): got an address over plain HTTP or of another kind, expected "
        + "https (http only on this machine): what comes over HTTP can be changed on its way"
    case .untrusted(let name, let hashes, let lock):
      """
      \(name): the catalogue knows no hash of these files, so nobody has vouched for what arrived; they are not used:
      \(hashes.sorted { $0.key < $1.key }.map { "  \($0.key): SHA-256 \($0.value)" }.joined(separator: "\n"))
      hold them against a source that you trust; `--trust` then writes them to \(lock), puts the files in place and \
      holds them against these hashes from then on
      """
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
