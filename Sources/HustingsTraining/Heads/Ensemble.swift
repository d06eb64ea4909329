public import Hustings

/// How the answers of several models become one (Coste et al. 2023 for rewards).
public enum EnsembleRule: Sendable, Hashable, Codable {
  /// The mean.
  case mean
  /// The least reward; of margins, the one nearest to 0 when all agree on the side, else 0.
  case worst
  /// The mean less so many standard deviations; of margins, moved towards 0 by that, never past it.
  case cautious(deviations: Double)

  /// One reward from those of the members; nil when a member has none, for what is not known is no 0.
  public func reward(_ members: [Double?]) -> Double? {
    guard let values = EnsembleRule.known(members) else { return nil }
    switch self {
    case .mean: return EnsembleRule.mean(values)
    case .worst: return values.min()
    case .cautious(let deviations):
      return EnsembleRule.mean(values) - deviations * EnsembleRule.spread(values)
    }
  }

  /// One margin from those of the members; nil when a member has none. Swapping the responses negates it.
  public func margin(_ members: [Double?]) -> Double? {
    guard let values = EnsembleRule.known(members) else { return nil }
    let mean = EnsembleRule.mean(values)
    switch self {
    case .mean: return mean
    case .worst:
      let side: Double = mean < 0 ? -1 : 1
      return side * max(0, values.map { side * $0 }.min() ?? 0)
    case .cautious(let deviations):
      let side: Double = mean < 0 ? -1 : 1
      return side * max(0, abs(mean) - deviations * EnsembleRule.spread(values))
    }
  }

  private static func known(_ members: [Double?]) -> [Double]? {
    let values = members.compactMap { $0 }
    return values.count == members.count && !values.isEmpty ? values : nil
  }

  private static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

  /// The standard deviation over members, of n and not n - 1: the members are all there are.
  private static func spread(_ values: [Double]) -> Double {
    let mean = mean(values)
    return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot()
  }
}

/// Several models that answer as one.
public struct Ensemble: Sendable, Hashable {
  /// The models.
  public let members: [PreferenceNetwork]
  /// How their answers become one.
  public let rule: EnsembleRule

  /// An ensemble of models that read the same features; throws when they do not.
  public init(_ members: [PreferenceNetwork], rule: EnsembleRule) throws {
    guard let first = members.first else { throw TrainingFault.ensembleMix(what: "there is none") }
    for member in members where member.inputs != first.inputs {
      throw TrainingFault.ensembleMix(what: "one reads \(first.inputs) features, another \(member.inputs)")
    }
    for member in members
    where member.promptInputs != nil && first.promptInputs != nil && member.promptInputs != first.promptInputs
    {
      throw TrainingFault.ensembleMix(
        what: "one reads \(first.promptInputs ?? 0) prompt features, another \(member.promptInputs ?? 0)")
    }
    self.members = members
    self.rule = rule
  }

  /// Log-odds that `first` is preferred to `second`.
  public func margins(
    _ pairs: [RowPair], features: FeatureMatrix, prompts: FeatureMatrix? = nil, workers: Int = 1
  ) -> [Double?] {
    let answers = members.map { $0.margins(pairs, features: features, prompts: prompts, workers: workers) }
    return pairs.indices.map { pair in rule.margin(answers.map { $0[pair] }) }
  }

  /// One reward per row; nil unless every member is a Bradley–Terry model.
  public func rewards(of rows: [Int32], features: FeatureMatrix, workers: Int = 1) -> [Double?]? {
    var answers: [[Double]] = []
    for member in members {
      guard let rewards = member.rewards(of: rows, features: features, workers: workers) else { return nil }
      answers.append(rewards)
    }
    return rows.indices.map { row in rule.reward(answers.map { $0[row] }) }
  }
}
