import Compute
import Manifests
import Settings
import Testing

@Suite struct SearchSpaceDrawTests {
  @Test("draws stay in their range, spread over it, and integers reach both ends")
  func ranges() {
    let space = SearchSpace([
      .init("a", .uniform(low: -1, high: 3, isInteger: false)),
      .init("b", .logUniform(low: 1e-4, high: 1e-2, isInteger: false)),
      .init("c", .uniform(low: 2, high: 5, isInteger: true)),
      .init("d", .logUniform(low: 1, high: 64, isInteger: true)),
      .init("e", .list([.text("x"), .none])),
    ])
    let draws = (0..<2_000).map { space.draw(Random(seed: 3, stream: "draw \($0)")) }
    func numbers(_ index: Int) -> [Double] {
      draws.map { draw in
        switch draw[index].value {
        case .integer(let integer): Double(integer)
        case .number(let number): number
        default: .nan
        }
      }
    }
    func share(_ index: Int, below limit: Double) -> Double {
      Double(numbers(index).filter { $0 < limit }.count) / 2_000
    }
    #expect(numbers(0).allSatisfy { $0 >= -1 && $0 <= 3 } && abs(share(0, below: 1) - 0.5) < 0.05)
    #expect(numbers(1).allSatisfy { $0 >= 1e-4 && $0 <= 1e-2 } && abs(share(1, below: 1e-3) - 0.5) < 0.05)
    #expect(Set(numbers(2)) == [2, 3, 4, 5])
    #expect(numbers(3).allSatisfy { $0 >= 1 && $0 <= 64 } && abs(share(3, below: 8) - 0.5) < 0.06)
    #expect(numbers(3).contains(1) && numbers(3).contains { $0 > 60 })
    #expect(abs(Double(draws.filter { $0[4].value == .none }.count) / 2_000 - 0.5) < 0.05)
    #expect(draws[0] == space.draw(Random(seed: 3, stream: "draw 0")))
  }

  @Test("a grid has every combination once, the last key changing fastest")
  func grid() {
    let space = SearchSpace([
      .init("a", .list([.integer(1), .integer(2)])), .init("b", .list([.flag(true), .flag(false), .none])),
    ])
    let all = (0..<6).map { space.combination($0).map(\.text).joined(separator: " ") }
    #expect(all == ["a=1 b=true", "a=1 b=false", "a=1 b=none", "a=2 b=true", "a=2 b=false", "a=2 b=none"])
  }
}
