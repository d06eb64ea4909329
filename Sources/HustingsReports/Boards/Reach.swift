public import Hustings
public import HustingsMetrics

/// How much of a benchmark a headline covers, and between which limits the unanswered items leave it.
public struct Reach: Sendable, Hashable {
  /// Items per outcome, of those that were judged.
  public let outcomes: [Outcome: Int]
  /// Items that were not judged yet.
  public let open: Int
  /// The headline if every unanswered item were wrong, and if every one were right; nil when all were answered, and for
  /// a headline that is no share of items.
  public let bounds: ClosedRange<Double>?

  /// The reach of a headline over some trials of a benchmark of `itemCount` items.
  public init(_ headline: (any ItemMetric)?, trials: [Trial], itemCount: Int) {
    let booked = headline?.outcomes(trials) ?? []
    outcomes = Hustings.Coverage(booked.map(\.outcome)).counts
    open = itemCount - trials.count
    let answered = outcomes.reduce(0) { $0 + ($1.key.isAnswer ? $1.value : 0) }
    let total = booked.count + open
    let full = headline?.unit == .percent ? 100.0 : 1
    guard let headline, headline.unit == .share || headline.unit == .percent, answered < total, total > 0
    else {
      bounds = nil
      return
    }
    let parts = headline.contributions(trials)
    let value = parts.reduce(0) { $0 + $1.weight * $1.credit }
    let counted = Double(parts.distinctTrials)
    let low = value * counted / Double(total)
    bounds = low...min(full, low + full * Double(total - answered) / Double(total))
  }

  /// The items the headline is about.
  public var total: Int { outcomes.values.reduce(0, +) + open }
  /// The items that were answered.
  public var answered: Int { outcomes.reduce(0) { $0 + ($1.key.isAnswer ? $1.value : 0) } }
  /// The share of items that were answered; nil without items.
  public var share: Double? { total == 0 ? nil : Double(answered) / Double(total) }
}
