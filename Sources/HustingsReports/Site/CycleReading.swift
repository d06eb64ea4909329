import Hustings
import HustingsStatistics

/// Where a model's preferences go round in circles.
struct CycleReading: Sendable {
  /// A matrix of margins with the names of what is compared.
  struct View: Sendable {
    let title: String
    let names: [String]
    let matrix: [[Double]]
  }

  /// How many items have three responses or more, all compared.
  let items: Int
  /// The mean share of squared margin that no scalar explains.
  let cyclicity: Double
  /// Triples of responses, and those that are cyclic.
  let triples: Int
  let cyclicTriples: Int
  /// The item whose margins are the least scalar; nil when all of them are scalar.
  let worst: View?

  /// The reading of some trials; nil for rewards, which cannot go round, and where no item has three responses compared.
  init?(_ trials: [Trial]) {
    var (items, sum, triples, cyclic) = (0, 0.0, 0, 0)
    var worst: (cyclicity: Double, trial: Trial, matrix: [[Double]])?
    for trial in trials where trial.tournament.rewards == nil && trial.tournament.count > 2 {
      guard let matrix = trial.tournament.matrix, let split = HodgeSplit(matrix: matrix) else { continue }
      items += 1
      sum += split.cyclicity
      let count = CyclicTriples(matrix: matrix)
      triples += count.decided
      cyclic += count.cyclic
      if split.cyclicity > (worst?.cyclicity ?? 1e-9) { worst = (split.cyclicity, trial, matrix) }
    }
    guard items > 0 else { return nil }
    self.items = items
    cyclicity = sum / Double(items)
    self.triples = triples
    cyclicTriples = cyclic
    self.worst = worst.map {
      View(title: $0.trial.key.item, names: $0.trial.responseNames, matrix: $0.matrix)
    }
  }

  /// The candidates of a benchmark as competitors over all items, where its candidates are the same in each: the mean margin
  /// of each over each other. Nil for fewer than three, for more than forty, and where a pair never met.
  static func candidates(_ trials: [Trial]) -> View? {
    let names = Set(trials.prefix(200).flatMap(\.key.names)).sorted()
    guard (3...40).contains(names.count), trials.count > 9 else { return nil }
    let places = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    var sums = [[Double]](repeating: Array(repeating: 0, count: names.count), count: names.count)
    var counts = sums
    for trial in trials {
      let key = trial.key
      for i in key.names.indices {
        for j in key.names.indices where j > i && key.candidates[i] != key.candidates[j] {
          guard let a = places[key.names[i]], let b = places[key.names[j]],
            let margin = trial.tournament.margin(key.candidates[i], key.candidates[j])
          else { continue }
          sums[a][b] += margin
          sums[b][a] -= margin
          counts[a][b] += 1
          counts[b][a] += 1
        }
      }
    }
    for a in names.indices {
      for b in names.indices where a != b {
        if counts[a][b] == 0 { return nil }
        sums[a][b] /= counts[a][b]
      }
    }
    return View(title: "candidates over all items", names: names, matrix: sums)
  }

  /// How often each candidate is preferred to each other over all items, ties counting half.
  static func winRates(_ trials: [Trial], names: [String]) -> [[Double?]] {
    let places = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    var wins = [[Double]](repeating: Array(repeating: 0, count: names.count), count: names.count)
    var counts = wins
    for trial in trials {
      let key = trial.key
      for i in key.names.indices {
        for j in key.names.indices where i != j && key.candidates[i] != key.candidates[j] {
          guard let a = places[key.names[i]], let b = places[key.names[j]],
            let margin = trial.tournament.margin(key.candidates[i], key.candidates[j])
          else { continue }
          wins[a][b] += margin > 0 ? 1 : margin == 0 ? 0.5 : 0
          counts[a][b] += 1
        }
      }
    }
    return names.indices.map { a in
      names.indices.map { b in counts[a][b] == 0 ? nil : wins[a][b] / counts[a][b] }
    }
  }
}

extension Tournament {
  /// All margins as a matrix; nil when a pair has none.
  fileprivate var matrix: [[Double]]? {
    var matrix = [[Double]](repeating: Array(repeating: 0, count: count), count: count)
    for matchup in Matchup.all(among: count) {
      guard let margin = margin(matchup.first, matchup.second) else { return nil }
      matrix[matchup.first][matchup.second] = margin
      matrix[matchup.second][matchup.first] = 0 - margin
    }
    return matrix
  }
}

extension Trial {
  /// What the benchmark calls each response; its number where it has no name for it.
  var responseNames: [String] {
    (0..<tournament.count).map { response in
      key.candidates.firstIndex(of: response).map { key.names[$0] } ?? "response \(response + 1)"
    }
  }
}
