/// Why a checkpoint does not load; names the tensor where there is one.
public enum CheckpointError: Error, Equatable, CustomStringConvertible {
  /// The file cannot be opened or read.
  case unreadable(String)
  /// The file is not what its format promises.
  case malformed(String)
  case missing(tensor: String)
  case unexpected(tensor: String)
  case duplicate(tensor: String)
  case shape(tensor: String, got: [Int], expected: [Int])
  case kind(tensor: String, got: String, expected: String)
  /// config.json asks for something that this encoder is not.
  case unsupported(String)

  /// The same, naming the file where it names no tensor.
  func inFile(_ name: String) -> CheckpointError {
    switch self {
    case .malformed(let what) where !what.contains(name): .malformed("\(name): \(what)")
    default: self
    }
  }

  public var description: String {
    switch self {
    case .unreadable(let what), .malformed(let what), .unsupported(let what): what
    case .missing(let tensor): "tensor \(tensor) is missing"
    case .unexpected(let tensor): "tensor \(tensor) is not a part of this model"
    case .duplicate(let tensor): "tensor \(tensor) stands in it twice"
    case .shape(let tensor, let got, let expected): "tensor \(tensor) has the shape \(got), expected \(expected)"
    case .kind(let tensor, let got, let expected): "tensor \(tensor) is \(got), expected \(expected)"
    }
  }
}
