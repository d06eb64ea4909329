import Foundation
import Hustings
import HustingsNumerics

/// What is known of the training items: one person's choice each, or several, and the votes of judges.
struct OpinionPoll: Sendable {
  /// Items to train on, a quarter of each cell.
  var items = 2_000
  /// People who chose, per item; each is a training pair of its own.
  var labels = 1
  /// Judges who voted, per item; 0 for none.
  var judges = 10
  /// Standard deviation of the judges' common error per item, in log-odds.
  var noise = 0.0

  init(_ options: inout GeneratedOptions) throws {
    items = try options.integer("pairs", in: 4...1_000_000) ?? items
    labels = try options.integer("labels", in: 1...1_000) ?? labels
    judges = try options.integer("judges", in: 0...10_000) ?? judges
    noise = try options.number("noise", in: 0...100) ?? noise
  }

  /// The training pairs: chosen is what the person chose, and votes are told of the same side.
  func pairs(_ world: OpinionWorld, seed: UInt64) -> [PreferencePair] {
    let cells = OpinionWorld.Cell.allCases
    return (0..<items).flatMap { index -> [PreferencePair] in
      let item = world.item(cells[index % cells.count], .within, "training", index / cells.count)
      let votes = votes(on: item, seed: seed)
      let people = CounterGenerator(seed: seed, identity: "people \(item.id)")
      return (0..<labels).map { person in
        let choosesFirst = people.uniform(UInt64(person)) < item.share
        return PreferencePair(
          id: labels == 1 ? item.id : "\(item.id)/\(person)", subset: "\(item.cell.rawValue)-in",
          cluster: item.id, prompt: item.prompt, chosen: choosesFirst ? item.first : item.second,
          rejected: choosesFirst ? item.second : item.first, votes: choosesFirst ? votes : votes?.swapped,
          probability: choosesFirst ? item.share : 1 - item.share)
      }
    }
  }

  /// The judges' votes for the first response: each votes for it with the share of users who prefer it, or with what an
  /// error in the share's log-odds, common to all of them, makes of it.
  private func votes(on item: OpinionWorld.Item, seed: UInt64) -> VoteCount? {
    guard judges > 0 else { return nil }
    var generator = CounterGenerator(seed: seed, identity: "judges \(item.id)")
    let error = generator.nextNormal() * noise
    let share = logistic(logit(min(1 - 1e-12, max(1e-12, item.share))) + error)
    let first = (0..<judges).reduce(0) { count, _ in generator.nextUniform() < share ? count + 1 : count }
    return VoteCount(chosen: Double(first), valid: judges)
  }
}
