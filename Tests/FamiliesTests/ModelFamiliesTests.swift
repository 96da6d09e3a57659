import Foundation
import Models
import Settings
import Testing
import Text

@testable import Families

@Suite struct ModelFamiliesTests {
  private static let none = Checked(.map([]))

  @Test("each kind has a word and a stored name of its own, and keys whose default model has them")
  func list() {
    let families = ModelFamilies.all
    #expect(Set(families.map { $0.kind }).count == families.count)
    #expect(Set(families.map { $0.storedName }).count == families.count)
    for family in families {
      #expect(ModelKind(rawValue: family.kind.rawValue)?.family == family)
      #expect(family.keys.section(family.kind).field("kind") != nil)
      #expect(family.kind.isFloor == (family.floorAnswer(.classification) != nil))
    }
    #expect(ModelKind(rawValue: "lsmt") == nil)
  }

  @Test("the question's two sides are there, and the floor of every experiment")
  func roles() {
    #expect(ModelFamilies.kinds.first { $0.role == .transformer } == .bert)
    #expect(ModelFamilies.kinds.first { $0.role == .recurrent } == .lstm)
    #expect(ModelFamilies.memory.role == .floor)
  }

  @Test("a configuration is stored as earlier versions stored it, and reads back as the same")
  func stored() throws {
    var lstm = RecurrentConfiguration()
    lstm.hidden = 7
    let known: [(ModelConfiguration, String)] = [
      (.majority, #"{"majority":{}}"#), (.lookup, #"{"lookup":{}}"#),
      (
        .lstm(lstm),
        #"{"lstm":{"_0":{"bidirectional":true,"dropout":0.3,"embedding":128,"hidden":7,"layers":1,"pooling":"max"}}}"#
      ),
    ]
    for (configuration, json) in known {
      #expect(StoredJSON.encode(configuration) == json)
      #expect(try StoredJSON.decode(ModelConfiguration.self, from: json) == configuration)
    }
    let named: [(ModelConfiguration, String)] = [
      (.bert(TransformerConfiguration()), "bert"), (.bertLSTM(TransformerConfiguration(), lstm), "bertLSTM"),
      (.tfidfLogistic(TFIDFLogisticConfiguration()), "tfidfLogistic"),
    ]
    for (configuration, name) in named {
      let json = StoredJSON.encode(configuration)
      #expect(json.hasPrefix("{\"\(name)\":"))
      #expect(try StoredJSON.decode(ModelConfiguration.self, from: json) == configuration)
    }
    #expect(throws: DecodingError.self) {
      try StoredJSON.decode(ModelConfiguration.self, from: #"{"another":{}}"#)
    }
    #expect(throws: DecodingError.self) {
      try StoredJSON.decode(ModelConfiguration.self, from: #"{"lookup":{},"majority":{}}"#)
    }
  }

  @Test("models of different families or sizes are different")
  func equality() {
    var sizes = RecurrentConfiguration()
    sizes.hidden += 1
    #expect(ModelConfiguration.majority != .lookup)
    #expect(ModelConfiguration.lstm(RecurrentConfiguration()) == .lstm(RecurrentConfiguration()))
    #expect(ModelConfiguration.lstm(RecurrentConfiguration()) != .lstm(sizes))
  }

  @Test("every key of a space that holds a number changes the configuration, the text or the training")
  func spaces() throws {
    for family in ModelFamilies.all {
      let section = family.keys.section(family.kind)
      var declared = Self.none
      declared.set(["kind"], Checked(.text(family.kind.rawValue)))
      let model = try #require(ModelDeclaration("m", declared))
      guard case .section(let space)? = section.field("space")?.shape else { continue }
      for dimension in space.fields where dimension.key != "intermediate" {
        guard case .union(let shapes) = dimension.shape, case .list(let item, _, _)? = shapes.first else { continue }
        // Two values, of which the model has one at most.
        let values: [SettingValue]
        switch item {
        case .integer, .optional(.integer): values = [.integer(2), .integer(3)]
        case .number, .optional(.number): values = [.number(0.25), .number(0.5)]
        default: continue
        }
        let changed = values.map { model.with([Setting(dimension.key, $0)]) }
        #expect(changed[0] != changed[1], "\(family.kind): \(dimension.key)")
      }
    }
  }
}
