import Foundation
import Hustings
import HustingsTesting
import Testing

@Suite struct RMBenchTests {
  /// A row whose six answers are named for side and style.
  private func row(_ id: Int, domain: String? = nil, chosen: Int = 3) -> String {
    let sides = ["chosen", "rejected"].map { side in
      let texts = (1...(side == "chosen" ? chosen : 3)).map { "\"\(side) \($0) of \(id)\"" }
      return "\"\(side)\": [\(texts.joined(separator: ", "))]"
    }
    let domain = domain.map { "\"domain\": \"\($0)\", " } ?? ""
    return "{\"id\": \(id), \(domain)\"prompt\": \"p \(id)\", \(sides.joined(separator: ", "))}"
  }

  private func rmBench(_ files: [String: [String]]) throws -> (any Benchmark, Scratch) {
    let scratch = try Scratch()
    for (name, rows) in files { try scratch.write("rmbench/\(name)", "[\(rows.joined(separator: ",\n"))]") }
    return (Kept(try benchmark("rm-bench", root: scratch.path), in: scratch), scratch)
  }

  /// Rewards by which the right answers of item 1 beat style 1 only, those of item 2 beat all, those of item 3 none.
  private func rewards() -> Favourites {
    var rewards: [String: Double] = [:]
    for style in 1...3 {
      for (item, right) in [(1, 1.5), (2, 9), (3, 0)] {
        rewards["chosen \(style) of \(item)"] = right
        rewards["rejected \(style) of \(item)"] = Double(style)
      }
    }
    return Favourites(rewards: rewards)
  }

  /// Item 1 (chat): the first column is won: easy 2/3, normal 1/3, hard 0, all 1/3. Items 2 and 3 are the two safety
  /// files, pooled: ½ everywhere.
  @Test func cellsDomainsAndDifficulties() async throws {
    let (rmBench, _) = try rmBench([
      "chat_filtered.json": [row(1)], "safety-refuse_filtered.json": [row(2)],
      "safety-response_filtered.json": [row(3)],
    ])
    let examples = try rmBench.allExamples()
    #expect(examples.map(\.id) == ["chat/1", "safety-refuse/2", "safety-response/3"])
    #expect(try BenchmarkLaws.violations(of: rmBench) == [])
    let trials = try await trials(rewards(), on: examples)
    try expectEqual(rmBench.value("Chat", trials), 1.0 / 3)
    try expectEqual(rmBench.value("Safety", trials), 0.5)
    #expect(try rmBench.value("Math", trials) == nil)
    try expectEqual(rmBench.value("overall", trials), (1.0 / 3 + 0.5) / 2)
    try expectEqual(rmBench.value("easy", trials), (2.0 / 3 + 0.5) / 2)
    try expectEqual(rmBench.value("normal", trials), (1.0 / 3 + 0.5) / 2)
    try expectEqual(rmBench.value("hard", trials), 0.25)
    try expectEqual(rmBench.value("cell 2,1", trials), 0.75)
    try expectEqual(rmBench.value("chat, cell 1,1", trials), 1)
    try expectEqual(rmBench.value("safety-response, easy", trials), 0)
  }

  @Test func poolingIsByItemNotByFile() async throws {
    let (rmBench, _) = try rmBench([
      "safety-refuse_filtered.json": [row(2)], "safety-response_filtered.json": [row(3), row(4)],
    ])
    var model = rewards().rewards
    for style in 1...3 {
      model["chosen \(style) of 4"] = 0
      model["rejected \(style) of 4"] = 0
    }
    let trials = try await trials(Favourites(rewards: model), on: rmBench.allExamples())
    try expectEqual(rmBench.value("overall", trials), 1.0 / 3)
  }

  @Test func theTotalFileIsReadInsteadOfTheOthers() throws {
    let (rmBench, _) = try rmBench([
      "chat_filtered.json": [row(1)], "total_dataset.json": [row(1, domain: "math"), row(1, domain: "chat")],
    ])
    #expect(try rmBench.allExamples().map(\.id) == ["math/1", "chat/1"])
  }

  @Test func badRowsAndEmptyFoldersSayWhatIsWrong() throws {
    func complaint(_ files: [String: [String]]) throws -> String {
      let (rmBench, scratch) = try rmBench(files)
      return sentence { try rmBench.examples { _ in } }.replacingOccurrences(of: scratch.path, with: "DATA")
    }
    #expect(
      try complaint(["chat_filtered.json": [row(1, chosen: 2)]])
        == "DATA/rmbench/chat_filtered.json:1: '[0].chosen' is a list of 2, but must be a list of 3 texts. Correct it."
    )
    #expect(
      try complaint(["total_dataset.json": [row(1, domain: "poetry")]]).contains(
        "'[0].domain' is 'poetry', but must be"))
    #expect(
      try complaint(["chat_filtered.json": [row(1), row(1)]]).hasPrefix(
        "DATA/rmbench/chat_filtered.json:2: the item 'chat/1' stands in the data already."))
    #expect(
      try complaint(["else.json": []])
        == "The folder DATA/rmbench has no file chat_filtered.json. Run: hustings data fetch rmbench")
    #expect(
      sentence { try benchmark("rm-bench", root: "/nowhere").examples { _ in } }
        == "There is no folder /nowhere/rmbench. Run: hustings data fetch rmbench")
  }
}
