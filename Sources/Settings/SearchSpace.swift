/// What may be tried for one model: some of its own keys, each with values or a range.
public struct SearchSpace: Sendable, Equatable {
  public struct Dimension: Sendable, Equatable {
    /// The model's key as in the manifest, inner keys after dots (`training.learning_rate`).
    public var key: String
    public var values: Values
    /// What the model has where nothing is searched, which need not be one of these; nil where nobody knows.
    public var declared: SettingValue?

    public init(_ key: String, _ values: Values, declared: SettingValue? = nil) {
      (self.key, self.values, self.declared) = (key, values, declared)
    }
  }

  public enum Values: Sendable, Equatable {
    /// Each as likely as the others.
    case list([SettingValue])
    /// Every number of the range as likely as the others; whole numbers only where `isInteger`, both ends included.
    case uniform(low: Double, high: Double, isInteger: Bool)
    /// The same of the number's logarithm.
    case logUniform(low: Double, high: Double, isInteger: Bool)
  }

  /// In the order in which the model's keys are documented; empty where the model is not tuned.
  public var dimensions: [Dimension]

  public init(_ dimensions: [Dimension] = []) { self.dimensions = dimensions }

  public var isEmpty: Bool { dimensions.isEmpty }

  /// How many settings a grid over the lists has; nil where a dimension is a range, `Int.max` where there are more.
  public var gridCount: Int? {
    var count = 1
    for dimension in dimensions {
      guard case .list(let values) = dimension.values else { return nil }
      let (product, overflows) = count.multipliedReportingOverflow(by: values.count)
      count = overflows ? .max : product
    }
    return count
  }

  /// The model as it is declared: the first trial of every search.
  public var declared: [Setting] { dimensions.compactMap { own in own.declared.map { Setting(own.key, $0) } } }

  /// Whether the lists have the declared setting, so that a grid over them tries it anyway.
  public var gridHasDeclared: Bool {
    dimensions.allSatisfy { dimension in
      guard case .list(let values) = dimension.values, let declared = dimension.declared else { return false }
      return values.contains(declared)
    }
  }

  /// Settings that a search of so many trials comes to at most: the declared one and all others that there are.
  public func mostTrials(_ trials: Int) -> Int {
    guard let count = gridCount, count < trials else { return trials }
    return gridHasDeclared ? count : count + 1
  }
}

/// One key of a model and the value chosen for it.
public struct Setting: Sendable, Equatable, Codable {
  public var key: String
  public var value: SettingValue

  public init(_ key: String, _ value: SettingValue) { (self.key, self.value) = (key, value) }

  /// `training.learning_rate=0.001`, as `--set` takes it below the model.
  public var text: String { "\(key)=\(value.text)" }
}

/// A value that a key of the manifest can hold.
public enum SettingValue: Sendable, Equatable, Codable {
  case none
  case flag(Bool)
  case integer(Int)
  case number(Double)
  case text(String)
  case list([SettingValue])

  /// As the manifest writes it.
  public var text: String {
    switch self {
    case .none: "none"
    case .flag(let flag): "\(flag)"
    case .integer(let integer): "\(integer)"
    case .number(let number): "\(number)"
    case .text(let text): text
    case .list(let list): "[\(list.map(\.text).joined(separator: ", "))]"
    }
  }
}

extension SearchSpace {
  /// That of a checked model; empty where there is none.
  package init(of model: Checked) {
    self.init(
      (model["space"]?.entries ?? []).compactMap { entry in
        let declared = entry.key.split(separator: ".").reduce(model as Checked?) { $0?[String($1)] }
          .map { SettingValue($0) }
        guard case .map(let ranges) = entry.value.content else {
          return Dimension(entry.key, .list(entry.value.list.map { SettingValue($0) }), declared: declared)
        }
        guard let range = ranges.first, let low = range.value.list.first, let high = range.value.list.last,
          let from = low.number, let to = high.number
        else { return nil }
        let isInteger = low.integer != nil
        return Dimension(
          entry.key,
          range.key == "uniform"
            ? .uniform(low: from, high: to, isInteger: isInteger)
            : .logUniform(low: from, high: to, isInteger: isInteger),
          declared: declared)
      })
  }
}

extension SettingValue {
  package init(_ checked: Checked) {
    switch checked.content {
    case .none, .map: self = .none
    case .flag(let flag): self = .flag(flag)
    case .integer(let integer): self = .integer(integer)
    case .number(let number): self = .number(number)
    case .text(let text): self = .text(text)
    case .list(let list): self = .list(list.map { SettingValue($0) })
    }
  }

  package var checked: Checked {
    switch self {
    case .none: Checked(.none)
    case .flag(let flag): Checked(.flag(flag))
    case .integer(let integer): Checked(.integer(integer))
    case .number(let number): Checked(.number(number))
    case .text(let text): Checked(.text(text))
    case .list(let list): Checked(.list(list.map(\.checked)))
    }
  }
}
