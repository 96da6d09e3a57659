import Files
import Foundation

/// A file that a command is told to write.
enum OutputFile {
  /// Where the file is to stand, asked before any work: where a link points, since the new file would replace the link.
  ///
  /// Prints what is in the way and throws exit code 2 where nothing can be written there, or one of `inputs`, the files
  /// that are read, would be written over.
  static func url(_ path: String, besides inputs: [String]) throws -> URL {
    let file = resolved(path)
    let folder = file.deletingLastPathComponent().path
    var mistake: String?
    if FileSystem.isFolder(file.path) {
      mistake = "got a folder, expected a file"
    } else if inputs.contains(where: { resolved($0).path == file.path }) {
      mistake = "got the file that is read, expected another"
    } else if !FileSystem.isFolder(folder) {
      mistake = "got a file in a folder that is not there, expected one in an existing folder"
    } else if !FileSystem.isWritable(folder) {
      mistake = "cannot be written: no files can be made in its folder"
    }
    if let mistake {
      Console.errors(["\(path): \(mistake)"])
      throw Exit.badInput
    }
    return file
  }

  private static func resolved(_ path: String) -> URL {
    let whole = path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    return URL(fileURLWithPath: whole).resolvingSymlinksInPath()
  }
}
