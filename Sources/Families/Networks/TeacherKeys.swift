import Settings

/// The key of networks that may learn from another model.
package enum TeacherKeys {
  static let others = ["teacher"]
  /// Keys of `training` that say how labels are learned.
  package static let ofLabels = ["class_weights", "focal_gamma", "logit_adjustment"]
  package static let inPlaceOfLabels = "a teacher's scores stand in place of the labels"
  static let field = Field(
    "teacher", .name,
    "A model of this manifest: the network learns its scores of the training rows, and of what `augmentation` makes of "
      + "them, in place of their labels.")
}
