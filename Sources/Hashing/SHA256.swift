import COpenSSL
import Foundation

/// SHA-256 (FIPS 180-4) of bytes that come in pieces, by OpenSSL.
public final class SHA256 {
  private let context: OpaquePointer

  /// Traps where OpenSSL has no memory, as allocation does.
  public init() {
    guard let made = EVP_MD_CTX_new(), EVP_DigestInit_ex(made, EVP_sha256(), nil) == 1 else {
      preconditionFailure("SHA256: OpenSSL has no memory for a digest")
    }
    context = made
  }

  deinit { EVP_MD_CTX_free(context) }

  public func update(data: some ContiguousBytes) {
    data.withUnsafeBytes { bytes in
      let isTaken = EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1
      precondition(isTaken, "SHA256.update: \(bytes.count) bytes were not taken")
    }
  }

  /// The 32 bytes of the digest; nothing may be added afterwards.
  public func finalize() -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 32)
    let isDone = digest.withUnsafeMutableBufferPointer { EVP_DigestFinal_ex(context, $0.baseAddress, nil) == 1 }
    precondition(isDone, "SHA256.finalize: no digest")
    return digest
  }

  /// Of bytes that are all there.
  public static func hash(data: some ContiguousBytes) -> [UInt8] {
    let own = SHA256()
    own.update(data: data)
    return own.finalize()
  }
}
