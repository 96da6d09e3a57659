import Compute
import Models
import Testing

/// Made-up rows, by seeded streams of their own.
enum TreeData {
  /// About 40 % of the values are none, and every seventh row has none at all; values are multiples of 1/8.
  static func sparse(rows: Int, columns: Int, seed: UInt64, steps: Int = 16) -> SparseRows {
    var random = Random(seed: seed, stream: "tree data")
    var matrix = SparseRows(columns: columns)
    for row in 0..<rows {
      var indices: [Int32] = [], values: [Float] = []
      for column in 0..<columns where row % 7 != 6 && random.uniform() < 0.4 {
        let step = random.below(steps) - steps / 4
        indices.append(Int32(column))
        values.append(Float(step == 0 ? steps : step) / 8)
      }
      matrix.append(indices: indices, values: values)
    }
    return matrix
  }

  /// Every value of every row: multiples of 1/8, of which `steps` differ.
  static func matrix(rows: Int, columns: Int, seed: UInt64, steps: Int) -> [[Float]] {
    var random = Random(seed: seed, stream: "tree matrix")
    return (0..<rows).map { _ in (0..<columns).map { _ in Float(random.below(steps) - steps / 3) / 8 } }
  }

  static func rows(of sparse: SparseRows) -> [[Float]] {
    (0..<sparse.count).map { row in
      var values = [Float](repeating: 0, count: sparse.columns)
      for place in sparse.offsets[row]..<sparse.offsets[row + 1] {
        values[Int(sparse.indices[place])] = sparse.values[place]
      }
      return values
    }
  }

  static func dense(_ rows: [[Float]]) -> TreeRows { .dense(rows.flatMap { $0 }, columns: rows[0].count) }

  static func sparse(_ rows: [[Float]]) -> TreeRows {
    var matrix = SparseRows(columns: rows[0].count)
    for row in rows {
      let held = row.indices.filter { row[$0] != 0 }
      matrix.append(indices: held.map { Int32($0) }, values: held.map { row[$0] })
    }
    return .sparse(matrix)
  }
}

/// Arrays of a stored model with one thing wrong: reading and using them may throw and must not trap.
enum StoredDamage {
  static func check(_ tensors: [Safetensors.Tensor], _ use: (Safetensors) throws -> Void) {
    var thrown = 0, tried = 0
    func attempt(_ changed: [Safetensors.Tensor]) {
      tried += 1
      do { try use(Safetensors(bytes: Safetensors.encoded(changed))) } catch is CheckpointError { thrown += 1 } catch {
        Issue.record("\(error)")
      }
    }
    for (number, tensor) in tensors.enumerated() {
      func replaced(_ values: Safetensors.Tensor.Values, _ count: Int) {
        var changed = tensors
        changed[number] = Safetensors.Tensor(tensor.name, [count], values)
        attempt(changed)
      }
      var missing = tensors
      missing.remove(at: number)
      attempt(missing)
      switch tensor.values {
      case .floats(let all):
        replaced(.floats(all + [1]), all.count + 1)
        replaced(.floats(Array(all.dropLast())), max(all.count - 1, 0))
        for wrong in [Float.nan, .infinity, -1e30] {
          for place in all.indices { replaced(.floats(with(all, place, wrong)), all.count) }
        }
      case .integers(let all):
        replaced(.integers(all + [1]), all.count + 1)
        for wrong in [-1, 0, 1, 2, all.count, 1 << 40, .max, .min] {
          for place in all.indices { replaced(.integers(with(all, place, wrong)), all.count) }
        }
      case .indices(let all):
        replaced(.indices(all + [1]), all.count + 1)
        replaced(.indices(Array(all.dropLast())), max(all.count - 1, 0))
        for wrong in [-1, 0, 1, 2, Int32(all.count), .max, .min] {
          for place in all.indices { replaced(.indices(with(all, place, wrong)), all.count) }
        }
      case .bytes(let all):
        for wrong: UInt8 in [0, 1, 2, 255] {
          for place in all.indices { replaced(.bytes(with(all, place, wrong)), all.count) }
        }
      case .doubles: break
      }
    }
    #expect(thrown > tried / 10, "\(thrown) of \(tried) were found")
  }

  private static func with<Element>(_ all: [Element], _ place: Int, _ value: Element) -> [Element] {
    var changed = all
    changed[place] = value
    return changed
  }
}
