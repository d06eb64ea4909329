import BenchmarkPlugins
import Foundation
import Hustings
import HustingsMetrics
import HustingsTesting
import Testing

private func context(_ seed: UInt64 = 1) -> BenchmarkContext {
  BenchmarkContext(dataRoot: "/nowhere", seed: seed, path: { $0 })
}

private func cycles(_ seed: UInt64 = 1) throws -> any Benchmark {
  try Cycles.plugin.make(nil, context(seed))
}

/// The examples with tournaments that an oracle gives, by subset.
private func trials(_ examples: [Example], _ judge: (Example) -> Tournament) -> [Trial] {
  examples.map { Trial(key: $0.key, tournament: judge($0)) }
}

private func value(_ benchmark: any Benchmark, _ name: String, _ trials: [Trial]) throws -> Double? {
  try #require(benchmark.metrics.first { $0.name == name }, "no metric '\(name)'").estimate(trials)?.value
}

/// A number that depends on a response's text and on nothing else.
private func chance(_ response: Response) -> Double { Double(response.digest.words.0 >> 11) * 0x1p-53 }

@Suite struct CyclesTests {
  @Test func theLawsHold() throws {
    #expect(try BenchmarkLaws.violations(of: cycles()) == [])
  }

  @Test func theSeedDecidesAndNothingElse() throws {
    #expect(try cycles(1).allExamples() == cycles(1).allExamples())
    #expect(try cycles(1).allExamples() != cycles(2).allExamples())
    #expect(try Cycles.plugin.make("seed=2", context(1)).allExamples() == cycles(2).allExamples())
    #expect(try Cycles.training.pairs("seed=2", context(1)) == Cycles.training.pairs(nil, context(2)))
    #expect(try Cycles.training.pairs(nil, context(1)) == Cycles.training.pairs(nil, context(1)))
  }

  @Test(arguments: [
    ("seen-3", 30, 3, 3), ("seen-8", 30, 8, 8), ("ring-4", 40, 4, 4), ("ring-5", 40, 5, 5),
    ("dominant", 40, 4, 6), ("unseen-pairs", 40, 7, 7), ("noisy-5", 60, 5, 5), ("transitive", 40, 5, 10),
  ]) func subsetsHaveTheirShape(_ subset: String, _ items: Int, _ responses: Int, _ links: Int) throws {
    let examples = try cycles().allExamples().filter { $0.key.subset == subset }
    #expect(examples.count == items)
    for example in examples {
      #expect(example.slate.responses.count == responses)
      #expect(example.key.gold.matchups.count == links)
    }
  }

  @Test func aModelOfTheGameGetsEverything() throws {
    let benchmark = try cycles()
    let trials = trials(try benchmark.allExamples()) { $0.key.gold }
    for name in ["accuracy", "ring-8", "dominant", "unseen-pairs", "noisy-3", "transitive", "criteria-2"] {
      #expect(try value(benchmark, name, trials) == 1, "\(name)")
    }
    #expect(try abs(#require(try value(benchmark, "floor", trials)) - 0.5) < 1e-9)
    #expect(try abs(#require(try value(benchmark, "queries per response", trials)) - 1) < 1e-9)
    // The margins of the noisy rings are their shares', so the loss is the entropy of one fifth.
    #expect(try abs(#require(try value(benchmark, "log loss, noisy", trials)) - 0.500402) < 1e-6)
  }

  @Test func noScalarExceedsTheCeiling() throws {
    let benchmark = try cycles()
    let examples = try benchmark.allExamples()
    let random = trials(examples) { Tournament(rewards: $0.slate.responses.map(chance)) }
    for n in [3, 4, 5, 8] {
      for subset in ["seen-\(n)", "ring-\(n)"] {
        let ceiling = try #require(try value(benchmark, "ceiling \(subset)", random))
        #expect(abs(ceiling - Double(n - 1) / Double(n)) < 1e-9)
        #expect(try #require(try value(benchmark, subset, random)) <= ceiling)
      }
    }
    #expect(try abs(#require(try value(benchmark, "ceiling dominant", random)) - 5.0 / 6) < 1e-9)
    #expect(try abs(#require(try value(benchmark, "ceiling transitive", random)) - 1) < 1e-9)
    // The mean of (n - 1)/n over 3, 4, 5 and 8.
    #expect(try abs(#require(try value(benchmark, "scalar ceiling", random)) - 0.772917) < 1e-6)
    #expect(try #require(try value(benchmark, "log loss", random)) >= log(2))
    #expect(try value(benchmark, "cyclicity", random) == 0)
  }

  @Test func whereSeenTextsAreTestedTheyAreTrainedOnAndNowhereElse() throws {
    let examples = try cycles().allExamples()
    let pairs = try Cycles.training.pairs(nil, context())
    let trained = Set(pairs.flatMap { [$0.chosen, $0.rejected] })
    for example in examples {
      let known = example.slate.responses.count { trained.contains($0) }
      #expect(known == (example.key.subset.hasPrefix("seen") ? example.slate.responses.count : 0))
    }
    #expect(Set(pairs.map(\.id)).count == pairs.count)
  }

  @Test func trainingPairsOfSeenRingsAreTheirLinks() throws {
    let examples = try cycles().allExamples().filter { $0.key.subset == "seen-5" }
    let pairs = try Cycles.training.pairs(nil, context()).filter { $0.subset == "seen-5" }
    var links = Set<[Digest]>()
    for example in examples {
      for matchup in example.key.gold.matchups {
        let margin = try #require(example.key.gold.margin(matchup.first, matchup.second))
        let (first, second) = (
          example.slate.responses[matchup.first].digest, example.slate.responses[matchup.second].digest
        )
        links.insert(margin > 0 ? [first, second] : [second, first])
      }
    }
    #expect(Set(pairs.map { [$0.chosen.digest, $0.rejected.digest] }) == links)
  }

  @Test func aFifthOfTheNoisyLabelsDissent() throws {
    let pairs = try Cycles.training.pairs(nil, context()).filter { $0.subset == "noisy-5" }
    // Pair k/i-j goes from type i to type i + 1; a dissenting label has its words the other way round, which the same
    // game without noise does not.
    #expect(pairs.count == 300 * 5)
    let marks = typeMarks(pairs)
    let dissents = pairs.count { pair in
      let winner = pair.id.split(separator: "/").last?.split(separator: "-").first.map(String.init) ?? ""
      return !(marks[winner].map { pair.chosen.text.lowercased().contains($0) } ?? false)
    }
    // Four standard deviations of a binomial of 1500 and 0.2 are 62.
    #expect(abs(dissents - 300) < 62)
  }

  /// A word that stands in nearly every text of a type and in few others, by type: found by counting, as a model would.
  private func typeMarks(_ pairs: [PreferencePair]) -> [String: String] {
    var counts: [String: [String: Int]] = [:]
    var totals: [String: Int] = [:]
    for pair in pairs {
      let types = pair.id.split(separator: "/").last?.split(separator: "-").map(String.init) ?? []
      for text in [pair.chosen.text, pair.rejected.text] {
        for word in Set(text.lowercased().split { !$0.isLetter }.map(String.init)) {
          totals[word, default: 0] += 1
          for type in types { counts[type, default: [:]][word, default: 0] += 1 }
        }
      }
    }
    // A type's own word stands once in every pair of that type, and in no other pair.
    return counts.mapValues { words in
      words.max { a, b in
        let (one, other) = (
          Double(a.value * a.value) / Double(totals[a.key] ?? 1),
          Double(b.value * b.value) / Double(totals[b.key] ?? 1)
        )
        return (one, b.key) < (other, a.key)
      }?.key ?? ""
    }
  }

  @Test func theUnseenStepIsNeverTrained() throws {
    let steps = Set(
      try Cycles.training.pairs(nil, context()).filter { $0.subset == "unseen-pairs" }.map { pair -> Int in
        let types = pair.id.split(separator: "/").last?.split(separator: "-").compactMap { Int($0) } ?? []
        return (types[1] - types[0] + 7) % 7
      })
    #expect(steps == [1, 2])
  }
}
