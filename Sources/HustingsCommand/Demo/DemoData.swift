import Foundation
import HustingsData
import HustingsNumerics
import HustingsReports

/// Made-up preference data for `hustings demo`: sums with a right and a wrong answer, and four reward models of known skill.
///
/// Every text and number is a pure function of the seed.
struct DemoData {
  /// How well a made-up reward model tells right from wrong: its margin is `skill` plus standard normal noise, plus
  /// `taste` per hundred characters by which the right answer is longer.
  struct Skill {
    let name: String
    let skill: Double
    let taste: Double
  }

  static let skills = [
    Skill(name: "careful-rm", skill: 1.4, taste: 0), Skill(name: "steady-rm", skill: 1.3, taste: 0),
    Skill(name: "hasty-rm", skill: 0.5, taste: 0), Skill(name: "wordy-rm", skill: 0.3, taste: 3),
  ]

  let seed: UInt64
  /// How many prompts; each has two pairs.
  let prompts: Int

  private struct Pair {
    let id: String
    let prompt: String
    let chosen: String
    let rejected: String
    let subset: String
  }

  /// Writes `pairs.jsonl` and `scores.csv` to a folder.
  func write(to folder: String) throws {
    let pairs = (0..<prompts).flatMap(pairs(of:))
    let lines = pairs.map { pair in
      let fields = [
        ("id", pair.id), ("prompt", pair.prompt), ("chosen", pair.chosen), ("rejected", pair.rejected),
        ("subset", pair.subset),
      ]
      return "{" + fields.map { "\"\($0.0)\": \(JSONText.string($0.1))" }.joined(separator: ", ") + "}"
    }
    try AtomicFile.write(Array((lines.joined(separator: "\n") + "\n").utf8), to: "\(folder)/pairs.jsonl")
    var csv = CSVWriter(columns: ["item", "response", "reward", "model"])
    for skill in DemoData.skills {
      var noise = CounterGenerator(seed: seed, identity: skill.name)
      for pair in pairs {
        let longer = Double(pair.chosen.count - pair.rejected.count) / 100
        let margin = skill.skill + skill.taste * longer + noise.nextNormal()
        let level = noise.nextNormal()
        csv.append([pair.id, "chosen", Format.decimal(level + margin / 2, 4), skill.name])
        csv.append([pair.id, "rejected", Format.decimal(level - margin / 2, 4), skill.name])
      }
    }
    try AtomicFile.write(csv.bytes, to: "\(folder)/scores.csv")
  }

  private func pairs(of number: Int) -> [Pair] {
    var dice = CounterGenerator(seed: seed, identity: "prompt \(number)")
    let (a, b) = (10 + dice.nextIndex(below: 90), 10 + dice.nextIndex(below: 90))
    let isSum = number.isMultiple(of: 2)
    let answer = isSum ? a + b : a * b
    let prompt = isSum ? "What is \(a) plus \(b)?" : "What is \(a) times \(b)?"
    return (0..<2).map { copy in
      let slip = 1 + dice.nextIndex(below: 9)
      return Pair(
        id: "\(number)-\(copy)", prompt: prompt, chosen: Self.phrase(answer, &dice),
        rejected: Self.phrase(answer + slip, &dice), subset: isSum ? "sums" : "products")
    }
  }

  private static func phrase(_ answer: Int, _ dice: inout CounterGenerator) -> String {
    switch dice.nextIndex(below: 4) {
    case 0: "\(answer)"
    case 1: "The answer is \(answer)."
    case 2: "Let us take it step by step. Adding up the parts gives **\(answer)**."
    default: "It is \(answer), which you can check by doing it the other way round."
    }
  }
}
