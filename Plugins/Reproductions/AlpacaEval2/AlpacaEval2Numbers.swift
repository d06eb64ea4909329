import BenchmarkPlugins
import Foundation
import HustingsMetrics
import HustingsStatistics

extension Reproductions {
  /// AlpacaEval 2: the leaderboard's rows from the judge's replies, length-controlled win rates from the published weights,
  /// and exact fits with and without penalty, regulariser and difficulty.
  static let alpacaEval2 = Reproduction(
    folder: "alpaca_eval2",
    tolerance: .init(
      absolute: 2e-10,
      exceptions: [
        "models / * / length_controlled_winrate": 1e-6, "models / * / lc_": 1e-6,
        "models / * / exact_optimum_weights": 1e-8, "weights_only / *": 1e-6, "head_to_head": 1e-6,
        // The published weights are older than the published number.
        "weights_only / dbrx-instruct / length_controlled_winrate": 0.2,
      ]),
    allowances: { obtained in
      obtained["models"].members.reduce(into: [:]) { limits, model in
        guard let rate = model.value["constant_length"]["rate"].number,
          let spread = model.value["constant_length"]["spread"].number
        else { return }
        limits["models / \(model.key) / length_controlled_winrate"] = rate
        limits["models / \(model.key) / lc_standard_error"] = spread
      }
    },
    quoted: [
      "models / * / published_weights": "the input of the length-controlled win rate",
      "weights_only / * / weights": "the input of the length-controlled win rate",
      "weights_only / * / n_total": "the folder holds no annotations of these models",
      "weights_only / * / win_rate": "the folder holds no annotations of these models",
    ], select: \.withoutMissing
  ) { path in
    let folder = try AlpacaRecordings(path)
    let published = try PublishedWeights(file: "\(path)/expected.json")
    let models = await folder.figures { name, contest in
      AlpacaEval2Figures(folder: folder, contest: contest, published: published[name]).all(name)
    }
    return .object([
      "models": .object(models),
      "weights_only": .object(
        published.only.mapValues { weights in
          .object([
            "length_controlled_winrate": percent(weights.winRate(difficulties: folder.difficulties)),
            "lc_standard_error": percent(weights.spread(difficulties: folder.difficulties)),
          ])
        }),
      "head_to_head_from_weights": .list(
        published.meetings.map { meeting in
          let rate = published[meeting.model].flatMap { model in
            published[meeting.baseline].flatMap {
              model.winRate(against: $0, difficulties: folder.difficulties)
            }
          }
          return .object([
            "model": .text(meeting.model), "baseline": .text(meeting.baseline),
            "win_rate_pct": percent(rate),
          ])
        }),
      "rederived": .object([
        "replies": .count(folder.check.read), "mismatches": .count(folder.check.mismatches),
      ]),
    ])
  }

  /// The same length-controlled win rates from fits of our own at the published fits' C: within 0.02 points, which is where
  /// upstream's solver stops.
  static let alpacaEval2GivenStrength = Reproduction(
    folder: "alpaca_eval2",
    tolerance: .init(absolute: 0.02),
    allowances: { obtained in
      obtained["worth of the penalty"].members.reduce(into: [:]) { limits, model in
        limits["length-controlled with C given / \(model.key)"] = model.value.number
      }
    },
    select: { .object(["length-controlled with C given": lengthControlled($0)]) },
    obtain: { path in
      let folder = try AlpacaRecordings(path)
      let published = try PublishedWeights(file: "\(path)/expected.json")
      let rates = await folder.figures { name, contest in
        guard let weights = published[name] else { return .missing }
        let figures = AlpacaEval2Figures(folder: folder, contest: contest, published: weights)
        return percent(figures.publishedStrength.flatMap { figures.fit(.given($0)) }?.winRate)
      }
      let worths = await folder.figures { name, contest in
        AlpacaEval2Figures(folder: folder, contest: contest, published: published[name]).constantLength[
          "rate"]
      }
      return .object([
        "length-controlled with C given": .object(rates), "worth of the penalty": .object(worths),
      ])
    })

  /// The same once more, with C chosen by cross-validation as upstream chooses it: within 0.16 points, as the length-gamed
  /// baselines' judgments are known in sum only.
  static let alpacaEval2ChosenStrength = Reproduction(
    folder: "alpaca_eval2", tolerance: .init(absolute: 0.16),
    select: { .object(["length-controlled with C chosen": lengthControlled($0)]) },
    obtain: { path in
      let folder = try AlpacaRecordings(path)
      let board = folder.board(.alpacaEval)
      let rates = await folder.figures { name, contest in
        percent(board.entry(name, contest, mode: nil)?.fit?.winRate)
      }
      return .object(["length-controlled with C chosen": .object(rates)])
    })

  private static func lengthControlled(_ expected: Figures) -> Figures {
    .object(expected["models"].members.mapValues { $0["length_controlled_winrate"] }).withoutMissing
  }
}

/// A share as a percentage.
func percent(_ share: Double?) -> Figures { .maybe(share.map { 100 * $0 }) }

extension AlpacaRecordings {
  /// Figures of every model, computed at the same time.
  func figures(_ figures: @escaping @Sendable (String, AlpacaContest) -> Figures) async -> [String: Figures] {
    await withTaskGroup(of: (String, Figures).self) { group in
      for (name, contest) in contests { group.addTask { (name, figures(name, contest)) } }
      var all: [String: Figures] = [:]
      for await (name, value) in group { all[name] = value }
      return all
    }
  }
}

/// The weights of published fits, which the expected file holds as an input.
private struct PublishedWeights {
  /// Of models whose annotations are there too.
  let judged: [String: LengthControlWeights]
  /// Of the others.
  let only: [String: LengthControlWeights]
  /// Pairs of models to compare.
  let meetings: [(model: String, baseline: String)]

  init(file: String) throws {
    let expected = try Figures(file: file)
    judged = expected["models"].members.compactMapValues { Self.weights($0["published_weights"]) }
    only = expected["weights_only"].members.compactMapValues { Self.weights($0["weights"]) }
    meetings = expected["head_to_head_from_weights"].elements.compactMap { meeting in
      guard let model = meeting["model"].text, let baseline = meeting["baseline"].text else { return nil }
      return (model, baseline)
    }
  }

  subscript(name: String) -> LengthControlWeights? { judged[name] ?? only[name] }

  private static func weights(_ figures: Figures) -> LengthControlWeights? {
    guard let length = figures["tanh_len"].number, let difficulty = figures["difficulty"].number,
      let theta = figures["theta"].number
    else { return nil }
    return LengthControlWeights(lengthTerm: length, difficulty: difficulty, theta: theta)
  }
}
