/// Short names of files, as an example's id begins with: the last path component, with as many parent folders as
/// it takes to tell equal names apart.
enum FileNames {
  /// One name for each path, in order; equal paths get equal names.
  static func short(_ paths: [String]) -> [String] {
    let components = paths.map(components(of:))
    var names = [String](repeating: "", count: paths.count)
    for index in paths.indices {
      let own = components[index]
      let rivals = components.filter { $0 != own && $0.last == own.last }
      var depth = 1
      while depth < own.count, rivals.contains(where: { $0.suffix(depth) == own.suffix(depth) }) { depth += 1 }
      names[index] = own.suffix(depth).joined(separator: "/")
    }
    return names
  }

  static func components(of path: String) -> [String] {
    let parts = path.split(separator: "/").filter { $0 != "." }.map(String.init)
    return parts.isEmpty ? [path] : parts
  }
}
