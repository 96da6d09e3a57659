import Foundation
import TestSupport
import Testing

@testable import Statistics

/// One case of a reference file, with a name for messages.
struct ReferenceCase: Sendable, CustomStringConvertible {
  let name: String
  private let data: Data

  init(_ name: String, _ value: Any) throws {
    self.name = name
    data = try JSONSerialization.data(withJSONObject: value, options: [.fragmentsAllowed])
  }

  var description: String { name }
  private var fields: [String: Any]? { (try? JSONSerialization.jsonObject(with: data)) as? [String: Any] }

  func numbers(_ key: String) throws -> [Double] {
    let list = try #require(fields?[key] as? [Any], "\(name): no list \(key)")
    return list.compactMap { ($0 as? NSNumber)?.doubleValue }
  }
  func strings(_ key: String) throws -> [String] {
    try #require(fields?[key] as? [Any], "\(name): no list \(key)").compactMap { $0 as? String }
  }
  func number(_ key: String) throws -> Double {
    try #require((fields?[key] as? NSNumber)?.doubleValue, "\(name): no number \(key)")
  }
  func table(_ key: String) throws -> [[Double]] {
    try #require(fields?[key] as? [[NSNumber]], "\(name): no table \(key)").map { $0.map(\.doubleValue) }
  }

  /// The cases under a key of statistics.json: one for an object, several for a list.
  static func cases(_ key: String) throws -> [ReferenceCase] {
    let file = "statistics.json"
    let root = try #require(
      try Fixtures.json(Fixtures.golden.appendingPathComponent(file)) as? [String: Any], "\(file): not an object")
    let value = try #require(root[key], "\(file): no \(key)")
    guard let list = value as? [Any] else { return [try ReferenceCase("\(file) \(key)", value)] }
    return try list.enumerated().map { try ReferenceCase("\(file) \(key)[\($0.offset)]", $0.element) }
  }
}

@Suite("Statistics against statistics.json")
struct StatisticsReferenceTests {
  /// The file's tolerance: 1e-12 + 1e-9·|expected|.
  private func close(_ actual: [Double?], _ expected: [Double], _ what: String, relative: Double = 1e-9) {
    expectClose(actual.map { $0 ?? .nan }, expected, absolute: 1e-12, relative: relative, what)
  }

  @Test("t-tests, paired, Welch's, Student's and corrected, give the reference values")
  func tTests() throws {
    for item in try ReferenceCase.cases("pairs") {
      let (a, b) = (try item.numbers("a"), try item.numbers("b"))
      let paired = TTest.paired(a, b)
      close([paired?.statistic, paired?.p], try item.numbers("paired_t"), "\(item) paired_t")
      let interval = paired?.interval(level: 0.95)
      close([interval?.low, interval?.high], try item.numbers("paired_t_ci95"), "\(item) paired_t_ci95")
      let welch = TTest.welch(a, b)
      close([welch?.statistic, welch?.p, welch?.degreesOfFreedom], try item.numbers("welch_t"), "\(item) welch_t")
      let student = TTest.student(a, b)
      close([student?.statistic, student?.p], try item.numbers("student_t"), "\(item) student_t")
      let corrected = TTest.corrected(zip(a, b).map { $0 - $1 }, testOverTrain: 0.25)
      close(
        [corrected?.statistic, corrected?.p], try item.numbers("corrected_resampled_t_test_over_train_0.25"),
        "\(item) corrected_resampled_t")
    }
  }

  @Test("rank tests and the test of normality give the reference values")
  func rankTests() throws {
    for item in try ReferenceCase.cases("pairs") {
      let (a, b) = (try item.numbers("a"), try item.numbers("b"))
      let differences = zip(a, b).map { $0 - $1 }
      let method: WilcoxonTest.Method = try item.strings("wilcoxon") == ["exact"] ? .exact : .normal
      let wilcoxon = WilcoxonTest(differences, method: method)
      close([wilcoxon?.statistic, wilcoxon?.p], try item.numbers("wilcoxon"), "\(item) wilcoxon")
      let shapiro = ShapiroWilkTest(differences)
      expectClose(
        [shapiro?.statistic ?? .nan, shapiro?.p ?? .nan], try item.numbers("shapiro_of_difference"), absolute: 1e-5,
        "\(item) shapiro_of_difference")
      let mannWhitney = MannWhitneyTest(a, b, method: .normal)
      close(
        [mannWhitney?.statistic, mannWhitney?.p], try item.numbers("mannwhitney_u_two_sided_asymptotic"),
        "\(item) mannwhitney")
    }
  }

  @Test("effect sizes give the reference values")
  func effectSizes() throws {
    for item in try ReferenceCase.cases("pairs") {
      let (a, b) = (try item.numbers("a"), try item.numbers("b"))
      close(
        [EffectSize.cohenDz(zip(a, b).map { $0 - $1 })], [try item.number("cohen_d_paired")], "\(item) cohen_d_paired")
      close([EffectSize.hedgesG(a, b)], [try item.number("hedges_g_independent")], "\(item) hedges_g_independent")
      close([EffectSize.cliffsDelta(a, b)], [try item.number("cliffs_delta")], "\(item) cliffs_delta")
    }
  }

  @Test("tests over several groups give the reference values")
  func groups() throws {
    for item in try ReferenceCase.cases("groups") {
      let values = try item.table("values")
      let anova = AnalysisOfVariance(values)
      close([anova?.statistic, anova?.p], try item.numbers("anova"), "\(item) anova")
      let friedman = try #require(FriedmanTest(values), "\(item) friedman")
      close([friedman.statistic, friedman.p], try item.numbers("friedman"), "\(item) friedman")
      close(friedman.averageRanks, try item.numbers("average_ranks_best_is_1"), "\(item) average_ranks_best_is_1")
      let difference = Nemenyi.criticalDifference(models: values.count, datasets: values[0].count, alpha: 0.05)
      expectClose(
        difference ?? .nan, try item.number("nemenyi_critical_difference_0.05"), absolute: 1e-5, relative: 0,
        "\(item) nemenyi_critical_difference_0.05")
      let kruskal = KruskalWallisTest(values)
      close([kruskal?.statistic, kruskal?.p], try item.numbers("kruskal"), "\(item) kruskal")
    }
  }

  @Test("corrections for several tests give the reference values")
  func multiple() throws {
    for item in try ReferenceCase.cases("multiple") {
      let p = try item.numbers("p")
      close(MultipleComparisons.holm(p), try item.numbers("holm"), "\(item) holm")
      close(MultipleComparisons.bonferroni(p), try item.numbers("bonferroni"), "\(item) bonferroni")
      close(
        MultipleComparisons.benjaminiHochberg(p), try item.numbers("benjamini_hochberg"), "\(item) benjamini_hochberg")
    }
  }

  @Test("McNemar's test gives the reference values")
  func mcnemar() throws {
    for item in try ReferenceCase.cases("mcnemar") {
      let test = McNemarTest(
        bothRight: Int(try item.number("both_right")), onlyA: Int(try item.number("only_a")),
        onlyB: Int(try item.number("only_b")), bothWrong: Int(try item.number("both_wrong")))
      close([test.exactP], [try item.number("exact_p")], "\(item) exact_p")
      close([test.corrected.statistic, test.corrected.p], try item.numbers("corrected_chi2"), "\(item) corrected_chi2")
    }
  }

  @Test("tests on five times two folds give the reference values")
  func fiveByTwo() throws {
    for item in try ReferenceCase.cases("five_by_two") {
      let test = FiveByTwoTest(try item.table("differences"))
      close([test?.t, test?.tP], try item.numbers("dietterich_t"), "\(item) dietterich_t")
      close([test?.f, test?.fP], try item.numbers("alpaydin_f"), "\(item) alpaydin_f")
    }
  }

  @Test("Cochran's Q gives the reference values")
  func cochran() throws {
    for item in try ReferenceCase.cases("cochran_q") {
      let test = CochranQTest(try item.table("correct").map { $0.map { $0 == 1 } })
      close([test?.statistic, test?.p], [try item.number("q"), try item.number("p")], "\(item)")
    }
  }

  @Test("distributions keep 1e-9 of their value far into the tail")
  func distributions() throws {
    for item in try ReferenceCase.cases("distributions") {
      func check(_ key: String, _ value: ([Double]) -> Double) throws {
        for row in try item.table(key) {
          expectClose(
            value(row), row[row.count - 1], absolute: key == "t_ppf" ? 1e-12 : 0, relative: 1e-9,
            "\(item) \(key) \(row)")
        }
      }
      try check("t_sf") { StudentT(degreesOfFreedom: $0[1]).survival($0[0]) }
      try check("f_sf") { FDistribution(numerator: $0[1], denominator: $0[2]).survival($0[0]) }
      try check("chi2_sf") { ChiSquared(degreesOfFreedom: $0[1]).survival($0[0]) }
      try check("normal_sf") { Normal.survival($0[0]) }
      try check("t_ppf") { StudentT(degreesOfFreedom: $0[1]).quantile($0[0]) }
    }
  }
}
