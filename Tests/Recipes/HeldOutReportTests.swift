import Foundation
import Hustings
import Recipes
import Testing

@Suite struct HeldOutReportTests {
  private func pairs(_ targets: [Double?], prompts: Int? = nil) -> [PreferencePair] {
    targets.enumerated().map { number, target in
      PreferencePair(
        id: "\(number)", subset: "all", prompt: Prompt("\(prompts.map { number % $0 } ?? number)"),
        chosen: Response("a"), rejected: Response("b"), probability: target)
    }
  }

  @Test func aShareOfIndependentPairsHasWilsonsInterval() throws {
    let margins = (0..<50).map { $0 < 32 ? 1.0 : -1 }
    let report = try #require(
      HeldOutReport(pairs([Double?](repeating: nil, count: 50)), margins: margins, labels: .hard))
    #expect(report.accuracy == 0.64)
    // statsmodels 0.14: proportion_confint(32, 50, method="wilson").
    let interval = try #require(report.interval)
    #expect(interval.method == "wilson")
    #expect(abs(interval.low - 0.5014) < 5e-5 && abs(interval.high - 0.7586) < 5e-5)
    // 32 times log(1 + 1/e) and 18 times log(1 + e), over 50.
    let expected = (32 * log1p(exp(-1.0)) + 18 * log1p(exp(1.0))) / 50
    #expect(abs(report.logLoss - expected) < 1e-12)
  }

  @Test func pairsOfOnePromptCountTogether() throws {
    let margins = (0..<60).map { $0 % 3 == 0 ? 1.0 : -1 }
    let report = try #require(
      HeldOutReport(pairs([Double?](repeating: nil, count: 60), prompts: 6), margins: margins, labels: .hard))
    #expect(report.prompts == 6)
    #expect(report.interval?.method == "clustered-t")
  }

  @Test func equalScoresAreNoSuccess() throws {
    let report = try #require(HeldOutReport(pairs([nil, nil]), margins: [0, 1], labels: .hard))
    #expect(report.accuracy == 0.5)
  }

  @Test func softLabelsDecideSidesAndLoss() throws {
    let report = try #require(
      HeldOutReport(pairs([0.2, 0.5, 0.9]), margins: [-1, 5, 2], labels: .soft))
    // The second says nothing; the other two agree with their labels.
    #expect(report.accuracy == 1)
    func loss(_ m: Double, _ p: Double) -> Double { p * log1p(exp(-m)) + (1 - p) * log1p(exp(m)) }
    #expect(abs(report.logLoss - (loss(-1, 0.2) + loss(5, 0.5) + loss(2, 0.9)) / 3) < 1e-12)
    let hard = try #require(
      HeldOutReport(pairs([0.2, 0.5, 0.9]), margins: [-1, 5, 2], labels: .hard))
    #expect(hard.accuracy == 2.0 / 3)
  }

  @Test func nothingHasNoReport() {
    #expect(HeldOutReport([], margins: [], labels: .hard) == nil)
    #expect(HeldOutReport(pairs([0.5]), margins: [1], labels: .soft)?.accuracy == nil)
  }
}
