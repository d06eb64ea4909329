public import Hustings
import HustingsStatistics

/// The difference between two models on the same items, candidate minus baseline, with the tests that belong to it.
///
/// Items that only one of the two answered take no part. Where every item is independent and earns all or nothing, the
/// interval is Tango's and the test is McNemar's mid-p; otherwise both are Student's t on the cluster sums of item differences.
public struct PairedComparison: Sendable, Hashable {
  /// The baseline's value on the shared items.
  public let baseline: Double
  /// The candidate's value on the shared items.
  public let candidate: Double
  /// Candidate minus baseline, with its interval and the number of shared items.
  public let difference: Estimate
  /// The two-sided p-value of no difference; nil when the differences have no spread to judge by.
  public let pValue: Double?
  /// The test that gave it: `mcnemar-mid-p` or `clustered-t`.
  public let test: String
  /// Items that only the candidate got right; nil unless items earn all or nothing.
  public let candidateOnly: Int?
  /// Items that only the baseline got right; nil unless items earn all or nothing.
  public let baselineOnly: Int?
  /// How many clusters the shared items form.
  public let clusters: Int

  /// The comparison on the items that both runs answered; nil when there are none.
  ///
  /// - Parameters:
  ///   - baseline: the baseline's trials.
  ///   - candidate: the candidate's trials.
  public init?(_ metric: any ItemMetric, baseline: [Trial], candidate: [Trial], level: Double) {
    guard let sample = PairedSample(metric, baseline: baseline, candidate: candidate) else { return nil }
    self.init(sample, level: level)
  }

  /// The comparison of a paired sample.
  public init?(_ sample: PairedSample, level: Double) {
    let differences = sample.differences
    guard
      let mean = FixedWeightMean(
        differences, strata: sample.strata, weights: sample.weights, clusters: sample.clustering)
    else { return nil }
    baseline = sample.value(sample.baseline)
    candidate = sample.value(sample.candidate)
    clusters = sample.clustering.count
    let only = sample.discordant
    candidateOnly = only?.candidate
    baselineOnly = only?.baseline
    let count = sample.itemCount
    if let only, sample.clustering.count == differences.count {
      let tango = TangoScore(candidateOnly: only.candidate, baselineOnly: only.baseline, items: count)
      difference = Estimate(
        value: mean.value, interval: tango.map { Hustings.Interval($0.interval(level: level)) }, count: count)
      pValue = McNemar(candidateOnly: only.candidate, baselineOnly: only.baseline).midP
      test = "mcnemar-mid-p"
    } else {
      difference = Estimate(
        value: mean.value, interval: mean.interval(level: level).map(Hustings.Interval.init), count: count)
      pValue = mean.pValue(null: 0) ?? (differences.allSatisfy { $0 == 0 } ? 1 : nil)
      test = "clustered-t"
    }
  }
}

/// How the parts of a metric hang together, whoever earned them: the same for all models that answered the same items.
public struct SampleFrame: Sendable, Hashable {
  let strata: [Int]
  let weights: [Double]
  let clustering: Clustering

  /// The frame of a metric's parts over some trials.
  public init(_ parts: [Contribution], trials: [Trial]) {
    let numbering = Numbering(parts.map(\.stratum))
    strata = numbering.index
    weights = numbering.weights(of: parts)
    clustering = Clustering(parts.map { trials[$0.trial].key.cluster })
  }
}

/// What two models earned on the same items, ready for paired statistics.
public struct PairedSample: Sendable, Hashable {
  /// For each part of the metric, the place of its item among the baseline's trials.
  public private(set) var trials: [Int]
  /// What the baseline earned.
  public let baseline: [Double]
  /// What the candidate earned.
  public let candidate: [Double]
  let strata: [Int]
  let weights: [Double]
  let clustering: Clustering

  /// The sample of the items that both answered; nil when there are none.
  public init?(_ metric: any ItemMetric, baseline: [Trial], candidate: [Trial]) {
    let one = metric.contributions(baseline)
    let other = metric.contributions(candidate)
    if PairedSample.isAligned(one, baseline, other, candidate) {
      self.init(one, other, names: baseline)
      return
    }
    // Weights depend on which items count, so the metric is taken again over the shared ones.
    let shared = Set(one.map { baseline[$0.trial].key.item })
      .intersection(other.map { candidate[$0.trial].key.item })
    let mine = baseline.filter { shared.contains($0.key.item) }
    let yours = candidate.filter { shared.contains($0.key.item) }
    let a = metric.contributions(mine)
    let b = metric.contributions(yours)
    guard PairedSample.isAligned(a, mine, b, yours) else { return nil }
    let places = Dictionary(
      baseline.enumerated().map { ($1.key.item, $0) }, uniquingKeysWith: { first, _ in first })
    self.init(a, b, names: mine, places: mine.map { places[$0.key.item] ?? 0 })
  }

  /// The sample of two lists of parts of the same items in the same order, as one computes them once per model and uses
  /// them for many comparisons; nil when they are not of the same items, or empty.
  ///
  /// - Parameter frame: of the baseline's parts.
  public init?(_ frame: SampleFrame, baseline: [Contribution], candidate: [Contribution]) {
    guard baseline.count == candidate.count,
      zip(baseline, candidate).allSatisfy({ $0.trial == $1.trial && $0.stratum == $1.stratum })
    else { return nil }
    self.init(frame, baseline, candidate)
  }

  private init?(
    _ baseline: [Contribution], _ candidate: [Contribution], names: [Trial], places: [Int]? = nil
  ) {
    self.init(SampleFrame(baseline, trials: names), baseline, candidate)
    if let places { trials = trials.map { places[$0] } }
  }

  private init?(_ frame: SampleFrame, _ baseline: [Contribution], _ candidate: [Contribution]) {
    guard !baseline.isEmpty else { return nil }
    trials = baseline.map(\.trial)
    self.baseline = baseline.map(\.credit)
    self.candidate = candidate.map(\.credit)
    strata = frame.strata
    weights = frame.weights
    clustering = frame.clustering
  }

  private static func isAligned(
    _ a: [Contribution], _ trials: [Trial], _ b: [Contribution], _ others: [Trial]
  ) -> Bool {
    a.count == b.count
      && zip(a, b).allSatisfy {
        $0.stratum == $1.stratum && trials[$0.trial].key.item == others[$1.trial].key.item
      }
  }

  /// Candidate minus baseline, part by part.
  public var differences: [Double] { zip(candidate, baseline).map(-) }

  /// Whether the metric is the plain mean of what the items earned.
  public var isPlainMean: Bool { weights == [1] }

  /// How many items take part.
  public var itemCount: Int {
    zip(trials, trials.dropFirst()).allSatisfy { $0 < $1 } ? trials.count : Set(trials).count
  }

  /// Items that only one of the two got right; nil unless the metric is a plain share of items that earn all or nothing.
  var discordant: (candidate: Int, baseline: Int)? {
    guard weights == [1],
      baseline.allSatisfy({ $0 == 0 || $0 == 1 }), candidate.allSatisfy({ $0 == 0 || $0 == 1 })
    else { return nil }
    let pairs = zip(candidate, baseline)
    return (pairs.count { $0 == 1 && $1 == 0 }, pairs.count { $0 == 0 && $1 == 1 })
  }

  /// The metric's value for one of the two lists of credits.
  func value(_ credits: [Double]) -> Double {
    var sums = [Double](repeating: 0, count: weights.count)
    var counts = [Double](repeating: 0, count: weights.count)
    for (stratum, credit) in zip(strata, credits) {
      sums[stratum] += credit
      counts[stratum] += 1
    }
    return zip(weights, zip(sums, counts)).reduce(0) { $0 + $1.0 * $1.1.0 / $1.1.1 }
  }
}

extension PairedSample {
  /// The part of the sample whose trials are wanted, every part counting the same; nil when there is none.
  public func restricted(to wanted: (Int) -> Bool) -> PairedSample? {
    let parts = trials.indices.filter { wanted(trials[$0]) }
    guard !parts.isEmpty else { return nil }
    return PairedSample(restricting: self, to: parts)
  }

  private init(restricting sample: PairedSample, to parts: [Int]) {
    trials = parts.map { sample.trials[$0] }
    baseline = parts.map { sample.baseline[$0] }
    candidate = parts.map { sample.candidate[$0] }
    strata = parts.map { _ in 0 }
    weights = [1]
    clustering = sample.clustering.restricted(to: parts)
  }

  /// The BCa interval of the difference from resamples of whole clusters; nil with fewer than two clusters.
  ///
  /// A difference over several strata is resampled through its influence values, w_k (d_i - d̄_k) / n_k, which is exact to
  /// first order.
  public func bootstrap(replicates: Int, seed: UInt64, level: Double) -> Hustings.Interval? {
    guard clustering.count > 1 else { return nil }
    let differences = self.differences
    let value = self.value(candidate) - self.value(baseline)
    var sums = [Double](repeating: 0, count: weights.count)
    var counts = [Double](repeating: 0, count: weights.count)
    for (stratum, difference) in zip(strata, differences) {
      sums[stratum] += difference
      counts[stratum] += 1
    }
    let total = Double(differences.count)
    let isPlain = weights.count == 1
    let column = zip(strata, differences).map { stratum, difference in
      isPlain
        ? weights[0] * difference
        : total * weights[stratum] * (difference - sums[stratum] / counts[stratum]) / counts[stratum]
    }
    let bootstrap = ClusterBootstrap(
      columns: [column], clusters: clustering, replicates: replicates, seed: seed, draws: .automatic)
    let offset = isPlain ? 0 : value
    return bootstrap?.distribution { offset + $0[0] / $0[1] }.interval(level: level, method: .bca)
      .map(Hustings.Interval.init)
  }
}
