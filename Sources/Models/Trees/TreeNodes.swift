/// Trees as flat arrays, one tree's nodes after another's, each tree's in the order root, left part, right part.
///
/// The left child of a node that splits is the node after it. What is at most the threshold goes left.
public struct TreeNodes: Sendable, Equatable {
  struct Node: Sendable, Equatable {
    /// Column of a split; −1 at a leaf.
    var column: Int32
    var threshold: Float
    /// The right child of a split, counted from the first node of all; at a leaf its number among the leaves of all.
    var link: Int32
  }

  /// First node of each tree, and the number of nodes.
  var starts: [Int] = [0]
  var nodes: [Node] = []
  /// Leaf `l` answers with `leafOutputs[leafStarts[l] ..< leafStarts[l + 1]]`, each with its value, and 0 for all others.
  var leafStarts: [Int] = [0]
  var leafOutputs: [Int32] = []
  package internal(set) var leafValues: [Float] = []

  public var trees: Int { starts.count - 1 }
  /// Splits and leaves.
  public var count: Int { nodes.count }
  public var leaves: Int { leafStarts.count - 1 }
  public var byteCount: Int { count * 12 + leaves * 8 + leafValues.count * 8 + starts.count * 8 }

  mutating func append(_ other: TreeNodes) {
    let (count, leaves, values) = (count, self.leaves, leafValues.count)
    precondition(count + other.count <= Int(Int32.max), "TreeNodes: \(count + other.count) nodes")
    starts += other.starts.dropFirst().map { $0 + count }
    for var node in other.nodes {
      node.link += Int32(node.column < 0 ? leaves : count)
      nodes.append(node)
    }
    leafStarts += other.leafStarts.dropFirst().map { $0 + values }
    leafOutputs += other.leafOutputs
    leafValues += other.leafValues
  }
}
