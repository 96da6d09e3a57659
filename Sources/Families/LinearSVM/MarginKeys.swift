import Models
import Settings

/// Keys of models whose scores are no probabilities.
enum MarginKeys {
  static func calibration<Sizes>(
    _ path: WritableKeyPath<Sizes, CalibrationKind?> & Sendable
  ) -> Member<Sizes> {
    Member(
      field: { prototype in
        Field(
          "calibration", .choice(CalibrationKind.allCases.map(\.rawValue)),
          "What makes probabilities of scores, on validation rows or held-out fifths: a sigmoid (`platt`) or a rising curve (`isotonic`).",
          .value(.text((prototype[keyPath: path] ?? CalibrationKind.none).rawValue)))
      },
      assign: { root, value in
        guard let kind = value["calibration"]?.text.flatMap({ CalibrationKind(rawValue: $0) }) else { return }
        root[keyPath: path] = kind == .none ? nil : kind
      })
  }

  /// - Throws: `CheckpointError` where a stored one is not of so many classes, or has numbers that are none.
  static func sound(_ stored: ScoreCalibration?, classes: Int) throws(CheckpointError) -> ScoreCalibration? {
    guard let stored else { return nil }
    guard stored.curves.count == classes, stored.curves.allSatisfy(\.isSound) else {
      throw .malformed("its calibration is not one of \(classes) classes")
    }
    return stored
  }
}
