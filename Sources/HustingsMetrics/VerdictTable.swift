public import Hustings

/// How well three-way verdicts (first, second, tie) match the key, class by class: macro precision, recall and F1.
///
/// Precision of a class is the share of its verdicts that are right, recall the share of its items that are found, F1
/// their harmonic mean; each is 0 where its denominator is, and the macro value is the plain mean over the classes that
/// occur in key or verdicts. PandaLM reports these (scikit-learn's `macro` average).
public struct VerdictTable: Metric {
  /// Which of the three.
  public enum Measure: String, Sendable, Hashable, CaseIterable {
    case precision, recall, f1
  }

  /// Its name on a board.
  public let name: String
  /// More is better.
  public var direction: Direction { .higherIsBetter }
  /// A share.
  public var unit: MetricUnit { .share }
  private let measure: Measure

  /// The macro average of a measure over items of two candidates.
  public init(_ name: String, _ measure: Measure) {
    self.name = name
    self.measure = measure
  }

  /// The macro average over the items that were answered; nil when none was.
  public func estimate(_ trials: [Trial]) -> Estimate? {
    var counts: [[Int]] = Array(repeating: [0, 0, 0], count: 3)
    var items = 0
    for trial in trials {
      let places = trial.key.candidates
      guard places.count == 2, places[0] != places[1],
        let gold = trial.key.gold.margin(places[0], places[1]),
        let answer = trial.tournament.margin(places[0], places[1])
      else { continue }
      counts[column(gold)][column(answer)] += 1
      items += 1
    }
    guard items > 0 else { return nil }
    let classes = (0..<3).filter { c in (0..<3).contains { counts[c][$0] + counts[$0][c] > 0 } }
    let values = classes.map { c -> Double in
      let right = Double(counts[c][c])
      let found = ratio(right, Double(counts[c].reduce(0, +)))
      let sound = ratio(right, Double((0..<3).reduce(0) { $0 + counts[$1][c] }))
      return switch measure {
      case .precision: sound
      case .recall: found
      case .f1: ratio(2 * sound * found, sound + found)
      }
    }
    return Estimate(value: values.reduce(0, +) / Double(values.count), interval: nil, count: items)
  }

  private func column(_ margin: Double) -> Int { margin > 0 ? 0 : margin < 0 ? 1 : 2 }

  private func ratio(_ a: Double, _ b: Double) -> Double { b == 0 ? 0 : a / b }
}
