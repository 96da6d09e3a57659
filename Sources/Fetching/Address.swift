import Foundation

/// Which addresses may be asked: what comes over plain HTTP can be read and changed on its way.
enum Address {
  /// `https`, files, and `http` on this machine. `source` is the address that redirects there: another machine may send
  /// nobody to this one.
  static func isAllowed(_ url: URL, from source: URL? = nil) -> Bool {
    switch url.scheme?.lowercased() {
    case "https": true
    case "file": source == nil
    case "http": isLoopback(url) && source.map(isLoopback) ?? true
    default: false
    }
  }

  /// Whether the host is given as numbers of IPv6, which URLSession refuses on Linux.
  static func isIPv6(_ url: URL) -> Bool { url.host?.contains(":") ?? false }

  private static func isLoopback(_ url: URL) -> Bool {
    guard var host = url.host?.lowercased() else { return false }
    if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
    if host == "localhost" || host == "::1" { return true }
    // All of 127.0.0.0/8, and no name that only begins so.
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
  }
}
