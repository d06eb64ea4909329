import Foundation
import HustingsNumerics

/// Kinds of rater behind yes-or-no ratings: a mixture of K types, each with a probability of yes for every item (latent class
/// analysis; Lazarsfeld and Henry 1968).
///
/// Probabilities have a Beta(2, 2) prior, so that none is ever 0 or 1; what is maximised is the log-likelihood plus
/// Σ log θ + log(1 - θ), which is the prior's logarithm up to a constant. Shares of types have none.
public struct LatentClasses: Sendable, Hashable {
  /// The log-likelihood less the penalty of the prior.
  public let objective: Double
  /// Σ over raters of log Σ_k share_k·Π P(rating).
  public let logLikelihood: Double
  /// The types' shares, descending.
  public let shares: [Double]
  /// The probability of yes, a row per type: [types × items].
  public let probabilities: [Double]
  /// Each rater's probabilities of being of each type: [raters × types].
  public let responsibilities: [Double]

  /// How many types.
  public var types: Int { shares.count }

  /// The probability that a rater says yes to an item, types summed out.
  public func probability(rater: Int, item: Int) -> Double {
    let items = probabilities.count / types
    return (0..<types).reduce(0) {
      $0 + responsibilities[rater * types + $1] * probabilities[$1 * items + item]
    }
  }

  /// The likeliest type of every rater, the first of several.
  public var assignments: [Int] {
    (0..<responsibilities.count / types).map { rater in
      (0..<types).max {
        (responsibilities[rater * types + $0], -$0) < (responsibilities[rater * types + $1], -$1)
      } ?? 0
    }
  }

  /// How hard to search. EM finds a nearby summit; the search starts at many places, then moves raters between types, merges two
  /// types and splits a third, and keeps what is better.
  public struct Search: Sendable, Hashable {
    /// Random starts of each chain.
    public var starts: Int
    /// Chains, which know nothing of each other.
    public var chains: Int
    /// Moves of each chain.
    public var moves: Int
    /// The most iterations from each place.
    public var iterations: Int
    /// What every random choice is a function of.
    public var seed: UInt64

    /// A search.
    public init(starts: Int = 30, chains: Int = 2, moves: Int = 100, iterations: Int = 400, seed: UInt64 = 0)
    {
      precondition(starts > 0 && chains > 0 && iterations > 0, "\(starts) starts, \(chains) chains")
      self.starts = starts
      self.chains = chains
      self.moves = moves
      self.iterations = iterations
      self.seed = seed
    }
  }

  /// The best mixture that a search finds.
  ///
  /// - Parameter ratings: a row per rater, an element per item: true for yes, nil for no rating.
  public init(_ ratings: [[Bool?]], types: Int, search: Search = Search()) {
    precondition(types > 0 && types <= max(1, ratings.count), "\(types) types of \(ratings.count) raters")
    let problem = Problem(ratings, types: types, iterations: search.iterations)
    var finds = [State?](repeating: nil, count: search.chains)
    finds.withUnsafeMutableBufferPointer { finds in
      nonisolated(unsafe) let finds = finds
      forEachBlock(of: types == 1 ? 1 : search.chains, size: 1) { range in
        for chain in range { finds[chain] = problem.climb(search, chain: chain) }
      }
    }
    let found = finds.compactMap { $0 }
    let best = found.dropFirst().reduce(found[0]) { $1.objective > $0.objective ? $1 : $0 }
    let order = (0..<types).sorted { (-best.shares[$0], $0) < (-best.shares[$1], $1) }
    objective = best.objective
    logLikelihood = best.logLikelihood
    shares = order.map { best.shares[$0] }
    probabilities = order.flatMap { type in (0..<problem.items).map { best.yes[$0 * types + type] } }
    responsibilities = (0..<problem.raters).flatMap { rater in order.map { best.gamma[rater * types + $0] } }
  }
}

/// A point of the search.
private struct State: Sendable {
  var objective = -Double.infinity
  var logLikelihood = -Double.infinity
  var shares: [Double]
  /// [items × types].
  var yes: [Double]
  /// [raters × types].
  var gamma: [Double]
}

private struct Problem: Sendable {
  let raters: Int
  let items: Int
  let types: Int
  let iterations: Int
  /// 1 for yes, 0 for no, -1 for none: [raters × items].
  private let codes: [Int8]

  init(_ ratings: [[Bool?]], types: Int, iterations: Int) {
    raters = ratings.count
    items = ratings.first?.count ?? 0
    for row in ratings { precondition(row.count == items, "\(row.count) ratings, the first has \(items)") }
    self.types = types
    self.iterations = iterations
    codes = ratings.joined().map { $0.map { $0 ? 1 : 0 } ?? -1 }
  }

  func climb(_ search: LatentClasses.Search, chain: Int) -> State {
    var dice = CounterGenerator(seed: search.seed, identity: "latent classes, chain \(chain)")
    if types == 1 { return run([Double](repeating: 1, count: raters)) }
    var best = run(start(&dice, 0))
    for number in 1..<max(2, search.starts) where number < search.starts {
      let next = run(start(&dice, number))
      if next.objective > best.objective { best = next }
    }
    for _ in 0..<search.moves {
      let next = run(moved(best, &dice))
      if next.objective > best.objective + 1e-9 { best = next }
    }
    return best
  }

  /// Probabilities of types: an even draw, or one near a corner.
  private func start(_ dice: inout CounterGenerator, _ number: Int) -> [Double] {
    let power = number % 2 == 0 ? 1.0 : 5
    return (0..<raters).flatMap { _ -> [Double] in
      let draws = (0..<types).map { _ in pow(-log(1 - dice.nextUniform()) + 1e-12, power) }
      let total = draws.reduce(0, +)
      return draws.map { $0 / total }
    }
  }

  private func moved(_ state: State, _ dice: inout CounterGenerator) -> [Double] {
    var gamma = state.gamma
    let share = [0.05, 0.1, 0.2][dice.nextIndex(below: 3)]
    if dice.nextUniform() < 0.5 {
      for rater in 0..<raters where dice.nextUniform() < share {
        let type = dice.nextIndex(below: types)
        for other in 0..<types { gamma[rater * types + other] = other == type ? 1 : 0 }
      }
      return gamma
    }
    let order = dice.permutation(types)
    let (into, from, split) = (order[0], order[1], dice.nextIndex(below: types))
    for rater in 0..<raters {
      let row = rater * types
      gamma[row + into] += gamma[row + from]
      gamma[row + from] = 0
      if dice.nextUniform() < 0.5 {
        gamma[row + from] = gamma[row + split]
        gamma[row + split] = 0
      }
      let total = (0..<types).reduce(0) { $0 + gamma[row + $1] + 1e-6 }
      for type in 0..<types { gamma[row + type] = (gamma[row + type] + 1e-6) / total }
    }
    return gamma
  }

  /// EM from given probabilities of types until nothing is gained.
  private func run(_ start: [Double]) -> State {
    var state = State(
      shares: [Double](repeating: 0, count: types), yes: [Double](repeating: 0, count: items * types),
      gamma: start)
    var counts = [Double](repeating: 0, count: items * types)
    var (logYes, logNo) = (counts, counts)
    var joint = [Double](repeating: 0, count: types)
    for _ in 0..<iterations {
      let before = state.objective
      maximise(&state, &counts)
      var penalty = 0.0
      for place in state.yes.indices {
        logYes[place] = log(state.yes[place])
        logNo[place] = log1p(-state.yes[place])
        penalty += logYes[place] + logNo[place]
      }
      state.logLikelihood = expect(&state, logYes, logNo, &joint)
      state.objective = state.logLikelihood + penalty
      if state.objective - before <= 1e-13 * abs(state.objective) { break }
    }
    return state
  }

  /// Shares are mean responsibilities, θ = (yes + 1)/(yes + no + 2).
  private func maximise(_ state: inout State, _ counts: inout [Double]) {
    for place in counts.indices { (counts[place], state.yes[place]) = (0, 0) }
    for type in 0..<types { state.shares[type] = 0 }
    codes.withUnsafeBufferPointer { codes in
      state.gamma.withUnsafeBufferPointer { gamma in
        state.yes.withUnsafeMutableBufferPointer { yes in
          counts.withUnsafeMutableBufferPointer { counts in
            for rater in 0..<raters {
              for item in 0..<items {
                let code = codes[rater * items + item]
                if code < 0 { continue }
                let value = Double(code)
                for type in 0..<types {
                  let weight = gamma[rater * types + type]
                  counts[item * types + type] += weight
                  yes[item * types + type] += weight * value
                }
              }
            }
          }
        }
      }
    }
    for place in counts.indices { state.yes[place] = (state.yes[place] + 1) / (counts[place] + 2) }
    for rater in 0..<raters {
      for type in 0..<types { state.shares[type] += state.gamma[rater * types + type] / Double(raters) }
    }
  }

  /// Responsibilities in log space; returns the log-likelihood.
  private func expect(
    _ state: inout State, _ logYes: [Double], _ logNo: [Double], _ joint: inout [Double]
  ) -> Double {
    let logShares = state.shares.map { $0 > 0 ? log($0) : -Double.infinity }
    var total = 0.0
    codes.withUnsafeBufferPointer { codes in
      logYes.withUnsafeBufferPointer { logYes in
        logNo.withUnsafeBufferPointer { logNo in
          joint.withUnsafeMutableBufferPointer { joint in
            for rater in 0..<raters {
              for type in 0..<types { joint[type] = logShares[type] }
              for item in 0..<items {
                let code = codes[rater * items + item]
                if code < 0 { continue }
                let logs = code == 1 ? logYes : logNo
                for type in 0..<types { joint[type] += logs[item * types + type] }
              }
              var top = -Double.infinity
              for type in 0..<types { top = max(top, joint[type]) }
              var all = 0.0
              for type in 0..<types { all += exp(joint[type] - top) }
              for type in 0..<types { state.gamma[rater * types + type] = exp(joint[type] - top) / all }
              total += top + log(all)
            }
          }
        }
      }
    }
    return total
  }
}
