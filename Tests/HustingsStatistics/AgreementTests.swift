import HustingsStatistics
import Testing

@Suite struct AgreementTests {
  /// statsmodels: cohens_kappa on the cross table.
  @Test func cohenMatchesStatsmodels() throws {
    let kappa = try #require(
      CohenKappa([1, 2, 1, 3, 3, 2, 1, 1, 2, 3, 1, 2], [1, 2, 2, 3, 1, 2, 1, 1, 3, 3, 1, 1]))
    #expect(close(kappa.value, 0.48387096774193544))
    #expect(close(kappa.observed, 8.0 / 12))
  }

  @Test func cohenAtTheEdges() throws {
    #expect(CohenKappa([String](), [String]()) == nil)
    #expect(try #require(CohenKappa(["a", "a"], ["a", "a"])).value == nil)
    #expect(try #require(CohenKappa(["a", "b"], ["a", "b"])).value == 1)
    #expect(try #require(CohenKappa(["a", "b"], ["b", "a"])).value == -1)
  }

  /// The table of Fleiss (1971) as reproduced in his example of fourteen raters: kappa 0.20993, statsmodels
  /// agrees.
  @Test func fleissMatchesItsPublishedExample() throws {
    let counts = [
      [0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1],
      [7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7],
    ]
    let kappa = try #require(FleissKappa(counts: counts))
    #expect(close(kappa.value, 0.20993070442195522))
    let labels = counts.map { row in
      row.enumerated().flatMap { [String](repeating: "c\($0.offset)", count: $0.element) }
    }
    let same = try #require(FleissKappa(labels: labels))
    #expect(close(same.observed, kappa.observed) && close(same.expected, kappa.expected))
  }

  @Test func fleissNeedsEqualNumbersOfRatings() throws {
    #expect(FleissKappa(counts: []) == nil)
    #expect(FleissKappa(counts: [[1, 1], [2, 1]]) == nil)
    #expect(FleissKappa(counts: [[1, 0]]) == nil)
    #expect(try #require(FleissKappa(counts: [[2, 0], [2, 0]])).value == nil)
    #expect(try #require(FleissKappa(counts: [[2, 0], [0, 2]])).value == 1)
  }

  /// Krippendorff (2011), example C: four observers, twelve units, missing data; nominal .743, ordinal .815,
  /// interval .849 in the paper, more digits from the Python package krippendorff.
  static let units: [[Double]] = [
    [1, 1, 1], [2, 2, 3, 2], [3, 3, 3, 3], [3, 3, 3, 3], [2, 2, 2, 2], [1, 2, 3, 4], [4, 4, 4, 4],
    [1, 1, 2, 1],
    [2, 2, 2, 2], [5, 5, 5], [1, 1], [3],
  ]

  @Test func krippendorffMatchesItsPublishedExample() {
    #expect(close(KrippendorffAlpha.nominal.value(Self.units), 0.743421052631579))
    #expect(close(KrippendorffAlpha.ordinal.value(Self.units), 0.8153875037548814))
    #expect(close(KrippendorffAlpha.interval.value(Self.units), 0.8491071428571428))
  }

  /// Python package krippendorff: alpha(reliability_data, level_of_measurement).
  @Test func krippendorffTakesAnyNumbers() {
    let units = [[1.5, 2], [2.25, 2.25, 3], [-1, 0.5, -1], [4, 3.5]]
    #expect(close(KrippendorffAlpha.nominal.value(units), 0.16279069767441878))
    #expect(close(KrippendorffAlpha.ordinal.value(units), 0.9282208588957055))
    #expect(close(KrippendorffAlpha.interval.value(units), 0.8894810009267841))
  }

  @Test func krippendorffOfNamesIsNominal() {
    let names = Self.units.map { $0.map { "category \($0)" } }
    #expect(close(KrippendorffAlpha.nominal(names), 0.743421052631579))
  }

  @Test func thereIsNoAlphaWithoutVariationOrPairs() {
    #expect(KrippendorffAlpha.nominal.value([]) == nil)
    #expect(KrippendorffAlpha.interval.value([[1], [2]]) == nil)
    #expect(KrippendorffAlpha.ordinal.value([[1, 1], [1, 1, 1]]) == nil)
    #expect(KrippendorffAlpha.nominal.value([[1, 1], [2, 2]]) == 1)
  }
}
