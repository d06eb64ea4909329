import Foundation
import Hustings
import HustingsFixtures
import HustingsMetrics
import HustingsTesting
import Testing

@testable import BenchmarkPlugins

private func context(_ seed: UInt64 = 1, root: String = "/nowhere") -> BenchmarkContext {
  BenchmarkContext(dataRoot: root, seed: seed, path: { $0 })
}

@Suite struct OpinionWorldTests {
  /// scipy 1.17.1: norm.cdf((q + 0.6 a - 0.3 b) / sqrt(0.81 (a² + b²) + 0.49)).
  @Test(arguments: [
    (0.0, 0.0, 0.0, 0.5), (1.0, 0.0, 0.0, 0.923436), (0.0, 1.0, 0.0, 0.700637), (0.0, 0.0, 1.0, 0.396230),
    (-0.5, 0.4, -0.8, 0.492521), (3, -1.2, 0.4, 0.946982),
  ]) func sharesAreThoseOfNormalTastes(_ quality: Double, _ a: Double, _ b: Double, _ share: Double) {
    #expect(abs(OpinionWorld.share(quality: quality, styles: [a, b]) - share) < 1e-6)
  }

  @Test func aSampleOfUsersAgrees() {
    // 40,000 users with tastes and noise of their own, by hand: binomial error at most 0.0025, four of them 0.01.
    var state: UInt64 = 88_172_645_463_325_252
    func uniform() -> Double {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return (Double(state >> 11) + 0.5) * 0x1p-53
    }
    func normal() -> Double { (-2 * log(uniform())).squareRoot() * cos(2 * Double.pi * uniform()) }
    let (quality, styles) = (0.4, [0.8, -1.2])
    let votes = (0..<40_000).count { _ in
      let gain = quality + (0.6 + 0.9 * normal()) * styles[0] + (-0.3 + 0.9 * normal()) * styles[1]
      return gain + 0.7 * normal() > 0
    }
    #expect(abs(Double(votes) / 40_000 - OpinionWorld.share(quality: quality, styles: styles)) < 0.01)
  }

  @Test func cellsAreWhatTheyAreCalled() {
    let world = OpinionWorld(seed: 4)
    func shares(_ cell: OpinionWorld.Cell) -> [Double] {
      (0..<300).map { world.item(cell, .within, "test", $0).share }
    }
    func deviation(_ values: [Double]) -> Double {
      let mean = values.reduce(0, +) / Double(values.count)
      return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot()
    }
    // One right answer settles it; tastes leave it open; paraphrases are near one half.
    #expect(shares(.oneDistinct).allSatisfy { $0 < 0.25 || $0 > 0.75 })
    #expect(deviation(shares(.manyDistinct)) > 0.1)
    #expect(shares(.manyDistinct).count { $0 > 0.2 && $0 < 0.8 } > 150)
    for cell in [OpinionWorld.Cell.oneParaphrase, .manyParaphrase] {
      #expect(shares(cell).allSatisfy { abs($0 - 0.5) < 0.15 })
      #expect(deviation(shares(cell)) > 0.03)
    }
  }

  @Test func paraphrasesShareTheirWordsAndDistinctResponsesDoNot() {
    let world = OpinionWorld(seed: 4)
    for cell in OpinionWorld.Cell.allCases {
      let alike = (0..<50).map { index -> Double in
        let item = world.item(cell, .within, "test", index)
        return RealVotes.likeness(Slate(id: "", prompt: item.prompt, responses: [item.first, item.second]))
      }
      let mean = alike.reduce(0, +) / 50
      #expect(cell.isParaphrase ? mean > 0.6 : mean < 0.3, "\(cell) \(mean)")
    }
  }

  @Test func whatLiesBeyondUsesWordsThatTrainingNeverSaw() throws {
    let pairs = try Subjectivity.training.pairs("pairs=1000", context())
    let known = Set(pairs.flatMap { pair in words(pair.chosen.text) + words(pair.rejected.text) })
    func unknown(_ subset: String) throws -> Int {
      let examples = try Subjectivity.plugin.make("test=100", context()).allExamples()
      return examples.filter { $0.key.subset == subset }
        .flatMap { $0.slate.responses.flatMap { words($0.text) } }.count { !known.contains($0) }
    }
    #expect(try unknown("many-distinct-in") == 0)
    #expect(try unknown("many-distinct-out") > 50)
  }

  private func words(_ text: String) -> [String] {
    text.lowercased().split { !$0.isLetter }.map(String.init)
  }
}

@Suite struct SubjectivityTests {
  @Test func theLawsHold() throws {
    let benchmark = try Subjectivity.plugin.make("test=20", context())
    #expect(try BenchmarkLaws.violations(of: benchmark) == [])
    let subsets = Set(try benchmark.allExamples().map(\.key.subset))
    #expect(subsets.count == 8)
    #expect(try benchmark.allExamples().count == 160)
  }

  @Test func aModelThatKnowsTheSharesCorrelatesPerfectlyInRank() throws {
    let benchmark = try Subjectivity.plugin.make("test=40", context())
    let trials = try benchmark.allExamples().map { Trial(key: $0.key, tournament: $0.key.gold) }
    for metric in benchmark.metrics
    where metric.name.hasPrefix("Spearman") || metric.name.hasPrefix("Kendall") {
      #expect(try abs(#require(metric.estimate(trials)).value - 1) < 1e-9, "\(metric.name)")
    }
    let probability = try #require(benchmark.metrics.first { $0.name == "Pearson of probability" })
    #expect(try abs(#require(probability.estimate(trials)).value - 1) < 1e-9)
    // Four measures of everything, each half and each of eight cells, then accuracy and log loss.
    #expect(benchmark.metrics.count == 4 * 11 + 2)
  }

  @Test func trainingPairsSayWhatOnePersonChose() throws {
    let pairs = try Subjectivity.training.pairs("pairs=4000,judges=10", context())
    #expect(pairs.count == 4_000)
    #expect(Set(pairs.map(\.id)).count == 4_000)
    // The person chooses with the share of users, so the mean of the chosen side's share is that of s² + (1 - s)².
    let shares = pairs.compactMap(\.probability)
    let expected = shares.reduce(0) { $0 + $1 * $1 + (1 - $1) * (1 - $1) } / 4_000
    #expect(abs(shares.reduce(0, +) / 4_000 - expected) < 0.02)
    #expect(pairs.allSatisfy { $0.votes?.valid == 10 })
    // Judges without an error of their own vote with the share: over all pairs the two agree to 4 standard errors.
    let votes = pairs.compactMap { $0.votes?.share }
    let difference = votes.reduce(0, +) / 4_000 - shares.reduce(0, +) / 4_000
    #expect(abs(difference) < 0.01)
  }

  @Test func votesFollowTheChosenSide() throws {
    let pairs = try Subjectivity.training.pairs("pairs=400,labels=6,judges=20", context())
    #expect(pairs.count == 2_400)
    for (_, same) in Dictionary(grouping: pairs, by: \.cluster) {
      // Two people who chose differently see the same votes from the two sides.
      for pair in same {
        let other = try #require(same.first)
        if pair.chosen == other.chosen {
          #expect(pair.votes == other.votes)
        } else {
          #expect(pair.votes == other.votes?.swapped)
          #expect(abs(try #require(pair.probability) + #require(other.probability) - 1) < 1e-12)
        }
      }
    }
  }

  @Test func settingsChangeWhatTheySayAndNothingElse() throws {
    let plain = try Subjectivity.training.pairs("pairs=200", context())
    let silent = try Subjectivity.training.pairs("pairs=200,judges=0", context())
    #expect(silent.allSatisfy { $0.votes == nil })
    #expect(silent == plain.map { $0.with(votes: nil) })
    let noisy = try Subjectivity.training.pairs("pairs=200,noise=3", context())
    #expect(noisy.map(\.chosen) == plain.map(\.chosen))
    #expect(noisy.map(\.votes) != plain.map(\.votes))
    let longer = try Subjectivity.training.pairs("pairs=400", context())
    #expect(Array(longer.prefix(200)) == plain)
  }

  @Test(arguments: [
    ("pairs=0", "pairs=0 is no setting of subjectivity. It needs a whole number from 4 to 1000000."),
    ("votes=3", "subjectivity has no setting 'votes'. It has pairs, labels, judges, noise, test, seed."),
    (
      "pandas",
      "'pandas' is no setting of subjectivity. Write settings as NAME=VALUE, with commas between them."
    ),
  ]) func mistakesGetOneSentence(_ argument: String, _ sentence: String) {
    let error = #expect(throws: GeneratedError.self) { try Subjectivity.plugin.make(argument, context()) }
    #expect(error?.description == sentence)
  }

  @Test(
    .enabled(
      if: ["pandalm", "wmt23_sxs_ende", "squality"].allSatisfy(DataRoot.has),
      Comment(rawValue: DataRoot.reason)),
    arguments: ["pandalm", "wmt23-sxs", "squality"])
  func realVotesAreReported(_ name: String) throws {
    let benchmark = try Subjectivity.plugin.make(name, context(root: #require(DataRoot.url).path))
    #expect(try BenchmarkLaws.violations(of: benchmark) == [])
    let trials = try benchmark.allExamples().map { Trial(key: $0.key, tournament: $0.key.gold) }
    let pearson = try #require(benchmark.metrics.first?.estimate(trials))
    #expect(pearson.value > 0.5)
    #expect(pearson.interval != nil)
  }
}
