import Foundation

/// A safetensors file: 8 bytes of header length, the header in JSON, the tensors' bytes, all little-endian.
///
/// Everything the file says of itself is checked against its size before memory is taken for it. Tensors are read one
/// by one when asked for, so that a large file never stands in memory twice.
public struct Safetensors: Sendable {
  /// How an element is stored.
  public enum Element: String, Sendable, CaseIterable {
    case f64 = "F64", f32 = "F32", f16 = "F16", bf16 = "BF16"
    case i64 = "I64", i32 = "I32", i16 = "I16", i8 = "I8"
    case u64 = "U64", u32 = "U32", u16 = "U16", u8 = "U8", bool = "BOOL"

    /// Whether `floats` reads it.
    public var isFloat: Bool { [.f64, .f32, .f16, .bf16].contains(self) }

    /// Bytes an element.
    public var size: Int {
      switch self {
      case .f64, .i64, .u64: 8
      case .f32, .i32, .u32: 4
      case .f16, .bf16, .i16, .u16: 2
      case .i8, .u8, .bool: 1
      }
    }
  }

  public struct Entry: Sendable, Equatable {
    public let name: String
    public let element: Element
    public let shape: [Int]
    /// Bytes of the tensor, counted from the end of the header.
    public let range: Range<Int>
  }

  public let metadata: [String: String]
  /// In the order of their bytes.
  public let entries: [Entry]

  private enum Source { case file(URL), bytes([UInt8]) }
  private let source: Source
  private let base: Int
  private let indices: [String: Int]

  /// Largest header that the format allows, in bytes.
  private static let headerLimit = 100_000_000

  /// - Throws: `CheckpointError` where the file cannot be read or is malformed.
  public init(contentsOf url: URL) throws(CheckpointError) {
    try self.init(.file(url))
  }

  public init(bytes: [UInt8]) throws(CheckpointError) {
    try self.init(.bytes(bytes))
  }

  private init(_ source: Source) throws(CheckpointError) {
    let size = try Self.size(of: source)
    guard size >= 8 else { throw .malformed("the file has \(size) bytes, too few for a header") }
    let length = try Self.read(source, 0..<8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= min(size - 8, Self.headerLimit) else {
      throw .malformed("the header claims \(length) bytes, the file has \(size)")
    }
    let header = try SafetensorsHeader(Self.read(source, 8..<8 + Int(length)))
    self.source = source
    base = 8 + Int(length)
    metadata = header.metadata
    entries = header.entries.sorted {
      ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
    }
    var indices = [String: Int](), end = 0
    for (index, entry) in entries.enumerated() {
      guard indices.updateValue(index, forKey: entry.name) == nil else { throw .duplicate(tensor: entry.name) }
      guard entry.range.lowerBound == end else {
        throw .malformed(
          "tensor \(entry.name): its bytes begin at \(entry.range.lowerBound), those before it end at \(end)")
      }
      end = entry.range.upperBound
      guard end <= size - base else {
        throw .malformed("tensor \(entry.name): its bytes end at \(end), the file has \(size - base) after the header")
      }
    }
    guard end == size - base else {
      throw .malformed("the tensors end at byte \(end), the file has \(size - base) after the header")
    }
    self.indices = indices
  }

  private init(_ whole: Safetensors, entries: [Entry]) {
    (source, base, metadata) = (whole.source, whole.base, whole.metadata)
    self.entries = entries
    indices = Dictionary(uniqueKeysWithValues: entries.enumerated().map { ($1.name, $0) })
  }

  /// The tensors whose names begin so, without that beginning.
  package func part(_ prefix: String) -> Safetensors {
    Safetensors(
      self,
      entries: entries.filter { $0.name.hasPrefix(prefix) }.map {
        Entry(
          name: String($0.name.dropFirst(prefix.count)), element: $0.element, shape: $0.shape, range: $0.range)
      })
  }

  public subscript(name: String) -> Entry? { indices[name].map { entries[$0] } }

  private func entry(_ name: String) throws(CheckpointError) -> Entry {
    guard let entry = self[name] else { throw .missing(tensor: name) }
    return entry
  }

  /// The values of an F32, F16, BF16 or F64 tensor, row-major.
  public func floats(_ name: String) throws(CheckpointError) -> [Float] {
    let entry = try entry(name), bytes = try bytes(of: entry)
    switch entry.element {
    case .f32: return Self.words32(bytes).map { Float(bitPattern: $0) }
    case .bf16: return Self.words16(bytes).map { Float(bitPattern: UInt32($0) << 16) }
    case .f16: return Self.words16(bytes).map(Self.half)
    case .f64: return Self.words64(bytes).map { Float(Double(bitPattern: $0)) }
    default: throw .kind(tensor: name, got: entry.element.rawValue, expected: "F32, F16, BF16 or F64")
    }
  }

  /// The values of an F64 tensor, or of any that `floats` reads.
  public func doubles(_ name: String) throws(CheckpointError) -> [Double] {
    let entry = try entry(name)
    guard entry.element == .f64 else { return try floats(name).map(Double.init) }
    return Self.words64(try bytes(of: entry)).map { Double(bitPattern: $0) }
  }

  /// The values of an I64 or I32 tensor.
  public func integers(_ name: String) throws(CheckpointError) -> [Int] {
    let entry = try entry(name), bytes = try bytes(of: entry)
    switch entry.element {
    case .i64: return Self.words64(bytes).map { Int(Int64(bitPattern: $0)) }
    case .i32: return Self.words32(bytes).map { Int(Int32(bitPattern: $0)) }
    default: throw .kind(tensor: name, got: entry.element.rawValue, expected: "I64 or I32")
    }
  }

  /// The values of a U8 tensor.
  public func bytes(_ name: String) throws(CheckpointError) -> [UInt8] {
    let entry = try entry(name)
    guard entry.element == .u8 else { throw .kind(tensor: name, got: entry.element.rawValue, expected: "U8") }
    return try bytes(of: entry)
  }

  /// A tensor's bytes as they stand in the file.
  public func bytes(of entry: Entry) throws(CheckpointError) -> [UInt8] {
    do { return try Self.read(source, base + entry.range.lowerBound..<base + entry.range.upperBound) } catch {
      throw .malformed("tensor \(entry.name): \(error)")
    }
  }

  private static func size(of source: Source) throws(CheckpointError) -> Int {
    switch source {
    case .bytes(let bytes): return bytes.count
    case .file(let url):
      do {
        let handle = try FileHandle(forReadingFrom: url)
        defer { try? handle.close() }
        return Int(clamping: try handle.seekToEnd())
      } catch { throw .unreadable("cannot read \(url.lastPathComponent)") }
    }
  }

  private static func read(_ source: Source, _ range: Range<Int>) throws(CheckpointError) -> [UInt8] {
    switch source {
    case .bytes(let bytes): return Array(bytes[range])
    case .file(let url):
      let data: Data?
      do {
        let handle = try FileHandle(forReadingFrom: url)
        defer { try? handle.close() }
        try handle.seek(toOffset: UInt64(range.lowerBound))
        data = try handle.read(upToCount: range.count)
      } catch { throw .unreadable("cannot read \(url.lastPathComponent)") }
      guard range.isEmpty || data?.count == range.count else {
        throw .unreadable("\(url.lastPathComponent) ended early: it changed while it was read")
      }
      return data.map { [UInt8]($0) } ?? []
    }
  }

  private static func words16(_ bytes: [UInt8]) -> [UInt16] {
    stride(from: 0, to: bytes.count, by: 2).map { UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8 }
  }

  private static func words32(_ bytes: [UInt8]) -> [UInt32] {
    var words = [UInt32]()
    words.reserveCapacity(bytes.count / 4)
    var at = 0
    while at + 3 < bytes.count {
      let low = UInt32(bytes[at]) | UInt32(bytes[at + 1]) << 8
      words.append(low | UInt32(bytes[at + 2]) << 16 | UInt32(bytes[at + 3]) << 24)
      at += 4
    }
    return words
  }

  private static func words64(_ bytes: [UInt8]) -> [UInt64] {
    let halves = words32(bytes)
    return stride(from: 0, to: halves.count, by: 2).map { UInt64(halves[$0]) | UInt64(halves[$0 + 1]) << 32 }
  }

  /// IEEE half precision: 1 sign, 5 exponent, 10 fraction bits.
  private static func half(_ bits: UInt16) -> Float {
    let sign: Float = bits >> 15 == 0 ? 1 : -1
    let exponent = Int(bits >> 10 & 31), fraction = Float(bits & 1023)
    switch exponent {
    case 0: return sign * fraction * 0x1p-24
    case 31: return fraction == 0 ? sign * .infinity : .nan
    default: return sign * Float(sign: .plus, exponent: exponent - 25, significand: 1024 + fraction)
    }
  }
}
