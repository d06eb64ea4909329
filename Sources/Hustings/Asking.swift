/// A model that can be told which of two responses to show first.
public protocol OrderedModel: TraitSource {
  /// One answer per slate, in order.
  ///
  /// - Parameter order: the one order to ask a slate of two responses in; nil for the model's own way, such as both.
  func answers(to slates: [Slate], order: @Sendable (Slate) -> Matchup?) async throws -> [ModelAnswer]
}

extension OrderedModel {
  /// Every slate in the model's own way.
  public func answers(to slates: [Slate]) async throws -> [ModelAnswer] {
    try await answers(to: slates) { _ in nil }
  }
}

extension PreferenceModel {
  /// One answer per slate, in order, with the number of queries that it took: as the model counts itself, or else one per ordered
  /// pair for a model that compares and one per response for any other.
  ///
  /// - Parameter order: the one order to ask a slate of two responses in, of a model that minds; nil for both.
  public func countedAnswers(
    to slates: [Slate], order: @Sendable (Slate) -> Matchup? = { _ in nil }
  ) async throws -> [ModelAnswer] {
    let answers: [ModelAnswer]
    if let model = self as? any OrderedModel {
      answers = try await model.answers(to: slates, order: order)
    } else if let model = self as? any TraitSource {
      answers = try await model.answers(to: slates)
    } else if let model = self as? any PairwiseModel, slates.contains(where: { order($0) != nil }) {
      answers = try await model.answers(to: slates, inOrder: order)
    } else {
      answers = try await judge(slates).map { ModelAnswer($0, traits: [:]) }
    }
    precondition(answers.count == slates.count, "\(answers.count) answers, \(slates.count) slates")
    return answers.map { answer in
      answer.traits[Trait.queries] != nil
        ? answer
        : ModelAnswer(
          answer.tournament,
          traits: answer.traits.merging([Trait.queries: answer.tournament.queriesByFirst]) { own, _ in own })
    }
  }
}

extension PairQuery {
  /// What is asked of each slate, one query per matchup, slate after slate: every pair in the order it is to be shown in, or in both.
  package static func asked(
    of slates: [Slate], inOrder order: (Slate) -> Matchup?
  ) -> (matchups: [[Matchup]], queries: [PairQuery]) {
    let matchups = slates.map { slate in
      order(slate).map { [$0] } ?? slate.matchups.flatMap { [$0, $0.swapped] }
    }
    let queries = zip(slates, matchups).flatMap { slate, matchups in
      matchups.map {
        PairQuery(
          prompt: slate.prompt, first: slate.responses[$0.first], second: slate.responses[$0.second])
      }
    }
    return (matchups, queries)
  }
}

extension PairwiseModel {
  /// Every pair in the order it is to be shown in, or in both.
  fileprivate func answers(
    to slates: [Slate], inOrder order: (Slate) -> Matchup?
  ) async throws -> [ModelAnswer] {
    let (matchups, queries) = PairQuery.asked(of: slates, inOrder: order)
    let judgments = try await judgments(for: queries)
    precondition(judgments.count == queries.count, "\(judgments.count) judgments, \(queries.count) queries")
    var next = judgments.startIndex
    return zip(slates, matchups).map { slate, matchups in
      defer { next += matchups.count }
      return ModelAnswer(
        Tournament(
          count: slate.responses.count,
          ordered: Dictionary(uniqueKeysWithValues: zip(matchups, judgments[next...])),
          areVerdicts: self is any PairwiseJudge), traits: [:])
    }
  }
}

extension Tournament {
  /// One query per ordered pair, by the response in first place, or one per response.
  fileprivate var queriesByFirst: [Double?] {
    guard isOrdered else { return [Double?](repeating: 1, count: count) }
    var queries = [Double](repeating: 0, count: count)
    for matchup in matchups { queries[matchup.first] += 1 }
    return queries
  }
}
