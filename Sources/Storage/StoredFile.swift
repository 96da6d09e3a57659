import Corpora
import Hashing
import Foundation
import Models

/// One thing that a run keeps: JSON for what is small, tensors for what is large, a hash over all of it.
///
/// A safetensors file with the metadata `format` (what it is, with its version), `outline` (the JSON) and `sha256`: the
/// SHA-256 of the whole file as it stands with 64 zeros in its place.
package struct StoredFile {
  package let outline: String
  /// The tensors, read when asked for.
  package let tensors: Safetensors

  /// A file that is to be written, piece by piece: weights may be larger than what memory should be used for twice.
  package struct Draft {
    private var header: [UInt8]
    private let tensors: [Safetensors.Tensor]

    package init(format: String, outline: String, tensors: [Safetensors.Tensor]) {
      header = Safetensors.header(
        of: tensors, metadata: ["format": format, "outline": outline, "sha256": StoredFile.blank])
      self.tensors = tensors
      // The writer puts the metadata first and in this order, so the place is found.
      if let place = StoredFile.place(in: header) { header.replaceSubrange(place, with: sha256.utf8) }
    }

    /// All of the file's bytes, in order.
    package func eachPiece(_ body: ([UInt8]) -> Void) {
      body(header)
      for tensor in tensors { tensor.eachPiece(body) }
    }

    /// Of the whole file as it stands, in hexadecimal digits.
    package var sha256: String {
      let hash = SHA256()
      eachPiece { hash.update(data: $0) }
      return hexadecimal(hash.finalize())
    }

    package var bytes: [UInt8] {
      var bytes = [UInt8]()
      eachPiece { bytes += $0 }
      return bytes
    }
  }

  /// - Throws: `CheckpointError` where the bytes are another kind of file, or are damaged.
  package init(bytes: [UInt8], format: String) throws(CheckpointError) {
    tensors = try Safetensors(bytes: bytes)
    let got = tensors.metadata["format"]
    guard got == format, let outline = tensors.metadata["outline"] else {
      throw .malformed("this is no \(format) file: its format is \(got ?? "not stated")")
    }
    guard let place = Self.place(in: bytes) else { throw .malformed("the file has no SHA-256") }
    guard Self.sha256(of: bytes, blankAt: place).utf8.elementsEqual(bytes[place]) else {
      throw .malformed("the file is damaged: its bytes do not give its SHA-256")
    }
    self.outline = outline
  }

  /// Of the bytes with zeros at `place`, in hexadecimal digits.
  package static func sha256(of bytes: [UInt8], blankAt place: Range<Int>) -> String {
    let hash = SHA256()
    for part in [bytes[..<place.lowerBound], Array(blank.utf8)[...], bytes[place.upperBound...]] {
      hash.update(data: part)
    }
    return hexadecimal(hash.finalize())
  }

  private static let blank = String(repeating: "0", count: 64)

  /// Where the 64 digits stand. Inside a string the quotes of the key would be escaped, so it is found once.
  package static func place(in bytes: [UInt8]) -> Range<Int>? {
    let key = Array("\"sha256\":\"".utf8)
    var start = 8
    while start + key.count + blank.count <= bytes.count {
      if bytes[start] == key[0], bytes[start..<start + key.count].elementsEqual(key) {
        return start + key.count..<start + key.count + blank.count
      }
      start += 1
    }
    return nil
  }
}
