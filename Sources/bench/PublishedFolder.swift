import Reports

/// A folder of results that a command reads.
enum PublishedFolder {
  /// Prints what is wrong, with a near name where there is one, and throws exit code 2 where it is none.
  static func check(_ folder: String) throws {
    guard !OutputFolder.isRun(folder) else { return }
    let usual = "Results/\(folder)"
    let hint = OutputFolder.isRun(usual) ? "; did you mean `\(usual)`?" : ""
    Console.errors([
      "\(folder): got no results of a run, expected a folder with manifest.resolved.yaml and machine.json\(hint)"
    ])
    throw Exit.badInput
  }
}
