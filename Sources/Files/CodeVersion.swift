import Compute
import Foundation

#if canImport(Glibc)
  import Glibc
#endif

/// What computes: the program's own bytes, and the libraries and kernels that it computes with.
package enum CodeVersion {
  /// SHA-256 of the running executable; nil where it cannot be read, and then no stored fit can be trusted.
  package static let executable: String? = {
    #if os(Linux)
      let path = "/proc/self/exe"
    #else
      let path = Bundle.main.executablePath ?? ""
    #endif
    return try? FileHash.sha256(of: URL(fileURLWithPath: path)).sha256
  }()

  /// `OpenBLAS 0.3.21 SkylakeX, kernels avx512, libc 2.36`: two machines that differ here may differ in last bits.
  package static let libraries = "OpenBLAS \(BLAS.version) \(BLAS.coreName), kernels \(Kernels.isa), libc \(libc)"

  private static var libc: String {
    #if os(Linux)
      // Swift's Glibc module hides it, and musl has none: look for it at run time.
      typealias GetVersion = @convention(c) () -> UnsafePointer<CChar>
      guard let symbol = unsafe dlsym(nil, "gnu_get_libc_version") else { return "not GNU" }
      return unsafe String(cString: unsafeBitCast(symbol, to: GetVersion.self)())
    #else
      return ProcessInfo.processInfo.operatingSystemVersionString
    #endif
  }
}
