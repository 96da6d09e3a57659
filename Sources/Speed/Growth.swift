import Foundation
import Models

/// How the time of one kind of work grows with one size while everything else stays.
public struct Growth: Sendable {
  public enum Size: String, Sendable, CaseIterable {
    /// Tokens of a sequence; 32 sequences.
    case length
    /// Sequences of a batch, 32 tokens each.
    case batch
    /// Of the model's states; 32 sequences of 32 tokens.
    case width
  }

  /// Model, work and size: `bert-train-length`.
  public let name: String
  public let size: Size
  /// The rows, by the value of the size, ascending.
  public let rows: [(value: Int, row: SpeedRow)]

  /// Encoder and LSTM, forward and training, against length, batch and width.
  ///
  /// The encoder's heads are as wide at every width, its inner layer four times as wide.
  public static func all(encoder: TransformerConfiguration, vocabulary: Int) -> [Growth] {
    var long = encoder
    long.maximumPositions = max(512, long.maximumPositions)
    let encoder = long, head = max(1, encoder.hidden / encoder.heads)
    func bert(_ width: Int?) -> SpeedRow.Subject {
      var sizes = encoder
      if let width {
        (sizes.hidden, sizes.heads, sizes.intermediate) = (width, max(1, width / head), 4 * width)
      }
      return .bert(sizes, vocabulary: vocabulary)
    }
    func lstm(_ width: Int?) -> SpeedRow.Subject {
      var sizes = RecurrentConfiguration.wide
      sizes.hidden = width ?? sizes.hidden
      return .lstm(sizes, vocabulary: 20_000)
    }
    return [("bert", bert, [128, 256, 384, 512, 768]), ("lstm", lstm, [64, 128, 256, 512])].flatMap {
      name, subject, widths in
      [SpeedRow.Work.forward, .train].flatMap { work in
        Size.allCases.map { size in
          let values: [Int] =
            switch size {
            case .length: [16, 32, 64, 128, 256, 512]
            case .batch: [1, 2, 4, 8, 16, 32, 64, 128]
            case .width: widths
            }
          return Growth(
            name: "\(name)-\(work.rawValue)-\(size.rawValue)", size: size,
            rows: values.map { value in
              let (length, sequences) = size == .length ? (value, 32) : (32, size == .batch ? value : 32)
              let end = size == .width ? "-width-\(value)" : "-\(sequences)x\(length)"
              return (
                value,
                SpeedRow(
                  name: "\(name)-\(work.rawValue)\(end)", subject: subject(size == .width ? value : nil), work: work,
                  input: .tokens(length, sequences: sequences))
              )
            })
        }
      }
    }
  }

  /// The b of time = a · sizeᵇ, by least squares on the logarithms; nil for fewer than two sizes.
  public static func exponent(_ times: [(size: Double, time: Double)]) -> Double? {
    let points = times.map { (x: log($0.size), y: log($0.time)) }, n = Double(points.count)
    let x = points.reduce(0) { $0 + $1.x } / n, y = points.reduce(0) { $0 + $1.y } / n
    let spread = points.reduce(0) { $0 + ($1.x - x) * ($1.x - x) }
    guard spread > 0 else { return nil }
    return points.reduce(0) { $0 + ($1.x - x) * ($1.y - y) } / spread
  }
}
