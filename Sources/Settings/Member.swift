/// A key of a section bound to a property of the settings it fills: name, type, range, default and meaning in one line.
package struct Member<Root: Sendable>: Sendable {
  package let field: @Sendable (_ prototype: Root) -> Field
  package let assign: @Sendable (inout Root, Checked) -> Void

  package init(
    field: @escaping @Sendable (_ prototype: Root) -> Field, assign: @escaping @Sendable (inout Root, Checked) -> Void
  ) {
    (self.field, self.assign) = (field, assign)
  }

  package static func flag(_ key: String, _ path: WritableKeyPath<Root, Bool> & Sendable, _ doc: String) -> Member {
    Member(
      field: { Field(key, .flag, doc, .value(.flag($0[keyPath: path]))) },
      assign: { root, value in if let flag = value[key]?.flag { root[keyPath: path] = flag } })
  }

  package static func integer(
    _ key: String, _ path: WritableKeyPath<Root, Int> & Sendable, _ range: ClosedRange<Int>, _ doc: String
  ) -> Member {
    Member(
      field: { Field(key, .integer(Bounds(range)), doc, .value(.integer($0[keyPath: path]))) },
      assign: { root, value in if let integer = value[key]?.integer { root[keyPath: path] = integer } })
  }

  package static func integers(
    _ key: String, _ path: WritableKeyPath<Root, [Int]> & Sendable, _ range: ClosedRange<Int>,
    count: ClosedRange<Int>, _ doc: String
  ) -> Member {
    Member(
      field: {
        Field(
          key, .list(.integer(Bounds(range)), count: count, single: false), doc,
          .value(.list($0[keyPath: path].map { Checked(.integer($0)) })))
      },
      assign: { root, value in
        if let list = value[key] { root[keyPath: path] = list.list.compactMap(\.integer) }
      })
  }

  package static func unsigned(_ key: String, _ path: WritableKeyPath<Root, UInt64> & Sendable, _ doc: String) -> Member
  {
    Member(
      field: {
        Field(key, .integer(.from(0)), doc, .value(.integer(Int(clamping: $0[keyPath: path]))))
      },
      assign: { root, value in if let integer = value[key]?.integer { root[keyPath: path] = UInt64(clamping: integer) }
      })
  }

  package static func optionalInteger(
    _ key: String, _ path: WritableKeyPath<Root, Int?> & Sendable, _ range: ClosedRange<Int>, _ doc: String
  ) -> Member {
    Member(
      field: {
        Field(key, .optional(.integer(Bounds(range))), doc, .value($0[keyPath: path].map { .integer($0) } ?? .none))
      },
      assign: { root, value in if let found = value[key] { root[keyPath: path] = found.integer } })
  }

  package static func number(
    _ key: String, _ path: WritableKeyPath<Root, Double> & Sendable, _ bounds: Bounds, _ doc: String
  ) -> Member {
    Member(
      field: { Field(key, .number(bounds), doc, .value(.number($0[keyPath: path]))) },
      assign: { root, value in if let number = value[key]?.number { root[keyPath: path] = number } })
  }

  package static func optionalNumber(
    _ key: String, _ path: WritableKeyPath<Root, Double?> & Sendable, _ bounds: Bounds, _ doc: String
  ) -> Member {
    Member(
      field: { Field(key, .optional(.number(bounds)), doc, .value($0[keyPath: path].map { .number($0) } ?? .none)) },
      assign: { root, value in if let found = value[key] { root[keyPath: path] = found.number } })
  }

  package static func text(
    _ key: String, _ path: WritableKeyPath<Root, String> & Sendable, as shape: Shape = .text, _ doc: String
  ) -> Member {
    Member(
      field: { Field(key, shape, doc, .value(.text($0[keyPath: path]))) },
      assign: { root, value in if let text = value[key]?.text { root[keyPath: path] = text } })
  }

  package static func optionalText(
    _ key: String, _ path: WritableKeyPath<Root, String?> & Sendable, as shape: Shape = .text, _ doc: String
  ) -> Member {
    Member(
      field: { Field(key, .optional(shape), doc, .value($0[keyPath: path].map { .text($0) } ?? .none)) },
      assign: { root, value in if let found = value[key] { root[keyPath: path] = found.text } })
  }

  package static func texts(
    _ key: String, _ path: WritableKeyPath<Root, [String]> & Sendable, single: Bool = false, minimum: Int = 0,
    of shape: Shape = .text, _ doc: String
  ) -> Member {
    Member(
      field: {
        Field(
          key, .list(shape, count: minimum...Int.max, single: single), doc,
          .value(.list($0[keyPath: path].map { Checked(.text($0)) })))
      },
      assign: { root, value in if let list = value[key] { root[keyPath: path] = list.texts } })
  }

  /// A member whose value is not written out where nobody wrote it; `derived` says what it is then.
  package static func unfilled(_ member: Member, _ derived: String) -> Member {
    Member(
      field: {
        var field = member.field($0)
        field.fallback = .derived(derived)
        return field
      }, assign: member.assign)
  }

  package static func choice<Choice: RawRepresentable<String> & CaseIterable & Sendable>(
    _ key: String, _ path: WritableKeyPath<Root, Choice> & Sendable, among allowed: [Choice] = Array(Choice.allCases),
    derived: String? = nil, _ doc: String
  ) -> Member {
    Member(
      field: {
        Field(
          key, .choice(allowed.map(\.rawValue)), doc,
          derived.map { .derived($0) } ?? .value(.text($0[keyPath: path].rawValue)))
      },
      assign: { root, value in
        if let choice = value[key]?.text.flatMap({ Choice(rawValue: $0) }) { root[keyPath: path] = choice }
      })
  }

  /// One of the words, or `none`.
  package static func optionalChoice<Choice: RawRepresentable<String> & CaseIterable & Sendable>(
    _ key: String, _ path: WritableKeyPath<Root, Choice?> & Sendable, _ doc: String
  ) -> Member {
    Member(
      field: {
        Field(
          key, .optional(.choice(Choice.allCases.map(\.rawValue))), doc,
          .value($0[keyPath: path].map { .text($0.rawValue) } ?? .none))
      },
      assign: { root, value in
        if let found = value[key] { root[keyPath: path] = found.text.flatMap { Choice(rawValue: $0) } }
      })
  }

  package static func choices<Choice: RawRepresentable<String> & CaseIterable & Sendable>(
    _ key: String, _ path: WritableKeyPath<Root, [Choice]> & Sendable, _ doc: String
  ) -> Member {
    Member(
      field: {
        Field(
          key, .list(.choice(Choice.allCases.map(\.rawValue)), count: 1...Choice.allCases.count, single: true), doc,
          .value(.list($0[keyPath: path].map { Checked(.text($0.rawValue)) })))
      },
      assign: { root, value in
        if let list = value[key] { root[keyPath: path] = list.texts.compactMap { Choice(rawValue: $0) } }
      })
  }

  /// A map below the key whose members belong to the same settings.
  package static func group(_ key: String, _ title: String, _ members: [Member], _ doc: String) -> Member {
    Member(
      field: { prototype in
        Field(key, .section(Section(title, members.map { $0.field(prototype) })), doc, .value(.map([])))
      },
      assign: { root, value in
        guard let inner = value[key] else { return }
        for member in members { member.assign(&root, inner) }
      })
  }

  /// A map below the key that may be `none`.
  package static func optional<Inner>(
    _ key: String, _ path: WritableKeyPath<Root, Inner?> & Sendable, _ binding: Binding<Inner>, _ doc: String
  ) -> Member {
    Member(
      field: {
        Field(key, .optional(.section(binding.section)), doc, .value($0[keyPath: path] == nil ? .none : .map([])))
      },
      assign: { root, value in
        guard let inner = value[key] else { return }
        if case .map = inner.content { root[keyPath: path] = binding.value(inner) } else { root[keyPath: path] = nil }
      })
  }
}

/// A section and the settings it fills.
package struct Binding<Root: Sendable>: Sendable {
  package let section: Section
  private let prototype: Root
  private let members: [Member<Root>]

  package init(_ title: String, _ prototype: Root, _ members: [Member<Root>]) {
    section = Section(title, members.map { $0.field(prototype) })
    (self.prototype, self.members) = (prototype, members)
  }

  /// The settings that a checked map holds.
  package func value(_ checked: Checked, from start: Root? = nil) -> Root {
    var root = start ?? prototype
    for member in members { member.assign(&root, checked) }
    return root
  }
}

extension Bounds {
  package init(_ range: ClosedRange<Int>) {
    self.init(low: Double(range.lowerBound), high: range.upperBound == .max ? .infinity : Double(range.upperBound))
  }
}

extension Member {
  /// A map below the key with settings of its own; `switchable`: true or false may stand for it.
  package static func nested<Inner>(
    _ key: String, _ path: WritableKeyPath<Root, Inner> & Sendable, _ binding: Binding<Inner>,
    switchable: Bool = false, _ doc: String
  ) -> Member {
    let section = Shape.section(binding.section)
    return Member(
      field: { _ in Field(key, switchable ? .union([section, .flag]) : section, doc, .value(.map([]))) },
      assign: { root, value in if let inner = value[key] { root[keyPath: path] = binding.value(inner) } })
  }
}
