import BenchmarkPlugins
import HustingsData
import HustingsMetrics
import HustingsStatistics

extension Reproductions {
  /// Judges against people on the Vicuna questions: agreement, kappa, win rates, swap consistency and strengths.
  static let judgeVsHuman = Reproduction(
    folder: "judge_vs_human_vicuna80", tolerance: .init(absolute: 1e-9, exceptions: ["* / bt": 1e-6]),
    select: \.withoutMissing
  ) { folder in
    let votes = try humanVotes(FolderListing.file(folder, prefix: "human_votes_", suffix: ".json"))
    let majorities = LabelledPair.majorities(votes)
    let humanRates = rates(majorities)
    var figures: [String: Figures] = [
      "human": .object([
        "n_votes": .count(votes.count), "n_items": .count(majorities.count), "win_rate": humanRates,
        "published": .object(["win_rate": humanRates]), "bt_majority": strengths(majorities),
      ])
    ]
    for (path, judge) in FolderListing.files(folder, prefix: "judge_", suffix: ".jsonl") {
      let opinions = try JSONLines.map(path, judgeOpinion)
      guard let agreement = LabelAgreement(opinions, with: majorities) else { continue }
      let position = PositionBias(opinions)
      let winRates = rates(opinions)
      figures[judge] = .object([
        "n": .count(opinions.count), "accuracy": .number(agreement.accuracy),
        "fleiss": .maybe(agreement.fleissKappa), "cohen": .maybe(agreement.cohenKappa),
        "swap_consistency": .maybe(position.swapConsistency), "first_wins": .maybe(position.firstShare),
        "second_wins": .maybe(position.secondShare), "ties": .maybe(position.tieShare),
        "win_rate": winRates, "bt": strengths(opinions),
        "accuracy_no_ties": .maybe(agreement.decidedAccuracy), "n_no_ties": .count(agreement.decidedCount),
        "published": .object([
          "accuracy": .number(agreement.accuracy), "fleiss": .maybe(agreement.fleissKappa),
          "win_rate": winRates,
        ]),
      ])
    }
    return .object(figures)
  }

  /// Rows of question, two models and a label from 1 to 3, or −1.
  private static func humanVotes(_ path: String) throws -> [LabelledPair] {
    try JSONNode.read(path).array("votes").map { row in
      let cells = try row.elements()
      guard cells.count == 4 else {
        throw row.fault(.notAllowed(found: "\(cells.count) cells", expected: "question, two models, label"))
      }
      let pair = LabelledPair.Pair(
        prompt: "\(try cells[0].integer())", first: try cells[1].string(), second: try cells[2].string())
      return LabelledPair(pair, try label(cells[3]))
    }
  }

  private static func judgeOpinion(_ row: JSONNode) throws -> LabelledPair {
    let pair = LabelledPair.Pair(
      prompt: "\(try row.integer("q"))", first: try row.string("a"), second: try row.string("b"))
    let stored = try label(row.node("score"))
    // Where the reply was kept, the label is read from its last line.
    guard let reply = try row.optionalString("text") else { return LabelledPair(pair, stored) }
    return LabelledPair(pair, closingLabel(reply) ?? stored)
  }

  /// 1, 2 or 3; what could not be read counts as a tie here.
  private static func label(_ node: JSONNode) throws -> PairLabel {
    switch try node.integer() {
    case 1: .first
    case 2: .second
    case 3, -1: .tie
    case let other: throw node.fault(.notAllowed(found: "\(other)", expected: "1, 2, 3 or -1"))
    }
  }

  private static func closingLabel(_ reply: String) -> PairLabel? {
    let last = reply.split(whereSeparator: \.isNewline).last.map { $0.filter { !$0.isWhitespace } }
    switch last {
    case "1": return .first
    case "2": return .second
    case "3": return .tie
    default: return nil
    }
  }

  private static func rates(_ opinions: [LabelledPair]) -> Figures {
    .object(LabelledPair.winRates(opinions).mapValues { .number($0) })
  }

  /// Bradley–Terry ratings with a mean of 1000, 400 points being odds of ten to one.
  private static func strengths(_ opinions: [LabelledPair]) -> Figures {
    let models = Set(opinions.flatMap { [$0.pair.first, $0.pair.second] }).sorted()
    let place = Dictionary(uniqueKeysWithValues: models.enumerated().map { ($1, $0) })
    let meetings = opinions.compactMap { opinion -> BradleyTerry.Meeting? in
      guard let first = place[opinion.pair.first], let second = place[opinion.pair.second] else { return nil }
      return BradleyTerry.Meeting(first: first, second: second, outcome: opinion.label.credit, weight: 1)
    }
    guard
      let fit = BradleyTerry(
        models: models.count, meetings: meetings,
        clusters: Clustering(labels: opinions.map(\.pair.prompt)), position: false, disconnected: .refuse)
    else { return .missing }
    let ratings = fit.ratings(scale: 400, base: 10, initial: 1000)
    return .object(Dictionary(uniqueKeysWithValues: zip(models, ratings.map { .number($0) })))
  }
}
