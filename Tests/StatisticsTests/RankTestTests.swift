import TestSupport
import Testing

@testable import Statistics

@Suite("Rank tests")
struct RankTestTests {
  /// All 2^n signs, counted one by one.
  private func enumerated(_ differences: [Double]) -> Double {
    let kept = differences.filter { $0 != 0 }
    let ranks = Ranks(kept.map(abs)).values
    let total = ranks.reduce(0, +)
    func smaller(_ positive: Double) -> Double { min(positive, total - positive) }
    let observed = smaller(zip(kept, ranks).reduce(0) { $0 + ($1.0 > 0 ? $1.1 : 0) })
    let extreme = (0..<1 << ranks.count).count { signs in
      smaller(ranks.indices.reduce(0) { $0 + (signs >> $1 & 1 == 1 ? ranks[$1] : 0) }) <= observed
    }
    return Double(extreme) / Double(1 << ranks.count)
  }

  @Test("Wilcoxon's exact p is the share of sign patterns, ties and zeros included")
  func wilcoxonExact() throws {
    for sample in [
      [0.5, -0.5, 1, 1, 0, -0.25, 2, 1.5, 0.5], [1, 2, 3, 4, 5], [3, -1, -2, 4, -5, 6, 7, 2.5], [-1, -1, 1, 1],
    ] {
      let test = try #require(WilcoxonTest(sample, method: .exact))
      expectClose(test.p, enumerated(sample), "\(sample)")
    }
  }

  @Test("Wilcoxon's test agrees with SciPy's, exact with ties and normal")
  func wilcoxonReference() throws {
    let sample = [0.5, -0.5, 1, 1, 0, -0.25, 2, 1.5, 0.5]
    let exact = try #require(WilcoxonTest(sample))
    #expect(exact.method == .exact && exact.n == 8 && exact.statistic == 4)
    expectClose(exact.p, 0.0625, "exact")
    expectClose(try #require(WilcoxonTest(sample, method: .normal)).p, 0.048550746423148196, "normal")
  }

  @Test("Wilcoxon's test on five folds cannot go below .0625")
  func wilcoxonFive() {
    #expect(WilcoxonTest([1, 2, 3, 4, 5])?.p == 0.0625)
  }

  @Test("Wilcoxon's test without any difference gives p = 1, without data nothing")
  func wilcoxonEmpty() {
    #expect(WilcoxonTest([0, 0, 0])?.p == 1)
    #expect(WilcoxonTest([]) == nil && WilcoxonTest([.nan, 1]) == nil)
    #expect(WilcoxonTest((1...26).map(Double.init))?.method == .normal)
  }

  @Test("the Mann–Whitney test agrees with SciPy's, exact and normal")
  func mannWhitney() throws {
    let (a, b) = ([1.1, 2.3, 3.1, 4.8, 5.2, 9.9], [0.4, 2.9, 3.3, 0.9, 1.7])
    let exact = try #require(MannWhitneyTest(a, b))
    #expect(exact.method == .exact && exact.statistic == 24)
    expectClose(exact.p, 0.12554112554112554, "exact")
    let normal = try #require(MannWhitneyTest(b, a, method: .normal))
    #expect(normal.statistic == 6)
    expectClose(normal.p, 0.12069080052744556, "normal")
  }

  @Test("the Mann–Whitney test of equal values gives p = 1, and no exact p with ties")
  func mannWhitneyTies() {
    #expect(MannWhitneyTest([1, 1], [1, 1, 1])?.p == 1)
    #expect(MannWhitneyTest([1, 2], [2, 3], method: .exact) == nil)
    #expect(MannWhitneyTest([1, 2], [2, 3])?.method == .normal && MannWhitneyTest([], [1]) == nil)
  }

  @Test("the Shapiro–Wilk test agrees with SciPy's at 3, 8, 12 and 60 values")
  func shapiro() throws {
    let sample = [2.1, 3.3, 1.7, 8.8, 4.4, 2.2, 3.9, 1.2, 0.4, 6.1, 2.8, 3.0]
    let cases: [([Double], Double, Double)] = [
      (Array(sample.prefix(3)), 0.923076923076923, 0.46326287493379903),
      (Array(sample.prefix(8)), 0.8237200669218505, 0.051051736388618034),
      (sample, 0.9071513780074665, 0.19611668624577822),
      ((0..<60).map { Double($0 * $0) }, 0.8936805596847615, 7.801393445553023e-05),
    ]
    for (values, w, p) in cases {
      let test = try #require(ShapiroWilkTest(values))
      expectClose([test.statistic, test.p], [w, p], absolute: 1e-5, "\(values.count) values")
    }
    #expect(
      ShapiroWilkTest([1, 2]) == nil && ShapiroWilkTest([1, 1, 1]) == nil && ShapiroWilkTest([1, 2, .nan]) == nil)
  }

  @Test("tests over groups agree with SciPy's where there are ties")
  func groups() throws {
    let groups: [[Double]] = [[1, 2, 2, 3], [2, 3, 4, 4, 5], [5, 6, 6]]
    let kruskal = try #require(KruskalWallisTest(groups))
    expectClose(
      [kruskal.statistic, kruskal.p], [8.067655875299765, 0.017706420985399672], absolute: 0, relative: 1e-9, "Kruskal")
    let anova = try #require(AnalysisOfVariance(groups))
    expectClose(
      [anova.statistic, anova.p], [13.18538135593221, 0.0021144205988436926], absolute: 0, relative: 1e-9, "ANOVA")
  }

  @Test("groups without variance give p = 1 or 0, too few groups nothing")
  func groupTraps() {
    #expect(AnalysisOfVariance([[1, 1], [1, 1]])?.p == 1 && AnalysisOfVariance([[1, 1], [2, 2]])?.p == 0)
    #expect(KruskalWallisTest([[1, 1], [1]])?.p == 1)
    #expect(AnalysisOfVariance([[1, 2]]) == nil && AnalysisOfVariance([[1], [2]]) == nil)
    #expect(KruskalWallisTest([[1, 2], []]) == nil)
    #expect(CochranQTest([[true, false], [true, false]])?.p == 1)
    #expect(
      CochranQTest([[true]]) == nil && CochranQTest([[true], [true, false]]) == nil && CochranQTest([[], []]) == nil)
  }
}
