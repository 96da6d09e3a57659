import Models

extension LookupState {
  /// What is stored beside the prior: `keys` U8 `[texts, 16]`, `entry_starts` I64 `[texts + 1]`, `entries` I64
  /// `[entries, 2]` with a label and its count in each row.
  public var tensors: [Safetensors.Tensor] {
    var starts = [0]
    for row in entries { starts.append(starts[starts.count - 1] + row.count) }
    let flat = entries.joined().flatMap { [$0.label, $0.count] }
    return [
      Safetensors.Tensor("entry_starts", [starts.count], .integers(starts)),
      Safetensors.Tensor("entries", [flat.count / 2, 2], .integers(flat)),
      Safetensors.Tensor("keys", [keys.count, TextDigest.byteCount], .bytes(keys.flatMap(\.bytes))),
    ]
  }

  /// - Throws: `CheckpointError` where a tensor is missing or what they hold does not fit together.
  public init(prior: MajorityState, stored file: Safetensors) throws(CheckpointError) {
    let starts = try file.integers("entry_starts"), flat = try file.integers("entries")
    let bytes = try file.bytes("keys")
    let size = TextDigest.byteCount
    guard bytes.count % size == 0, flat.count % 2 == 0, starts.count == bytes.count / size + 1, starts[0] == 0,
      starts[starts.count - 1] == flat.count / 2
    else { throw .malformed("keys, entry_starts and entries do not fit together") }
    let keys = stride(from: 0, to: bytes.count, by: size).map { TextDigest(bytes: bytes[$0..<$0 + size]) }
    guard zip(keys, keys.dropFirst()).allSatisfy({ $0 < $1 }) else { throw .malformed("keys do not ascend") }
    var entries = [[Entry]]()
    for (start, end) in zip(starts, starts.dropFirst()) {
      guard start < end, end <= flat.count / 2 else { throw .malformed("entry_starts does not ascend") }
      let row = (start..<end).map { Entry(label: flat[2 * $0], count: flat[2 * $0 + 1]) }
      guard zip(row, row.dropFirst()).allSatisfy({ $0.label < $1.label }),
        row.allSatisfy({
          prior.counts.indices.contains($0.label) && $0.count >= 1 && $0.count <= prior.counts[$0.label]
        })
      else { throw .malformed("entries has a label or count that the prior does not allow") }
      entries.append(row)
    }
    self.init(prior: prior, keys: keys, entries: entries)
  }
}
