public import Hustings

/// How a benchmark with sections puts its numbers together: subsets into sections, sections into one overall number.
///
/// The same definition makes a benchmark's metrics from items and recomputes a published row from its sections.
public struct BoardDefinition: Sendable, Hashable {
  /// A named group of subsets, which is one column of the published board.
  public struct Section: Sendable, Hashable {
    /// The name of the section, and of its column.
    public let name: String
    /// The other names its column goes by in published tables.
    public let aliases: [String]
    /// Its subsets, each with the weight of its mean.
    public let subsets: [Accuracy.Weight]
    /// Its weight in the overall number.
    public let weight: Double
    /// Whether a published 0 means that the section was not run.
    public let zeroMeansMissing: Bool

    /// A section.
    public init(
      _ name: String, aliases: [String] = [], subsets: [Accuracy.Weight], weight: Double = 1,
      zeroMeansMissing: Bool = false
    ) {
      self.name = name
      self.aliases = aliases
      self.subsets = subsets
      self.weight = weight
      self.zeroMeansMissing = zeroMeansMissing
    }
  }

  /// What it is called, such as `rewardbench-1`.
  public let name: String
  /// Its sections, in the order of the board.
  public let sections: [Section]

  /// A definition.
  public init(_ name: String, sections: [Section]) {
    self.name = name
    self.sections = sections
  }

  /// The metrics of the definition: overall, then sections, then subsets, each subset's name once.
  ///
  /// - Parameter replacing: sections whose number is not the weighted mean of credits, by name.
  public func metrics(
    rule: any CreditRule, replacing: [String: any ItemMetric] = [:]
  ) -> [any Metric] {
    let sectionMetrics = sections.map { section -> any ItemMetric in
      replacing[section.name]
        ?? Accuracy(section.name, rule: rule, subsets: .weighted(section.subsets))
    }
    let overall = Composite("overall", zip(sections, sectionMetrics).map { ($0.weight, $1) })
    let names = Set(sections.map(\.name))
    let subsets = sections.flatMap(\.subsets).map(\.subset).filter { !names.contains($0) }
    return [overall] + sectionMetrics
      + subsets.map { Accuracy($0, rule: rule, subsets: .pooled([$0])) }
  }

  /// A section's number from those of its subsets: their weighted mean over the subsets present, nil without any.
  public func section(_ name: String, ofSubsets values: [String: Double]) -> Double? {
    guard let section = sections.first(where: { $0.name == name }) else { return nil }
    return BoardDefinition.mean(section.subsets.map { (values[$0.subset], $0.weight) })
  }

  /// The overall number from those of the sections: their weighted mean over the sections present, nil without any.
  public func overall(ofSections values: [String: Double]) -> Double? {
    BoardDefinition.mean(
      sections.map { section in
        let value = ([section.name] + section.aliases).lazy.compactMap { values[$0] }.first
        return (value == 0 && section.zeroMeansMissing ? nil : value, section.weight)
      })
  }

  private static func mean(_ parts: [(value: Double?, weight: Double)]) -> Double? {
    var sum = 0.0
    var total = 0.0
    for (value, weight) in parts {
      guard let value else { continue }
      sum += weight * value
      total += weight
    }
    return total == 0 ? nil : sum / total
  }
}
