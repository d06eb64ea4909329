import Hustings
import HustingsTraining

/// Asks a preference model about candidates that policies choose among.
enum PolicyJudging {
  /// What a model says of every two candidates; throws when it names no or several models, or does not answer.
  static func games(
    _ text: String, _ menus: [VotePanel.Menu], _ workplace: Workplace
  ) async throws -> JudgedMenus {
    let models = try await workplace.models(text)
    guard models.count == 1 else {
      throw UsageError("'\(text)' names \(models.count) models; name one, as with a # selection.")
    }
    let model = models[0]
    if model is any Recording {
      throw UsageError(
        "'\(text)' is a recording of a benchmark's items and knows nothing of these candidates; name a model that reads texts."
      )
    }
    let slates = menus.enumerated().map { number, menu in
      Slate(id: "prompt \(number + 1)", prompt: menu.prompt, responses: menu.responses)
    }
    let tournaments: [Tournament]
    do {
      tournaments = try await model.judge(slates)
      await Lineup.close(models)
    } catch {
      await Lineup.close(models)
      throw error
    }
    guard tournaments.count == slates.count else {
      throw VoteFault.unanswered(
        "all prompts", reason: "\(tournaments.count) answers to \(slates.count) slates")
    }
    let margins = try zip(menus, zip(slates, tournaments)).map { menu, pair in
      let (slate, tournament) = pair
      let places = menu.responses.map { slate.index(of: $0.digest) ?? 0 }
      return try places.map { i in
        try places.map { j -> Double in
          guard i != j else { return 0 }
          guard let margin = tournament.margin(i, j) else {
            throw VoteFault.unanswered(
              slate.id, reason: tournament.absence(i, j)?.reason ?? "a pair was not answered")
          }
          return margin
        }
      }
    }
    return JudgedMenus(
      games: try PreferenceGames(menus: menus, margins: margins), margins: margins, judge: model.card)
  }
}

/// What a preference model says of every two candidates of some prompts.
struct JudgedMenus {
  let games: PreferenceGames
  /// Log-odds of candidate i over j, prompt by prompt.
  let margins: [[[Double]]]
  let judge: ModelCard
}
