import BenchmarkPlugins
import Foundation
import HustingsMetrics
import HustingsStatistics

/// The figures of one model of AlpacaEval 2.
struct AlpacaEval2Figures: Sendable {
  let contest: AlpacaContest
  let published: LengthControlWeights?
  private let board: AlpacaBoard
  private let rows: LengthControlRows

  init(folder: AlpacaRecordings, contest: AlpacaContest, published: LengthControlWeights?) {
    self.contest = contest
    self.published = published
    board = folder.board(.unpenalised)
    rows = contest.lengthControlRows(difficulties: folder.difficulties, alignment: .byPosition)
  }

  func all(_ name: String) -> Figures {
    guard let rate = contest.winRate else { return .missing }
    let fit = fit(publishedStrength.map(LengthControlStrength.given) ?? .alpacaEval)
    let difficulties = rows.difficulties ?? []
    let shown = published ?? fit?.weights
    var figures = AlpacaRow(
      name: name, rate: rate, mode: nil, averageLength: contest.averageLength,
      lengthControlled: shown?.winRate(difficulties: difficulties),
      lengthControlledSpread: shown?.spread(difficulties: difficulties)
    ).figures
    figures["rows"] = .count(contest.annotations.count)
    figures["C"] = .maybe(publishedStrength ?? fit?.inverseStrength)
    figures["exact_optimum_weights"] = fit.map(\.weights.figures) ?? .missing
    figures["lc_from_published_weights"] = percent(published?.winRate(difficulties: difficulties))
    figures["lc_exact_optimum_at_C"] = percent(fit?.winRate)
    figures["lc_exact_no_penalty"] = percent(self.fit(.unpenalised)?.winRate)
    figures["lc_noreg_unpenalised"] = percent(
      LengthControl(anchor: nil, usesDifficulty: true).fit(rows, strength: .unpenalised)?.winRate)
    figures["lc_minimal_unpenalised"] = percent(
      LengthControl(anchor: nil, usesDifficulty: false).fit(rows, strength: .unpenalised)?.winRate)
    figures["constant_length"] = constantLength
    return .object(figures)
  }

  /// Of a model whose responses all have one length, how far its rate and their spread move when the fit is not held back at all;
  /// nothing of other models.
  ///
  /// Such a model's length term is a function of the prompt alone, as its difficulty is, so hardly anything but the penalty
  /// tells the two apart. Which C wins the cross-validation is then a toss-up, and the published number and the published
  /// weights may stem from different ones; neither can be had more closely than by what the penalty is worth.
  var constantLength: Figures {
    let lengths = contest.annotations.map(\.modelLength)
    guard lengths.count > 1, Set(lengths).count == 1, let given = publishedStrength,
      let held = fit(.given(given)),
      let free = fit(.unpenalised)
    else { return .missing }
    return .object([
      "rate": .number(100 * abs(free.winRate - held.winRate)),
      "spread": .maybe(free.spread.flatMap { a in held.spread.map { 100 * abs(a - $0) } }),
    ])
  }

  /// A fit as the board makes it.
  func fit(_ strength: LengthControlStrength) -> LengthControlFit? {
    board.control?.fit(rows, strength: strength)
  }

  /// The C of the published fit, told by its weights.
  ///
  /// At the optimum the slope of the loss in theta is ∓1/C. Upstream's solver stops a little before it, so the value of the
  /// grid whose 1/C is nearest is the one.
  var publishedStrength: Double? {
    guard let published, let difficulties = rows.difficulties,
      case .chosen(let grid, _) = LengthControlStrength.alpacaEval
    else { return nil }
    var slope = 0.0
    for row in 0..<rows.count {
      guard let preference = rows.preferences[row] else { continue }
      let logOdds =
        published.theta + published.difficulty * difficulties[row]
        + published.lengthTerm * rows.lengthTerms[row]
      slope += 1 / (1 + exp(-logOdds)) - preference
    }
    return grid.min { abs(1 / $0 - abs(slope)) < abs(1 / $1 - abs(slope)) }
  }
}

extension LengthControlWeights {
  fileprivate var figures: Figures {
    .object(["tanh_len": .number(lengthTerm), "difficulty": .number(difficulty), "theta": .number(theta)])
  }
}

extension AlpacaRow {
  /// The row by the leaderboard's column names.
  var figures: [String: Figures] {
    [
      "win_rate": .number(winRate), "standard_error": .maybe(standardError), "n_wins": .count(rate.wins),
      "n_wins_base": .count(rate.losses), "n_draws": .count(rate.draws), "n_total": .count(rate.total),
      "discrete_win_rate": .number(discreteWinRate),
      "avg_length": averageLength.map(Figures.count) ?? .missing,
      "length_controlled_winrate": .maybe(lengthControlled),
      "lc_standard_error": .maybe(lengthControlledSpread),
    ]
  }
}
