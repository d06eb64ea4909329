import Foundation
public import Hustings

/// Several models that are one: each says what it thinks, and a rule makes one answer of it.
///
/// A member that abstains has no voice in that matchup. A member that could not be asked leaves the matchup open, to be asked
/// again.
public struct JudgePanel: MeteredModel, OrderedModel, ClosableModel {
  /// How voices become an answer.
  public enum Rule: String, Sendable, Hashable, CaseIterable {
    /// One vote each for the first or the second response, three where a verdict is a strong one; as many on either side are a
    /// tie.
    case majority
    /// The mean of the members' probabilities; a verdict counts as 1, ½ or 0.
    case average
  }

  /// Who it is.
  public let card: ModelCard
  private let members: [any PreferenceModel]
  private let rule: Rule
  /// Whether members' verdicts may be strong ones, which count as three, as Arena-Hard counts them.
  private let hasStrengths: Bool

  /// A panel.
  public init(_ members: [any PreferenceModel], rule: Rule, name: String) {
    self.members = members
    self.rule = rule
    hasStrengths =
      rule == .majority
      && members.contains { ($0 as? JudgeModel)?.rubric.parser.hasStrengths == true }
    var hash = SHA256()
    hash.updateFramed(hasStrengths ? "panel/2" : "panel/1")
    hash.updateFramed(rule.rawValue)
    for fingerprint in members.map(\.card.fingerprint).sorted() { hash.update(fingerprint) }
    card = ModelCard(
      name: name, kind: rule == .majority ? .judge : .pairwise, revision: "1", fingerprint: hash.finalize(),
      settings: ["pool": rule.rawValue, "members": members.map(\.card.name).joined(separator: ", ")])
  }

  /// Once for each member whose calls are counted.
  public var itemsPerSlate: Int {
    members.reduce(0) { $0 + (($1 as? any MeteredModel)?.itemsPerSlate ?? 0) }
  }

  /// Lets go of what members hold.
  public func close() async {
    for member in members { await (member as? any ClosableModel)?.close() }
  }

  /// Asks every member and puts the answers together. Queries and cost are those of all members.
  public func answers(
    to slates: [Slate], order: @Sendable (Slate) -> Matchup?
  ) async throws -> [ModelAnswer] {
    let orders = slates.map { (slate: $0, order: order($0)) }
    let shown = Dictionary(orders.map { ($0.slate, $0.order) }, uniquingKeysWith: { first, _ in first })
    let answers = try await withThrowingTaskGroup(of: (Int, [ModelAnswer]).self) { group in
      for (index, member) in members.enumerated() {
        group.addTask { (index, try await member.countedAnswers(to: slates) { shown[$0] ?? nil }) }
      }
      var answers = [[ModelAnswer]](repeating: [], count: members.count)
      for try await (index, own) in group { answers[index] = own }
      return answers
    }
    return slates.indices.map { slate in
      let voices = answers.map { $0[slate] }
      var traits: [String: [Double?]] = [:]
      for name in [Trait.queries, Trait.cost] {
        let known = voices.compactMap { $0.traits[name] }
        guard !known.isEmpty else { continue }
        traits[name] = slates[slate].responses.indices.map { index in
          known.reduce(0) { $0 + ($1[index] ?? 0) }
        }
      }
      if hasStrengths, slates[slate].responses.count == 2 {
        traits.merge(rows(of: voices.map(\.tournament))) { own, _ in own }
      }
      return ModelAnswer(
        pooled(voices.map(\.tournament), count: slates[slate].responses.count), traits: traits)
    }
  }

  /// How many rows of a battle table the verdicts on two responses are, by the one that was shown first: its own, ties, and all.
  private func rows(of voices: [Tournament]) -> [String: [Double?]] {
    var traits: [String: [Double?]] = [:]
    for matchup in [Matchup(0, 1), Matchup(1, 0)] {
      // What is no verdict has no strength.
      let margins = voices.compactMap { voice in
        voice.judgment(matchup)?.logOdds.map { voice.areVerdicts ? $0 : Double($0 > 0 ? 1 : $0 < 0 ? -1 : 0) }
      }
      guard !margins.isEmpty else { continue }
      for (name, counted) in [
        (Trait.rows, margins), (Trait.rowsFirst, margins.filter { $0 > 0 }),
        (Trait.rowsTied, margins.filter { $0 == 0 }),
      ] {
        traits[name, default: [nil, nil]][matchup.first] = counted.reduce(0) { $0 + JudgePanel.votes($1) }
      }
    }
    return traits
  }

  /// How many votes a verdict is.
  private static func votes(_ margin: Double) -> Double { abs(margin) >= 3 ? 3 : 1 }

  private func pooled(_ voices: [Tournament], count: Int) -> Tournament {
    var judgments: [Matchup: Judgment] = [:]
    for pair in Matchup.all(among: count) {
      for matchup in [pair, pair.swapped] {
        let said = voices.compactMap { voice in voice.judgment(matchup).map { ($0, voice.areVerdicts) } }
        guard !said.isEmpty else { continue }
        judgments[matchup] = pooled(said)
      }
    }
    return Tournament(count: count, ordered: judgments, areVerdicts: rule == .majority)
  }

  private func pooled(_ said: [(judgment: Judgment, isVerdict: Bool)]) -> Judgment {
    if let error = said.lazy.compactMap({ $0.judgment.absence }).first(where: { $0.kind == .error }) {
      return .absent(error)
    }
    let margins = said.compactMap { said in said.judgment.logOdds.map { ($0, said.isVerdict) } }
    guard !margins.isEmpty else {
      let reasons = said.compactMap { $0.judgment.absence?.reason }.joined(separator: " | ")
      return .absent(Absence(.abstention, "no member said anything: \(reasons)"))
    }
    switch rule {
    case .majority:
      let balance = margins.reduce(0.0) { sum, voice in
        let votes = hasStrengths && voice.1 ? JudgePanel.votes(voice.0) : 1
        return sum + (voice.0 > 0 ? votes : voice.0 < 0 ? -votes : 0)
      }
      return .margin(balance > 0 ? 1 : balance < 0 ? -1 : 0)
    case .average:
      let probabilities = margins.map { margin, isVerdict in
        isVerdict ? (margin > 0 ? 1 : margin < 0 ? 0 : 0.5) : 1 / (1 + exp(-margin))
      }
      let mean = probabilities.reduce(0, +) / Double(probabilities.count)
      let inside = min(max(mean, 0x1p-53), 1 - 0x1p-53)
      return Judgment(logOdds: log(inside) - log1p(-inside))
    }
  }
}
