import HustingsNumerics

/// Comparisons as columns, with their margins under one loss.
struct PairTable: Sendable {
  let chosen: [Int32]
  let rejected: [Int32]
  let prompt: [Int32]
  let target: [Float]
  let tie: [Float]
  /// The margin of each pair, 0 where it has none; nil when no pair has one.
  let margin: [Float]?
  let weight: [Float]

  /// The pairs of a data set; throws when the loss cannot be taken of one.
  init(_ pairs: [EncodedPair], loss: PairLoss) throws {
    for (index, pair) in pairs.enumerated() {
      switch loss.kind {
      case .ties: continue
      case .logOdds where loss.smoothing == 0 && (pair.target <= 0 || pair.target >= 1):
        throw TrainingFault.certainTarget(pair: index)
      default: if pair.tie > 0 { throw TrainingFault.tieWithoutModel(pair: index) }
      }
    }
    chosen = pairs.map(\.chosen)
    rejected = pairs.map(\.rejected)
    prompt = pairs.map(\.prompt)
    target = pairs.map(\.target)
    tie = pairs.map(\.tie)
    weight = pairs.map(\.weight)
    let margins = pairs.map { loss.margin.margin(share: $0.share.map(Double.init)) }
    margin = margins.contains { ($0 ?? 0) != 0 } ? margins.map { Float($0 ?? 0) } : nil
  }

  var count: Int { chosen.count }
}

/// Some comparisons in the order in which a batch takes them, and how each is presented.
struct PairBatch {
  var first: [Int32] = []
  var second: [Int32] = []
  var prompt: [Int32] = []
  var target: [Float] = []
  var tie: [Float] = []
  var margin: [Float]?
  var weight: [Float] = []
  /// 1 where the chosen response is presented first, -1 where it is second.
  var sign: [Float] = []

  /// The pairs of a table at some positions, each chosen response first.
  init(_ table: PairTable, _ positions: ArraySlice<Int>) {
    reserve(positions.count)
    margin = table.margin.map { _ in [] }
    for position in positions { append(table, position, sign: 1, share: 1) }
  }

  /// The pairs of a table at some positions, presented as the settings say.
  init(
    _ table: PairTable, _ positions: ArraySlice<Int>, order: PairwiseSettings.Order, seed: UInt64, epoch: Int
  ) {
    let draws = CounterGenerator(seed: seed, identity: "order of presentation")
    reserve(positions.count * (order == .both ? 2 : 1))
    margin = table.margin.map { _ in [] }
    for position in positions {
      switch order {
      case .both:
        append(table, position, sign: 1, share: 0.5)
        append(table, position, sign: -1, share: 0.5)
      case .drawn:
        let draw = draws[UInt64(epoch) &* UInt64(table.count) &+ UInt64(position)]
        append(table, position, sign: draw & 1 == 0 ? 1 : -1, share: 1)
      }
    }
  }

  private mutating func reserve(_ count: Int) {
    first.reserveCapacity(count)
    second.reserveCapacity(count)
    prompt.reserveCapacity(count)
    target.reserveCapacity(count)
    tie.reserveCapacity(count)
    weight.reserveCapacity(count)
    sign.reserveCapacity(count)
  }

  private mutating func append(_ table: PairTable, _ position: Int, sign: Float, share: Float) {
    first.append(sign > 0 ? table.chosen[position] : table.rejected[position])
    second.append(sign > 0 ? table.rejected[position] : table.chosen[position])
    prompt.append(table.prompt[position])
    target.append(table.target[position])
    tie.append(table.tie[position])
    weight.append(table.weight[position] * share)
    self.sign.append(sign)
    if let value = table.margin?[position] { margin?.append(value) }
  }

  var count: Int { first.count }
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
