import Foundation
import HustingsNumerics
import HustingsStatistics
import Testing

@Suite struct BootstrapDistributionTests {
  /// Replicates and leave-one-out values made up; scipy 1.17.1 norm and numpy.quantile for the formulas.
  let distribution = BootstrapDistribution(
    estimate: 0.125,
    replicates: [
      0.10, 0.14, 0.11, 0.2, 0.08, 0.13, 0.16, 0.12, 0.15, 0.09, 0.17, 0.12, 0.11, 0.18, 0.05, 0.13, 0.14,
      0.10,
      0.12, 0.19,
    ],
    undefinedCount: 0, leaveOneOut: [0.12, 0.11, 0.14, 0.13, 0.125, 0.10, 0.13])

  @Test func intervalsMatchTheirFormulas() throws {
    let percentile = try #require(distribution.interval(level: 0.9, method: .percentile))
    #expect(close(percentile.low, 0.0785) && close(percentile.high, 0.1905))
    let basic = try #require(distribution.interval(level: 0.9, method: .basic))
    #expect(close(basic.low, 0.25 - 0.1905) && close(basic.high, 0.25 - 0.0785))
    let bca = try #require(distribution.interval(level: 0.9, method: .bca))
    #expect(close(bca.low, 0.08098060642705376) && close(bca.high, 0.191933768680888))
    #expect([percentile.method, basic.method, bca.method] == [.percentile, .basic, .bca])
    #expect(close(distribution.standardError, 0.03804083678309265))
  }

  @Test func pValuesInvertTheInterval() throws {
    for method in [BootstrapDistribution.Method.percentile, .basic, .bca] {
      let many = BootstrapDistribution(
        estimate: 0.5, replicates: (0..<9999).map { pow(Double($0) / 9998, 1.3) + 0.1 }, undefinedCount: 0,
        leaveOneOut: [0.52, 0.5, 0.47, 0.51])
      let p = try #require(many.pValue(null: 0.2, method: method))
      let inside = try #require(many.interval(level: 1 - p * 0.97, method: method))
      let outside = try #require(many.interval(level: 1 - p * 1.03, method: method))
      #expect(inside.contains(0.2), "\(method)")
      #expect(!outside.contains(0.2), "\(method)")
    }
  }

  @Test func pValuesHaveAFloor() {
    #expect(distribution.pValue(null: -5, method: .percentile) == 1.0 / 21)
    #expect(distribution.pValue(null: 9, method: .bca) == 1.0 / 21)
    #expect(close(distribution.pValue(null: 0.125, method: .percentile), 1))
  }

  @Test func nothingResampledHasNoInterval() {
    let empty = BootstrapDistribution(estimate: 1, replicates: [], undefinedCount: 7, leaveOneOut: [])
    #expect(empty.interval(level: 0.95, method: .percentile) == nil)
    #expect(empty.pValue(null: 0, method: .percentile) == nil)
    #expect(empty.standardError == nil)
    let oneSided = BootstrapDistribution(
      estimate: 0, replicates: [1, 2], undefinedCount: 0, leaveOneOut: [0, 1])
    #expect(oneSided.interval(level: 0.95, method: .bca) == nil)
    #expect(oneSided.interval(level: 0.95, method: .percentile) != nil)
  }
}

@Suite struct ClusterBootstrapTests {
  /// Prompts of one to four items; the candidate beats the baseline by about 0.1.
  static func sample(clusters: Int, seed: UInt64) -> (
    candidate: [Double], baseline: [Double], prompts: Clustering
  ) {
    var generator = CounterGenerator(seed: seed, stream: 0)
    var candidate: [Double] = []
    var baseline: [Double] = []
    var labels: [Int] = []
    for cluster in 0..<clusters {
      let shared = 0.3 * generator.nextNormal()
      for _ in 0...generator.nextIndex(below: 4) {
        baseline.append(shared + generator.nextUniform())
        candidate.append(shared + generator.nextUniform() + 0.1)
        labels.append(cluster)
      }
    }
    return (candidate, baseline, Clustering(labels: labels))
  }

  @Test func theStandardErrorIsTheClusteredOne() throws {
    let (candidate, baseline, prompts) = Self.sample(clusters: 300, seed: 1)
    let bootstrap = try #require(
      ClusterBootstrap(
        columns: [candidate, baseline], clusters: prompts, replicates: 4000, seed: 5, draws: .shared))
    let paired = try #require(
      PairedDifference(candidate: candidate, baseline: baseline, clusters: prompts))
    let difference = bootstrap.difference(0, minus: 1)
    #expect(close(difference.estimate, paired.mean.mean, 1e-12))
    let expected = try #require(paired.mean.standardError)
    #expect(abs(try #require(difference.standardError) / expected - 1) < 0.06)
    let single = try #require(ClusteredMean(candidate, clusters: prompts))
    let alone = bootstrap.mean(of: 0)
    #expect(abs(try #require(alone.standardError) / (try #require(single.standardError)) - 1) < 0.06)
    #expect(alone.leaveOneOut.count == 300 && alone.replicates.count == 4000 && alone.undefinedCount == 0)
  }

  @Test func allColumnsShareTheirDraws() throws {
    let (candidate, baseline, prompts) = Self.sample(clusters: 80, seed: 2)
    let sum = zip(candidate, baseline).map(+)
    let bootstrap = try #require(
      ClusterBootstrap(
        columns: [candidate, baseline, sum], clusters: prompts, replicates: 200, seed: 5, draws: .shared))
    let parts = zip(bootstrap.mean(of: 0).replicates, bootstrap.mean(of: 1).replicates).map(+)
    #expect(close(parts, bootstrap.mean(of: 2).replicates, 1e-12))
  }

  @Test func addingAModelChangesNoOtherModelsReplicates() throws {
    let (candidate, baseline, prompts) = Self.sample(clusters: 90, seed: 3)
    let one = try #require(
      ClusterBootstrap(columns: [candidate], clusters: prompts, replicates: 100, seed: 9, draws: .shared))
    let two = try #require(
      ClusterBootstrap(
        columns: [baseline, candidate], clusters: prompts, replicates: 100, seed: 9, draws: .shared))
    #expect(one.mean(of: 0) == two.mean(of: 1))
  }

  @Test(arguments: [ClusterBootstrap.Draws.shared, .byKind])
  func anyNumberOfThreadsGivesTheSameBits(draws: ClusterBootstrap.Draws) throws {
    let (candidate, baseline, prompts) = Self.sample(clusters: 70, seed: 4)
    let hits = candidate.map { $0 > 0.6 ? 1.0 : 0 }
    let other = baseline.map { $0 > 0.6 ? 1.0 : 0 }
    let all = try [1, 2, 5, nil].map { workers in
      try #require(
        ClusterBootstrap(
          columns: [hits, other], clusters: prompts, replicates: 700, seed: 9, draws: draws, workers: workers)
      ).difference(0, minus: 1)
    }
    #expect(all.allSatisfy { $0 == all[0] })
  }

  @Test func drawingByKindHasTheSameDistribution() throws {
    var generator = CounterGenerator(seed: 6, stream: 0)
    let candidate = (0..<2000).map { _ in generator.nextUniform() < 0.82 ? 1.0 : 0 }
    let baseline = candidate.map { generator.nextUniform() < 0.1 ? 1 - $0 : $0 }
    func bootstrap(_ draws: ClusterBootstrap.Draws) throws -> ClusterBootstrap {
      try #require(
        ClusterBootstrap(
          columns: [candidate, baseline], clusters: .singletons(2000), replicates: 5000, seed: 2, draws: draws
        ))
    }
    let shared = try bootstrap(.shared)
    let kinds = try bootstrap(.byKind)
    #expect(!shared.drawnByKind && kinds.drawnByKind)
    #expect(try bootstrap(.automatic).drawnByKind)
    let a = shared.difference(0, minus: 1)
    let b = kinds.difference(0, minus: 1)
    #expect(a.estimate == b.estimate && a.leaveOneOut == b.leaveOneOut)
    let (errorA, errorB) = (try #require(a.standardError), try #require(b.standardError))
    // Five standard errors of a ratio of two standard deviations of 5000.
    #expect(abs(errorA / errorB - 1) < 5 / 5000.0.squareRoot())
    let one = try #require(a.interval(level: 0.95, method: .percentile))
    let two = try #require(b.interval(level: 0.95, method: .percentile))
    #expect(abs(one.low - two.low) < 0.2 * errorA && abs(one.high - two.high) < 0.2 * errorA)
  }

  @Test func manyKindsAreDrawnByIndex() throws {
    let (candidate, _, prompts) = Self.sample(clusters: 300, seed: 1)
    let bootstrap = try #require(
      ClusterBootstrap(columns: [candidate], clusters: prompts, replicates: 10, seed: 5, draws: .automatic))
    #expect(!bootstrap.drawnByKind)
  }

  /// scipy 1.17.1: bootstrap((data,), numpy.mean, method="BCa", n_resamples=200000): (0.84553, 1.40738), SE
  /// 0.13933.
  @Test func bcaOfASkewedMeanAgreesWithScipy() throws {
    let data = [
      0.6799319039689096, 1.0195971014658647, 0.019806662589055352, 0.0022693266812281823, 0.5503428726390482,
      1.6299404346583852, 0.6735829526672319, 0.7553013578253913, 2.8167859790757257, 6.0577530804425725,
      3.2864282578937436, 0.001287750334822838, 2.2690946642669085, 0.0724976849198915, 1.0694003021673177,
      0.8489330295445371, 3.1499086527384925, 0.35401004219324983, 0.30711113962834624, 1.4922194131260231,
      0.03700419878568763, 0.13533081221720814, 1.0301981066524426, 0.7745482179731966, 1.7376785100406522,
      0.4136700858347042, 0.4482107633481293, 1.8520923529802955, 1.7252136101230116, 0.3234592735505957,
      0.21076142087829103, 1.2232939597689767, 0.538324203270383, 0.8546850937173621, 1.0487222102698024,
      1.2321706438977609, 2.9281693133130617, 0.15368875858814016, 1.4658049151858203, 1.1242375290692486,
      1.898050418329555, 0.5989919741462051, 0.46868466431989103, 0.8171073164775697, 0.264469278353935,
      0.7458224890052184, 0.10606205597862854, 1.6469473936703303, 2.279238167579303, 0.5521024745379046,
      3.162730952710473, 0.10770263144874623, 0.2795427907255176, 0.297248683032417, 0.7635569369285538,
      0.9357452604993384, 0.5359428107834303, 0.12455403410224848, 1.997991356569757, 0.49746391545835417,
    ]
    let mean = try #require(
      ClusterBootstrap(
        columns: [data], clusters: .singletons(60), replicates: 20_000, seed: 1, draws: .shared)
    ).mean(of: 0)
    let interval = try #require(mean.interval(level: 0.95, method: .bca))
    #expect(abs(interval.low - 0.84553) < 0.01)
    #expect(abs(interval.high - 1.40738) < 0.025)
    #expect(abs(try #require(mean.standardError) - 0.13933) < 0.003)
  }

  @Test func aCompositeOfStrataAgreesWithItsClusteredError() throws {
    let (candidate, _, prompts) = Self.sample(clusters: 200, seed: 11)
    let strata = prompts.index.map { $0 % 3 == 0 ? 0 : 1 }
    func column(_ stratum: Int, _ value: (Int) -> Double) -> [Double] {
      strata.indices.map { strata[$0] == stratum ? value($0) : 0 }
    }
    let bootstrap = try #require(
      ClusterBootstrap(
        columns: [
          column(0) { candidate[$0] }, column(0) { _ in 1 }, column(1) { candidate[$0] },
          column(1) { _ in 1 },
        ], clusters: prompts, replicates: 4000, seed: 1, draws: .shared))
    let composite = bootstrap.composite([(0, 1, 0.8), (2, 3, 0.2)])
    let exact = try #require(
      FixedWeightMean(candidate, strata: strata, weights: [0.8, 0.2], clusters: prompts))
    #expect(close(composite.estimate, exact.value))
    #expect(abs(try #require(composite.standardError) / (try #require(exact.standardError)) - 1) < 0.06)
    #expect(composite.undefinedCount == 0)
  }

  @Test func aRatioOverNothingIsUndefined() throws {
    let bootstrap = try #require(
      ClusterBootstrap(
        columns: [[1, 0, 0], [1, 0, 0]], clusters: .singletons(3), replicates: 300, seed: 1, draws: .shared))
    let ratio = bootstrap.ratio(0, over: 1)
    #expect(ratio.estimate == 1)
    // A cluster is missed with chance (2/3)³.
    #expect(ratio.undefinedCount > 50 && ratio.undefinedCount + ratio.replicates.count == 300)
    #expect(ratio.leaveOneOut.count == 2)
  }

  @Test func aStatisticOfWeightsSeesTheSameDraws() throws {
    let (candidate, _, prompts) = Self.sample(clusters: 60, seed: 8)
    let sums = prompts.totals(of: candidate)
    let sizes = prompts.sizes
    let shared = try #require(
      ClusterBootstrap(columns: [candidate], clusters: prompts, replicates: 120, seed: 3, draws: .shared)
    ).mean(of: 0)
    @Sendable func mean(_ counts: [UInt32]) -> Double? {
      let total = zip(counts, sums).reduce(0.0) { $0 + Double($1.0) * $1.1 }
      let items = zip(counts, sizes).reduce(0) { $0 + Int($1.0) * $1.1 }
      return items == 0 ? nil : total / Double(items)
    }
    let general = try #require(
      ClusterBootstrap.distribution(clusters: 60, replicates: 120, seed: 3, jackknife: true) { mean($0) })
    #expect(close(general.estimate, shared.estimate, 1e-12))
    #expect(close(general.replicates, shared.replicates, 1e-12))
    #expect(close(general.leaveOneOut, shared.leaveOneOut, 1e-12))
    let threads = try #require(
      ClusterBootstrap.distribution(clusters: 60, replicates: 120, seed: 3, jackknife: true, workers: 1) {
        mean($0)
      })
    #expect(threads == general)
    let without = ClusterBootstrap.distribution(clusters: 60, replicates: 5, seed: 3, jackknife: false) {
      mean($0)
    }
    #expect(without?.leaveOneOut.isEmpty == true)
  }

  @Test func noItemsHaveNoBootstrap() {
    #expect(
      ClusterBootstrap(columns: [[]], clusters: .singletons(0), replicates: 10, seed: 1, draws: .shared)
        == nil)
    #expect(
      ClusterBootstrap.distribution(clusters: 0, replicates: 10, seed: 1, jackknife: false) { _ in 1 } == nil)
    #expect(
      ClusterBootstrap.distribution(clusters: 3, replicates: 10, seed: 1, jackknife: false) { _ in nil }
        == nil)
  }

  /// How often a 95 % interval covers the truth over 200 seeded samples of 60 correlated prompts.
  @Test func bootstrapIntervalsCover() throws {
    var covered = 0
    for sample in 0..<200 {
      let (candidate, baseline, prompts) = Self.sample(clusters: 60, seed: 1000 + UInt64(sample))
      let interval = try #require(
        ClusterBootstrap(
          columns: [candidate, baseline], clusters: prompts, replicates: 600, seed: 1, draws: .shared)
      ).difference(0, minus: 1).interval(level: 0.95, method: .bca)
      if interval?.contains(0.1) == true { covered += 1 }
    }
    #expect(covered >= 200 * 90 / 100)
  }
}
