public import Hustings

/// The laws every preference model keeps. A plugin author's whole test is
///
///     #expect(try await ModelLaws.violations(of: MyModel(), on: ModelLaws.slates) == [])
public enum ModelLaws {
  /// Slates of two to five responses with the texts that break adapters: empty, long, unicode, markdown, equal lengths.
  public static let slates: [Slate] = [
    Slate(
      id: "capital", prompt: Prompt("What is the capital of France?"),
      responses: [
        Response("Paris."), Response("The capital of France is Paris, on the Seine."),
      ]),
    Slate(
      id: "list", prompt: Prompt("Name three fruits."),
      responses: [
        Response("# Fruits\n\n* apple\n* pear\n* plum"), Response("apple, pear, plum"), Response(""),
      ]),
    Slate(
      id: "unicode", prompt: Prompt("Grüße 👋🏽 auf Deutsch?"),
      responses: [
        Response("Grüß Gott! 👨‍👩‍👧‍👦"), Response("e\u{301} is not \u{E9}"), Response("a\u{2028}b\r\nc\u{0}d"),
        Response("Servus"),
      ]),
    Slate(
      id: "turns",
      prompt: Prompt([
        Message(.system, "Be brief."), Message(.user, "Hi"), Message(.assistant, "Hello"),
        Message(.user, "2 + 2?"),
      ]),
      responses: [
        Response("4"), Response("5"), Response("four", after: [Message(.user, "in words")]), Response("vier"),
        Response(String(repeating: "four ", count: 2_000)),
      ]),
  ]

  /// Every law the model breaks on the slates.
  public static func violations(of model: any PreferenceModel, on slates: [Slate]) async throws
    -> [LawViolation]
  {
    let reference = try await model.judge(slates)
    guard reference.count == slates.count else {
      return [LawViolation("every slate gets one tournament", "\(reference.count) for \(slates.count)")]
    }
    var violations: [LawViolation] = []
    for (slate, tournament) in zip(slates, reference) {
      violations += shape(of: tournament, slate)
    }
    guard violations.isEmpty else { return violations }
    violations += try await repetition(model, slates, reference)
    violations += try await permutation(model, slates, reference)
    if model.card.kind == .reward { violations += scalar(slates, reference) }
    return violations
  }

  private static func shape(of tournament: Tournament, _ slate: Slate) -> [LawViolation] {
    var violations: [LawViolation] = []
    if tournament.count != slate.responses.count {
      violations.append(
        LawViolation(
          "a tournament is among the slate's responses",
          "slate \(slate.id): \(tournament.count) of \(slate.responses.count)"))
      return violations
    }
    for matchup in tournament.matchups {
      if let margin = tournament.judgment(matchup)?.logOdds, !margin.isFinite {
        violations.append(LawViolation("margins are finite", "slate \(slate.id), \(matchup): \(margin)"))
      }
      if let absence = tournament.judgment(matchup)?.absence, absence.reason.isEmpty {
        violations.append(LawViolation("an absence has a reason", "slate \(slate.id), \(matchup)"))
      }
    }
    return violations
  }

  private static func repetition(
    _ model: any PreferenceModel, _ slates: [Slate], _ reference: [Tournament]
  ) async throws -> [LawViolation] {
    var violations: [LawViolation] = []
    func expect(_ law: String, _ other: [Tournament], _ expected: [Tournament]) {
      for (index, pair) in zip(other, expected).enumerated() where pair.0 != pair.1 {
        violations.append(LawViolation(law, "slate \(slates[index].id)"))
      }
      if other.count != expected.count { violations.append(LawViolation(law, "\(other.count) tournaments")) }
    }
    expect("judging twice gives the same", try await model.judge(slates), reference)
    var single: [Tournament] = []
    for slate in slates { single += try await model.judge([slate]) }
    expect("batches change nothing", single, reference)
    expect(
      "the order of slates changes nothing", try await model.judge(slates.reversed()).reversed(), reference)
    expect("no slates give no tournaments", try await model.judge([]), [])
    if model.card.readsTexts {
      let renamed = slates.map { Slate(id: "renamed \($0.id)", prompt: $0.prompt, responses: $0.responses) }
      expect("renaming slates changes nothing", try await model.judge(renamed), reference)
    }
    return violations
  }

  private static func permutation(
    _ model: any PreferenceModel, _ slates: [Slate], _ reference: [Tournament]
  ) async throws -> [LawViolation] {
    let reversed = slates.map {
      Slate(id: $0.id, prompt: $0.prompt, presenting: $0.responses.reversed())
    }
    var violations: [LawViolation] = []
    for (slate, (before, after)) in zip(slates, zip(reference, try await model.judge(reversed))) {
      let last = slate.responses.count - 1
      for matchup in before.matchups {
        let moved = Matchup(last - matchup.first, last - matchup.second)
        if before.judgment(matchup) != after.judgment(moved) {
          violations.append(
            LawViolation("permuting responses permutes margins", "slate \(slate.id), \(matchup)"))
        }
      }
    }
    return violations
  }

  private static func scalar(_ slates: [Slate], _ tournaments: [Tournament]) -> [LawViolation] {
    zip(slates, tournaments).compactMap { slate, tournament in
      guard tournament.rewards != nil, !tournament.isOrdered else {
        return LawViolation("a reward model gives rewards", "slate \(slate.id)")
      }
      return nil
    }
  }
}
