import Hustings
import HustingsTraining

/// Panels made by hand.
enum Panels {
  /// A prompt with so many responses.
  static func menu(_ builder: inout VotePanelBuilder, _ name: String, _ count: Int) -> (Int, [Int]) {
    let menu = builder.menu(Prompt(name))
    return (menu, (0..<count).map { builder.response(Response("\(name) answer \($0)"), to: menu) })
  }

  /// Spec test B5: one prompt, three responses; seven annotators of one mind and three of the opposite one.
  static func opposites() throws -> VotePanel {
    var builder = VotePanelBuilder()
    let (menu, responses) = menu(&builder, "q", 3)
    for annotator in 0..<10 {
      let number = try builder.annotator("annotator \(annotator)", group: annotator < 7 ? "A" : "B")
      for (first, second, wins, losses) in [(0, 1, 3, 1), (1, 2, 3, 1), (0, 2, 9, 1)] {
        let pair = annotator < 7 ? [first, second] : [second, first]
        for _ in 0..<wins {
          try builder.add(.best(0, of: 2), on: pair.map { responses[$0] }, of: menu, by: number)
        }
        for _ in 0..<losses {
          try builder.add(.best(1, of: 2), on: pair.map { responses[$0] }, of: menu, by: number)
        }
      }
    }
    return try builder.build()
  }
}
