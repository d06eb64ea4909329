import Hustings
import HustingsStatistics

/// A model's margins of what the keys prefer, with what is usually asked of them: their spread, and whether they are honest.
struct MarginReading: Sendable {
  /// One margin per strict preference of a key that the model answered: positive when it agrees.
  let margins: [Double]
  /// Which of them belong together.
  let clusters: Clustering
  /// Whether the margins have a sign and no size.
  let areVerdicts: Bool

  init(_ trials: [Trial]) {
    var margins: [Double] = []
    var clusters: [String] = []
    for trial in trials {
      for pair in trial.goldPairs {
        guard let margin = trial.tournament.margin(pair.better, pair.worse) else { continue }
        margins.append(margin)
        clusters.append(trial.key.cluster)
      }
    }
    self.margins = margins
    self.clusters = Clustering(labels: clusters)
    areVerdicts =
      trials.contains { $0.tournament.areVerdicts }
      || Set(margins.prefix(2000).map(abs)).subtracting([0, 0.5, 1]).isEmpty
  }

  /// How sure the model was, in groups, against how often it was right.
  struct Calibration: Sendable {
    /// What margins were divided by, fitted to the other items; their mean over the folds.
    let temperature: Double
    let bins: CalibrationBins
    let line: CalibrationLine?
  }

  /// The calibration after scaling by a temperature that is fitted to the other folds' prompts; nil for verdicts, for few
  /// items, and where no temperature is best.
  var calibration: Calibration? {
    guard !areVerdicts, clusters.count >= 20,
      let temperatures = Temperature.crossFitted(margins, clusters: clusters, folds: 5, seed: 0)
    else { return nil }
    let scaled = zip(margins, temperatures).map { $0 / $1 }
    let folded = MarginScores.folded(scaled, temperature: 1)
    return Calibration(
      temperature: temperatures.reduce(0, +) / Double(temperatures.count),
      bins: .equalMass(folded, bins: min(10, max(2, margins.count / 20))),
      line: CalibrationLine(folded, clusters: clusters))
  }
}

extension Trial {
  /// Every strict preference of the key.
  var goldPairs: [(better: Int, worse: Int)] {
    key.gold.matchups.compactMap { matchup in
      guard let gold = key.gold.margin(matchup.first, matchup.second), gold != 0 else { return nil }
      return gold > 0 ? (matchup.first, matchup.second) : (matchup.second, matchup.first)
    }
  }
}

/// A share with its interval, clustered by prompt.
struct Share: Sendable {
  let name: String
  let value: Double
  let interval: Hustings.Interval?
  let count: Int

  /// The mean of some values between 0 and 1; nil without any.
  init?(_ name: String, _ values: [Double], clusters: [String]) {
    guard let mean = ClusteredMean(values, clusters: Clustering(labels: clusters)) else { return nil }
    self.name = name
    value = mean.mean
    count = values.count
    // Where every value is the same, or each is a prompt of its own and all or nothing, Wilson's limits stay within [0, 1].
    let isBinary = values.allSatisfy { $0 == 0 || $0 == 1 }
    let limits =
      isBinary && mean.clusterCount == mean.itemCount
      ? Proportion(successes: values.reduce(0, +), trials: values.count)?.wilson(level: 0.95)
      : mean.interval(level: 0.95)
    interval = limits.map {
      Hustings.Interval(
        low: max(0, $0.low), high: min(1, $0.high), level: $0.level, method: $0.method.rawValue)
    }
  }
}

/// Whether a model prefers what stands first, or what is longer.
enum BiasReading {
  /// How often the response presented first is preferred, and how often both orders say the same, over pairs that were asked
  /// in both orders; nil for a model without orders.
  static func position(_ trials: [Trial]) -> [Share]? {
    guard trials.contains(where: { $0.tournament.isOrdered }) else { return nil }
    var (first, firstClusters): ([Double], [String]) = ([], [])
    var (same, sameClusters): ([Double], [String]) = ([], [])
    for trial in trials {
      for matchup in trial.tournament.matchups {
        guard matchup.first < matchup.second, let margin = trial.tournament.judgment(matchup)?.logOdds,
          let reverse = trial.tournament.judgment(matchup.swapped)?.logOdds
        else { continue }
        for answer in [margin, reverse] {
          first.append(answer > 0 ? 1 : answer == 0 ? 0.5 : 0)
          firstClusters.append(trial.key.cluster)
        }
        same.append((margin > 0) == (reverse < 0) && (margin < 0) == (reverse > 0) ? 1 : 0)
        sameClusters.append(trial.key.cluster)
      }
    }
    return [
      Share("prefers what stands first", first, clusters: firstClusters),
      Share("says the same in both orders", same, clusters: sameClusters),
    ].compactMap { $0 }
  }

  /// How often a model is right where the right response is the longer one, and where it is the shorter one; and how often it
  /// takes the longer one, against how often that is right.
  ///
  /// - Parameter lengths: the trials of the null rule whose rewards are lengths.
  static func length(_ trials: [Trial], lengths: [Trial]) -> [Share] {
    let known = Dictionary(
      lengths.map { ($0.key.item, $0.tournament) }, uniquingKeysWith: { first, _ in first })
    var credits: [Bool: (values: [Double], clusters: [String])] = [true: ([], []), false: ([], [])]
    var takes: [Double] = []
    var right: [Double] = []
    var clusters: [String] = []
    for trial in trials {
      guard let lengths = known[trial.key.item] else { continue }
      for pair in trial.goldPairs {
        guard let margin = trial.tournament.margin(pair.better, pair.worse),
          let longer = lengths.margin(pair.better, pair.worse), longer != 0
        else { continue }
        let credit = margin > 0 ? 1 : margin == 0 ? 0.5 : 0
        credits[longer > 0]?.values.append(credit)
        credits[longer > 0]?.clusters.append(trial.key.cluster)
        takes.append(longer > 0 ? credit : 1 - credit)
        right.append(longer > 0 ? 1 : 0)
        clusters.append(trial.key.cluster)
      }
    }
    let (long, short) = (credits[true] ?? ([], []), credits[false] ?? ([], []))
    return [
      Share("right where the better one is longer", long.values, clusters: long.clusters),
      Share("right where the better one is shorter", short.values, clusters: short.clusters),
      Share("prefers the longer one", takes, clusters: clusters),
      Share("the key prefers the longer one", right, clusters: clusters),
    ].compactMap { $0 }
  }
}
