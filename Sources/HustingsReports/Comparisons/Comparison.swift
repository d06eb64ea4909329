public import Hustings
public import HustingsMetrics
import HustingsStatistics

/// Two models on one benchmark, pair by pair: the difference, where it comes from, and the items that flipped.
public struct Comparison: Sendable {
  /// One line: the whole, or a subset.
  public struct Line: Sendable {
    /// The metric or subset.
    public let name: String
    /// The paired comparison; nil when no item is shared.
    public let paired: PairedComparison?
    /// The p-value after Holm's correction over the subsets; nil for the headline, which is tested on its own.
    public let adjustedP: Double?
  }

  /// An item on which the two models earned different points.
  public struct Flip: Sendable, Hashable {
    /// The item.
    public let item: String
    /// Its subset.
    public let subset: String
    /// What the baseline earned.
    public let baseline: Double
    /// What the candidate earned.
    public let candidate: Double
    /// The baseline's margin of what the key prefers, for a pair; nil for other items.
    public let baselineMargin: Double?
    /// The candidate's.
    public let candidateMargin: Double?
  }

  /// The benchmark.
  public let card: BenchmarkCard
  /// Its identity.
  public let identity: Digest
  /// The model that is compared against.
  public let baseline: ModelCard
  /// The model that is compared.
  public let candidate: ModelCard
  /// The unit of the headline.
  public let unit: MetricUnit
  /// The headline.
  public let headline: Line
  /// The bootstrap interval of the headline's difference; nil without one.
  public let bootstrap: Hustings.Interval?
  /// The subsets, by name, each with Holm's correction over all of them.
  public let subsets: [Line]
  /// Items only the baseline was asked.
  public let onlyInBaseline: [String]
  /// Items only the candidate was asked.
  public let onlyInCandidate: [String]
  /// Items whose points differ, those that got worse first, largest change of margin first.
  public let flips: [Flip]

  /// How the bootstrap interval is made.
  public struct Resampling: Sendable {
    /// How many resamples.
    public let replicates: Int
    /// What they are a function of.
    public let seed: UInt64

    /// A number of resamples.
    public init(replicates: Int, seed: UInt64) {
      self.replicates = replicates
      self.seed = seed
    }
  }

  /// The comparison of two entries of one benchmark identity; nil when the benchmark's headline is no sum over items, or the
  /// two share no item.
  ///
  /// - Parameter resampling: how to make the bootstrap interval; none is made when nil.
  public init?(
    _ benchmark: any Benchmark, card: BenchmarkCard, identity: Digest, baseline: Board.Entry,
    candidate: Board.Entry, resampling: Resampling?
  ) {
    guard let metric = benchmark.metrics.first as? any ItemMetric,
      let sample = PairedSample(metric, baseline: baseline.trials, candidate: candidate.trials),
      let paired = PairedComparison(sample, level: 0.95)
    else { return nil }
    self.card = card
    self.identity = identity
    self.baseline = baseline.card
    self.candidate = candidate.card
    unit = metric.unit
    headline = Line(name: metric.name, paired: paired, adjustedP: nil)
    bootstrap = resampling.flatMap {
      sample.bootstrap(replicates: $0.replicates, seed: $0.seed, level: 0.95)
    }
    subsets = Comparison.subsets(of: sample, benchmark, baseline.trials, candidate.trials)
    let mine = Set(baseline.trials.map(\.key.item))
    let yours = Set(candidate.trials.map(\.key.item))
    onlyInBaseline = mine.subtracting(yours).sorted()
    onlyInCandidate = yours.subtracting(mine).sorted()
    flips = Comparison.flips(in: sample, baseline.trials, candidate.trials)
  }

  /// Each subset's difference: of the metric that has the subset's name where there is one, else of the plain mean of what
  /// its items earned.
  private static func subsets(
    of sample: PairedSample, _ benchmark: any Benchmark, _ baseline: [Trial], _ candidate: [Trial]
  ) -> [Line] {
    let names = Set(sample.trials.map { baseline[$0].key.subset }).sorted()
    guard names.count > 1 else { return [] }
    let lines = names.map { name -> (String, PairedComparison?) in
      if let metric = benchmark.metrics.first(where: { $0.name == name }) as? any ItemMetric {
        return (name, PairedComparison(metric, baseline: baseline, candidate: candidate, level: 0.95))
      }
      let part = sample.restricted { baseline[$0].key.subset == name }
      return (name, part.flatMap { PairedComparison($0, level: 0.95) })
    }
    let adjusted = Multiplicity.holm(lines.map { $0.1?.pValue ?? 1 })
    return zip(lines, adjusted).map { Line(name: $0.0, paired: $0.1, adjustedP: $1) }
  }

  private static func flips(
    in sample: PairedSample, _ baseline: [Trial], _ candidate: [Trial]
  ) -> [Flip] {
    let others = Dictionary(
      candidate.map { ($0.key.item, $0) }, uniquingKeysWith: { first, _ in first })
    let flips = sample.trials.indices.compactMap { part -> Flip? in
      guard sample.baseline[part] != sample.candidate[part] else { return nil }
      let trial = baseline[sample.trials[part]]
      return Flip(
        item: trial.key.item, subset: trial.key.subset, baseline: sample.baseline[part],
        candidate: sample.candidate[part], baselineMargin: margin(of: trial),
        candidateMargin: others[trial.key.item].flatMap(margin(of:)))
    }
    return flips.sorted { a, b in
      let (fallA, fallB) = (a.candidate - a.baseline, b.candidate - b.baseline)
      if fallA != fallB { return fallA < fallB }
      let (moveA, moveB) = (a.move, b.move)
      return moveA == moveB ? a.item < b.item : moveA > moveB
    }
  }

  /// The margin of what the key prefers over what it does not, for a pair.
  private static func margin(of trial: Trial) -> Double? {
    guard trial.key.candidates.count == 2, trial.key.candidates[0] != trial.key.candidates[1],
      let gold = trial.key.gold.margin(trial.key.candidates[0], trial.key.candidates[1]), gold != 0,
      let margin = trial.tournament.margin(trial.key.candidates[0], trial.key.candidates[1])
    else { return nil }
    return gold > 0 ? margin : 0 - margin
  }
}

extension Comparison.Flip {
  /// How far the margin moved.
  fileprivate var move: Double {
    guard let baselineMargin, let candidateMargin else { return 0 }
    return abs(candidateMargin - baselineMargin)
  }
}
