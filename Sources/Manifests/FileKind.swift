import Foundation

/// What stands at a path.
enum FileKind {
  case file, folder, nothing

  static func of(_ path: String) -> FileKind {
    guard FileManager.default.fileExists(atPath: path) else { return .nothing }
    let resolved = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    let type = try? FileManager.default.attributesOfItem(atPath: resolved)[.type] as? FileAttributeType
    return type == .typeDirectory ? .folder : .file
  }
}
