public import Hustings
public import HustingsData
public import HustingsMetrics

/// Why a model stands where it stands now, and not where it stood: its change of place, taken apart step by step.
///
/// Each step replaces one thing and counts places again: the metric and the items that are gone, the model's own version, the
/// items that are new, the other models' changes, and the models that came or went. The steps add up to the whole change.
public struct RankChange: Sendable {
  /// One step.
  public struct Step: Sendable, Hashable {
    /// What was replaced.
    public let cause: String
    /// The model's headline after the step.
    public let value: Double
    /// Its place after the step, 1 being best.
    public let place: Int
    /// What to know beside it.
    public let note: String
  }

  /// One line of the board now.
  public struct Standing: Sendable {
    /// The model.
    public let card: ModelCard
    /// Its headline.
    public let value: Double
    /// The places that noise allows it.
    public let ranks: ClosedRange<Int>?

    /// One line of the board now.
    public init(card: ModelCard, value: Double, ranks: ClosedRange<Int>?) {
      self.card = card
      self.value = value
      self.ranks = ranks
    }
  }

  /// The benchmark.
  public let benchmark: String
  /// The model.
  public let model: String
  /// The steps, the board of the baseline first.
  public let steps: [Step]
  /// The places that noise allows the model now.
  public let ranks: ClosedRange<Int>?
  /// The paired difference of the model's two versions on the items that both answered; nil when the answers are the same.
  public let versions: PairedComparison?

  /// The change of a model since a baseline; nil when either board lacks it or the headline is no sum over items.
  ///
  /// - Parameters:
  ///   - part: the baseline's part on this benchmark: its board, and the answers of the model then.
  ///   - definition: the benchmark's rules now.
  ///   - version: the version of those rules.
  ///   - keys: the answer keys now.
  ///   - trials: the model's answers now.
  ///   - board: the board now, null models left out.
  public init?(
    of card: ModelCard, since part: Baseline.Part, _ definition: any Benchmark, version: String,
    keys: [AnswerKey], trials: [Trial], board: [Standing]
  ) {
    guard let metric = definition.metrics.first as? any ItemMetric,
      let then = part.standings.first(where: { $0.model == card.name }),
      let now = board.first(where: { $0.card.name == card.name })
    else { return nil }
    benchmark = part.name
    model = card.name
    ranks = now.ranks
    let isLower = metric.direction == .lowerIsBetter
    func place(_ value: Double, among others: [Double]) -> Int {
      1 + others.count { isLower ? $0 < value : $0 > value }
    }
    let thenOthers = part.standings.filter { $0.model != card.name }
    let nowOthers = board.filter { $0.card.name != card.name }
    let oldOthers = thenOthers.map(\.value)
    var steps = [
      Step(cause: "the board then", value: then.value, place: place(then.value, among: oldOthers), note: "")
    ]
    func add(_ cause: String, _ value: Double, among others: [Double], _ note: String) {
      steps.append(Step(cause: cause, value: value, place: place(value, among: others), note: note))
    }

    // The old answers to the items that are still there, by the rules of now.
    let before = keys.compactMap { key in
      part.answers[key.item].flatMap { $0.count == key.gold.count ? Trial(key: key, tournament: $0) : nil }
    }
    let shared = Set(before.map(\.key.item))
    let kept = trials.filter { shared.contains($0.key.item) }
    var value = then.value
    if let again = metric.estimate(before)?.value {
      value = again
      let gone = part.answers.count - before.count
      let rules =
        part.version == version
        ? "the rules are the same" : "the rules went from \(part.version) to \(version)"
      add("rules and items that are gone", value, among: oldOthers, "\(rules); \(gone) items are gone")
    }
    let comparison = PairedComparison(metric, baseline: before, candidate: kept, level: 0.95)
    let isSame = then.fingerprint == card.fingerprint
    versions = isSame ? nil : comparison
    if let current = metric.estimate(kept)?.value {
      value = current
      add(
        "the model's version", value, among: oldOthers,
        isSame ? "the same fingerprint" : "another fingerprint")
    }
    let new = trials.count - kept.count
    add("items that are new", now.value, among: oldOthers, "\(new) items are new")
    value = now.value

    // Models on both boards by name, then those that came or went.
    let stayed = thenOthers.compactMap { old in
      nowOthers.first { $0.card.name == old.model }.map { (old, $0) }
    }
    let left = thenOthers.filter { old in !nowOthers.contains { $0.card.name == old.model } }
    let moved = stayed.count { $0.0.fingerprint != $0.1.card.fingerprint }
    add(
      "the other models", value, among: stayed.map { $0.1.value } + left.map(\.value),
      "\(stayed.count) stayed, \(moved) of them in another version")
    let came = nowOthers.count - stayed.count
    add(
      "models that came or went", value, among: nowOthers.map(\.value), "\(came) came, \(left.count) went")
    self.steps = steps
  }

  /// The change of place: negative is upwards.
  public var places: Int { (steps.last?.place ?? 0) - (steps.first?.place ?? 0) }

  /// The steps as a table.
  public func table(unit: MetricUnit) -> Table {
    let rows = steps.enumerated().map { index, step -> [Table.Cell] in
      let before = index > 0 ? steps[index - 1] : nil
      let moved = before.map { step.place - $0.place }
      return [
        .text(step.cause), Board.cell(step.value, unit),
        before.map { Board.cell(signed: step.value - $0.value, unit) } ?? .missing, .integer(step.place),
        moved.map { Table.Cell($0 == 0 ? "0" : Format.signed(Double($0), 0), .integer($0)) } ?? .missing,
        .text(step.note),
      ]
    }
    var notes: [String] = []
    if let ranks {
      let band = ranks.count == 1 ? "\(ranks.lowerBound)" : "\(ranks.lowerBound) to \(ranks.upperBound)"
      let last = steps.last?.place ?? 0
      let first = steps.first?.place ?? 0
      notes.append(
        "Noise allows the places \(band) now"
          + (ranks.contains(first) && first != last ? ": the old place is among them." : "."))
    }
    if let versions {
      notes.append(
        "The model's two versions differ by \(Gate.text(versions.difference.value, unit)) on \(versions.difference.count) items"
          + (versions.pValue.map { " (p = \(Format.probability($0)))." } ?? "."))
    }
    return Table(
      title: "\(model) on \(benchmark): place \(steps.first?.place ?? 0) then, \(steps.last?.place ?? 0) now",
      columns: [
        .init("step"), .init("value", isNumeric: true), .init("change", isNumeric: true),
        .init("place", isNumeric: true), .init("moved", isNumeric: true), .init("note"),
      ], rows: rows, notes: notes)
  }
}
