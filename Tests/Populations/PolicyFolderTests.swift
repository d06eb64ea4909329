import Foundation
import Hustings
import HustingsFixtures
import HustingsTraining
import Populations
import Testing

@Suite("A folder of policies")
struct PolicyFolderTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path

  private func sample() throws -> PolicyFolder {
    let menus = [
      VotePanel.Menu(prompt: Prompt("q1"), responses: [Response("a"), Response("b")], rows: 0..<2),
      VotePanel.Menu(
        prompt: Prompt([Message(.system, "be brief"), Message(.user, "q2")]),
        responses: [Response("é"), Response("\n")],
        rows: 2..<4),
    ]
    let first = try PolicyTable(name: "one", menus: menus, logProbabilities: [0, -0.1, -3, 2])
    let second = try PolicyTable(name: "two", menus: menus, logProbabilities: [0, -.infinity, 1, 1])
    let card = PolicyFolder.Card(
      recipe: "test", policies: ["one", "two"], shares: [0.25, 0.75], beta: 1, family: "table", data: "none")
    return PolicyFolder(
      card: card, reference: try .uniform(menus, name: "reference"), policies: [first, second])
  }

  @Test func whatIsWrittenIsReadToTheBit() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let sample = try sample()
    try sample.write(to: folder)
    let read = try PolicyFolder(folder)
    #expect(read.policies.map(\.menus) == sample.policies.map(\.menus))
    for (a, b) in zip(read.policies, sample.policies) {
      for (x, y) in zip(a.logProbabilities, b.logProbabilities) { #expect(x == y || abs(x - y) < 1e-15) }
    }
    #expect(read.card.shares == [0.25, 0.75])
    try read.write(to: folder)
    #expect(try PolicyFolder(folder).card.table == PolicyFolder(folder).card.table)
  }

  @Test(arguments: [("#0", "one"), ("#1", "two"), ("#two", "two")])
  func oneOfSeveralIsNamedByNumberOrName(suffix: String, name: String) throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try sample().write(to: folder)
    let one = try PolicyFolder(folder + suffix)
    #expect(one.policies.map(\.name) == [name])
    #expect(one.card.shares == [1])
  }

  @Test func whatIsNotThereIsSaid() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    #expect(throws: PolicyFault.noFolder(folder)) { try PolicyFolder(folder) }
    try sample().write(to: folder)
    let error = try #require(throws: PolicyFault.self) { try PolicyFolder(folder + "#2") }
    #expect("\(error)".contains("#0 (one), #1 (two)"))
  }

  @Test func aChangedTableIsRefused() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try sample().write(to: folder)
    let path = "\(folder)/table.jsonl"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try (text + " ").write(toFile: path, atomically: true, encoding: .utf8)
    #expect(throws: PolicyFault.changed(path)) { try PolicyFolder(folder) }
  }

  @Test func parametersThatAreNotFiniteAreNotWritten() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let bad = NamedTensor("type.0", shape: [1], values: [.nan])
    #expect(throws: VoteFault.self) { try sample().write(to: folder, tensors: [bad]) }
    #expect(!FileManager.default.fileExists(atPath: "\(folder)/card.json"))
  }

  @Test func whatAnotherRecipeLeftBehindIsGone() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try sample().write(to: folder, tensors: [NamedTensor("type.0", shape: [1], values: [2])])
    try "annotator".write(toFile: "\(folder)/annotators.csv", atomically: true, encoding: .utf8)
    #expect(try PolicyFolder(folder).card.weights != nil)
    try sample().write(to: folder)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["card.json", "table.jsonl"])
    #expect(try PolicyFolder(folder).card.weights == nil)
  }

  @Test func changedParametersAreRefused() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try sample().write(to: folder, tensors: [NamedTensor("type.0", shape: [1], values: [2])])
    let path = "\(folder)/weights.safetensors"
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    bytes.removeLast()
    try bytes.write(to: URL(fileURLWithPath: path))
    #expect(throws: PolicyFault.changed(path)) { try PolicyFolder(folder) }
  }

  @Test func policiesDoNotReplaceWhatTheyAreMadeFrom() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try sample().write(to: folder)
    #expect(throws: PolicyFault.sameFolder("\(folder)/")) {
      try PolicyFolder.prepare("\(folder)/", from: "\(folder)#1")
    }
    try PolicyFolder.prepare(folder)
    try "{}".write(toFile: "\(folder)/card.json", atomically: true, encoding: .utf8)
    #expect(throws: PolicyFault.foreign(folder)) { try PolicyFolder.prepare(folder) }
    let file = "\(folder)/table.jsonl"
    let fault = try #require(throws: (any Error).self) { try PolicyFolder.prepare(file) }
    #expect("\(fault)".hasPrefix("\(file) cannot be written"))
  }
}
