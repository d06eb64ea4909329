import Foundation
import HustingsFixtures
import Reproductions
import Testing

/// Every expected number of the judges' data sets, computed from their files.
@Suite struct JudgeReproductionTests {
  private static let folders = [
    "alpaca_eval2", "alpaca_eval2_outputs", "alpaca_eval_discrete", "alpaca_eval_evaluators", "arena_hard",
    "mt_bench", "vicuna_bench", "judge_vs_human_vicuna80", "benchmark_meta_stats",
  ]

  @Test func everyDataSetOfJudgesIsReproduced() {
    for folder in Self.folders { #expect(Reproductions.all.contains { $0.folder == folder }, "\(folder)") }
  }

  @Test(
    .enabled(if: folders.contains(where: DataRoot.has), Comment(rawValue: DataRoot.reason)),
    arguments: folders)
  func everyNumberIsObtainedOrQuoted(folder: String) async throws {
    guard let root = DataRoot.url, DataRoot.has(folder) else { return }
    let path = root.appendingPathComponent(folder).path
    for reproduction in Reproductions.all where reproduction.folder == folder {
      let expected = reproduction.select(try Figures(file: "\(path)/\(reproduction.expected)"))
      let obtained = try await reproduction.obtain(path)
      let found = Dictionary(
        obtained.leaves.map { ($0.path, $0.value) }, uniquingKeysWith: { first, _ in first })
      let tolerance = reproduction.tolerance(for: obtained)
      var computed = 0
      for (place, wanted) in expected.leaves where reproduction.quotation(at: place) == nil {
        computed += 1
        guard case .number(let number) = wanted else {
          #expect(found[place] == wanted, "\(folder): \(place)")
          continue
        }
        let value = try #require(found[place]?.number, "\(folder): \(place) was not computed")
        #expect(
          abs(value - number) <= tolerance.limit(at: place, expected: number),
          "\(folder): \(place) is \(value), expected \(number)")
      }
      #expect(computed > 0)
    }
  }

  @Test(.enabled(if: DataRoot.has("alpaca_eval2"), Comment(rawValue: DataRoot.reason)))
  func everyPreferenceReadFromAReplyIsTheStoredOne() async throws {
    let root = try #require(DataRoot.url)
    let reproduction = try #require(Reproductions.all.first { $0.folder == "alpaca_eval2" })
    let obtained = try await reproduction.obtain(root.appendingPathComponent("alpaca_eval2").path)
    #expect(try #require(obtained["rederived"]["replies"].number) > 1000)
    #expect(obtained["rederived"]["mismatches"].number == 0)
  }
}

@Suite struct PathPatternTests {
  @Test func aStarStandsForAnyKey() {
    let tolerance = Reproduction.Tolerance(
      absolute: 1e-9, exceptions: ["models / * / lc_": 0.1, "models / x / lc_rate": 0.5, "* / bt": 0.2])
    #expect(tolerance.limit(at: "models / m / lc_rate", expected: 1) == 0.1)
    #expect(tolerance.limit(at: "models / x / lc_rate", expected: 1) == 0.5)
    #expect(tolerance.limit(at: "models / m / win_rate", expected: 1) == 1e-9)
    #expect(tolerance.limit(at: "gpt / bt / a", expected: 1) == 0.2)
    #expect(tolerance.limit(at: "models", expected: 1) == 1e-9)
  }

  @Test func whatTheDataSayWidensTheLimit() {
    let reproduction = Reproduction(
      folder: "f", tolerance: .init(absolute: 1e-9, exceptions: ["a / rate": 1e-6]),
      allowances: { obtained in obtained["b"]["loose"] == .flag(true) ? ["b / rate": 0.2] : [:] }
    ) { _ in .missing }
    let loose = reproduction.tolerance(for: .object(["b": .object(["loose": .flag(true)])]))
    #expect(loose.limit(at: "b / rate", expected: 1) == 0.2)
    #expect(loose.limit(at: "a / rate", expected: 1) == 1e-6)
    #expect(reproduction.tolerance(for: .missing).limit(at: "b / rate", expected: 1) == 1e-9)
  }

  @Test func quotationsSayWhy() {
    let reproduction = Reproduction(
      folder: "f", tolerance: .init(absolute: 0), quoted: ["a / * / note": "a remark"]
    ) { _ in .missing }
    #expect(reproduction.quotation(at: "a / b / note") == "a remark")
    #expect(reproduction.quotation(at: "a / b / value") == nil)
  }
}
