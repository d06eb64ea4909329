public import Hustings
import HustingsNumerics

/// One slate as rows of encoded features.
public struct EncodedSlate: Sendable, Hashable {
  /// The row of each response; nil where there is no encoding of it.
  public let responses: [Int?]
  /// The row of the prompt; it matters to gated models only.
  public let prompt: Int

  /// A slate of the given rows.
  public init(responses: [Int?], prompt: Int) {
    self.responses = responses
    self.prompt = prompt
  }
}

extension PreferenceNetwork {
  /// The kind of preference model that this is.
  public var kind: ModelKind {
    switch settings.head {
    case .bradleyTerry: .reward
    case .general, .decomposed, .distributional: .embedding
    case .pairwise: .pairwise
    }
  }

  /// One tournament per slate: each response is read once, except by a model that reads pairs, which is asked every pair in
  /// both orders.
  public func judge(
    _ slates: [EncodedSlate], features: FeatureMatrix, prompts: FeatureMatrix? = nil, workers: Int = 1
  ) -> [Tournament] {
    if kind == .reward { return judgeByReward(slates, features, workers) }
    var questions: [RowPair] = []
    var places: [(slate: Int, matchup: Matchup)] = []
    for (index, slate) in slates.enumerated() {
      for matchup in matchups(slate) {
        guard let a = slate.responses[matchup.first], let b = slate.responses[matchup.second] else {
          continue
        }
        questions.append(RowPair(a, b, prompt: slate.prompt))
        places.append((index, matchup))
      }
    }
    let margins = presentedMargins(questions, features: features, prompts: prompts, workers: workers)
    var judgments = slates.map { slate in
      var absent: [Matchup: Judgment] = [:]
      for matchup in matchups(slate) { absent[matchup] = .absent(PreferenceNetwork.notEncoded) }
      return absent
    }
    for (place, margin) in zip(places, margins) {
      judgments[place.slate][place.matchup] = Judgment(logOdds: margin)
    }
    return zip(slates, judgments).map { slate, judgments in
      kind == .pairwise
        ? Tournament(count: slate.responses.count, ordered: judgments)
        : Tournament(count: slate.responses.count, symmetric: judgments)
    }
  }

  private static let notEncoded = Absence(.abstention, "a response has no encoding")

  private func matchups(_ slate: EncodedSlate) -> [Matchup] {
    let all = Matchup.all(among: slate.responses.count)
    return kind == .pairwise ? all.flatMap { [$0, $0.swapped] } : all
  }

  private func judgeByReward(
    _ slates: [EncodedSlate], _ features: FeatureMatrix, _ workers: Int
  ) -> [Tournament] {
    let rows = slates.flatMap { $0.responses.compactMap { $0 } }.map(Int32.init)
    var rewards = (rewards(of: rows, features: features, workers: workers) ?? []).makeIterator()
    return slates.map { slate in
      var absences: [Int: Absence] = [:]
      let values = slate.responses.enumerated().map { index, row -> Double? in
        guard row != nil else {
          absences[index] = PreferenceNetwork.notEncoded
          return nil
        }
        return rewards.next()
      }
      return Tournament(rewards: values, absences: absences)
    }
  }
}
