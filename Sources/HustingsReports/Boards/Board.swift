public import Hustings
import HustingsData
public import HustingsMetrics
import HustingsStatistics

/// A leaderboard: every run of one benchmark identity, with what noise allows to be said of their order.
///
/// It is a pure function of answer keys and stored tournaments. Adding a model never changes another's estimates, but for those of
/// metrics that are fitted to the whole board.
public struct Board: Sendable {
  /// One model and its answers.
  public struct Entry: Sendable {
    /// The model.
    public let card: ModelCard
    /// The items it has answered or declined, with their keys.
    public let trials: [Trial]

    /// A model's entry.
    public init(card: ModelCard, trials: [Trial]) {
      self.card = card
      self.trials = trials
    }
  }

  /// One model's line.
  public struct Row: Sendable {
    /// The model.
    public let card: ModelCard
    /// One estimate per column; nil where the metric does not apply.
    public let estimates: [Estimate?]
    /// How much of the benchmark the headline covers.
    public let reach: Reach
    /// The places the model may have, 1 being best; nil for null models, which do not compete.
    public let ranks: ClosedRange<Int>?
    /// The tier: models of one tier are not significantly worse than its best. Nil for null models.
    public let tier: Int?
    /// The headline's excess over the best null model; nil for null models and where there is none.
    public let excess: PairedComparison?
    /// How many questions the answers took: one per response or per ordered pair, as the model is asked.
    public let queries: Int
    /// What they cost in US dollars; nil where that is not known of any.
    public let cost: Double?
    /// What the metrics have to say about their values.
    public let notes: [String]
  }

  /// A column: one metric of the benchmark.
  public struct Column: Sendable, Hashable {
    /// The metric's name.
    public let name: String
    /// How its values are printed.
    public let unit: MetricUnit
    /// Which way it improves.
    public let direction: Direction
    /// Whether its interval is printed.
    public let hasInterval: Bool
  }

  /// The benchmark.
  public let card: BenchmarkCard
  /// Its identity.
  public let identity: Digest
  /// How many items it has.
  public let itemCount: Int
  /// The metrics, the headline first.
  public let columns: [Column]
  /// The models, best first; the null models come last.
  public let rows: [Row]
  /// The null model with the best headline.
  public let bestNull: String?
  /// What the metrics have to say about the board as a whole.
  public let standings: [String]
  /// The family-wise error rate of the tiers and rank sets.
  public let alpha: Double

  /// The board of some entries.
  ///
  /// The benchmark gives the metrics; `card` is the stored one, which knows the file that was read.
  /// Two models differ when Holm's correction over all pairs of competing models leaves their paired test below `alpha`.
  public init(
    _ benchmark: any Benchmark, card: BenchmarkCard, identity: Digest, itemCount: Int, entries: [Entry],
    alpha: Double
  ) {
    self.card = card
    self.identity = identity
    self.itemCount = itemCount
    self.alpha = alpha
    columns = benchmark.metrics.enumerated().map { place, metric in
      Column(
        name: metric.name, unit: metric.unit, direction: metric.direction,
        hasInterval: place == 0 || metric.hasOwnInterval)
    }
    let direction = columns.first?.direction ?? .higherIsBetter
    let headline = benchmark.metrics.first as? any ItemMetric
    let joint = JointColumns(benchmark.metrics, entries: entries)
    let scored = Parallel.map(entries) { entry in
      let contributions = headline?.contributions(entry.trials) ?? []
      return Scored(
        entry: entry,
        estimates: benchmark.metrics.enumerated().map { place, metric in
          metric is any JointMetric ? joint[place, entry.card] : metric.estimate(entry.trials)
        },
        contributions: contributions, frame: SampleFrame(contributions, trials: entry.trials),
        reach: Reach(headline, trials: entry.trials, itemCount: itemCount),
        notes: benchmark.metrics.compactMap { metric in
          (metric as? any NotedMetric)?.note(entry.trials).map { "\(entry.card.name): \($0)" }
        })
    }.sorted { $0.precedes($1, direction) }
    let competing = scored.filter { !$0.entry.card.isNull }
    let nulls = scored.filter { $0.entry.card.isNull }
    let order = Order(competing, headline: headline, direction: direction, alpha: alpha)
    bestNull = nulls.first?.entry.card.name
    standings =
      benchmark.metrics.enumerated().compactMap { place, metric in
        (metric as? any StandingsMetric)?.note(over: competing.compactMap { $0.estimates[place] })
      } + joint.notes
    rows =
      competing.enumerated().map { place, model in
        Row(
          card: model.entry.card, estimates: model.estimates, reach: model.reach,
          ranks: order.ranks[place], tier: order.tiers[place],
          excess: nulls.first.flatMap { Scored.compare($0, model, headline) },
          queries: model.queries, cost: model.cost, notes: model.notes)
      }
      + nulls.map {
        Row(
          card: $0.entry.card, estimates: $0.estimates, reach: $0.reach, ranks: nil, tier: nil, excess: nil,
          queries: $0.queries, cost: $0.cost, notes: $0.notes)
      }
  }
}

/// The columns of metrics that are fitted to all competing models together.
private struct JointColumns: Sendable {
  private struct Place: Hashable {
    let metric: Int
    let model: Digest
  }

  private var values: [Place: Estimate] = [:]
  private(set) var notes: [String] = []

  init(_ metrics: [any Metric], entries: [Board.Entry]) {
    // The sums of a fit are to be the same whatever the order of entries.
    let competing = entries.filter { !$0.card.isNull }.sorted { $0.card.fingerprint < $1.card.fingerprint }
    for (place, metric) in metrics.enumerated() {
      guard let metric = metric as? any JointMetric else { continue }
      let (estimates, notes) = metric.estimates(over: competing.map { ($0.card.name, $0.trials) })
      for (entry, estimate) in zip(competing, estimates) {
        values[Place(metric: place, model: entry.card.fingerprint)] = estimate
      }
      self.notes += notes
    }
  }

  subscript(place: Int, card: ModelCard) -> Estimate? {
    values[Place(metric: place, model: card.fingerprint)]
  }
}

/// An entry with everything that is computed once per model.
struct Scored: Sendable {
  let entry: Board.Entry
  let estimates: [Estimate?]
  let contributions: [Contribution]
  let frame: SampleFrame
  let reach: Reach
  let notes: [String]

  var queries: Int { entry.trials.reduce(0) { $0 + $1.queries } }
  var cost: Double? {
    let known = entry.trials.compactMap(\.cost)
    return known.isEmpty ? nil : known.reduce(0, +)
  }

  /// Better headline first; models without one last; names break ties, and fingerprints equal names.
  func precedes(_ other: Scored, _ direction: Direction) -> Bool {
    let mine = estimates.first.flatMap { $0?.value }
    let yours = other.estimates.first.flatMap { $0?.value }
    if let mine, let yours, mine != yours {
      return direction == .lowerIsBetter ? mine < yours : mine > yours
    }
    if (mine == nil) != (yours == nil) { return mine != nil }
    let (a, b) = (entry.card, other.entry.card)
    return a.name == b.name ? a.fingerprint < b.fingerprint : a.name < b.name
  }

  /// The paired comparison of two entries on their shared items.
  static func compare(_ baseline: Scored, _ candidate: Scored, _ headline: (any ItemMetric)?)
    -> PairedComparison?
  {
    guard let headline else { return nil }
    // Parts carry places among the entry's own trials, which are the same items when both ran to the end.
    let (mine, yours) = (baseline.entry.trials, candidate.entry.trials)
    if mine.count == yours.count, zip(mine, yours).allSatisfy({ $0.key.item == $1.key.item }),
      let sample = PairedSample(
        baseline.frame, baseline: baseline.contributions, candidate: candidate.contributions)
    {
      return PairedComparison(sample, level: 0.95)
    }
    return PairedComparison(
      headline, baseline: baseline.entry.trials, candidate: candidate.entry.trials, level: 0.95)
  }
}
