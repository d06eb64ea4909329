import Foundation
import Hustings
import HustingsData
import Testing

@Suite struct BaselineTests {
  private static let silence = Judgment.absent(Absence(.error, "as the baseline file says"))

  private func baseline() -> Baseline {
    let answers: [String: Tournament] = [
      "b \"quoted\"": Tournament(
        rewards: [0.1, nil, -3e-7], absences: [1: Absence(.invalid, "as the baseline file says")]),
      "a": Tournament(
        count: 3, symmetric: [Matchup(0, 1): .margin(0.5), Matchup(0, 2): BaselineTests.silence]),
      "c": Tournament(
        count: 2, ordered: [Matchup(0, 1): .margin(1), Matchup(1, 0): .margin(-1)], areVerdicts: true),
      "d": Tournament(count: 2, ordered: [Matchup(1, 0): .margin(0.1 + 0.2)]),
    ]
    func part(_ name: String) -> Baseline.Part {
      Baseline.Part(
        name: name, version: "v/1", identity: SHA256.digest(name), run: SHA256.digest("run"), seed: 7,
        itemCount: 4,
        answers: answers,
        standings: name == "z"
          ? [Baseline.Standing(model: "first", fingerprint: SHA256.digest("f"), value: 0.75)] : [])
    }
    let look = Baseline.Look(
      clause: "z accuracy", baseline: SHA256.digest("1"), candidate: SHA256.digest("2"),
      run: SHA256.digest("3"),
      verdict: "PASS", at: Date(timeIntervalSince1970: 1_800_000_000))
    return Baseline(
      model: ModelCard(name: "m", kind: .pairwise, revision: "r", fingerprint: SHA256.digest("m")),
      contract: Baseline.ContractMark(version: 2, digest: SHA256.digest("c")), parts: [part("z"), part("y")],
      looks: [look])
  }

  private func written(_ text: String) throws -> String {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).json").path
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  @Test func whatIsWrittenIsReadBackToTheBit() throws {
    let bytes = try baseline().encoded()
    let path = try written(String(decoding: bytes, as: UTF8.self))
    defer { try? FileManager.default.removeItem(atPath: path) }
    let read = try Baseline.read(path)
    #expect(read == baseline())
    #expect(try read.encoded() == bytes)
  }

  @Test func itemsStandOnALineEachInOrder() throws {
    let lines = String(decoding: try baseline().encoded(), as: UTF8.self).split(separator: "\n")
    let items = lines.filter { $0.hasPrefix("        \"") }.map { $0.trimmingPrefix { $0 == " " } }
    #expect(items.count == 8)
    #expect(items[0] == "\"a\": {\"responses\": 3, \"margins\": [[0, 1, 0.5], [0, 2, \"error\"]]},")
    #expect(items[1] == "\"b \\\"quoted\\\"\": [0.1, \"invalid\", -3e-07],")
    #expect(
      lines.firstIndex(of: "      \"name\": \"y\",") ?? 0 < lines.firstIndex(of: "      \"name\": \"z\",")
        ?? 0)
  }

  @Test(arguments: [
    ("hustings-baseline/1", "hustings-baseline/9"), ("[0, 1, 0.5]", "[0, 3, 0.5]"), ("[0, 1, 0.5]", "[0, 1]"),
    ("\"invalid\"", "\"silent\""), ("\"pairwise\"", "\"oracle\""), ("\"items\": 4", "\"items\": 3"),
    ("\"seed\": 7", "\"seed\": -7"), ("2027-01-15T08:00:00Z", "yesterday"), ("\"margins\"", "\"scores\""),
  ])
  func aDamagedFileIsRefusedWithItsPlace(found: String, put: String) throws {
    let text = String(decoding: try baseline().encoded(), as: UTF8.self)
    #expect(text.contains(found))
    let path = try written(text.replacing(found, with: put))
    defer { try? FileManager.default.removeItem(atPath: path) }
    #expect {
      try Baseline.read(path)
    } throws: { "\($0)".contains(path) }
  }
}
