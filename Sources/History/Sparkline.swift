/// A series as a line of blocks, lowest to highest value.
enum Sparkline {
  private static let blocks = Array("▁▂▃▄▅▆▇█")

  /// At most `width` characters: the latest values. Equal values give the middle block.
  static func text(_ values: [Double], width: Int) -> String {
    let shown = values.suffix(max(1, width)).filter(\.isFinite)
    guard let low = shown.min(), let high = shown.max() else { return "" }
    return String(
      shown.map { value in
        guard high > low else { return blocks[3] }
        return blocks[min(7, Int((value / 2 - low / 2) / (high / 2 - low / 2) * 8))]
      })
  }
}
