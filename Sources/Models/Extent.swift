/// Sizes of tensors as files and manifests ask for them.
package enum Extent {
  /// Whether each can be an extent of a tensor.
  package static func isPossible(_ sizes: [Int]) -> Bool { sizes.allSatisfy { 1...(1 << 24) ~= $0 } }
}
