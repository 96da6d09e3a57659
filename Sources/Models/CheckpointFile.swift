import Foundation

/// Small files of a checkpoint's folder.
enum CheckpointFile {
  static func exists(_ url: URL) -> Bool { FileManager.default.fileExists(atPath: url.path) }

  /// The file as JSON. The decoder refuses nesting of more than 512 levels and takes no memory that a number asks for.
  static func json<T: Decodable>(_ url: URL, as type: T.Type, what: String) throws(CheckpointError) -> T {
    let name = url.lastPathComponent
    guard exists(url) else { throw .unreadable("\(name) is missing") }
    let data: Data
    do { data = try Data(contentsOf: url) } catch { throw .unreadable("cannot read \(name)") }
    do { return try JSONDecoder().decode(type, from: data) } catch {
      throw .malformed("\(name) is not \(what): \(reason(error))")
    }
  }

  /// A decoder's error in a few words, with the key where there is one.
  private static func reason(_ error: any Error) -> String {
    guard let error = error as? DecodingError else { return "it is no JSON" }
    func place(_ path: [any CodingKey], _ last: String = "") -> String {
      (path.map(\.stringValue) + (last.isEmpty ? [] : [last])).joined(separator: ".")
    }
    switch error {
    case .keyNotFound(let key, let context): return "the key \(place(context.codingPath, key.stringValue)) is missing"
    case .typeMismatch(let type, let context): return "\(place(context.codingPath)): expected \(type)"
    case .valueNotFound(let type, let context): return "\(place(context.codingPath)): got nothing, expected \(type)"
    case .dataCorrupted(let context):
      let at = place(context.codingPath)
      return at.isEmpty ? "it is no JSON" : "\(at): \(context.debugDescription)"
    @unknown default: return "it cannot be decoded"
    }
  }
}
