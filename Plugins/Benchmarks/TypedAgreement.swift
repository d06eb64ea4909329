import Foundation
import Hustings
import HustingsMetrics
import HustingsStatistics

/// How a model agrees with the people behind a key, who are not of one mind: with the mean person, with the tenth who agree with it
/// least, and with the worse served of two types that their own votes tell apart.
///
/// A person's agreement is the share of their strict preferences that the model orders alike, an equal margin half; preferences
/// the model does not answer are lost. Types are latent classes of strict preferences (`LatentClasses`), found without the model.
struct TypedAgreement: Metric {
  /// Which number.
  enum Part: String, CaseIterable {
    case mean = "agreement with a person"
    case leastTenth = "… of the least served tenth"
    case bestType = "… of the best served type"
    case worstType = "… of the worst served type"
  }

  let part: Part

  /// Every part.
  static let all: [any Metric] = Part.allCases.map(TypedAgreement.init)

  var name: String { part.rawValue }
  var direction: Direction { .higherIsBetter }
  var unit: MetricUnit { .share }

  func estimate(_ trials: [Trial]) -> Estimate? {
    let people = People(trials)
    guard !people.agreements.isEmpty else { return nil }
    let values: [Double]
    switch part {
    case .mean: values = people.agreements
    case .leastTenth:
      values = Array(people.agreements.sorted().prefix(max(1, (people.agreements.count + 9) / 10)))
    case .bestType, .worstType:
      let groups = people.types.filter { !$0.isEmpty }
      guard groups.count == 2 else { return nil }
      let sorted = groups.sorted { (Descriptive.mean($0) ?? 0) < (Descriptive.mean($1) ?? 0) }
      values = part == .worstType ? sorted[0] : sorted[1]
    }
    guard let mean = Descriptive.mean(values) else { return nil }
    // The people of a type or a tail were picked for how they answered, so only the mean over all has an interval.
    let clusters = ClusteredMean(values, clusters: .singletons(values.count))
    let limits = part == .mean ? clusters?.interval(level: 0.95) : nil
    return Estimate(
      value: mean,
      interval: limits.map {
        Hustings.Interval(low: $0.low, high: $0.high, level: 0.95, method: "t over people")
      }, count: values.count)
  }
}

/// People's votes beside a model's answers.
private struct People {
  /// The agreement of each person who has a strict preference.
  private(set) var agreements: [Double] = []
  /// The agreements of each of two types; empty where there are too few people to tell types.
  private(set) var types: [[Double]] = []

  init(_ trials: [Trial]) {
    let raters = Set(trials.flatMap(\.key.raters.keys)).sorted()
    var number: [String: Int] = [:]
    for (place, rater) in raters.enumerated() { number[rater] = place }
    var right = [Double](repeating: 0, count: raters.count)
    var asked = [Int](repeating: 0, count: raters.count)
    var votes: [[Int: Bool]] = raters.map { _ in [:] }
    var cells = 0
    for trial in trials {
      var cellOf: [Matchup: Int] = [:]
      for (rater, tournament) in trial.key.raters.sorted(by: { $0.key < $1.key }) {
        guard let person = number[rater] else { continue }
        for matchup in tournament.matchups {
          guard let wish = tournament.margin(matchup.first, matchup.second), wish != 0 else { continue }
          let cell = cellOf[matchup] ?? cells
          if cellOf[matchup] == nil {
            cellOf[matchup] = cell
            cells += 1
          }
          votes[person][cell] = wish > 0
          asked[person] += 1
          let margin = trial.tournament.margin(matchup.first, matchup.second)
          right[person] += margin.map { $0 == 0 ? 0.5 : ($0 > 0) == (wish > 0) ? 1 : 0 } ?? 0
        }
      }
    }
    let voting = raters.indices.filter { asked[$0] > 0 }
    let shares = voting.map { right[$0] / Double(asked[$0]) }
    agreements = shares
    guard voting.count >= 4 else { return }
    let ratings = voting.map { person in (0..<cells).map { votes[person][$0] } }
    let classes = LatentClasses(
      ratings, types: 2, search: .init(starts: 6, chains: 1, moves: 6, iterations: 100))
    types = (0..<2).map { type in zip(classes.assignments, shares).filter { $0.0 == type }.map(\.1) }
  }
}
