import Hustings
public import HustingsData
public import HustingsMetrics

/// A table of Arena-Hard battles, expanded to rows by weight.
///
/// Either upstream's own (`arena_hard_battles.jsonl`: rows of `question_id`, `model_a`, `model_b` and `winner`, the baseline being
/// `model_a`), or one JSON object with `baseline`, `question_ids` and `battles`, which gives for each model pairs of a place among
/// the questions and who won: `a` the baseline, `b` the model, `t` neither.
public struct ArenaHardBattleTable: Sendable {
  /// Each model's rows, in the order of the file.
  public let rows: [String: [ArenaHardRow]]
  /// The model that every other one met.
  public let baseline: String

  /// Reads a table in one object.
  public init(_ node: JSONNode) throws {
    baseline = try node.string("baseline")
    let questions = try node.strings("question_ids")
    var rows: [String: [ArenaHardRow]] = [:]
    for (model, battles) in try node.node("battles").members() {
      rows[model] = try battles.elements().map { battle in
        let cells = try battle.elements()
        guard cells.count == 2 else {
          throw battle.fault(.notAllowed(found: "\(cells.count) cells", expected: "a question and a winner"))
        }
        let place = try cells[0].integer()
        guard questions.indices.contains(place) else {
          throw cells[0].fault(.notAllowed(found: "\(place)", expected: "0 to \(questions.count - 1)"))
        }
        return ArenaHardRow(prompt: questions[place], credit: try ArenaHardBattleTable.credit(cells[1]))
      }
    }
    self.rows = rows
  }

  /// The model's points.
  private static func credit(_ node: JSONNode) throws -> Double {
    switch try node.string() {
    case "a": 0
    case "b": 1
    case "t": 0.5
    case let other: throw node.fault(.notAllowed(found: "'\(other)'", expected: "'a', 'b' or 't'"))
    }
  }

  // MARK: Games

  /// A game of a prompt: the model's points, and for how many rows they stand.
  struct Game: Sendable, Hashable {
    let credit: Double
    let rows: Int
  }

  /// The two games that the rows on one prompt come from: a verdict is one row, a strong one three, the first game's before the
  /// second's. Where only one verdict could be read it is told as the first game's, as rows do not say. Nil for rows that no two
  /// games give.
  static func games(_ credits: [Double]) -> [Game]? {
    var runs: [Game] = []
    for credit in credits {
      if let last = runs.last, last.credit == credit {
        runs[runs.count - 1] = Game(credit: credit, rows: last.rows + 1)
      } else {
        runs.append(Game(credit: credit, rows: 1))
      }
    }
    func isVerdict(_ game: Game) -> Bool { game.rows == 1 || game.rows == 3 }
    if runs.count == 1, let only = runs.first {
      switch only.rows {
      case 1, 3: return [only]
      case 2: return [Game(credit: only.credit, rows: 1), Game(credit: only.credit, rows: 1)]
      case 4: return [Game(credit: only.credit, rows: 3), Game(credit: only.credit, rows: 1)]
      case 6: return [Game(credit: only.credit, rows: 3), Game(credit: only.credit, rows: 3)]
      default: return nil
      }
    }
    return runs.count == 2 && runs.allSatisfy(isVerdict) ? runs : nil
  }
}
