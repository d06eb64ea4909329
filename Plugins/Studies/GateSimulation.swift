import Foundation
import HustingsNumerics
import HustingsStatistics

/// A candidate and a baseline as a gate meets them: independent items, of which a share is answered otherwise.
struct Rivalry: Sendable {
  /// n.
  let items: Int
  /// p_d: the chance that an item is right for one of them alone.
  let discordance: Double
  /// δ: the true difference, candidate minus baseline.
  let difference: Double

  init(items: Int, discordance: Double, difference: Double) {
    precondition(abs(difference) <= discordance, "a difference of \(difference) of \(discordance) discordant")
    self.items = items
    self.discordance = discordance
    self.difference = difference
  }

  /// The answers to all items at once: the numbers of discordant items of either kind.
  ///
  /// From one discordant item to the next by the geometric distribution, so that it takes as many steps as there are of them.
  func answers(_ random: inout CounterGenerator) -> TangoScore {
    let stay = log1p(-discordance)
    let better = (discordance + difference) / (2 * discordance)
    var (candidateOnly, baselineOnly, at) = (0, 0, -1)
    while true {
      let gap = log1p(-random.nextUniform()) / stay
      guard gap < Double(items - at - 1) else { break }
      at += 1 + Int(gap)
      if random.nextUniform() < better { candidateOnly += 1 } else { baselineOnly += 1 }
    }
    guard let score = TangoScore(candidateOnly: candidateOnly, baselineOnly: baselineOnly, items: items)
    else { preconditionFailure("a rivalry without items") }
    return score
  }

  /// The difference of the next item: 1, 0 or -1.
  func next(_ random: inout CounterGenerator) -> Int {
    let draw = random.nextUniform()
    if draw < (discordance + difference) / 2 { return 1 }
    return draw < discordance ? -1 : 0
  }
}

/// How often something happens in simulated gates. A function of the seed and the question's name, whatever the threads.
struct GateSimulation: Sendable {
  let seed: UInt64
  let count: Int
  let workers: Int

  /// The share of `count` simulations in which `happens`.
  func share(
    _ name: String, of times: Int? = nil, _ happens: @Sendable (inout CounterGenerator) -> Bool
  ) -> Proportion {
    let times = times ?? count
    let hits = values(name, times) { happens(&$0) ? 1 : 0 }
    guard let share = Proportion(successes: hits.reduce(0, +), trials: times) else {
      preconditionFailure("no simulations")
    }
    return share
  }

  /// One number from each simulation, in order.
  func values(
    _ name: String, _ times: Int? = nil, _ value: @Sendable (inout CounterGenerator) -> Double
  ) -> [Double] {
    filledRows(times ?? count, width: 1, blockSize: 64, workers: workers) { rows, out in
      for (place, simulation) in rows.enumerated() {
        var random = CounterGenerator(seed: seed, identity: "\(name), simulation \(simulation)")
        out[place] = value(&random)
      }
    }
  }
}

/// What a look after every item comes to.
struct Peeking: Sendable {
  let rivalry: Rivalry
  let margin: Double
  let alpha: Double
  /// The first item after which the fixed-size test is looked at.
  let firstLook = 30

  /// After how many items the bettor passes the candidate; nil when it does not.
  func passByBetting(_ random: inout CounterGenerator) -> Int? {
    var wealth = NonInferiorityWealth(margin: margin)
    for item in 1...rivalry.items {
      wealth.add(Double(rivalry.next(&random)))
      if wealth.passes(alpha: alpha) { return item }
    }
    return nil
  }

  /// The same with a test made for one look: Tango's, at its full level after every item.
  func passByPeeking(_ random: inout CounterGenerator) -> Int? {
    let threshold = Normal.quantile(1 - alpha)
    var (candidateOnly, baselineOnly) = (0, 0)
    for item in 1...rivalry.items {
      switch rivalry.next(&random) {
      case 1: candidateOnly += 1
      case -1: baselineOnly += 1
      default: break
      }
      guard item >= firstLook,
        let score = TangoScore(candidateOnly: candidateOnly, baselineOnly: baselineOnly, items: item),
        let statistic = score.statistic(difference: -margin)
      else { continue }
      if statistic > threshold { return item }
    }
    return nil
  }
}
