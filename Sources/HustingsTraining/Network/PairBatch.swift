import HustingsNumerics

/// Some comparisons in the order in which a batch takes them, and how each is presented.
struct PairBatch {
  private(set) var first: [Int32]
  private(set) var second: [Int32]
  private(set) var prompt: [Int32]
  private(set) var target: [Float]
  private(set) var tie: [Float]
  private(set) var margin: [Float]?
  private(set) var weight: [Float]
  /// 1 where the chosen response is presented first, -1 where it is second; nil when it is always first.
  private(set) var sign: [Float]?
  /// Whether every pair is there twice, at 2i in one order and at 2i + 1 in the other.
  var hasBothOrders = false

  /// The pairs of a table at some positions, each chosen response first.
  init(_ table: PairTable, _ positions: ArraySlice<Int>) {
    first = positions.map { table.chosen[$0] }
    second = positions.map { table.rejected[$0] }
    prompt = positions.map { table.prompt[$0] }
    target = positions.map { table.target[$0] }
    tie = positions.map { table.tie[$0] }
    margin = table.margin.map { margin in positions.map { margin[$0] } }
    weight = positions.map { table.weight[$0] }
  }

  /// The pairs of a table at some positions, presented as the settings say.
  init(
    _ table: PairTable, _ positions: ArraySlice<Int>, order: PairwiseSettings.Order, seed: UInt64,
    epoch: Int
  ) {
    switch order {
    case .both: self.init(bothOrdersOf: table, positions)
    case .drawn:
      self.init(table, positions)
      let draws = CounterGenerator(seed: seed, identity: "order of presentation")
      let isSwapped = positions.map {
        draws[UInt64(epoch) &* UInt64(table.count) &+ UInt64($0)].isMultiple(of: 2)
      }
      for place in 0..<count where isSwapped[place] { swap(at: place) }
      sign = isSwapped.map { $0 ? -1 : 1 }
    }
  }

  /// The pairs of a table at some positions, each presented in both orders.
  init(bothOrdersOf table: PairTable, _ positions: ArraySlice<Int>) {
    self.init(table, positions.flatMap { [$0, $0] }[...])
    hasBothOrders = true
    for place in stride(from: 1, to: count, by: 2) { swap(at: place) }
    weight = weight.map { $0 / 2 }
    sign = first.indices.map { $0.isMultiple(of: 2) ? 1 : -1 }
  }

  private mutating func swap(at place: Int) {
    let chosen = first[place]
    first[place] = second[place]
    second[place] = chosen
  }

  var count: Int { first.count }

  /// Of weights.
  var totalWeight: Double { weight.reduce(0) { $0 + Double($1) } }
}

/// Sums over the pairs of a batch, each pair times its weight.
struct BatchSums: Sendable, Hashable {
  /// Of weights.
  var weight = 0.0
  /// Of the pair loss.
  var loss = 0.0
  /// Of what the penalty on the skew part adds.
  var penalty = 0.0
  /// Of pairs that say who is preferred.
  var decided = 0.0
  /// Of those that the model orders as they say; a score of 0 does not.
  var correct = 0.0

  static func += (a: inout BatchSums, b: BatchSums) {
    a.weight += b.weight
    a.loss += b.loss
    a.penalty += b.penalty
    a.decided += b.decided
    a.correct += b.correct
  }

  /// Mean loss with the penalty.
  var meanObjective: Double { (loss + penalty) / weight }
  /// Mean loss without the penalty.
  var meanLoss: Double { loss / weight }
  /// The share ordered as the labels say; nil when no label says.
  var accuracy: Double? { decided > 0 ? correct / decided : nil }
}
