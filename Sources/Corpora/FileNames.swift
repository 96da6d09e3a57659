/// Short names of files, as an example's id begins with: the last path component, with as many parent folders as
/// it takes to tell equal names apart.
enum FileNames {
  /// One name for each path, in order; equal paths get equal names.
  static func short(_ paths: [String]) -> [String] {
    let components = paths.map(components(of:))
    // How many of the different paths end in such components.
    var sharers: [ArraySlice<String>: Int] = [:]
    for own in Set(components) {
      for depth in 1...own.count { sharers[own.suffix(depth), default: 0] += 1 }
    }
    return components.map { own in
      let depth = (1...own.count).first { sharers[own.suffix($0)] == 1 } ?? own.count
      return own.suffix(depth).joined(separator: "/")
    }
  }

  static func components(of path: String) -> [String] {
    let parts = path.split(separator: "/").filter { $0 != "." }.map(String.init)
    return parts.isEmpty ? [path] : parts
  }
}
