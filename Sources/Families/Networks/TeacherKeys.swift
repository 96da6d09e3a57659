import Settings

/// The key of networks that may learn from another model.
enum TeacherKeys {
  static let others = ["teacher"]
  static let field = Field(
    "teacher", .name,
    "A model of this manifest: the network learns its scores of the training rows, and of what `augmentation` makes of "
      + "them, in place of their labels.")
}
