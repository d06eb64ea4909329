import BenchmarkPlugins
import Foundation
import Hustings
import HustingsData
import HustingsFixtures
import HustingsMetrics
import HustingsTesting
import Testing

/// A data root with the files of AlpacaEval 2, in small and made up: ten instructions, three models and an adversarial one.
private final class Made: Sendable {
  let path = FileManager.default.temporaryDirectory.path + "/hustings-\(UUID().uuidString)"

  init(probability: String? = nil) throws {
    func write(_ name: String, _ bytes: [UInt8]) throws {
      let url = URL(fileURLWithPath: "\(path)/\(name)")
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(bytes).write(to: url)
    }
    let baseline = (0..<10).map {
      "{\"i\": \($0), \"instruction\": \"ask \($0)\", \"output\": \"base \($0)\"}"
    }
    try write(
      "alpaca_eval2/baseline_gpt4_1106_preview_model_outputs.json",
      Array("[\(baseline.joined(separator: ", "))]".utf8))
    var outputs = ""
    for (place, model) in ["NullModel", "alpha", "beta", "gamma"].enumerated() {
      var rows = ""
      for i in 0..<10 {
        // Alpha's answer to instruction 3 is the baseline's own.
        let text = model == "alpha" && i == 3 ? "base 3" : "\(model) \(i)"
        outputs += "{\"i\": \(i), \"model\": \"\(model)\", \"output\": \"\(text)\"}\n"
        let p = 1 + 0.045 * Double(place) * Double(i % 5)
        rows += "{\"i\": \(i), \"p\": \(probability ?? String(p)), \"l2\": 5}\n"
      }
      try write("alpaca_eval2/numeric/\(model).jsonl", Array(rows.utf8))
    }
    try write("alpaca_eval2_outputs/outputs.jsonl.gz", Gzip.compress(Array(outputs.utf8)))
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  var context: BenchmarkContext { BenchmarkContext(dataRoot: path, seed: 1, path: { $0 }) }
}

@Suite struct PopulationTests {
  @Test func everyResponseMeetsTheBaselineAndEveryInstructionIsASlate() throws {
    let made = try Made()
    let benchmark = try Population.plugin.make(nil, made.context)
    #expect(try BenchmarkLaws.violations(of: benchmark) == [])
    let examples = try benchmark.allExamples()
    // Three models, ten instructions, one response equal to the baseline's.
    #expect(examples.count { $0.key.subset == "baseline" } == 29)
    #expect(examples.count { $0.key.subset == "candidates" } == 10)
    #expect(!examples.contains { $0.id == "3/alpha" })
    let gamma = try #require(examples.first { $0.id == "4/gamma" })
    let (model, base) = (gamma.key.candidates[0], gamma.key.candidates[1])
    // p = 1 + 0.045 · 3 · 4 = 1.54, so 0.54 is the probability and ln(54/46) the log-odds.
    #expect(try abs(#require(gamma.key.gold.margin(model, base)) - log(54.0 / 46)) < 1e-9)
    #expect(gamma.key.cluster == "4")
  }

  @Test func foldsShareNoInstruction() throws {
    let made = try Made()
    for fold in 0..<5 {
      let test = try Population.plugin.make("fold=\(fold)", made.context).allExamples()
      let training = try Population.training.pairs("fold=\(fold)", made.context)
      let (tested, trained) = (Set(test.map(\.key.cluster)), Set(training.map(\.cluster)))
      #expect(tested == Set([fold, fold + 5].map(String.init)))
      #expect(tested.isDisjoint(with: trained))
      #expect(tested.count + trained.count == 10)
    }
    #expect(try Set(Population.training.pairs(nil, made.context).map(\.cluster)).count == 10)
  }

  @Test func trainingPairsCarryTheRecordedProbability() throws {
    let made = try Made()
    let pairs = try Population.training.pairs("kind=baseline", made.context)
    #expect(pairs.count == 29)
    let pair = try #require(pairs.first { $0.id == "4/gamma" })
    #expect(pair.chosen.text == "gamma 4" && pair.rejected.text == "base 4")
    #expect(try abs(#require(pair.probability) - 0.54) < 1e-9)
    let candidates = try Population.training.pairs("kind=candidates", made.context)
    // Probabilities are 0.045·place·(i mod 5); gaps above 0.1 need 2 places at 2 or more, or 1 place at 3 or more.
    #expect(candidates.allSatisfy { $0.probability == nil && $0.subset == "candidates" })
    #expect(candidates.count { $0.cluster == "1" } == 0)
    #expect(candidates.count { $0.cluster == "2" } == 1)
    #expect(candidates.count { $0.cluster == "3" } == 3)
    #expect(candidates.filter { $0.cluster == "2" }.map(\.id) == ["2/gamma/alpha"])
  }

  @Test func adversarialEntriesAreLeftOutUnlessAskedFor() throws {
    let made = try Made()
    let without = try Population.plugin.make("kind=candidates", made.context).allExamples()
    let with = try Population.plugin.make("kind=candidates,without=", made.context).allExamples()
    #expect(without.allSatisfy { $0.key.names.count == 3 && !$0.key.names.contains("NullModel") })
    #expect(with.allSatisfy { $0.key.names.count == 4 })
    let chosen = try Population.plugin.make("kind=candidates,without=beta+gamma", made.context).allExamples()
    #expect(chosen.allSatisfy { $0.key.names == ["NullModel", "alpha"] })
    let error = #expect(throws: GeneratedError.self) {
      try Population.plugin.make("without=delta", made.context).allExamples()
    }
    #expect(
      error?.description
        == "population has nobody called 'delta' to leave out. It has NullModel, alpha, beta, gamma.")
  }

  @Test func aModelOfTheRecordedProbabilitiesGetsEverything() throws {
    let made = try Made()
    let benchmark = try Population.plugin.make(nil, made.context)
    let trials = try benchmark.allExamples().map { Trial(key: $0.key, tournament: $0.key.gold) }
    func value(_ name: String) throws -> Double {
      try #require(benchmark.metrics.first { $0.name == name }?.estimate(trials)).value
    }
    #expect(try value("candidates") == 1)
    #expect(try abs(value("Spearman against baseline") - 1) < 1e-9)
    // The best of three is always gamma: 0.135 times the mean of 0, 1, 2, 3, 4.
    #expect(try abs(value("preferred, best of all") - 0.27) < 1e-9)
    #expect(try abs(value("preferred, one at random") - 0.18) < 1e-9)
  }

  @Test func badProbabilitiesSayWhere() throws {
    let made = try Made(probability: "2.5")
    let error = #expect(throws: (any Error).self) {
      try Population.plugin.make(nil, made.context).allExamples()
    }
    let sentence = String(describing: error)
    #expect(sentence.contains("alpha.jsonl:1") && sentence.contains("2.5"))
  }

  @Test func missingFilesSayHowToFetchThem() throws {
    let context = BenchmarkContext(dataRoot: "/nowhere", seed: 1, path: { $0 })
    let error = #expect(throws: (any Error).self) { try Population.plugin.make(nil, context).allExamples() }
    #expect(String(describing: error).contains("/nowhere"))
  }

  @Test(
    .enabled(
      if: DataRoot.has("alpaca_eval2") && DataRoot.has("alpaca_eval2_outputs"),
      Comment(rawValue: DataRoot.reason)))
  func longerWinsAsOftenAsTheDataSetSays() throws {
    let root = try #require(DataRoot.url)
    let context = BenchmarkContext(dataRoot: root.path, seed: 1, path: { $0 })
    let expected = try JSONNode.read(root.path + "/alpaca_eval2_outputs/expected.json")
    let examples = try Population.plugin.make("kind=candidates,without=", context).allExamples()
    let trials = examples.map { example in
      let rewards = example.slate.responses.map { Double($0.text.unicodeScalars.count) }
      return Trial(key: example.key, tournament: Tournament(rewards: rewards))
    }
    let pairs = try expected.node("between_candidates_preference_gap_over_0_1")
    let metric = SeparatedPairs("longer", gap: 0.1, ties: .loss, failures: .loss)
    let share = try Double(pairs.integer("longer_wins")) / Double(pairs.integer("pairs"))
    #expect(try abs(#require(metric.estimate(trials)).value - share) < 1e-3)
  }
}
