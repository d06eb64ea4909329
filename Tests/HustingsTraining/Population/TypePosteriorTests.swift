import Foundation
import Hustings
import Testing

@testable import HustingsTraining

@Suite struct TypePosteriorTests {
  /// Specification test B6: three binary votes whose margins are (1, .5, -.2) for the first type and (-.5, .3, .8) for the second.
  @Test func aFewAnswersTellTheType() throws {
    var builder = VotePanelBuilder()
    let ann = try builder.annotator("ann")
    for number in 0..<3 {
      let menu = builder.menu(Prompt("\(number)"))
      let places = ["a", "b"].map { builder.response(Response($0), to: menu) }
      try builder.add(.best(0, of: 2), on: places, of: menu, by: ann)
    }
    _ = try builder.annotator("silent")
    let found = try builder.build().posteriors(
      scores: [[1, 0, 0.5, 0, -0.2, 0], [-0.5, 0, 0.3, 0, 0.8, 0]], shares: [0.7, 0.3],
      likelihood: VoteLikelihood())
    #expect(abs(found[0].probabilities[0] - 0.7615785139) < 1e-9)
    #expect(abs(found[0].probabilities[1] - 0.2384214861) < 1e-9)
    #expect(abs(found[0].logEvidence + 1.6697904773) < 1e-9)
    // Somebody who said nothing is of each type as often as anybody.
    #expect(abs(found[1].probabilities[0] - 0.7) < 1e-12)
    #expect(abs(found[1].logEvidence) < 1e-12)
  }

  @Test func aTypeThatNobodyIsOfStaysEmpty() throws {
    var builder = VotePanelBuilder()
    let ann = try builder.annotator("ann")
    let menu = builder.menu(Prompt("p"))
    let places = ["a", "b"].map { builder.response(Response($0), to: menu) }
    try builder.add(.best(0, of: 2), on: places, of: menu, by: ann)
    let found = try builder.build().posteriors(
      scores: [[0, 0], [50, 0]], shares: [1, 0], likelihood: VoteLikelihood())
    #expect(found[0].probabilities == [1, 0])
  }

  /// Every way to begin that can be asked for is the one that is used, restart by restart.
  @Test func restartsBeginAsTheyAreToldTo() throws {
    var builder = VotePanelBuilder()
    let menu = builder.menu(Prompt("p"))
    let places = ["a", "b"].map { builder.response(Response($0), to: menu) }
    for name in ["ann", "bob", "cat"] {
      try builder.add(.best(0, of: 2), on: places, of: menu, by: try builder.annotator(name))
    }
    let panel = try builder.build()
    func names(_ beginning: TypeSelection.Beginning) throws -> [String] {
      try TypeSelection(
        panel, TableScores(rows: 2), TypeSettings(types: 2), restarts: 4, beginning: beginning, workers: 1
      ).starts(4).map(\.name)
    }
    #expect(try names(.mixed) == ["clusters", "spectral", "clusters", "random"])
    #expect(try names(.clusters) == [String](repeating: "clusters", count: 4))
    #expect(try names(.spectral) == [String](repeating: "spectral", count: 4))
    #expect(try names(.dirichlet) == [String](repeating: "dirichlet", count: 4))
    #expect(try names(.random) == [String](repeating: "random", count: 4))
    #expect(try names(.given([1, 0, 0, 1, 1, 0])) == ["given"])
  }
}
