import Compute

/// A value on a tape with its shape; its gradient is made when the first contribution arrives.
public final class Tensor {
  public let shape: [Int]
  public let value: Buffer
  /// Whether `backward` carries a gradient here.
  public let requiresGradient: Bool
  /// The gradient so far; nil until something contributed, or while all that did is in `rowGradient`.
  public internal(set) var gradient: Buffer?
  /// What the tape was asked to keep, once `backward` was here.
  var keptGradient: Buffer?
  var keepsGradient = false
  /// The gradient so far of a table from which rows were taken and that nothing else used.
  private(set) var rowGradient: RowGradient?
  private let workspace: Workspace

  init(shape: [Int], value: Buffer, requiresGradient: Bool, workspace: Workspace) {
    precondition(shape.reduce(1, *) == value.count, "Tensor: \(value.count) values for shape \(shape)")
    (self.shape, self.value, self.requiresGradient, self.workspace) = (shape, value, requiresGradient, workspace)
  }

  /// Rows of a matrix.
  public var rows: Int { shape[0] }
  /// Columns of a matrix.
  public var columns: Int { shape[1] }
  /// A copy of the values.
  public var array: [Float] { value.array }

  /// Where a pullback writes its whole contribution: added to what is there, or assigned to a new buffer,
  /// which is not cleared first.
  func target() -> Kernels.Target {
    spreadRows()
    if let gradient { return (gradient, true) }
    let fresh = Buffer(count: value.count, in: workspace, zeroed: false)
    gradient = fresh
    return (fresh, false)
  }

  /// A cleared or earlier gradient to add to, for contributions that touch only some elements.
  func sum() -> Buffer {
    spreadRows()
    if let gradient { return gradient }
    let fresh = Buffer(count: value.count, in: workspace, zeroed: true)
    gradient = fresh
    return fresh
  }

  /// Adds dy `[ids.count, width]` to the rows `ids` of a table `[rows, width]`, in order.
  func accumulate(rows ids: [Int32], _ dy: Buffer) {
    guard requiresGradient else { return }
    if let gradient {
      Kernels.scatterAdd(dy, ids, width: columns, to: gradient)
    } else {
      let fresh = RowGradient(of: ids, dy, tableRows: rows, width: columns, in: workspace)
      rowGradient = rowGradient?.sum(with: fresh) ?? fresh
    }
  }

  /// Lays out what is there of single rows as a whole gradient, for contributions of other kinds.
  private func spreadRows() {
    guard let sparse = rowGradient else { return }
    rowGradient = nil
    gradient = sparse.dense(in: workspace)
  }

  /// Adds a contribution whose buffer the caller gives away.
  func accumulate(giving contribution: Buffer) {
    spreadRows()
    if let gradient {
      Kernels.add(contribution, to: gradient)
    } else {
      gradient = contribution
    }
  }

  /// Adds a contribution whose buffer the caller keeps.
  func accumulate(copying contribution: Buffer) {
    let (buffer, accumulates) = target()
    if accumulates { Kernels.add(contribution, to: buffer) } else { buffer.copy(from: contribution) }
  }
}
