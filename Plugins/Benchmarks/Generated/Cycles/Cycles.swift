public import Hustings
import HustingsMetrics

/// Preferences that go round in a circle, which no scalar reward can hold and a general preference model can.
///
/// Zhang et al. 2024 (arXiv 2410.02197), sections 4 and 6.2. Texts are made from the seed, the run's or that of
/// `cycles:seed=N`. `cycles:FILE` builds the cycles from a file of ratings instead (see `RatingFile`), every fifth prompt for
/// testing and the others for training.
///
/// Subsets. `seen-n`: n responses in a ring, each the better of the next; the pairs of training are those of the test, so a
/// model that can hold cycles gets all of them. `ring-n`: n types in a ring; types are those of training, texts are new.
/// `dominant`: a ring of three and a type that beats all. `unseen-pairs`: seven types, each beats the next three, and the
/// third step is not among the training pairs. `noisy-n`: rings that a fifth of people see the other way round.
/// `transitive`: a plain order, for control. `criteria-k`: cycles implied by ratings on several criteria, which a model
/// reads in the text without being told by which of them a pair was compared.
///
/// Rules. The headline is the mean accuracy over the clean rings, `seen-n` and `ring-n`, and every link of a subset counts
/// the same. A tie is half. The floor is a coin's one half and the ceiling is what the best scalar reaches. Accuracy says
/// little of a scalar model on a ring, where it lands anywhere up to the ceiling: its log loss, at least ln 2, says more.
public enum Cycles {
  /// `cycles`, `cycles:seed=N`, `cycles:FILE`.
  public static let plugin = BenchmarkPlugin(
    name: "cycles", usage: "cycles, cycles:seed=N or cycles:FILE of ratings", summary: summary
  ) { argument, context in
    switch try Source(argument, context) {
    case .file(let path):
      return GeneratedBenchmark(card(argument, isFile: true), metrics: criterionMetrics) {
        let file = try RatingFile(path)
        return examples(of: file.tables(inTest: true), file.criteria)
      }
    case .seed(let seed):
      let mill = TextMill(seed: seed)
      return GeneratedBenchmark(card(argument, isFile: false), metrics: metrics) {
        CycleFamily.all.flatMap { $0.examples(mill) } + examples(of: testTables(mill), CriterionCycle.four)
      }
    }
  }

  /// The training pairs of `cycles`.
  public static let training = TrainingPlugin(
    name: "cycles", usage: "cycles, cycles:seed=N or cycles:FILE of ratings",
    summary: "pairs from rings, orders and ratings, of the same types as the benchmark's and in other texts"
  ) { argument, context in
    switch try Source(argument, context) {
    case .file(let path):
      let file = try RatingFile(path)
      return pairs(of: file.tables(inTest: false), file.criteria)
    case .seed(let seed):
      let mill = TextMill(seed: seed)
      return CycleFamily.all.flatMap { $0.pairs(mill) } + pairs(of: trainingTables(mill), CriterionCycle.four)
    }
  }

  /// Where the cycles come from.
  private enum Source {
    case seed(UInt64)
    case file(String)

    init(_ argument: String?, _ context: BenchmarkContext) throws {
      if let argument, !argument.hasPrefix("seed=") {
        self = .file(context.path(argument))
        return
      }
      var options = try GeneratedOptions(argument, of: "cycles")
      self = .seed(try options.seed(context))
      try options.finish()
    }
  }

  private static func trainingTables(_ mill: TextMill) -> [RatingTable] {
    RatingTable.generated(100, split: "training", mill)
  }

  private static func testTables(_ mill: TextMill) -> [RatingTable] {
    RatingTable.generated(25, split: "test", mill)
  }

  private static func examples(of tables: [RatingTable], _ criteria: [String]) -> [Example] {
    CriterionCycle.sets(of: criteria).flatMap { kind in
      tables.flatMap { table in kind.cycles(in: table).map { kind.example($0, in: table) } }
    }
  }

  private static func pairs(of tables: [RatingTable], _ criteria: [String]) -> [PreferencePair] {
    CriterionCycle.sets(of: criteria).flatMap { kind in
      tables.flatMap { table in kind.cycles(in: table).flatMap { kind.pairs($0, in: table) } }
    }
  }

  private static let summary = "preferences that go round in a circle, which no scalar can hold"

  private static func card(_ argument: String?, isFile: Bool) -> BenchmarkCard {
    BenchmarkCard(
      name: argument.map { "cycles:\($0)" } ?? "cycles",
      version: isFile ? "cycles/1 of ratings" : "cycles/1", summary: summary,
      source: isFile
        ? argument ?? "" : "made from the seed, after Zhang et al. 2024, arXiv 2410.02197",
      licence: isFile ? "the file's own" : "Apache-2.0", ties: .half, failures: .loss,
      aggregation: isFile
        ? "every link of every cycle counts the same"
        : "the mean over subsets of clean rings; within a subset every link counts the same")
  }

  private static let links = PreferencePairs("links", ties: .half, failures: .loss)

  private static func mean(_ name: String, of metric: any ItemMetric, over subsets: [String]) -> Composite {
    Composite(name, meanOf: subsets.map { SubsetMetric($0, metric, subsets: [$0]) })
  }

  private static let criterionNames = CriterionCycle.all.map(\.name)

  private static let criterionMetrics: [any Metric] =
    [
      PreferencePairs("accuracy", ties: .half, failures: .loss), ChanceFloor("floor"),
      ScalarCeiling("scalar ceiling"), PairLogLoss("log loss", against: .preference),
      CyclicShare("cyclicity"),
      QueriesPerResponse("queries per response"),
    ] + criterionNames.map { SubsetMetric($0, links, subsets: [$0]) }

  private static let metrics: [any Metric] = {
    let clean = CycleFamily.clean.map(\.name)
    let noisy = CycleFamily.noisy.map(\.name)
    let subsets = CycleFamily.all.map(\.name) + criterionNames
    let head: [any Metric] = [
      mean("accuracy", of: links, over: clean), ChanceFloor("floor"),
      ScalarCeiling("scalar ceiling", equally: clean),
      SubsetMetric("log loss", PairLogLoss("loss", against: .preference), subsets: clean),
      SubsetMetric("cyclicity", CyclicShare("share"), subsets: clean),
      QueriesPerResponse("queries per response"),
      SubsetMetric("log loss, noisy", PairLogLoss("loss", against: .probability), subsets: noisy),
      SubsetMetric("cyclicity, transitive", CyclicShare("share"), subsets: [CycleFamily.transitive.name]),
    ]
    return head + subsets.map { SubsetMetric($0, links, subsets: [$0]) }
      + subsets.map { ScalarCeiling("ceiling \($0)", equally: [$0]) }
  }()
}
