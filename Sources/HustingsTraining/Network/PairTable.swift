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
