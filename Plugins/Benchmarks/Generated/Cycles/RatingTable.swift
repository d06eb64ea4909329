import Hustings
import HustingsNumerics

/// One prompt with its responses, each rated on several criteria.
struct RatingTable: Sendable, Hashable {
  /// The prompt's name, unique within its data.
  let id: String
  let prompt: Prompt
  let responses: [Response]
  /// Ratings by criterion, one per response; nil where a response was not rated.
  let ratings: [String: [Double?]]
}

/// Cycles that ratings on several criteria imply: the first response is better than the second on the first criterion, the
/// second better than the third on the second, and so on round, each strictly.
///
/// Zhang et al. 2024 (arXiv 2410.02197, section 6.2) build their cyclic data from UltraFeedback in this way. Their counts
/// cannot be reproduced from the text, which names a further filter nowhere.
struct CriterionCycle: Sendable, Hashable {
  /// The subset that it makes.
  let name: String
  /// The criteria, in the order of the links.
  let criteria: [String]

  /// The criteria of UltraFeedback, in the order in which the paper names its cycle of four.
  static let four = ["instruction following", "honesty", "truthfulness", "helpfulness"]

  /// The paper's four data sets, each without one of the criteria, and the cycle of all four.
  static let all = sets(of: four)

  /// Every three of some criteria in their order, those without the first criterion first, and where there are more than
  /// three the cycle of all of them. Of four they are the paper's data sets, under its numbers.
  static func sets(of criteria: [String]) -> [CriterionCycle] {
    var triples: [[String]] = []
    for a in criteria.indices {
      for b in criteria.indices where b > a {
        for c in criteria.indices where c > b { triples.append([criteria[a], criteria[b], criteria[c]]) }
      }
    }
    let sets = triples.reversed().enumerated().map {
      CriterionCycle(name: "criteria-\($0 + 1)", criteria: $1)
    }
    return criteria.count > 3 ? sets + [CriterionCycle(name: "criteria-all", criteria: criteria)] : sets
  }

  /// Every cycle of a table, as positions of responses, in ascending order. A link's criterion is that of its place, so
  /// a cycle told from another start is another cycle, unless it uses the criteria in the same way.
  func cycles(in table: RatingTable) -> [[Int]] {
    let columns = criteria.compactMap { table.ratings[$0] }
    guard columns.count == criteria.count, table.responses.count >= criteria.count else { return [] }
    func beats(_ a: Int, _ b: Int, _ link: Int) -> Bool {
      guard a != b, let one = columns[link][a], let other = columns[link][b] else { return false }
      // A text cannot beat itself, whatever it was rated the second time.
      return one > other && table.responses[a] != table.responses[b]
    }
    var found: [[Int]] = []
    func extend(_ path: [Int]) {
      let link = path.count - 1
      if path.count == criteria.count {
        if beats(path[link], path[0], link) { found.append(path) }
        return
      }
      for next in table.responses.indices where !path.contains(next) && beats(path[link], next, link) {
        extend(path + [next])
      }
    }
    for start in table.responses.indices { extend([start]) }
    return found
  }

  /// A cycle's slate, with a key of its links.
  func example(_ cycle: [Int], in table: RatingTable) -> Example {
    Example(
      id: "\(name)/\(table.id)/\(cycle.map(String.init).joined(separator: "-"))", subset: name,
      prompt: table.prompt, cluster: table.id,
      candidates: cycle.map { Candidate("response \($0)", table.responses[$0]) },
      gold: .margins(Dictionary(uniqueKeysWithValues: CycleFamily.ring(cycle.count).map { ($0, 1.0) })))
  }

  /// A cycle's links as pairs to train on.
  func pairs(_ cycle: [Int], in table: RatingTable) -> [PreferencePair] {
    let id = "\(name)/\(table.id)/\(cycle.map(String.init).joined(separator: "-"))"
    return CycleFamily.ring(cycle.count).map { link in
      PreferencePair(
        id: "\(id)/\(link.first)", subset: name, cluster: table.id, prompt: table.prompt,
        chosen: table.responses[cycle[link.first]], rejected: table.responses[cycle[link.second]])
    }
  }
}

extension RatingTable {
  /// Tables of four responses with ratings from 1 to 5, each told by a word of its text: what a model needs to know stands
  /// there, though not which criterion a comparison was made by.
  static func generated(_ count: Int, split: String, _ mill: TextMill) -> [RatingTable] {
    let marks = CriterionCycle.four.map { criterion in
      mill.words((1...5).map { "\(criterion) \($0)" })
    }
    return (0..<count).map { index in
      let id = "\(split)-\(index)"
      var generator = CounterGenerator(seed: mill.seed, identity: "ratings \(id)")
      var ratings: [String: [Double?]] = [:]
      var rated = [[Int]](repeating: [], count: 4)
      for criterion in CriterionCycle.four {
        let values = (0..<4).map { _ in 1 + generator.nextIndex(below: 5) }
        ratings[criterion] = values.map(Double.init)
        for (response, value) in values.enumerated() { rated[response].append(value) }
      }
      return RatingTable(
        id: id, prompt: Prompt(mill.text("rated prompt \(id)", marks: [], length: 8...20)),
        responses: rated.enumerated().map { response, values in
          let own = values.enumerated().map { criterion, value in marks[criterion][value - 1] }
          return Response(mill.text("rated \(id) \(response)", marks: own + own, length: 6...14))
        }, ratings: ratings)
    }
  }
}
